"""E-mail addresses in stored annotations: people are pseudonyms there, and an address has no place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_PART = r"[^\s@<>\"',;:()]"
# from the beginning of a run only: else a text without spaces, such as Chinese, would take quadratic time
ADDRESS = re.compile(rf"(?<!{_PART}){_PART}+@{_PART}+\.[A-Za-z]{{2,}}")


def places(task: dict[str, Any]) -> Iterator[str]:
    """Where e-mail addresses stand in a stored task, as JSON pointers; the article itself may hold some."""
    article = {"text", "title", "publisher", "url"}
    data = task.get("data")
    rest = {key: value for key, value in task.items() if key != "data"}
    yield from _walk(rest, "")
    if isinstance(data, dict):
        yield from _walk({key: value for key, value in data.items() if key not in article}, "/data")


def _walk(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, str):
        if "@" in value and ADDRESS.search(value):
            yield pointer
    elif isinstance(value, dict):
        if isinstance(value.get("labels"), list) and "text" in value:  # a region's words are the article's
            value = {key: inner for key, inner in value.items() if key != "text"}
        for key, inner in value.items():
            yield from _walk(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{n}")
