"""Data as Markdown: nothing in it is markup, and tables stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dateline.addresses import ADDRESS


def escaped(data: str) -> str:
    """Data as Markdown text: nothing in it is markup or an e-mail address, and it stays on its line."""
    plain = ADDRESS.sub("…", " ".join(data.split()))
    safe = re.sub(r"([\\`*_{}\[\]()#+!|~$^=-])", r"\\\1", plain)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A table of data, and an empty line below it; the heads are ours."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += ["| " + " | ".join(escaped(str(cell)) for cell in row) + " |" for row in rows]
    return [*lines, ""]


def fenced(data: str, language: str = "") -> list[str]:
    """Data as a block of code, which nothing in it can end, and an empty line below it."""
    plain = ADDRESS.sub("…", data).replace("\r", "")
    longest = max(map(len, re.findall("`+", plain)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", plain.rstrip("\n"), fence, ""]
