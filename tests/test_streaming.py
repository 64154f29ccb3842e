"""What an export promises of its streaming: the same bytes however it ran, and nothing lost when it was cut short."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pytest
from articles import ROOT, SCHEMA, Json, files_of

from dateline import blocks, export, portion, store, validation
from dateline.engine import Engine
from dateline.findings import Finding
from dateline.outcome import Outcome
from dateline.portion import Job, Told
from dateline.spool import Spool

TASKS = [json.loads(p.read_bytes()) for p in sorted((ROOT / "annotations" / "sample").glob("*.json"))[:18]]
ONE = Engine()
SMALL = 40_000  # bytes of a block: one task, or two
VIEWS = ("documents", "events", "annotations", "claims", "sentences")

Files = dict[str, bytes]


def folder(where: Path, tasks: list[Json] = TASKS, form: str = "files") -> Path:
    """An annotations folder with these tasks in its batch `b`, in one of the forms that are read."""
    batch = where / "annotations" / "b"
    batch.mkdir(parents=True)
    (batch.parent / store.ARTICLES).mkdir()
    for task in tasks:
        name = f"{task['data']['doc_id']}.json"
        data = (ROOT / "annotations" / store.ARTICLES / name).read_bytes()
        (batch.parent / store.ARTICLES / name).write_bytes(data)
    array = json.dumps(tasks, ensure_ascii=False).encode()
    lines = b"".join(msgspec.json.encode(task) + b"\n" for task in tasks)
    packed = {
        "array": ("all.json", array),
        "jsonl": ("all.jsonl", lines),
        "gz": ("all.jsonl.gz", gzip.compress(lines)),
        "zst": ("all.json.zst", pyarrow.compress(array, codec="zstd", asbytes=True)),
    }
    if form == "files":
        for n, task in enumerate(tasks):
            (batch / f"{n:03}.json").write_bytes(msgspec.json.encode(task))
    else:
        name, data = packed[form]
        (batch / name).write_bytes(data)
    return batch.parent


def exported(annotations: Path, out: Path, engine: Engine = ONE, **more: Any) -> Outcome:
    """Export the batch, with a ledger of its own: what another export remembered is no part of this one."""
    given = {"views": VIEWS, **more}
    step = given.pop("step", lambda *_: None)
    return export.export(export.Plan(annotations, ("b",), out, "x", **given), SCHEMA, step, engine)


def data(files: Files) -> Files:
    """All but the manifest, which names the input's files."""
    return {name: content for name, content in files.items() if name != "manifest.json"}


