"""Our own Label Studio: found again, stopped as a whole, never on another port, nothing secret in sight."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from surroundings import free_port
from workbench import TEXT, call

from dateline import store
from dateline.label_studio import access, projects, server
from dateline.label_studio.access import Access
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError, Refused
from dateline.label_studio.server import Server
from dateline.model import Article, Source, sha256

pytestmark = pytest.mark.slow


def group(pid: int) -> list[str]:
    """The command lines of a process group's members."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == pid:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_it_listens_on_loopback_only(label_studio: Server) -> None:
    port = int(label_studio.access.url.rpartition(":")[2])
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {
        row[1].partition(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"
    }
    assert listening == {"0100007F"}


def test_secrets_are_in_no_command_line_and_no_log(label_studio: Server, client: Client) -> None:
    commands = group(label_studio.process.pid)
    assert commands
    assert not [line for line in commands if label_studio.access.token in line]
    with pytest.raises(Refused) as caught:
        client.project(999_999)
    assert (caught.value.status, label_studio.access.token in str(caught.value)) == (404, False)


def test_a_wrong_token_is_one_clear_error(label_studio: Server) -> None:
    with pytest.raises(Refused, match="401"):
        Client(Access(label_studio.access.url, "f" * 40)).whoami()


def test_a_personal_access_token_does_as_well(client: Client) -> None:
    made = client._object("POST", "api/token/", {})
    personal = Client(Access(client.url, made["token"]))
    assert personal.whoami()["id"] == client.whoami()["id"]
    client._object("POST", "api/projects/", {"title": "by token"})
    assert [p["title"] for p in personal.projects()][-1] == "by token"


def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LabelStudioError, match=r'cannot be had.*make annotate ARGS="--port 8090"'):
            server.require_free(taken.getsockname()[1], tmp_path)


def test_serve_starts_stops_and_finds_everything_again(root: Path, tmp_path: Path, command: Path) -> None:
    """`make annotate` twice on a fresh database, pushed and pulled by the scripts, Ctrl-C in between."""
    port = free_port()
    first = serve(root, tmp_path, port)
    try:
        state = access.read_state(tmp_path / "data")
        assert state["pid"]
        again = script(root, tmp_path, "serve.py", "--port", str(port), "--data", "data")
        assert (again.returncode, "runs there already" in again.stderr) == (2, True)
        assert script(root, tmp_path, "push.py", "--data", "data").stdout.endswith("main: 1 task unchanged\n")
        client = Client(access.find(data=tmp_path / "data"))
        (project,) = projects.of_batch(client, "main")
        (task,) = client.tasks(project.id)
        client.create_annotation(task["id"], {"result": call()})
        out = script(root, tmp_path, "pull.py", "--data", "data")
        assert (out.returncode, "1 task, 1 annotation, 1 file changed" in out.stdout) == (0, True), out
        assert exported(root, tmp_path) == [("phone_call", "phoned")]
    finally:
        stop(first)
    assert group(state["pid"]) == []
    server.require_free(port, tmp_path)
    second = serve(root, tmp_path, port)
    try:
        out = script(root, tmp_path, "push.py", "--data", "data")
        assert out.stdout.endswith("main: 1 task unchanged\n"), out
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/user/login/") as page:
            assert page.status == 200
    finally:
        stop(second)


def exported(root: Path, cwd: Path) -> list[tuple[str, str]]:
    """Type and words of every event in the dataset that the annotations give."""
    out = script(root, cwd, "export.py", "--out", "exports")
    assert out.returncode == 0, out
    import datasets

    found = datasets.load_dataset(str(cwd / "exports/main"), "events", cache_dir=str(cwd / "cache"))
    return [(row["type"], row["triggers"][0]["text"]) for split in found.values() for row in split]


def serve(root: Path, cwd: Path, port: int) -> subprocess.Popen[str]:
    given = ["--port", str(port), "--data", "data", *places(root, cwd)]
    given += [
        "--venv",
        str(root / ".label-studio/venv"),
        "--lock",
        str(root / "requirements/label-studio.txt"),
    ]
    process = subprocess.Popen(
        [sys.executable, str(root / "scripts/serve.py"), *given],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Label Studio: "):
            assert line == f"Label Studio: http://127.0.0.1:{port}\n"
            return process
    raise AssertionError("".join(lines))


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    process.wait(30)
    assert time.monotonic() - start < 20


def places(root: Path, cwd: Path) -> list[str]:
    path = store.article_path(cwd / "annotations", "story")
    if not path.exists():
        path.parent.mkdir(parents=True)
        source = Source(language="en", license="CC0-1.0", published_at="2025-11-30")
        article = Article(doc_id="story", text=TEXT, text_sha256=sha256(TEXT), source=source)
        path.write_text(store.article_text(article))
    return ["--annotations", str(cwd / "annotations"), "--schema", str(root / "schema")]


def script(root: Path, cwd: Path, name: str, *given: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / "scripts" / name), *given, *places(root, cwd)],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
