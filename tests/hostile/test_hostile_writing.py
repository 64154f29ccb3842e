"""Whatever ends a run, the state before or the one after is there, whole; and nobody else's door to the disk."""

import ast
import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, call, files_of, made, marked, run, write
from killing import duration, killed_at

from dateline import adjudication, exchange, export, files, stored_batch
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


@pytest.mark.slow
def test_a_disk_that_is_full(tmp_path: Path, start: Path, states: dict[str, dict[str, bytes]]) -> None:
    """A small file system of its own, where that may be mounted; else a limit for each file."""
    root = prepared(tmp_path / "root", start)
    out = root / "exports"
    kept = files_of(out)
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(out)]
    mounted = (
        shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    limit = 0 if mounted else 20_000
    script = [
        sys.executable,
        ROOT / "scripts/export.py",
        "march",
        "--annotations",
        root / "annotations",
        "--out",
        out,
    ]

    def limited() -> None:
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    try:
        if mounted:
            for name, data in kept.items():
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (out / name).write_bytes(data)
        done = subprocess.run(
            script, capture_output=True, text=True, cwd=ROOT, preexec_fn=limited, check=False
        )
        assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr[-2000:]
        assert ("No space left" if mounted else "File too large") in done.stdout + done.stderr
        assert {n: d for n, d in files_of(out).items() if not n.startswith(".march.spool")} == kept
    finally:
        if mounted:
            subprocess.run(["umount", str(out)], check=True)
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
