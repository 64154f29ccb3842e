"""Where the server is, and that tokens stay where they belong. No server needed."""

import os
from pathlib import Path

import pytest

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
