"""HTML that is escaped by construction: only `Markup` goes in as it is, everything else is text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any

_VOID = frozenset({"meta", "input", "br", "link"})
_HALF = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What could end a script element, begin a comment or break a line of JavaScript, as JSON escapes.
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Markup(str):
    """HTML that was made here, not data."""


def text(value: object) -> Markup:
    """Data as text: nothing in it is markup; control characters, which HTML cannot hold, become U+FFFD."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(_CONTROLS.sub("\ufffd", str(value))))


def el(tag: str, *children: object, **attributes: object) -> Markup:
    """An element. `class_` is `class`, other `_` are `-`; an attribute of None or False is left out, of True bare."""
    opened = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{opened}>")
    return Markup(f"<{tag}{opened}>{join(children)}</{tag}>")


def _attribute(name: str, value: object) -> str:
    name = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{text(value)}"'


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Several pieces as one; None is left out."""
    return Markup(between.join(text(part) for part in parts if part is not None))


def isolated(value: object) -> Markup:
    """Data in a `bdi`: what it does to the direction of writing ends with it."""
    return el("bdi", value)


def data(id_: str, value: Any) -> Markup:
    """A script element that holds JSON and never runs."""
    return Markup(f'<script type="application/json" id="{text(id_)}">{as_json(value)}</script>')


def as_json(value: Any) -> str:
    """JSON without a character that means something to an HTML parser; half a surrogate pair becomes U+FFFD."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: _IN_SCRIPT[found[0]], _HALF.sub("\ufffd", plain))
