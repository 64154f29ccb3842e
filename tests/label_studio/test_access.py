"""Where the server is, and that tokens stay where they belong. No server needed."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from surroundings import free_port

from dateline.label_studio import access
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError

TOKEN = "0123456789abcdef0123456789abcdef01234567"
NOWHERE = Path("/nonexistent")
HERE = {access.URL: "http://127.0.0.1:9", access.TOKEN: TOKEN}


def find(**given: object) -> access.Access:
    defaults: dict[str, object] = {"default_data": NOWHERE, "environ": {}, "env_file": NOWHERE}
    return access.find(**{**defaults, **given})  # type: ignore[arg-type]


def state(data: Path) -> Path:
    access.write_state(data, {"url": "http://127.0.0.1:7", "token": "local"})
    return data


def test_what_is_given_wins_over_the_environment_and_that_over_the_local_server(tmp_path: Path) -> None:
    data = state(tmp_path / "data")
    env_file = tmp_path / ".env"
    env_file.write_text(f"# ours\nexport {access.URL}='https://ls.example/'\n{access.TOKEN}=\"filed\"\n")
    assert find(default_data=data).url == "http://127.0.0.1:7"
    filed = find(default_data=data, env_file=env_file)
    assert (filed.url, filed.token) == ("https://ls.example", "filed")
    assert find(default_data=data, env_file=env_file, environ=HERE).token == TOKEN
    assert find(data=data, environ=HERE).token == "local"
    assert find(url="http://localhost:5", token="t", environ=HERE).token == "t"


def test_a_token_is_not_sent_to_an_address_it_did_not_come_with(tmp_path: Path) -> None:
    with pytest.raises(LabelStudioError, match="token"):
        find(url="https://elsewhere.example", environ=HERE)
    with pytest.raises(LabelStudioError, match="token"):
        find(data=state(tmp_path / "data"), url="https://elsewhere.example")


def test_plain_http_to_another_host_needs_the_flag() -> None:
    there = {access.URL: "http://ls.example:8080", access.TOKEN: TOKEN}
    with pytest.raises(LabelStudioError, match="plain http"):
        find(environ=there)
    assert find(environ=there, insecure=True).url == "http://ls.example:8080"


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "127.0.0.1:8080", "http://user:pass@127.0.0.1", "http://"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(LabelStudioError):
        find(environ={access.URL: url, access.TOKEN: TOKEN})


def test_state_is_for_the_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = state(tmp_path / "data") / access.STATE
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_no_server_is_one_clear_error_without_the_token() -> None:
    client = Client(find(environ=HERE), patience=0.5)
    with pytest.raises(LabelStudioError, match=r"cannot reach http://127\.0\.0\.1:9") as caught:
        client.whoami()
    shown = f"{caught.value!r} {caught.value} {client!r} {find(environ=HERE)!r} {caught.value.__cause__!r}"
    assert TOKEN not in shown


@contextmanager
def answering(port: int) -> Iterator[None]:
    """A server that answers every question with an empty object."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", port), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield
        finally:
            http.shutdown()
            thread.join()


def after(seconds: float, port: int, until: threading.Event) -> threading.Thread:
    """Starts a server in a moment, for as long as nobody says stop."""

    def work() -> None:
        time.sleep(seconds)
        with answering(port):
            until.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def local(port: int) -> access.Access:
    return access.Access(f"http://127.0.0.1:{port}", TOKEN)


def test_a_refused_connection_is_told_within_seconds() -> None:
    begun = time.monotonic()
    with pytest.raises(LabelStudioError, match="refused"):
        Client(local(free_port())).whoami()
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("known", ["not at all", "to be starting", "from before"])
def test_a_server_that_is_starting_is_waited_for(known: str) -> None:
    """For a moment at first; for longer where it has answered before, or is said to be starting."""
    port, done = free_port(), threading.Event()
    client = Client(local(port), is_starting=known == "to be starting")
    if known == "from before":
        with answering(port):
            client.whoami()
    thread = after(0.5 if known == "not at all" else 5.0, port, done)
    try:
        assert client.whoami() == {}
    finally:
        done.set()
        thread.join()
