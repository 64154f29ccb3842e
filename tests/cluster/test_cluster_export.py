"""Validate and export on a cluster: the same as on one machine, whatever becomes of its workers."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import jobs
import msgspec
import pytest
from machines import ROOT, Cluster

from dateline import blocks, export, portion, schema, store, validation
from dateline.engine import Engine
from dateline.outcome import Outcome

pytestmark = pytest.mark.slow

SCHEMA = schema.load(ROOT / "schema")
VIEWS = ("documents", "events", "sentences")
TASKS = [
    msgspec.json.decode(p.read_bytes()) for p in sorted((ROOT / "annotations/sample").glob("*.json"))[:20]
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every task a file and a block of its own; three times over, so that there is something to group."""
    monkeypatch.setattr(blocks, "BYTES", 1)
    batch = tmp_path / "annotations" / "b"
    batch.mkdir(parents=True)
    for n in range(3):
        for k, task in enumerate(TASKS):
            data = {**task["data"], "doc_id": f"{'cab'[n]}-{task['data']['doc_id']}"}
            (batch / f"{n}-{k:02}.json").write_bytes(msgspec.json.encode({**task, "data": data}))
    return batch.parent


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def exported(home: Path, out: Path, engine: Engine, **more: Any) -> Outcome:
    return export.export(export.Plan(home, ("b",), out, "x", VIEWS, **more), SCHEMA, engine=engine)


def local(home: Path, out: Path) -> tuple[dict[str, bytes], bytes]:
    """The dataset and the ledger of one process; the ledger is taken away."""
    (home / store.LEDGER).unlink(missing_ok=True)
    outcome = exported(home, out, Engine())
    assert outcome.path is not None
    ledger = (home / store.LEDGER).read_bytes()
    (home / store.LEDGER).unlink()
    return files_of(outcome.path), ledger


def test_a_cluster_makes_the_same_bytes_groups_and_ledger(
    cluster: Cluster, home: Path, tmp_path: Path
) -> None:
    files, ledger = local(home, tmp_path / "local")
    outcome = exported(home, tmp_path / "out", Engine(cluster.address))
    assert outcome.path is not None
    assert files_of(outcome.path) == files
    assert (home / store.LEDGER).read_bytes() == ledger
    assert len({line.split(b",")[1] for line in ledger.splitlines()[1:]}) == len(TASKS)  # three in a group
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["x"]


def test_validate_finds_the_same(cluster: Cluster, home: Path) -> None:
    (home / "b" / "9.json").write_text('{"data": ')
    alone = validation.validate([home], SCHEMA)
    found = validation.validate([home], SCHEMA, engine=Engine(cluster.address))
    assert (found.findings, found.counts) == (alone.findings, alone.counts)
    assert "E002" in {f.code for f in found.findings}


def test_the_commands_take_the_cluster(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    def run(script: str, *arguments: object, **env: str) -> str:
        command = [sys.executable, str(ROOT / "scripts" / script), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    common = ("--schema", ROOT / "schema")
    given = ("b", "--annotations", home, "--views", "documents", *common)
    run("export.py", *given, "--out", "one", "--engine", cluster.address)
    (home / store.LEDGER).unlink()
    run("export.py", *given, "--out", "two", "--workers", "1")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    told = [run("validate.py", home, *common, DATELINE_ENGINE=e) for e in (cluster.address, "local")]
    assert told[0] == told[1]
    assert "read: 60" in told[0]


def test_a_worker_that_is_killed_and_one_that_joins_late(
    cluster: Cluster, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, ledger = local(home, tmp_path / "local")
    out = tmp_path / "out"
    log = out / ".x.spool.log"
    log.mkdir(parents=True)
    monkeypatch.setattr(portion, "work", jobs.slow)
    outcomes: list[Outcome] = []
    run = threading.Thread(target=lambda: outcomes.append(exported(home, out, Engine(cluster.address))))
    run.start()
    while len(list(log.iterdir())) < 8:
        assert run.is_alive()
        time.sleep(0.02)
    victim = cluster.workers.pop(0)
    os.killpg(victim.pid, signal.SIGKILL)  # the nanny with its worker
    victim.wait(20)
    assert len({p.name[:3] for p in log.iterdir()}) < len(TASKS) * 3  # it was killed before the end
    cluster.join()
    run.join(240)
    assert outcomes[0].path is not None, outcomes[0].findings
    assert {p.name[:3] for p in log.iterdir()} == {f"{n:03d}" for n in range(len(TASKS) * 3)}
    assert len({p.name.split(".")[1] for p in log.iterdir()}) >= 2
    assert files_of(outcomes[0].path) == files
    assert (home / store.LEDGER).read_bytes() == ledger
    cluster.wait_for(2)


def test_a_block_that_kills_its_workers_is_named_and_a_rerun_does_only_that(
    cluster: Cluster, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = home / "b" / "1-05.json"
    value = msgspec.json.decode(bad.read_bytes())
    bad.write_bytes(msgspec.json.encode({**value, "meta": {"made": "poison"}}))
    files, ledger = local(home, tmp_path / "local")
    out = tmp_path / "out"
    with monkeypatch.context() as poisoned:
        poisoned.setattr(portion, "work", jobs.poisoned)
        outcome = exported(home, out, Engine(cluster.address))
    assert outcome.path is None
    (found,) = [f for f in outcome.findings if f.severity == "error"]
    assert (found.code, found.file, found.line) == ("E010", str(bad), 1)
    assert "died" in found.message
    done = {int(p.parent.name): p.stat().st_mtime_ns for p in (out / ".x.spool").glob("*/done")}
    assert set(done) == set(range(len(TASKS) * 3)) - {25}
    made: list[int] = []
    work = portion._made
    monkeypatch.setattr(
        portion, "_made", lambda job, spool: (made.append(job.block.number), work(job, spool))[1]
    )
    again = exported(home, out, Engine(), resume=True)
    assert made == [25]
    assert again.path is not None
    assert (files_of(again.path), (home / store.LEDGER).read_bytes()) == (files, ledger)
