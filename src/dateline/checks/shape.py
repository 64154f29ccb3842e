"""Level 1, and what of the other levels JSON Schema decides: one table from keyword and path to code."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from dateline.collector import Collector, at_event, at_mention
from dateline.findings import Finding
from dateline.model import Document, Event, Mention, to_builtins
from dateline.rules import RULES
from dateline.schema import Schema

# (path with * for numbers and names, keyword) -> code; the first that fits holds
TABLE: tuple[tuple[str, str, str], ...] = (
    (r"schema_version", r".*", "E102"),
    (r"mentions/\*/label", r"enum", "E302"),
    (r"entities/\*/wikidata", r"pattern", "E309"),
    (r"events/\*/triggers", r"minItems", "E304"),
    (r"events/\*/type", r"enum", "E401"),
    (r"events/\*/arguments", r"additionalProperties|maxProperties", "E402"),
    (r"events/\*/arguments", r"required", "E403"),
    (r"events/\*/arguments/[^/]+", r"minItems", "E403"),
    (r"events/\*/attributes/status", r"enum", "E501"),
    (r"events/\*/attributes/[^/]+", r"enum", "E407"),
    (r"events/\*/attributes", r"required", "E406"),
    (r"events/\*/attributes", r"enum", "E408"),
    (r".*", r"additionalProperties", "E104"),
    (r".*", r".*", "E101"),
)
CODES = tuple(sorted({code for _, _, code in TABLE} | {"W103"}))


def check_document(document: Document, schema: Schema, tainted: frozenset[str]) -> list[Finding]:
    """Shape findings on a record that was built here, so that it can be decoded for sure."""
    from dateline.checks import without_symptoms

    return without_symptoms(check(to_builtins(document), schema), document, tainted)


def check(plain: Any, schema: Schema) -> list[Finding]:
    """Shape findings on a decoded JSON record. Codes: see TABLE and W103."""
    known = plain if isinstance(plain, dict) else {}
    collect = Collector(doc_id=_text(known.get("doc_id")), annotator=_annotator(known))
    errors = () if schema.accepts(plain) else schema.validator.iter_errors(plain)
    seen: set[tuple[str, ...]] = set()
    for error in sorted(errors, key=lambda e: [str(p) for p in e.absolute_path]):
        for name in _names(error):
            key = ("/".join(map(str, error.absolute_path)), error.validator, name or error.message)
            if key not in seen:
                seen.add(key)
                _collect(error, name, known, schema, collect)
    _version(known, schema, collect)
    return collect.findings


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _annotator(plain: dict[str, Any]) -> str | None:
    annotation = plain.get("annotation")
    return _text(annotation.get("annotator")) if isinstance(annotation, dict) else None


def _names(error: Any) -> list[str | None]:
    """The names that an error is about: jsonschema puts several unknown ones into one error."""
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        return sorted(set(error.instance) - set(error.schema.get("properties", ())))
    if error.validator == "required":
        found = re.match(r"'(.*)' is a required property", error.message)
        return [found[1] if found else None]
    if "propertyNames" in error.absolute_schema_path:
        return [str(error.instance)]
    return [None]


def _collect(error: Any, name: str | None, plain: dict[str, Any], schema: Schema, collect: Collector) -> None:
    path = list(error.absolute_path)
    code = _code(path, error.validator)
    if code == "E406" and name == "status":
        code = "E501"
    message = error.message
    if error.validator == "additionalProperties" and name is not None:
        message = f"{name!r} is not known here"
    if error.validator == "required" and name is not None:
        message = f"{name!r} is not there"
    if error.validator == "pattern" and code != "E101":  # the hint says the form better than a pattern
        message = f"{error.instance!r:.60} has another form"
    pointer = "/" + "/".join(map(str, path))
    where, event = _place(path, plain)
    if code in ("E402", "E403"):
        where["role"] = name or str(path[-1])
        where["place"] = f"{where['place']}, role {where['role']}" if "place" in where else None
    if len(message) > 300:
        message = f"{message[:200]} … {message[-80:]}"
    collect.add(
        code,
        f"{RULES[code].title}: {message} (at {pointer})",
        _hint(code, name, event, error, schema),
        **where,
    )


def _code(path: list[Any], keyword: str) -> str:
    pointer = "/".join("*" if isinstance(part, int) else str(part) for part in path)
    return next(code for at, word, code in TABLE if re.fullmatch(at, pointer) and re.fullmatch(word, keyword))


def _place(path: list[Any], plain: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The event or mention that a path leads into, as a place for a finding."""
    import msgspec

    if len(path) < 2 or path[0] not in ("events", "mentions"):
        return {}, None
    part = plain[path[0]][path[1]]
    event = part if path[0] == "events" and isinstance(part, dict) else None
    try:
        if event is not None:
            return at_event(msgspec.convert(part, Event)), event
        return at_mention(msgspec.convert(part, Mention)), None
    except (msgspec.ValidationError, IndexError):
        return {}, event


def _hint(
    code: str, name: str | None, event: dict[str, Any] | None, error: Any, schema: Schema
) -> str | None:
    type_ = schema.types.get(str((event or {}).get("type")))
    if code == "E402" and type_ is not None:
        having = [t.name for t in schema.types.values() if name in t.roles]
        others = f"; {name} is a role of {', '.join(having)}" if having else ""
        return f"{type_.name} has {', '.join(type_.roles)}{others}"
    if code == "E403" and type_ is not None and name in type_.roles:
        role = type_.roles[name]
        return f"draw {name} ({role.description}) to a {' or '.join(role.labels)}"
    if code == "E408" and type_ is not None:
        return f"{type_.name} asks {', '.join([*schema.common, *type_.attributes])}"
    if code == "E102":
        return f"three numbers with points between, such as {schema.version}, which is the schema here"
    if code == "E309":
        return "a Q and a number, such as Q22686"
    if error.validator == "required" and type_ is not None and name in schema.attributes_of(type_.name):
        return f"answer {', '.join(schema.attributes_of(type_.name)[name].values)}"
    if code in ("E104", "E401", "E302", "E407", "E501"):
        choices = error.schema.get("properties") or error.schema.get("enum") or ()
        close = get_close_matches(name or str(error.instance), [str(c) for c in choices], n=1)
        return f"did you mean {close[0]!r}?" if close else None
    return None


def _version(plain: dict[str, Any], schema: Schema, collect: Collector) -> None:
    given = str(plain.get("schema_version"))
    if not re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}", given):
        return
    theirs, ours = ([int(n) for n in version.split(".")] for version in (given, schema.version))
    if theirs[0] > ours[0]:
        collect.add(
            "E102", f"the record has schema {given}, this is {schema.version}", "use a newer Dateline"
        )
    elif theirs < ours:
        collect.add(
            "W103",
            f"the record has the older schema {given}, this is {schema.version}",
            f'tasks are brought over by make migrate ARGS="OLD" (scripts/migrate.py), where OLD is schema {given}; '
            "records are exported anew",
        )
