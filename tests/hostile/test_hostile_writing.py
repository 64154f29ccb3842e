"""Whatever ends a run, the state before or the one after is there, whole; and nobody else's door to the disk."""

import ast
import errno
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, call, files_of, made, marked, run, write
from killing import duration, killed_at

from dateline import adjudication, blocks, exchange, export, files, register, stored_batch
from dateline.engine import Engine
from dateline.files import FileError

SRC = ROOT / "src" / "dateline"
DOORS = {  # modules that change the disk themselves, and why they may
    "files.py": "the door",
    "exchange.py": "the door's hinges",
    "storage.py": "the door to what lies behind URLs",
    "prefixes.py": "folders behind URLs",
    "spool.py": "scratch: goes with the run, or with the next",
    "stored_batch.py": "a folder of staged files, which are made by exchange.fill",
    "label_studio/server.py": "another program's environment and log",
    "label_studio/access.py": "the folder of that program's data",
    "project.py": "folders of a new project",
    "sync_cost.py": "the benchmark's own folder",
}
CHANGING = {"write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmdir", "rmtree", "touch", "rename"}
CHANGING |= {"copyfile", "copytree", "copy2", "symlink_to", "OSFile", "write_parquet", "write_csv", "dump"}
KILLS = 50


def changes(path: Path) -> Iterator[str]:
    """The calls of a module that change the disk, but for those of `files` and `storage`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if owner in ("files", "storage", "exchange"):
            continue
        words = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        words += [
            k.value.value for k in node.keywords if isinstance(k.value, ast.Constant) and k.arg == "mode"
        ]
        opened = name == "open" and any(set(str(w)) & set("wax+") and len(str(w)) < 4 for w in words)
        renamed = owner == "os" and name in ("replace", "rename", "remove", "link", "symlink", "open")
        if name in CHANGING or opened or renamed:
            yield f"{ast.unparse(node.func)} in line {node.lineno}"


def test_only_one_helper_writes() -> None:
    found = {
        path.relative_to(SRC).as_posix(): list(changes(path))
        for path in sorted(SRC.rglob("*.py"))
        if path.relative_to(SRC).parts[0] not in ("train",)  # its models are written by transformers
    }
    assert {name: calls for name, calls in found.items() if calls and name not in DOORS} == {}


# An export


def batch(folder: Path, *names: str) -> Path:
    return write(folder, "march", *(call(name) for name in names), title="A call")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old dataset, and one article more in its batch."""
    root = tmp_path_factory.mktemp("start")
    made(batch(root / "annotations", *"ab"), root / "exports")
    batch(root / "annotations", *"abc")
    return root


