"""What a decoder says of a value of the wrong type, in words for people."""

from __future__ import annotations

import re

import msgspec

_SAID = re.compile(r"Expected `([^`]*)`, got `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_MISSING = re.compile(r"Object missing required field `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_KINDS = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "null": "null",
    "object": "an object",
    "str": "a text",
}


def of(error: msgspec.ValidationError) -> str:
    """`value.start is a text, not a whole number or null`; what is said otherwise stays as it is."""
    if said := _SAID.fullmatch(str(error)):
        wanted, given, place = said.groups()
        return f"{place or 'it'} is {_kinds(given)}, not {_kinds(wanted)}"
    if missing := _MISSING.fullmatch(str(error)):
        name, place = missing.groups()
        return f"{place or 'it'} has no {name}"
    return str(error)


def _kinds(types: str) -> str:
    return " or ".join(_KINDS.get(kind, kind) for kind in types.split(" | "))
