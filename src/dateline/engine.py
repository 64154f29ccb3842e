"""One function over many jobs, on this process, on all cores or on a cluster; results in the jobs' order.

The function must be one that can be pickled (a module's own) and must not mind being run twice: a job
whose process died is tried once more, alone, before it is given up.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")
LOCAL, DASK = "local", "dask://"
_AHEAD = 2  # jobs in flight for each worker, beside the one that it works on: they may hold their input


class EngineError(Exception):
    """An engine that does not exist or cannot be reached."""


@dataclass(frozen=True)
class Failed(Generic[J]):
    """What a job gave that raised or whose process died: `reason` in words, for people."""

    job: J
    reason: str


@dataclass(frozen=True)
class Engine:
    """Where jobs run: `local` (with so many worker processes) or `dask://HOST:PORT`."""

    address: str = LOCAL
    workers: int = 1

    @property
    def is_local(self) -> bool:
        """Whether jobs run on this machine, in this working directory."""
        return self.address == LOCAL

    def map(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[R | Failed[J]]:
        """The results in the order of the jobs; jobs are drawn only as fast as they are worked on.

        Closing the iterator, an exception in the loop and Ctrl-C end the workers; what runs is finished. A
        single job is done here: starting processes would take longer.
        """
        if not self.is_local:
            return _Run(self, function).results(jobs)
        coming = iter(jobs)
        first = list(islice(coming, 2))
        if self.workers == 1 or len(first) < 2:
            return (_safely(function, job) for job in chain(first, coming))
        return _Run(self, function).results(chain(first, coming))

    def apart(self, function: Callable[[J], R], job: J) -> R | Failed[J]:
        """The result of one job that is done in a process of its own, and whose memory goes with that."""
        (result,) = _Run(replace(self, workers=1), function).results([job])
        return result


def of(address: str | None = None, workers: int | None = None) -> Engine:
    """The engine by its address, else by DATELINE_ENGINE, else local on all cores.

    Raises EngineError for an address that is none of the two kinds.
    """
    address = address or os.environ.get("DATELINE_ENGINE") or LOCAL
    if address != LOCAL and not (address.startswith(DASK) and len(address) > len(DASK)):
        raise EngineError(f"there is no engine {address!r}: it is local or dask://HOST:PORT")
    if workers is not None and workers < 1:
        raise EngineError(f"{workers} workers can do nothing: at least 1")
    return Engine(address, workers or cores())


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Run(Generic[J, R]):
    """A function on its way over jobs, with the executor that is replaced when it breaks."""

    def __init__(self, engine: Engine, function: Callable[[J], R]) -> None:
        self.engine, self.function = engine, function
        self.executor: Executor | None = None
        self.workers: Callable[[], int] = lambda: engine.workers
        self.close: Callable[[], None] = lambda: None

    def results(self, jobs: Iterable[J]) -> Iterator[R | Failed[J]]:
        waiting: deque[tuple[J, Future[R | Failed[J]] | None]] = deque()
        try:
            for job in jobs:
                waiting.append((job, self._submit(job)))
                if len(waiting) > self._window():
                    yield self._next(waiting)
            while waiting:
                yield self._next(waiting)
        finally:
            self._stop()

    def _window(self) -> int:
        return max(1, self.workers()) * (1 + _AHEAD)

    def _next(self, waiting: deque[tuple[J, Future[R | Failed[J]] | None]]) -> R | Failed[J]:
        job, future = waiting.popleft()
        try:
            return future.result() if future is not None else self._alone(job)
        except BrokenExecutor:
            # one of those in flight ended its process; each is tried alone, so that only the guilty one fails
            self._stop()
            suspects = [(other, done if _succeeded(done) else None) for other, done in waiting]
            waiting.clear()
            waiting.extend(suspects)
            return self._alone(job)
        except Exception as error:  # of the executor: the job's own are caught where it runs
            if not _is_death(error):
                return Failed(job, said(error))
            # Dask blames everything that lay on a worker that died; when the others are done, this one is tried alone
            wait([other for _, other in waiting if other is not None])
            return self._alone(job)

    def _alone(self, job: J) -> R | Failed[J]:
        try:
            return self._submit(job).result()
        except BrokenExecutor:
            self._stop()
            return Failed(job, "its process died (out of memory, or killed)")
        except Exception as error:
            return Failed(job, said(error))

    def _submit(self, job: J) -> Future[R | Failed[J]]:
        if self.executor is None:
            self._start()
        assert self.executor is not None  # noqa: S101 - for the type checker
        try:
            return self.executor.submit(_safely, self.function, job)
        except BrokenExecutor as error:
            future: Future[R | Failed[J]] = Future()
            future.set_exception(error)
            return future

    def _start(self) -> None:
        if self.engine.is_local:
            pool = _pool(self.engine.workers)
            self.executor, self.close = pool, lambda: pool.shutdown(wait=True, cancel_futures=True)
        else:
            client = _client(self.engine.address)
            self.executor, self.close = client.get_executor(retries=0, pure=False), client.close
            self.workers = lambda: sum(client.nthreads().values())  # now: some may have joined or gone

    def _stop(self) -> None:
        close, self.executor, self.close = self.close, None, lambda: None
        close()


def _succeeded(future: Future[Any] | None) -> bool:
    return future is not None and future.done() and not future.cancelled() and future.exception() is None


def _safely(function: Callable[[J], R], job: J) -> R | Failed[J]:
    """The result, or what went wrong in words: a foreign exception might not survive the way back."""
    try:
        return function(job)
    except Exception as error:
        return Failed(job, said(error))


def said(error: Exception) -> str:
    """An exception in a line, with the place in the code where it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" (at {Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    words = " ".join(str(error).split())[:300]
    if _is_death(error):
        return "its process died again and again (out of memory, or killed)"
    return f"{type(error).__name__}: {words}{where}"


def _is_death(error: Exception) -> bool:
    """Whether Dask says that the job's workers died; the name suffices, Dask may not be installed."""
    return type(error).__name__ == "KilledWorker"


def _pool(workers: int) -> ProcessPoolExecutor:
    import multiprocessing

    # not fork: polars and pyarrow have threads, which a forked child would miss
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """In a worker: Ctrl-C is the parent's to hear, and the end of the parent is the worker's end."""
    # before Arrow is loaded: its own pools keep a quarter more of what was given back
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A pool's worker would wait for ever: it holds both ends of the queue that its jobs come from."""
    import multiprocessing
    from multiprocessing import connection

    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        hint = "install Dask: pip install 'dateline[cluster]'"
        raise EngineError(f"{address} needs Dask, which is not installed; {hint}") from error
    try:
        return Client(  # type: ignore[no-untyped-call]
            "tcp://" + address.removeprefix(DASK), timeout=10, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"no Dask scheduler answers at {address}: {error}") from error
