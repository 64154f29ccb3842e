"""Jobs for the workers of a cluster."""

import os
import signal
import time
from pathlib import Path

from dateline import portion
from dateline.findings import Finding
from dateline.portion import Job, Told

POISON = b'"poison"'


def double(job: int) -> int:
    time.sleep(0.02 if job % 3 else 0.06)
    return 2 * job


def fussy(job: int) -> int:
    if job == 3:
        raise ValueError("three is too much")
    return job


def deadly(job: int) -> int:
    if job == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return job


def leaving(job: tuple[int, str]) -> int:
    """Leave a file for each time that the job was done."""
    number, folder = job
    time.sleep(0.15)
    Path(folder, f"{number:03d}.{os.getpid()}.{time.monotonic_ns()}").touch()
    return number


def slow(job: Job) -> Told:
    """`portion.work` that takes its time, and says so by a file beside the spool for each time that it is done."""
    time.sleep(0.15)
    told = portion.work(job)
    Path(f"{job.spool}.log", f"{job.block.number:03d}.{os.getpid()}.{time.monotonic_ns()}").touch()
    return told


def poisoned(job: Job) -> Told:
    """`portion.work`, but for a block with a certain value, which kills its process."""
    if any(POISON in raw.data for raw in job.block.values() if not isinstance(raw, Finding)):
        os.kill(os.getpid(), signal.SIGKILL)
    return portion.work(job)
