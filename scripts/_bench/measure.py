"""What a command costs, with all the processes that it starts.

Wall time; CPU (user and system) of all of them; memory as PSS (resident memory in which a page that several
processes share counts in parts), of all together and of the largest one. Mapped files count as far as they are
resident. Memory is sampled, up to fifty times a second; where the system knows no PSS (macOS, Windows) it is RSS.
"""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PAUSE = 0.02  # seconds between two samples
_SHARE = 0.1  # of the time at most is spent on sampling: it takes milliseconds where a process is large
_MIB = 2**20


@dataclass(frozen=True)
class Cost:
    """Seconds and MiB; `code` is the command's exit code."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    peak_process_mib: float
    code: int


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str], log: Path) -> Cost:
    """Run a command to its end; what it prints goes into `log`. An exception ends it and what it has started."""
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
        sampler = _Sampler(process.pid)
        sampler.start()
        try:
            code, usage = _wait(process)
            wall = time.perf_counter() - begin
        except BaseException:
            _end(process.pid)
            process.wait()
            raise
        finally:
            sampler.stop()
    cpu = max(usage.ru_utime + usage.ru_stime, sum(sampler.cpu.values()))
    return Cost(wall, cpu, sampler.peak / _MIB, sampler.peak_process / _MIB, code)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    """The exit code, and what the process and all that it waited for have used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


def _end(pid: int) -> None:
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in [*root.children(recursive=True), root]:
            with suppress(psutil.Error):
                process.terminate()


@dataclass
class _Sampler:
    """Looks at a process and its descendants until it is stopped.

    `cpu` has the seconds of each when it was last seen: a descendant that nobody waits for is in no other sum.
    """

    pid: int
    peak: int = 0
    peak_process: int = 0
    cpu: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        pause = 0.0
        while not self._done.wait(pause):
            begin = time.perf_counter()
            with suppress(psutil.Error):
                self._sample(psutil.Process(self.pid))
            pause = max(_PAUSE, (time.perf_counter() - begin) * (1 / _SHARE - 1))

    def _sample(self, root: psutil.Process) -> None:
        sizes = []
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.Error):
                times = process.cpu_times()
                self.cpu[process.pid] = times.user + times.system
                memory = process.memory_full_info()
                sizes.append(getattr(memory, "pss", 0) or memory.rss)
        self.peak = max(self.peak, sum(sizes))
        self.peak_process = max(self.peak_process, *sizes, 0)
