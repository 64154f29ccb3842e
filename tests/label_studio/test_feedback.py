"""What the annotator is told, when, and for how long."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from workbench import TEXT, Bench, call, link

from dateline import feedback
from dateline.authors import Authors
from dateline.label_studio.server import Server

pytestmark = pytest.mark.slow
BROKEN = [*call()[:4], link("t", "b", "speaker")]


def told(bench: Bench, doc_id: str = "d") -> str:
    return str(bench.tasks()[doc_id]["data"].get("findings") or "")


def refresh(bench: Bench) -> int:
    authors = Authors(bench.client, bench.annotations)
    return sum(feedback.refresh(bench.client, p, authors, bench.schema) for p in bench.projects())


def test_how_it_was_read_and_what_was_found_stands_in_the_task_until_mended(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    number = bench.submit("d", BROKEN)
    assert refresh(bench) == 1
    assert "E4" in told(bench)
    assert "speaker" in told(bench)
    assert "Reload the page" in told(bench), "an open task does not change by itself"
    bench.client.update_annotation(number, {"result": call()})
    assert refresh(bench) == 1
    assert told(bench).startswith(
        "a1: no findings\nread as:\nphone_call «phoned»: participant = Ann Lee, Bo Ek; "
    )
    assert "polarity positive*" in told(bench)
    assert "Reload" not in told(bench)
    assert refresh(bench) == 0
    bench.client.delete_annotation(number)
    assert refresh(bench) == 1
    assert told(bench) == ""
    assert bench.tasks()["d"]["data"]["text"] == TEXT


def test_findings_never_reach_the_files(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    bench.submit("d", BROKEN)
    refresh(bench)
    bench.pull()
    before = bench.bytes()
    assert b"no findings" not in b"".join(before.values())
    assert "findings" not in bench.file("d")["data"]
    refresh(bench)
    bench.pull()
    assert bench.bytes() == before


@contextmanager
def watching(bench: Bench, server: Server, root: Path) -> Iterator[None]:
    environment = {
        **os.environ,
        "LABEL_STUDIO_URL": server.access.url,
        "LABEL_STUDIO_API_KEY": server.access.token,
    }
    command = [
        sys.executable,
        str(root / "scripts/watch.py"),
        bench.batch,
        "--annotations",
        str(bench.annotations),
    ]
    process = subprocess.Popen(
        [*command, "--schema", str(root / "schema")],
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout
        assert process.stdout.readline().startswith(b"watching")
        yield
    finally:
        process.terminate()
        process.wait(10)


def within(seconds: float, fine: Callable[[], bool]) -> float:
    start = time.monotonic()
    while not fine():
        assert time.monotonic() - start < seconds
        time.sleep(0.2)
    return time.monotonic() - start


def test_the_watcher_answers_within_five_seconds_and_after_a_restart(
    bench: Bench, label_studio: Server, root: Path
) -> None:
    for n in range(2):
        bench.article(f"d{n}")
    bench.push()
    with watching(bench, label_studio, root):
        number = bench.submit("d0", BROKEN)
        within(5, lambda: "speaker" in told(bench, "d0"))
        bench.client.update_annotation(number, {"result": call()})
        within(5, lambda: "no findings" in told(bench, "d0"))
    bench.submit("d1", BROKEN)
    with watching(bench, label_studio, root):
        within(5, lambda: "speaker" in told(bench, "d1"))


def test_a_burst_of_submissions_is_answered_whole(bench: Bench) -> None:
    for n in range(130):  # the server's pages end at 100
        bench.article(f"d{n}")
    bench.push()
    tasks = bench.tasks()
    authors = Authors(bench.client, bench.annotations)
    watch = feedback.Watch(bench.client, authors, bench.schema)
    assert watch.look(bench.projects()) == 0
    for n, task in enumerate(tasks.values()):
        bench.client.create_annotation(task["id"], {"result": BROKEN if n % 2 else call()})
        if n == 100:
            watch.look(bench.projects())
    watch.look(bench.projects())
    texts = [str(task["data"]["findings"]) for task in bench.tasks().values()]
    assert sum("no findings" in text for text in texts) == 65
    assert sum("speaker" in text for text in texts) == 65
    watch.look(bench.projects())  # its own writing comes by once
    assert watch.look(bench.projects()) == 0
