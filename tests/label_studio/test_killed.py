"""The server dies in the middle; the next run finishes, and nothing is there twice or missing."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from workbench import Bench, call, free_port

from dateline import push
from dateline.label_studio import server, stored
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError
from dateline.label_studio.server import Server
from dateline.schema import Schema

pytestmark = pytest.mark.slow
MANY = 450  # three imports, five pages


def killer(running: Server, at: int, after: float) -> Callable[[], None]:
    """Kills the server's processes a moment after the step numbered `at`."""
    steps = iter(range(at + 1))

    def kill() -> None:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)

    def tick() -> None:
        if next(steps, None) == at:
            threading.Timer(after, kill).start()

    return tick


@pytest.mark.parametrize("after", [0.0, 0.15])
def test_a_killed_push_and_pull_are_finished_by_the_next(
    command: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, schema: Schema, after: float
) -> None:
    data, port = tmp_path_factory.getbasetemp() / "killed", free_port()
    annotations = tmp_path / "annotations"

    def bench(running: Server) -> Bench:
        return Bench(Client(running.access, patience=1.0), schema, annotations, f"b{after}", articles)

    maker = Bench(None, schema, annotations, f"b{after}")  # type: ignore[arg-type]
    for n in range(MANY):
        maker.article(f"d{n}")
    articles = maker.articles
    made = {"completed_by": "m1", "was_cancelled": False, "ground_truth": False, "result": call()}
    for n in range(0, MANY, 3):
        maker.write(f"d{n}", {"data": {"doc_id": f"d{n}", "text": articles[n].text}, "annotations": [made]})
    before = maker.bytes()
    wanted = push.Order(batch=maker.batch, with_annotations=True)

    with server.running(command, data, port) as running:
        b = bench(running)
        with pytest.raises(LabelStudioError, match=r"reach|broke"):
            push.push(b.client, schema, annotations, wanted, articles, killer(running, 100, after))
    with server.running(command, data, port) as running:
        b = bench(running)
        b.client.patience = 30
        done = push.push(b.client, schema, annotations, wanted, articles)
        assert 0 < done.counts["tasks unchanged"] < MANY
        tasks = list(b.client.tasks(b.projects()[0].id))
        assert sorted(task["data"]["doc_id"] for task in tasks) == sorted(a.doc_id for a in articles)
        assert sum(len(task["annotations"]) for task in tasks) == len(before)
        for name, text in before.items():  # as if push had not noted anything
            (annotations / maker.batch / name).write_bytes(text)
        b.client.patience = 1
        with pytest.raises(LabelStudioError, match=r"reach|broke"):
            kill_pull(b, killer(running, 150, after))
        assert b.bytes() == before
    with server.running(command, data, port) as running:
        b = bench(running)
        b.client.patience = 30
        assert b.pull().annotations == len(before)
        assert sorted(b.bytes()) == sorted(before)
        for n in range(0, MANY, 3):
            (kept,) = b.file(f"d{n}")["annotations"]
            assert (kept["completed_by"], stored.digest(kept)) == ("m1", stored.digest(made))


def kill_pull(bench: Bench, tick: Callable[[], None]) -> None:
    from dateline import pull

    pull.pull(bench.client, bench.annotations, bench.batch, bench.projects(), None, tick)
