"""The engine on a cluster: workers that die, that join late, and jobs that raise or kill their process."""

import os
import signal
import threading
import time
from pathlib import Path

import jobs
import pytest
from machines import Cluster
from surroundings import free_port

from dateline import engine
from dateline.engine import Engine, Failed

pytestmark = pytest.mark.slow


def test_results_come_in_the_order_of_the_jobs(cluster: Cluster) -> None:
    assert list(Engine(cluster.address).map(jobs.double, range(40))) == [2 * n for n in range(40)]


def test_a_job_that_raises_is_named_and_the_others_finish(cluster: Cluster) -> None:
    found = list(Engine(cluster.address).map(jobs.fussy, range(8)))
    (failed,) = [r for r in found if isinstance(r, Failed)]
    assert failed.job == 3
    assert "three is too much" in failed.reason
    assert [r for r in found if not isinstance(r, Failed)] == [0, 1, 2, 4, 5, 6, 7]


def test_a_job_that_kills_its_process_costs_only_itself(cluster: Cluster) -> None:
    found = list(Engine(cluster.address).map(jobs.deadly, range(12)))
    (failed,) = [r for r in found if isinstance(r, Failed)]
    assert failed.job == 4
    assert "died" in failed.reason
    assert [r for r in found if not isinstance(r, Failed)] == [n for n in range(12) if n != 4]


def test_a_worker_that_is_killed_and_one_that_joins_late(cluster: Cluster, tmp_path: Path) -> None:
    total, seen = 60, []
    work = [(n, str(tmp_path)) for n in range(total)]
    results: list[object] = []
    run = threading.Thread(target=lambda: results.extend(Engine(cluster.address).map(jobs.leaving, work)))
    run.start()
    while len(seen := list(tmp_path.iterdir())) < 6:
        time.sleep(0.05)
    victim = cluster.workers.pop(0)
    os.killpg(victim.pid, signal.SIGKILL)  # the nanny with its worker
    victim.wait(20)
    assert len(list(tmp_path.iterdir())) < total  # it was killed before the end
    cluster.join()
    run.join(120)
    assert results == list(range(total))
    assert {path.name[:3] for path in tmp_path.iterdir()} == {f"{n:03d}" for n in range(total)}
    assert len({path.name.split(".")[1] for path in tmp_path.iterdir()}) >= 2
    cluster.wait_for(2)
    assert seen


def test_nobody_at_the_address_is_said_plainly() -> None:
    with pytest.raises(engine.EngineError, match="no Dask scheduler answers"):
        list(Engine(f"dask://127.0.0.1:{free_port()}").map(jobs.double, [1]))
