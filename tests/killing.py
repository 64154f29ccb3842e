"""Processes that are killed at a moment of our choosing."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable

LONGEST = 60.0  # seconds
LOADED = [
    "pyarrow.compute",
    "pyarrow.parquet",
    "pyarrow.ipc",
    "polars",
    "rensa",
    "regex",
    "jsonschema",
    "sentencex",
]


def killed_at(after: float, work: Callable[..., None], *args: str) -> bool:
    """True if a process that does the work was killed after some seconds, False if it was done before.

    Each is forked from a server that has the libraries loaded, so that the moment falls into the work.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__, *LOADED])
    process = context.Process(target=work, args=args)
    process.start()
    process.join(after)
    assert process.pid is not None
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join(LONGEST)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def duration(work: Callable[..., None], *args: str) -> float:
    """How long the work takes, in seconds."""
    killed_at(LONGEST, work, *args)  # the server comes up
    start = time.monotonic()
    assert not killed_at(LONGEST, work, *args)
    return time.monotonic() - start
