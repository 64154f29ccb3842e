"""A Label Studio of our own: installed in a virtual environment apart, run on loopback with SQLite."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import files, private
from dateline.label_studio import access
from dateline.label_studio.access import Access
from dateline.label_studio.errors import LabelStudioError

HOST = "127.0.0.1"
EMAIL = "annotator@dateline.example"
LOG = "label-studio.log"
READY_WITHIN = 240.0  # seconds; the first start makes the database
STOP_WITHIN = 10.0
_INSTALLED_WITHIN = 900.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Server:
    """A running server: how to reach it, who logs in, and the process that we started."""

    access: Access
    email: str
    process: subprocess.Popen[bytes]


def quiet(message: str) -> None:
    """Say nothing."""


def environment(folder: Path, lock: Path, say: Say = quiet) -> Path:
    """The `label-studio` command of a virtual environment that holds exactly what the lock file says.

    Made where it is missing, unfinished, or of another lock. Raises LabelStudioError where that fails.
    """
    command, stamp = folder / "bin" / "label-studio", folder / "dateline-lock.sha256"
    try:
        wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    except OSError as error:
        raise LabelStudioError(f"{lock}: {error.strerror}", "run it in the project's folder") from error
    with files.lock(folder, wait=_INSTALLED_WITHIN):  # whoever comes second waits, and finds it there
        if not (command.exists() and stamp.exists() and stamp.read_text() == wanted):
            say(f"installing Label Studio into {folder} (1 GB, about a minute) ...")
            stamp.unlink(missing_ok=True)
            for step in _install_steps(folder, lock):
                _run(step)
            stamp.write_text(wanted)
    return command


def _install_steps(folder: Path, lock: Path) -> list[list[str]]:
    python = str(folder / "bin" / "python")
    uv = shutil.which(
        "uv", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    )
    if uv:
        make = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)]
        return [make, [uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", str(lock)]]
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(lock),
    ]
    return [[sys.executable, "-m", "venv", "--clear", str(folder)], [python, *install]]


def _run(step: list[str]) -> None:
    done = subprocess.run(step, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise LabelStudioError(
            f"installing Label Studio failed: {' '.join(last)}", "run it again; the network may be down"
        )


@contextmanager
def running(
    command: Path, data: Path, port: int, *, variables: dict[str, str] | None = None
) -> Iterator[Server]:
    """A server on 127.0.0.1 for as long as the block runs; its account, token and database lie in `data`.

    Raises LabelStudioError for a taken port, and where the server does not come up. On leaving, the whole process
    group that was started here is ended.
    """
    require_free(port, data)
    state = _account(data)
    url = f"http://{HOST}:{port}"
    log = data / LOG
    private.write(log, "")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                str(command),
                "start",
                "--no-browser",
                "--internal-host",
                HOST,
                "-p",
                str(port),
                "--log-level",
                "WARNING",
            ],
            env=_variables(data, url, state) | (variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        access.write_state(data, {**state, "url": url, "pid": process.pid})
        _wait_until_ready(url, process, log)
        yield Server(Access(url, state["token"]), state["email"], process)
    finally:
        stop(process)
        access.write_state(data, {**state, "url": url})


def require_free(port: int, data: Path) -> None:
    """Raise LabelStudioError where somebody listens on the port; Label Studio itself would take the next one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            return
        except OSError as error:
            reason = error.strerror or str(error)
    state = access.read_state(data)
    ours = state.get("url") == f"http://{HOST}:{port}" and state.get("pid")
    hint = (
        f"this project's server runs there already, as process {state['pid']}"
        if ours
        else f'choose another: make annotate ARGS="--port {8090 if port != 8090 else 8091}"'
    )
    raise LabelStudioError(f"port {port} cannot be had: {reason}", hint)


def _account(data: Path) -> dict[str, Any]:
    """The account's secrets: those of the last run, or new ones."""
    state = {
        key: value for key, value in access.read_state(data).items() if key in ("email", "password", "token")
    }
    fresh = {"email": EMAIL, "password": secrets.token_urlsafe(12), "token": secrets.token_hex(20)}
    state = {**fresh, **state}
    access.write_state(data, state)
    return state


def _variables(data: Path, url: str, state: dict[str, Any]) -> dict[str, str]:
    """The server's environment: no telemetry, no version check, no sign-up from outside, secrets not in arguments."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
        if name in os.environ
    }
    return kept | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data.resolve()),
        "LABEL_STUDIO_HOST": url,
        "LABEL_STUDIO_USERNAME": state["email"],
        "LABEL_STUDIO_PASSWORD": state["password"],
        "LABEL_STUDIO_USER_TOKEN": state["token"],
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "DJANGO_DB": "sqlite",
    }


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise LabelStudioError(f"Label Studio ended with exit code {process.returncode}", f"see {log}")
        if is_up(url):
            return
        time.sleep(0.2)
    raise LabelStudioError(f"Label Studio is not ready after {READY_WITHIN:.0f} seconds", f"see {log}")


def is_up(url: str) -> bool:
    """True when the server answers its health check."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError, ValueError), opener.open(f"{url}/health", timeout=5) as answer:
        return b'"UP"' in answer.read(200)
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process group that we started: asked first, killed where it does not listen."""
    try:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_WITHIN)
    finally:  # workers that outlived their parent, and a server that does not listen, or an impatient second Ctrl-C
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
