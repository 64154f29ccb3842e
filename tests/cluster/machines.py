"""A Dask scheduler and its workers as processes of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from surroundings import free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class Cluster:
    """A scheduler and its workers as processes; `address` is the engine's."""

    port: int
    scratch: Path
    scheduler: subprocess.Popen[bytes]
    env: dict[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def join(self) -> subprocess.Popen[bytes]:
        """Start one more worker, under a nanny that starts it again when it dies."""
        options = ["--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--nanny", "--death-timeout", "60"]
        command = ["worker", f"tcp://127.0.0.1:{self.port}", *options, "--local-directory", str(self.scratch)]
        self.workers.append(started(*command, env=self.env))
        return self.workers[-1]

    def wait_for(self, count: int) -> None:
        """Wait until so many workers are there."""
        from distributed import Client

        with Client(f"tcp://127.0.0.1:{self.port}", set_as_default=False) as client:
            client.wait_for_workers(count, timeout=120)

    def stop(self) -> None:
        """End everything, children included."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)


@contextmanager
def running(scratch: Path, env: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """A scheduler with two workers, until the block ends."""
    port = free_port()
    command = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-jupyter"]
    made = Cluster(port, scratch, started(*command), dict(env or {}))
    try:
        wait_for_port(port)
        made.join()
        made.join()
        made.wait_for(2)
        yield made
    finally:
        made.stop()


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on the port."""
    for _ in range(300):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port}")


def started(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A `dask` process in a group of its own, with the tests' modules at hand."""
    path = os.pathsep.join([str(HERE), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, env={**os.environ, **(env or {}), "PYTHONPATH": path}, **quiet)  # type: ignore[call-overload, no-any-return]
