"""Where the server is and what lets us in: from arguments, the environment, `.env`, or a local server's state."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dateline import private
from dateline.label_studio.errors import LabelStudioError as LabelStudioError

URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STATE = "server.json"


@dataclass(frozen=True)
class Access:
    """The address of a server without a slash at its end, and a token of either kind."""

    url: str
    token: str = field(repr=False)


def find(
    url: str | None = None,
    token: str | None = None,
    *,
    data: Path | None = None,
    default_data: Path = Path(".label-studio/data"),
    environ: Mapping[str, str] | None = None,
    env_file: Path = Path(".env"),
    insecure: bool = False,
) -> Access:
    """The server to talk to. What is given wins over `data`, that over the environment, that over `.env`,
    that over the local server's state. A token is only used together with the address it came with.

    Raises LabelStudioError where there is none, a half of it is missing, or the token would travel in the clear
    (plain http to another host than loopback, unless `insecure`).
    """
    known = [os.environ if environ is None else environ, read_env(env_file)]
    if data is not None:
        found = from_state(data)
        if found is None:
            raise LabelStudioError(f"no local server has run with {data}", "start it: make annotate")
        return _checked(
            url or found.url, token or _token_for(url, [{URL: found.url, TOKEN: found.token}]), insecure
        )
    wanted = url or next((source[URL] for source in known if source.get(URL)), None)
    if wanted:
        return _checked(wanted, token or _token_for(wanted, known), insecure)
    found = from_state(default_data)
    if found is not None:
        return _checked(found.url, token or found.token, insecure)
    raise LabelStudioError("no Label Studio server is known", f"run make annotate, or set {URL} and {TOKEN}")


def _token_for(url: str | None, sources: Sequence[Mapping[str, str]]) -> str | None:
    """The first token that is not known to belong to another address."""
    fitting = (source for source in sources if url is None or _same(source.get(URL), url))
    return next((source[TOKEN] for source in fitting if source.get(TOKEN)), None)


def _same(mine: str | None, url: str) -> bool:
    return not mine or mine.rstrip("/") == url.rstrip("/")


def _checked(url: str, token: str | None, insecure: bool) -> Access:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LabelStudioError("the address is not an http address", f"{URL}=https://host")
    if parts.username or parts.password:
        raise LabelStudioError("the address holds a user name or password", f"put the token into {TOKEN}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not insecure:
        raise LabelStudioError(
            f"{parts.hostname} is asked over plain http: the token could be read on the way",
            "use https, or give --insecure",
        )
    if not token:
        raise LabelStudioError(
            f"no token for {url}", f"set {TOKEN} (Label Studio: Account & Settings, Access Token)"
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise LabelStudioError("the token holds characters that no token has", "copy it again")
    return Access(url.rstrip("/"), token)


def read_env(path: Path) -> dict[str, str]:
    """The settings of a `.env` file: `NAME=value` lines, quotes and `export` allowed; empty where there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (
        line.strip().removeprefix("export ").partition("=")
        for line in lines
        if not line.lstrip().startswith("#")
    )
    return {name.strip(): value.strip().strip("\"'") for name, sign, value in pairs if sign}


def from_state(data: Path) -> Access | None:
    """How to reach the server that runs, or ran last, with this data folder."""
    state = read_state(data)
    if not state.get("url") or not state.get("token"):
        return None
    return Access(str(state["url"]), str(state["token"]))


def read_state(data: Path) -> dict[str, Any]:
    """What is remembered of a local server: url, pid, email, password, token."""
    try:
        state = json.loads((data / STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(data: Path, state: dict[str, Any]) -> None:
    """Remember it, for the owner's eyes only."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    private.write(data / STATE, json.dumps(state, indent=1) + "\n")