def manifest(files: Files) -> Json:
    found: Json = json.loads(files["manifest.json"])
    return {key: value for key, value in found.items() if key != "inputs"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def whole(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The dataset as one process makes it of one block."""
    outcome = exported(home, tmp_path_factory.mktemp("whole"))
    assert outcome.path is not None
    return files_of(outcome.path)


# The same bytes


@pytest.mark.parametrize(("workers", "size"), [(1, SMALL), (2, SMALL), (5, 3 * SMALL), (2, 10**9), (1, 1)])
def test_workers_and_blocks_do_not_change_a_byte(
    workers: int, size: int, home: Path, whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BYTES", size)
    assert len(list(blocks.blocks([home / "b"]))) in ([1] if size == 10**9 else range(4, len(TASKS) + 1))
    (home / store.LEDGER).unlink(missing_ok=True)
    outcome = exported(home, tmp_path, Engine(workers=workers))
    assert outcome.path is not None
    assert files_of(outcome.path) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("form", ["array", "jsonl", "gz", "zst", "files"])
def test_neither_the_form_nor_the_order_of_the_input_changes_the_data(
    form: str, whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = list(TASKS)
    random.Random(form).shuffle(tasks)
    monkeypatch.setattr(blocks, "BYTES", SMALL)
    outcome = exported(folder(tmp_path, tasks, form), tmp_path / "out", Engine(workers=2))
    assert outcome.path is not None
    found = files_of(outcome.path)
    assert data(found) == data(whole)
    assert manifest(found) == manifest(whole)


def test_findings_of_validate_are_those_of_one_block(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(engine: Engine) -> list[Finding]:
        return validation.validate([home], SCHEMA, engine=engine).findings

    (home / "b" / "zzz.json").write_text('{"data": ')
    try:
        alone = found(ONE)
        monkeypatch.setattr(blocks, "BYTES", SMALL)
        assert found(Engine(workers=3)) == found(ONE) == alone
        assert [f.code for f in alone if f.severity == "error"] == ["E002"]
    finally:
        (home / "b" / "zzz.json").unlink()


# Cut short


class Stop(BaseException):
    """What nobody catches, as Ctrl-C is."""


def stopped_after(count: int) -> Callable[[int, int, int], None]:
    calls = iter(range(count))

    def step(*_: int) -> None:
        if next(calls, None) is None:
            raise Stop

    return step


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the blocks that were worked on, and not found done."""
    numbers: list[int] = []
    work = portion._made

    def noted(job: Job, spool: Spool | None) -> Told:
        numbers.append(job.block.number)
        return work(job, spool)

    monkeypatch.setattr(portion, "_made", noted)
    monkeypatch.setattr(blocks, "BYTES", 1)  # a task a block
    return numbers


def states(spool: Path) -> dict[str, tuple[int, int, int]]:
    """Every file of the blocks that are done, with what changes when it is written again."""
    found = {}
    for done in spool.glob("*/done"):
        with suppress(FileNotFoundError):  # a run that is over deletes its spool
            for path in done.parent.iterdir():
                state = path.stat()
                found[str(path)] = state.st_ino, state.st_mtime_ns, state.st_size
    return found


def test_resume_works_on_what_is_missing_only(
    whole: Files, tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, out = folder(tmp_path), tmp_path / "out"
    with pytest.raises(Stop):
        exported(home, out, step=stopped_after(4))
    finished = states(out / ".x.spool")
    assert made == [0, 1, 2, 3, 4]
    monkeypatch.setattr(Spool, "delete", lambda _: None)
    made.clear()
    outcome = exported(home, out, resume=True)
    assert made == list(range(5, len(TASKS)))
    assert {path: state for path, state in states(out / ".x.spool").items() if path in finished} == finished
    assert outcome.path is not None
    assert files_of(outcome.path) == whole


def test_without_resume_the_old_spool_goes(whole: Files, tmp_path: Path, made: list[int]) -> None:
    home, out = folder(tmp_path), tmp_path / "out"
    with pytest.raises(Stop):
        exported(home, out, step=stopped_after(4))
    made.clear()
    outcome = exported(home, out)
    assert made == list(range(len(TASKS)))
    assert outcome.path is not None
    assert files_of(outcome.path) == whole
    assert [p.name for p in out.iterdir()] == ["x"]


@pytest.mark.parametrize("what", ["task", "article", "views", "files"])
def test_what_changed_meanwhile_is_worked_on_anew(what: str, tmp_path: Path, made: list[int]) -> None:
    home, out = folder(tmp_path), tmp_path / "out"
    with pytest.raises(Stop):
        exported(home, out, step=stopped_after(6))
    made.clear()
    more: dict[str, Any] = {}
    if what == "task":
        task = json.loads((home / "b" / "003.json").read_bytes())
        task["annotations"][0]["lead_time"] = 12.5
        (home / "b" / "003.json").write_bytes(msgspec.json.encode(task))
    elif what == "article":
        path = store.article_path(home, TASKS[3]["data"]["doc_id"])
        path.write_bytes(path.read_bytes().replace(b'"publisher": "', b'"publisher": "New '))
    elif what == "views":
        more["views"] = ("documents", "events", "relations")
    else:
        (home / "b" / "003.json").unlink()
    outcome = exported(home, out, resume=True, **more)
    anew = {"task": [3, *range(7, 18)], "files": list(range(3, 17))}.get(what, list(range(18)))
    assert made == anew
    (home / store.LEDGER).unlink()
    afresh = exported(home, tmp_path / "afresh", **more)
    assert outcome.path is not None and afresh.path is not None
    assert files_of(outcome.path) == files_of(afresh.path)


# Killed, and interrupted


_RUN = """
import runpy, sys
sys.path[:0] = {path!r}
from dateline import blocks
blocks.BYTES = 1
sys.argv[1:] = {arguments!r}
runpy.run_path({script!r}, run_name="__main__")
"""


def started(home: Path, out: Path, *more: str) -> "subprocess.Popen[str]":
    """`scripts/export.py` with a block for each task, in a process of its own."""
    given = ["b", "--annotations", home, "--schema", ROOT / "schema", "--out", out, "--name", "x", *more]
    arguments = [*map(str, given), "--views", ",".join(VIEWS)]
    script = _RUN.format(
        path=[str(ROOT / "src"), str(ROOT / "scripts")],
        arguments=arguments,
        script=str(ROOT / "scripts" / "export.py"),
    )
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for_blocks(spool: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(spool.glob("*/done"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def long(tmp_path: Path) -> tuple[Path, Path]:
    """A batch that takes a while: every task many times over, under other ids; and where to export to."""
    tasks = [
        {**task, "data": {**task["data"], "doc_id": f"{n}-{task['data']['doc_id']}"}}
        for n in range(6)
        for task in TASKS
    ]
    home = folder(tmp_path, TASKS[:0])
    (home / store.ARTICLES).rmdir()
    for n, task in enumerate(tasks):
        (home / "b" / f"{n:03}.json").write_bytes(msgspec.json.encode(task))
    return home, tmp_path / "out"


def test_a_run_that_is_killed_goes_on_where_it_was(long: tuple[Path, Path], tmp_path: Path) -> None:
    home, out = long
    run = started(home, out, "--workers", "2")
    wait_for_blocks(out / ".x.spool", 5)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    time.sleep(0.5)  # its workers end by themselves
    finished = states(out / ".x.spool")
    assert 5 <= len(list((out / ".x.spool").glob("*/done"))) < 100
    assert not (out / "x").exists()
    again = started(home, out, "--workers", "2", "--resume")
    while again.poll() is None and (now := states(out / ".x.spool")):
        assert {path: state for path, state in now.items() if path in finished} == {
            path: state for path, state in finished.items() if path in now
        }
        time.sleep(0.05)
    said, problems = again.communicate()
    assert again.returncode == 0, problems
    assert "dataset:" in said
    (home / store.LEDGER).unlink()
    outcome = exported(home, tmp_path / "afresh")
    assert outcome.path is not None
    assert files_of(out / "x") == files_of(outcome.path)
    assert [p.name for p in out.iterdir()] == ["x"]


def test_ctrl_c_leaves_the_old_dataset_whole_and_says_how_to_go_on(long: tuple[Path, Path]) -> None:
    home, out = long
    first = started(home, out, "--workers", "2")
    assert first.wait(300) == 0
    before, ledger = files_of(out / "x"), (home / store.LEDGER).read_bytes()
    for path in sorted((home / "b").iterdir())[1::2]:
        path.unlink()
    run = started(home, out, "--workers", "2")
    wait_for_blocks(out / ".x.spool", 3)
    run.send_signal(signal.SIGINT)
    _, problems = run.communicate(timeout=60)
    assert run.returncode == 130, problems
    assert problems.strip() == "error: interrupted; what is finished is kept, and --resume goes on from there"
    assert sorted(p.name for p in out.iterdir()) == [".x.spool", "x"]
    assert files_of(out / "x") == before
    assert (home / store.LEDGER).read_bytes() == ledger


# A block that kills its process


POISON = TASKS[7]["data"]["doc_id"]


def deadly(job: Job) -> Told:
    """`portion.work`, but for a block with one article, which kills its process."""
    if any(POISON.encode() in raw.data for raw in job.block.values() if not isinstance(raw, Finding)):
        os.kill(os.getpid(), signal.SIGKILL)
    return portion.work(job)


@pytest.mark.parametrize("form", ["files", "array"])
def test_a_block_that_kills_its_process_is_named_and_the_others_are_finished(
    form: str, tmp_path: Path, whole: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, out = folder(tmp_path, TASKS, form), tmp_path / "out"
    monkeypatch.setattr(blocks, "BYTES", 1)
    with monkeypatch.context() as poisoned:
        poisoned.setattr(portion, "work", deadly)
        outcome = exported(home, out, Engine(workers=2))
    assert outcome.path is None
    (found,) = [f for f in outcome.findings if f.severity == "error"]
    file, line = (home / "b" / "007.json", 1) if form == "files" else (home / "b" / "all.json", 1)
    assert (found.code, found.file, found.line) == ("E010", str(file), line)
    assert "died" in found.message
    assert "--resume" in (found.hint or "")
    done = {int(p.parent.name) for p in (out / ".x.spool").glob("*/done")}
    assert done == set(range(len(TASKS))) - {7}
    numbers: list[int] = []
    work = portion._made
    monkeypatch.setattr(
        portion, "_made", lambda job, spool: (numbers.append(job.block.number), work(job, spool))[1]
    )
    again = exported(home, out, resume=True)
    assert numbers == [7]
    assert again.path is not None
    assert data(files_of(again.path)) == data(whole)
    assert [p.name for p in out.iterdir()] == ["x"]


def test_hold_back_leaves_the_block_out_and_keeps_what_is_finished(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BYTES", 1)
    monkeypatch.setattr(portion, "work", deadly)
    outcome = exported(home, tmp_path, Engine(workers=2), hold_back=True)
    assert outcome.path is not None
    held = manifest(files_of(outcome.path))["held_back"]
    assert [(h["doc_id"], h["reason"]) for h in held] == [("007.json:1", "could not be worked on")]
    assert sorted(p.name for p in tmp_path.iterdir()) == [".x.spool", "x"]


def test_a_spool_that_is_damaged_is_said_plainly(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Stop):
        exported(home, tmp_path, step=stopped_after(0))
    (path,) = (tmp_path / ".x.spool").glob("*/events.arrow")
    path.unlink()
    with pytest.raises(export.ExportError, match=r"events/\w+-00000-of-00001\.parquet could not be written"):
        exported(home, tmp_path, resume=True)
    assert not (tmp_path / "x").exists()
    assert exported(home, tmp_path).path is not None
