"""A Dask scheduler and its workers as processes of this machine."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@dataclass
class Cluster:
    """A scheduler and its workers as processes; `address` is the engine's."""

    port: int
    scratch: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def join(self) -> subprocess.Popen[bytes]:
        """Start one more worker, under a nanny that starts it again when it dies."""
        options = ["--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--nanny", "--death-timeout", "60"]
        command = ["worker", f"tcp://127.0.0.1:{self.port}", *options, "--local-directory", str(self.scratch)]
        self.workers.append(started(*command))
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


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A `dask` process in a group of its own, with the tests' modules at hand."""
    path = os.pathsep.join([str(HERE), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, **quiet)  # type: ignore[call-overload, no-any-return]
