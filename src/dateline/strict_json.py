"""Strict JSON: one value from bytes, or one `BadJson` that says what is wrong, where, and how to mend it.

`jiter` decides; its words are turned into codes and into sentences for people here. Two things that it lets
pass are checked on the value: numbers that overflow and deep nesting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import jiter

from dateline.findings import printable

MAX_DEPTH = 64
MAX_DIGITS = 4300  # jiter's limit for one number, and Python's own for writing an integer
BOM = b"\xef\xbb\xbf"

_FOREIGN = {
    "UTF-32": re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff|[^\0]\0\0\0|\0\0\0[^\0]"),
    "UTF-16": re.compile(rb"\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0]"),
}
_SAID = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
_TOKEN = re.compile(rb'\\.|["{}\[\]]|-?[0-9][-+.eE0-9]*', re.DOTALL)
_ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..|\\.", re.DOTALL)
_CONSTANT = re.compile(rb"-?(?:NaN|Infinity)")
_NUMBER = re.compile(rb"[-+.eE0-9]{1,80}")
_WORD = re.compile(rb"[^\s,:\]}]{1,80}")
_WATCHED = {dict, list, float}

_CUT = "The file is cut off, or a closing quote or bracket is missing: export it again, or add it."
_QUOTES = r"Look just before this place; a quotation mark inside a string is written \"."
_NOT_JSON = {
    "EOF while parsing a list": ("the text ends inside a list", _CUT),
    "EOF while parsing an object": ("the text ends inside an object", _CUT),
    "EOF while parsing a string": ("the text ends inside a string", _CUT),
    "EOF while parsing a value": ("the text ends where a value should be", _CUT),
    "expected `:`": ("a colon is missing after a key", _QUOTES),
    "expected `,` or `]`": ("a comma or the closing ] is missing", _QUOTES),
    "expected `,` or `}`": ("a comma or the closing } is missing", _QUOTES),
    "invalid escape": (
        "a backslash that begins no escape",
        r"Write a backslash as \\; the escapes are \" \\ \/ \b \f \n \r \t and \u with four hex digits.",
    ),
    "trailing comma": ("a comma with nothing after it", "Delete the comma."),
    "trailing characters": (
        "something follows the end of the value",
        "A file holds one value, or a list of them, or one object on each line (JSONL).",
    ),
}
_MISPLACED = {
    ord("'"): "JSON wants double quotes.",
    ord("T"): "JSON writes true, false and null, in small letters.",
    ord("F"): "JSON writes true, false and null, in small letters.",
    ord("N"): "JSON writes true, false and null, in small letters.",
    ord("/"): "JSON has no comments: delete it.",
    ord("#"): "JSON has no comments: delete it.",
    ord("<"): "This looks like a web page or the mark of a merge conflict.",
    BOM[0]: "A byte order mark is allowed at the start of a file only: delete it.",
}


class BadJson(ValueError):
    """Why bytes are not strict JSON.

    `code` is one of E001 to E006 and E008; `line` and `column` count from 1 inside the bytes given, columns
    in characters; `hint` says how to mend it.
    """

    def __init__(self, code: str, message: str, line: int, column: int, hint: str) -> None:
        super().__init__(code, message, line, column, hint)
        self.code, self.message, self.line, self.column, self.hint = code, message, line, column, hint

    def __str__(self) -> str:
        return f"{self.code} line {self.line}, column {self.column}: {self.message}"


def decode(data: bytes | memoryview) -> object:
    """The one JSON value in UTF-8 bytes without a byte order mark, as plain Python values.

    Raises BadJson: E001 not UTF-8, E002 not JSON, E003 nested deeper than 64, E004 a key twice in an object,
    E005 NaN, Infinity or a number that overflows, E006 a lone surrogate, E008 a number of over 4,300 digits.
    """
    data = bytes(data)
    try:
        # keys only: texts and ids do not come again, and remembering them costs more than it saves
        value = jiter.from_json(data, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
    except ValueError as error:
        raise _explain(data, str(error)) from None
    broken = _broken_limit(value)
    if broken == "E003":
        raise _too_deep(data)
    if broken == "E005":
        raise _overflow(data)
    return value


def foreign_encoding(head: bytes) -> str | None:
    """`UTF-16` or `UTF-32` when the first four bytes of a JSON text say so, else None."""
    return next((name for name, pattern in _FOREIGN.items() if pattern.match(head)), None)


def _broken_limit(value: Any) -> str | None:
    # Level by level, and only what can break a limit: a third of jiter's own time on ordinary records.
    level = [value] if type(value) in _WATCHED else []
    for _ in range(MAX_DEPTH + 1):
        boxes = [x for x in level if type(x) is not float]
        if len(boxes) < len(level) and any(type(x) is float and math.isinf(x) for x in level):
            return "E005"
        if not boxes:
            return None
        level = [x for b in boxes for x in (b.values() if type(b) is dict else b) if type(x) in _WATCHED]
    return "E003"


def _explain(data: bytes, said: str) -> BadJson:
    """The BadJson for bytes that jiter refused with the words `said`."""
    encoding = foreign_encoding(data[:4])
    if encoding:
        return _bad(data, 0, "E001", f"this is {encoding}, not UTF-8", "Save it as UTF-8.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start)
    match = _SAID.fullmatch(said)
    phrase, at = (match[1], _offset(data, int(match[2]), int(match[3]))) if match else (said, 0)
    if phrase.startswith("recursion limit"):
        return _too_deep(data)
    if phrase.startswith("Detected duplicate key"):
        return _duplicate(data, at)
    if "surrogate" in phrase or phrase == "unexpected end of hex escape":
        return _lone_surrogate(data, at)
    if phrase == "number out of range":
        return _too_many_digits(data, at)
    return _constant(data, at) or _not_json(data, at, phrase)


def _not_utf8(data: bytes, at: int) -> BadJson:
    lead, following = data[at], data[at + 1 : at + 2]
    if 0x80 <= lead <= 0xBF:
        kind = "a continuation byte without a start"
    elif (
        lead in (0xC0, 0xC1)
        or (lead == 0xE0 and following < b"\xa0")
        or (lead == 0xF0 and following < b"\x90")
    ):
        kind = "an overlong form"
    elif lead == 0xED and following >= b"\xa0":
        kind = "an encoded surrogate"
    elif lead > 0xF4 or (lead == 0xF4 and following >= b"\x90"):
        kind = "beyond Unicode"
    else:
        kind = "a character that is cut off"
    hint = "Save it as UTF-8; it may be Windows-1252 or Latin-1, or the bytes were damaged."
    return _bad(data, at, "E001", f"byte 0x{lead:02X} is not UTF-8 here: {kind}", hint)


def _too_deep(data: bytes) -> BadJson:
    hint = "Records are flat; something was wrapped again and again: make it flatter."
    return _bad(data, _deep_at(data), "E003", f"nested deeper than {MAX_DEPTH}", hint)


def _deep_at(data: bytes) -> int:
    depth = 0
    for token in _outside_strings(data):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            return token.start()
    return 0


def _overflow(data: bytes) -> BadJson:
    floats = (m for m in _outside_strings(data) if set(m[0]) & set(b".eE"))
    found = next((m for m in floats if math.isinf(float(m[0]))), None)
    at, shown = (found.start(), _shown(found[0])) if found else (0, "")
    hint = "Numbers end near 1.8e308: correct it, or use null."
    return _bad(data, at, "E005", f"the number {shown} is too large", hint)


def _outside_strings(data: bytes) -> Iterator[re.Match[bytes]]:
    """Brackets and numbers of a JSON text, in order; what stands in strings is left out."""
    quoted = False
    for token in _TOKEN.finditer(data):
        if token[0] == b'"':
            quoted = not quoted
        elif not quoted:
            yield token


def _duplicate(data: bytes, at: int) -> BadJson:
    end = data.rfind(b'"', 0, at)
    start = data.rfind(b'"', 0, max(end, 0))
    while start > 0 and _is_escaped(data, start):
        start = data.rfind(b'"', 0, start)
    key = _shown(data[start + 1 : end])
    hint = "Keep one of the two; most readers would drop the first without a word."
    return _bad(data, max(start, 0), "E004", f"the key “{key}” stands twice in one object", hint)


def _is_escaped(data: bytes, at: int) -> bool:
    backslashes = 0
    while data[at - 1 - backslashes : at - backslashes] == b"\\":
        backslashes += 1
    return backslashes % 2 == 1


def _lone_surrogate(data: bytes, at: int) -> BadJson:
    lone = (m for m in _ESCAPE.finditer(data) if len(m[0]) == 6)
    found = next(lone, None)
    at, shown = (found.start(), _shown(found[0])) if found else (at, "")
    hint = "Half of a character is missing: type it again (an emoji cut in two?), or delete the escape."
    return _bad(data, at, "E006", f"a lone surrogate {shown}".rstrip(), hint)


def _too_many_digits(data: bytes, at: int) -> BadJson:
    start = len(data[:at].rstrip(b"-+.eE0123456789"))
    hint = "No id or offset is that long: correct it, or quote it as a string."
    return _bad(data, start, "E008", f"a number of over {MAX_DIGITS:,} digits", hint)


def _constant(data: bytes, at: int) -> BadJson | None:
    # jiter points behind the minus sign
    found = _CONSTANT.match(data, max(at - 1, 0)) or _CONSTANT.match(data, at)
    if not found:
        return None
    return _bad(
        data, found.start(), "E005", f"{_shown(found[0])} is not JSON", "Use null, or leave the key out."
    )


def _not_json(data: bytes, at: int, phrase: str) -> BadJson:
    for start, (message, hint) in _NOT_JSON.items():
        if phrase.startswith(start):
            return _bad(data, at, "E002", message, hint)
    if phrase == "invalid number":
        return _not_a_number(data, at)
    if phrase.startswith("control character"):
        message = f"the control character U+00{data[at : at + 1].hex().upper()} stands raw in a string"
        return _bad(data, at, "E002", message, r"Write \n for a line end, \t for a tab.")
    wanted = "a key" if phrase.startswith("key must be") else "a value"
    found = _WORD.match(data, at)
    message = f"{wanted} should stand here, not {_shown(found[0] if found else data[at : at + 1], 12)}"
    hint = _MISPLACED.get(data[at] if at < len(data) else 0, "Text is quoted, numbers are not.")
    return _bad(data, at, "E002", message, hint)


def _not_a_number(data: bytes, at: int) -> BadJson:
    at = len(data[:at].rstrip(b"-+.eE0123456789"))
    found = _NUMBER.match(data, at)
    message = f"{_shown(found[0])} is not a number" if found else "a malformed number"
    hint = "No plus sign, no zero in front; digits on both sides of the point and after the e."
    return _bad(data, at, "E002", message, hint)


def _bad(data: bytes, at: int, code: str, message: str, hint: str) -> BadJson:
    start = data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode("utf-8", "replace")) + 1
    return BadJson(code, message, data.count(b"\n", 0, at) + 1, column, hint)


def _offset(data: bytes, line: int, column: int) -> int:
    """The offset of a place that jiter named: columns are bytes, 0 stands for the line end before."""
    start = 0
    for _ in range(line - 1):
        start = data.find(b"\n", start) + 1
    return min(max(start + column - 1, 0), len(data))


def _shown(data: bytes, most: int = 40) -> str:
    """A few characters of the input, fit to stand in a message."""
    text = printable(data[: 4 * most + 4].decode("utf-8", "replace"))
    return text if len(text) <= most else text[:most] + "…"
