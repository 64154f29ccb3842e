"""The server dies in the middle, or the run does; the next one finishes, and nothing is there twice or missing."""

import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from killing import duration, killed_at
from surroundings import free_port
from test_adjudicate import decide, review, send_, timed, truth_of, untimed
from workbench import Bench, call

from dateline import adjudication, files, pull, push
from dateline import schema as schemas
from dateline.label_studio import projects, server, stored
from dateline.label_studio.access import Access
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
    pull.pull(bench.client, bench.annotations, bench.batch, bench.projects(), None, tick)


KILLS = 50


def pull_it(url: str, token: str, annotations: str, batch: str) -> None:
    client = Client(Access(url, token))
    pull.pull(client, Path(annotations), batch, projects.of_batch(client, batch))


def fetch_it(url: str, token: str, annotations: str, batch: str) -> None:
    schema = schemas.load(Path(__file__).parents[2] / "schema")
    adjudication.pull(Client(Access(url, token)), Path(annotations), batch, schema)


def survives(bench: Bench, work: Callable[..., None], running: Server, seed: int) -> int:
    """Kill the work fifty times, beginning anew each time; how often a kill found it at work.

    Each file is as it was or as it will be, and a run that is left in peace finishes and sweeps.
    """
    chance, here = random.Random(seed), bench.annotations / bench.batch
    args = (running.access.url, running.access.token, str(bench.annotations), bench.batch)
    old = bench.bytes()
    longest, killed = duration(work, *args), 0
    new = bench.bytes()
    assert new != old
    for n in range(KILLS):
        for name in new:
            if name in old:
                (here / name).write_bytes(old[name])
            else:
                (here / name).unlink()
        killed += killed_at(chance.uniform(0, longest * 1.1), work, *args)
        for name, data in bench.bytes().items():
            assert data in (old.get(name), new[name]), name
        if n % 5 == 0:
            work(*args)
            assert bench.bytes() == new
            left = {
                p.name for p in bench.annotations.iterdir() if p.name.startswith((".pull", f".{bench.batch}"))
            }
            assert left == set()
        else:  # the next one begins with what this one left
            for name, data in new.items():
                (here / name).write_bytes(data)
    return killed


def test_a_pull_killed_at_any_moment(bench: Bench, label_studio: Server) -> None:
    for n in range(12):
        bench.article(f"d{n}")
    bench.push()
    bench.write("d0", {"data": {"doc_id": "d0", "text": bench.articles[0].text}, "annotations": []})
    tasks = bench.tasks()
    for n in range(0, 12, 2):
        bench.client.create_annotation(tasks[f"d{n}"]["id"], {"result": call()})
    assert survives(bench, pull_it, label_studio, 3) > KILLS // 2


def test_a_pull_of_decisions_killed_at_any_moment(bench: Bench, label_studio: Server) -> None:
    for n in range(3):
        article = bench.article(f"d{n}", language="en")
        made = {"was_cancelled": False, "ground_truth": False}
        both = [
            {"completed_by": who, **made, "result": found}
            for who, found in (("a1", timed()), ("a2", untimed()))
        ]
        bench.write(f"d{n}", {"data": {"doc_id": f"d{n}", "text": article.text}, "annotations": both})
    assert send_(bench).counts["sent"] == 3
    for n in range(3):
        decide(bench, review(bench, f"d{n}"), "A")
    assert survives(bench, fetch_it, label_studio, 4) > KILLS // 2
    assert all(truth_of(bench, f"d{n}") for n in range(3))


def test_two_pulls_at_once_and_who_holds_the_batch(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    with files.lock(bench.annotations / bench.batch):
        for work in (bench.pull, bench.push):
            with pytest.raises(files.Busy, match=f"process {os.getpid()} is working on it since"):
                work()
    bench.pull()
