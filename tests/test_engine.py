"""One function over many jobs: order, laziness, jobs that raise, jobs that kill their process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dateline import engine
from dateline.engine import Engine, Failed

POOL = Engine(workers=2)


def double(job: int) -> int:
    time.sleep(0.02 if job % 3 else 0.06)  # what is later may well be done first
    return 2 * job


def fussy(job: int) -> int:
    if job == 3:
        raise ValueError("three is too much")
    return job


def deadly(job: int) -> int:
    if job in (4, 9):
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def unpicklable(job: int) -> int:
    class LocalError(Exception):
        def __init__(self, a: int, b: int) -> None:
            super().__init__("gone")

    raise LocalError(job, job)


@pytest.mark.parametrize("machine", [Engine(workers=1), POOL, Engine(workers=5)])
def test_results_come_in_the_order_of_the_jobs(machine: Engine) -> None:
    assert list(machine.map(double, range(20))) == [2 * n for n in range(20)]
    assert list(machine.map(double, [])) == []


@pytest.mark.parametrize("machine", [Engine(workers=1), POOL])
def test_a_job_that_raises_is_named_and_the_others_finish(machine: Engine) -> None:
    found = list(machine.map(fussy, range(6)))
    (failed,) = [r for r in found if isinstance(r, Failed)]
    assert failed.job == 3
    assert "three is too much" in failed.reason
    assert "test_engine.py:" in failed.reason
    assert [r for r in found if not isinstance(r, Failed)] == [0, 1, 2, 4, 5]
    assert all(isinstance(r, Failed) for r in machine.map(unpicklable, range(2)))


def test_a_job_that_kills_its_process_costs_only_itself() -> None:
    found = list(POOL.map(deadly, range(14)))
    assert [r.job for r in found if isinstance(r, Failed)] == [4, 9]
    assert [r for r in found if not isinstance(r, Failed)] == [n for n in range(14) if n not in (4, 9)]
    assert "died" in next(r.reason for r in found if isinstance(r, Failed))


def test_jobs_are_drawn_only_as_fast_as_they_are_worked_on() -> None:
    drawn: list[int] = []

    def jobs() -> "object":
        for n in range(1000):
            drawn.append(n)
            yield n

    results = POOL.map(double, jobs())  # type: ignore[arg-type]
    assert next(results) == 0
    assert len(drawn) <= 10
    results.close()  # type: ignore[attr-defined]
    assert len(drawn) <= 10


_ENDLESS = """
import sys, time
sys.path[:0] = {path!r}
import test_engine
from dateline.engine import Engine
if __name__ == "__main__":
    for n in Engine(workers=2).map(test_engine.pid, range(10**6)):
        print(n, flush=True)
"""


def pid(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_the_workers_end_with_the_run(how: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(_ENDLESS.format(path=[str(Path(__file__).parent), *sys.path]))
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert run.stdout is not None
    workers = {int(run.stdout.readline()) for _ in range(8)}
    run.send_signal(how)
    run.wait(20)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def test_an_engine_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATELINE_ENGINE", raising=False)
    assert engine.of() == Engine("local", engine.cores())
    assert engine.of(workers=3).workers == 3
    monkeypatch.setenv("DATELINE_ENGINE", "dask://127.0.0.1:8786")
    assert engine.of().address == "dask://127.0.0.1:8786"
    assert engine.of("local").address == "local"
    for wrong in ("ray://x", "dask://", "8"):
        with pytest.raises(engine.EngineError, match="local or dask"):
            engine.of(wrong)
    with pytest.raises(engine.EngineError, match="at least 1"):
        engine.of(workers=0)
