"""What of two schemas no compiled type holds: the JSON Schema of the record itself, compared place by place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dateline.migration.moves import Moves
from dateline.schema import COMMON_ATTRIBUTES, Schema

Json = dict[str, Any]

_WORDS = frozenset({"$schema", "$id", "$comment", "title", "description", "examples"})
_OF_ROLES = frozenset({"$ref", "x-labels", "x-max-entities", "x-min-entities"})
_OF_ATTRIBUTES = frozenset({"enum", "default", "x-values"})


def compare(old: Schema, new: Schema, moves: Moves) -> list[tuple[str, str, str]]:
    """Place, difference in words and level, for each place that differs; what only adds a property is minor."""
    one, other = _rest(old.bundle, old, moves), _rest(new.bundle, new, Moves())
    for rest, there in ((one, set(other["types"])), (other, set(one["types"]))):
        rest["types"] = {name: spec for name, spec in rest["types"].items() if name in there}
    before, after = dict(_leaves(one)), dict(_leaves(other))
    found = []
    for at in sorted(before.keys() | after.keys()):
        if before.get(at) != after.get(at):
            parent = at.rpartition("/properties/")
            new_property = bool(parent[1]) and not any(
                place.startswith(f"{parent[0]}/properties/{parent[2].partition('/')[0]}") for place in before
            )
            said = "added" if at not in before else "removed" if at not in after else "another value"
            found.append((at, said, "minor" if new_property else "major"))
    return found


def _rest(bundle: Json, schema: Schema, moves: Moves) -> Json:
    """The bundle without all that the compiled types say, its event types by their new names."""
    rest: Json = json.loads(json.dumps(bundle))
    for key in ("x-schema-version", "x-guideline-version"):
        rest.pop(key, None)
    parts = rest["$defs"]
    parts["event"].pop("allOf", None)
    parts["event"]["properties"]["type"].pop("enum", None)
    for name in ("mention_label", "relation_type", *COMMON_ATTRIBUTES):
        parts["common"]["$defs"].pop(name, None)
    types = {name: _type(parts.pop(name)) for name in schema.types}
    named = {moves.new("type", name): _renamed(name, spec, moves) for name, spec in types.items()}
    return {**rest, "types": {name: spec for name, spec in named.items() if name and spec}}


def _type(spec: Json) -> Json:
    """An event type's file without its `x-` keywords, and its roles and attributes without what is compiled."""
    kept = {key: value for key, value in spec.items() if not key.startswith("x-") and key not in _WORDS}
    for part, known in (("arguments", _OF_ROLES), ("attributes", _OF_ATTRIBUTES)):
        inner = kept["properties"].get(part, {})
        inner.pop("required", None)
        inner["properties"] = {
            name: {key: value for key, value in details.items() if key not in known}
            for name, details in inner.get("properties", {}).items()
        }
    return kept


def _renamed(type_: str, spec: Json, moves: Moves) -> Json:
    for part, kind in (("arguments", "role"), ("attributes", "attribute")):
        inner = spec["properties"].get(part, {})
        named = {
            moves.new(kind, f"{type_}.{name}"): value for name, value in inner.get("properties", {}).items()
        }
        inner["properties"] = {name: value for name, value in named.items() if name}
    return spec


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Pointer and JSON of everything but words; lists as a whole, `required` in any order."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            if key not in _WORDS or at.endswith(("properties", "$defs", "types")):
                yield from _leaves(inner, f"{at}/{key}")
    elif value or not isinstance(value, dict):
        ordered = sorted(map(str, value)) if at.endswith("/required") and isinstance(value, list) else value
        yield at, json.dumps(ordered, sort_keys=True)