@pytest.fixture(scope="module")
def states(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The dataset before and after the article came in, and the ledger with it."""
    root = prepared(tmp_path_factory.mktemp("new") / "root", start)
    old = outputs(root)
    export_it(str(root))
    found = {"old": old, "new": outputs(root)}
    assert dataset(found["old"]) != dataset(found["new"])
    return found


def outputs(root: Path) -> dict[str, bytes]:
    ledger = root / "annotations" / "splits.csv"
    return files_of(root / "exports" / "march") | (
        {"splits.csv": ledger.read_bytes()} if ledger.exists() else {}
    )


def dataset(state: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in state.items() if name != "splits.csv"}


def prepared(root: Path, start: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    return Path(shutil.copytree(start, root))


def export_it(root: str) -> None:
    made(Path(root) / "annotations", Path(root) / "exports")


def whole(root: Path, states: dict[str, dict[str, bytes]]) -> str:
    """Which of the two states is there; fails where it is neither, or where anything else is."""
    now = outputs(root)
    (state,) = [name for name, wanted in states.items() if dataset(now) == dataset(wanted)]
    assert now["splits.csv"] in {wanted["splits.csv"] for wanted in states.values()}
    return state


def rerun(root: Path, states: dict[str, dict[str, bytes]]) -> None:
    exchange._swept.clear()  # a run is a process, which sweeps each folder once
    export_it(str(root))
    assert outputs(root) == states["new"]
    assert [p.name for p in (root / "exports").iterdir()] == ["march"]
    assert sorted(p.name for p in (root / "annotations").iterdir()) == ["articles", "march", "splits.csv"]


@pytest.mark.slow
def test_an_export_killed_at_any_moment(
    tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]]
) -> None:
    chance, root = random.Random(1), prepared(tmp_path / "root", start)
    longest, seen = duration(export_it, str(root)), []
    for _ in range(KILLS):
        prepared(root, start)
        killed = killed_at(chance.uniform(0, longest * 1.1), export_it, str(root))
        seen.append((killed, whole(root, states)))
        assert killed or seen[-1][1] == "new"
        rerun(root, states)
    assert sum(killed for killed, _ in seen) > KILLS // 2, seen


def break_nth(monkeypatch: pytest.MonkeyPatch, nth: int, code: int) -> Callable[[], bool]:
    """Let the nth call that changes the disk fail; the function returned tells whether it came to that."""
    left = nth

    def arm(module: object, name: str) -> None:
        real = getattr(module, name)

        def step(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, step)

    for name in ("write", "fsync", "replace", "rename", "mkdir"):
        arm(os, name)
    arm(exchange, "swap")
    return lambda: left <= 0


@pytest.mark.slow
def test_an_export_that_fails_at_every_step(
    tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in count(1):
        root = prepared(tmp_path / "root", start)
        with monkeypatch.context() as patch:
            broke = break_nth(patch, step, (errno.ENOSPC, errno.EIO)[step % 2])
            try:
                export_it(str(root))
            except FileError as error:
                assert "space left" in str(error) or "Input/output" in str(error)
            except export.ExportError as error:
                assert "space left" in str(error) or "Input/output" in str(error)
        whole(root, states)
        rerun(root, states)
        if not broke():
            break
    assert step > 60


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of its own with what is in the folder, and a file in it to be filled with nothing.

    None where that may not be mounted.
    """
    kept, ballast = files_of(folder), folder / "ballast"
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        for name, data in kept.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        yield ballast
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def leave(ballast: Path, room: int) -> None:
    """Fill the disk but for so many bytes."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    os.truncate(ballast, ballast.stat().st_size - room)


def export_with(root: Path, *options: object, limit: int = 0) -> "subprocess.CompletedProcess[str]":
    """The command, its processes with a limit for each file where one is given."""

    def limited() -> None:
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    places = ["--annotations", root / "annotations", "--out", root / "exports"]
    command = [sys.executable, ROOT / "scripts/export.py", "march", *places, *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, preexec_fn=limited, check=False)


def refused(done: "subprocess.CompletedProcess[str]", out: Path, full: bool) -> str:
    """Bad use: the folder, the reason, what to do, and nothing else. The folder's name."""
    reason = "No space left on device" if full else "File too large"
    said = re.fullmatch(
        rf"error: {re.escape(str(out))}/(\S+): {reason}; (.+); what is finished is kept, and --resume goes on from there",
        " ".join(done.stderr.split()),
    )
    assert (done.returncode, done.stdout) == (2, "") and said, done.stdout + done.stderr
    assert said[2] == "free some space and run again" if full else "ulimit -f" in said[2]
    return said[1]


def left(out: Path) -> dict[str, bytes]:
    """Everything but the finished tables of a spool, which holds nothing else."""
    found = files_of(out)
    spooled = [n for n in found if n.startswith(".march.spool/")]
    assert all(re.fullmatch(r"\.march\.spool/[0-9]{6}/(done|[\w-]+\.arrow)", n) for n in spooled), spooled
    return {n: d for n, d in found.items() if n not in (*spooled, "ballast")}


@pytest.mark.slow
def test_a_disk_that_is_full(tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]]) -> None:
    """At several moments, while spooling and while writing the dataset: a small disk, or a limit for each file."""
    root = prepared(tmp_path / "root", start)
    out = root / "exports"
    kept, named = files_of(out), []
    with small_disk(out) as ballast:
        for room in (20_000, 60_000, 100_000, 200_000, 250_000, 300_000) if ballast else (500, 8000, 30_000):
            shutil.rmtree(out / ".march.spool", ignore_errors=True)
            if ballast:
                leave(ballast, room)
            named.append(refused(export_with(root, limit=0 if ballast else room), out, bool(ballast)))
            assert left(out) == kept
        assert set(named) == {".march.spool", "march"}
        if ballast:
            ballast.unlink()
        assert export_with(root, "--resume").returncode == 0
        assert [path.name for path in out.iterdir()] == ["march"]
    rerun(root, states)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An old dataset, and articles for two blocks in its batch."""
    root = tmp_path_factory.mktemp("large")
    made(batch(root / "annotations", *"ab"), root / "exports")
    batch(root / "annotations", *(f"n{n}" for n in range(blocks.PARTS)))
    return root


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_is_full_where_workers_spool(tmp_path: Path, large: Path, workers: int) -> None:
    root = prepared(tmp_path / "root", large)
    out = root / "exports"
    kept = files_of(out)
    with small_disk(out) as ballast:
        if ballast:
            leave(ballast, 40_000)
        done = export_with(root, "--workers", workers, limit=0 if ballast else 8000)
        assert refused(done, out, bool(ballast)) == ".march.spool"
        assert left(out) == kept
        if ballast:
            ballast.unlink()
        done = export_with(root, "--workers", workers, "--resume")
        assert done.returncode == 0, done.stderr
        resumed = files_of(out)
    again = prepared(tmp_path / "again", large)
    assert export_with(again).returncode == 0
    assert resumed == files_of(again / "exports")


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO]
)
def test_a_spool_that_cannot_be_written(
    tmp_path: Path,
    start: Path,
    states: dict[str, dict[str, bytes]],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pyarrow as pa

    root = prepared(tmp_path / "root", start)

    def opened(path: str, mode: str) -> None:
        raise OSError(code, f"Failed to open local file '{path}'. Detail: [errno {code}] {os.strerror(code)}")

    with monkeypatch.context() as patch:
        patch.setattr(pa, "OSFile", opened)
        with pytest.raises(FileError) as found:
            export_it(str(root))
    assert found.value.path == root / "exports" / ".march.spool"
    assert found.value.reason == os.strerror(code)
    assert found.value.hint is not None and found.value.hint.endswith("--resume goes on from there")
    assert whole(root, states) == "old"
    rerun(root, states)


def refuse(number: int) -> None:
    raise FileError(f"/disk/{number}", "No space left on device", "free some space")


def test_what_a_worker_cannot_write_comes_home_as_it_was_said() -> None:
    found = list(Engine(workers=2).map(partial(files.attempt, refuse), [1, 2]))
    assert [type(error) for error in found] == [FileError, FileError]
    assert [str(error) for error in found] == [
        f"/disk/{n}: No space left on device; free some space" for n in (1, 2)
    ]


def test_a_full_folder_for_temporary_files(
    tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = prepared(tmp_path / "root", start)

    def add(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(register.Register, "add", add)
        with pytest.raises(export.ExportError, match=r"temporary files: .* is full; .* TMPDIR .* --resume"):
            export_it(str(root))
    assert whole(root, states) == "old"
    rerun(root, states)


@pytest.mark.slow
def test_two_exports_at_once_and_who_holds_it(
    tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]]
) -> None:
    root = prepared(tmp_path / "root", start)
    with files.lock(root / "exports" / "march"):
        done = run("march", "--annotations", root / "annotations", "--out", root / "exports", cwd=ROOT)
    assert done.returncode == 2
    assert f"process {os.getpid()} is working on it since 2" in done.stderr
    assert whole(root, states) == "old"
    rerun(root, states)


# A merge of annotations

BETWEEN = 12  # articles


def disputed(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    one = "[Ann Lee|PERSON #a] [phoned|phone_call participant=a,b medium=telephone] [Bo Ek|PERSON #b], story {}."
    return write(
        root,
        "march",
        *(
            marked(f"d{n}", one.format(n), one.format(n).replace("telephone", "video"))
            for n in range(BETWEEN)
        ),
    )


def merge_it(root: str) -> None:
    adjudication.merge(Path(root), "march", SCHEMA, adjudication.parse("prefer a1"))


@pytest.mark.slow
def test_a_merge_killed_at_any_moment(tmp_path: Path) -> None:
    root, chance = disputed(tmp_path / "root"), random.Random(2)
    old = files_of(root)
    merge_it(str(root))
    new = files_of(root)
    assert sum(old[name] != new[name] for name in old) == BETWEEN
    longest, killed = duration(merge_it, str(disputed(root))), 0
    for _ in range(KILLS):
        disputed(root)
        killed += killed_at(chance.uniform(0, longest * 1.1), merge_it, str(root))
        now = {name: data for name, data in files_of(root).items() if not name.startswith(".")}
        assert now.keys() == old.keys()
        assert all(data in (old[name], new[name]) for name, data in now.items())
        merge_it(str(root))
        assert files_of(root) == new, "what a killed run left has gone with the next"
    assert killed > KILLS // 3


def test_a_batch_is_worked_on_by_one(tmp_path: Path) -> None:
    root = disputed(tmp_path / "root")
    before = files_of(root)
    with files.lock(root / "march"):
        with pytest.raises(files.Busy, match=f"process {os.getpid()} is working on it"):
            merge_it(str(root))
        assert {n: d for n, d in files_of(root).items() if not n.startswith(".")} == before


def test_a_stage_that_fails_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = disputed(tmp_path / "root")
    old = files_of(root)
    for step in count(1):
        with monkeypatch.context() as patch:
            broke = break_nth(patch, step, errno.ENOSPC)
            try:
                with stored_batch.Stage(root, "march") as stage:
                    for n in range(3):
                        stage.write(f"d{n}", {"data": {"doc_id": f"d{n}"}, "annotations": []})
                    stage.install()
            except OSError as error:
                assert error.errno == errno.ENOSPC
        now = files_of(root)
        assert now.keys() == old.keys()
        assert all(data == old[name] or data.startswith(b'{\n "data"') for name, data in now.items())
        if not broke():
            break
    assert step > 6
