"""The structs that several views share, and the rows for them.

Arguments and a type's own attributes are lists of structs, so that a new event type changes no column.
"""

from __future__ import annotations

from typing import Any

import msgspec

from dateline.model import Document, Event, Mention, Trigger
from dateline.views.features import Columns
from dateline.views.words import NOTE, SPAN_TEXT, TITLE

Row = dict[str, Any]

SPAN: Columns = {"start": "int64", "end": "int64", "text": SPAN_TEXT}
TRIGGER: Columns = {**SPAN, "main": "bool", "region": "string", "note": NOTE}
MENTION: Columns = {
    "id": "string",
    "label": "string",
    **SPAN,
    "entity": "string",
    "attributes": [{"name": "string", "value": "string"}],
    "region": "string",
    "note": NOTE,
}
ARGUMENT: Columns = {
    "role": "string",
    "mention": "string",
    **SPAN,
    "label": "string",
    "entity": "string",
    "via": "string",
}
ATTRIBUTE: Columns = {"name": "string", "value": "string"}
SOURCE: Columns = {
    "title": TITLE,
    "publisher": "string",
    "url": "string",
    "published_at": "string",
    "language": "string",
    "license": "string",
    "synthetic": "bool",
}
COMMON = ("status", "polarity")


def trigger(value: Trigger) -> Row:
    """A trigger as a struct."""
    return {
        "start": value.start,
        "end": value.end,
        "text": value.text,
        "main": value.main,
        "region": value.region,
        "note": note(value),
    }


def mention(value: Mention) -> Row:
    """A mention as a struct."""
    return {
        "id": value.id,
        "label": value.label,
        "start": value.start,
        "end": value.end,
        "text": value.text,
        "entity": value.entity,
        "attributes": [{"name": name, "value": answer} for name, answer in value.attributes.items()],
        "region": value.region,
        "note": note(value),
    }


def note(value: Trigger | Mention) -> str | None:
    """The note, or None."""
    return None if value.note is msgspec.UNSET else value.note


def event(value: Event, mentions: dict[str, Mention]) -> Row:
    """What every view says of an event: type, status and polarity, triggers, arguments, attributes."""
    return {
        "type": value.type,
        "status": value.attributes.get("status"),
        "polarity": value.attributes.get("polarity"),
        "triggers": [trigger(t) for t in value.triggers],
        "arguments": [
            _argument(role, f.mention, f.via, mentions[f.mention])
            for role, fillers in value.arguments.items()
            for f in fillers
        ],
        "attributes": [{"name": k, "value": v} for k, v in value.attributes.items() if k not in COMMON],
        "defaulted": list(value.defaulted),
    }


EVENT: Columns = {
    "type": "string",
    "status": "string",
    "polarity": "string",
    "triggers": [TRIGGER],
    "arguments": [ARGUMENT],
    "attributes": [ATTRIBUTE],
    "defaulted": ["string"],
}


def _argument(role: str, id_: str, via: str, filler: Mention) -> Row:
    return {
        "role": role,
        "mention": id_,
        "start": filler.start,
        "end": filler.end,
        "text": filler.text,
        "label": filler.label,
        "entity": filler.entity,
        "via": via,
    }


def source(document: Document) -> Row:
    """The article's source as columns."""
    return msgspec.structs.asdict(document.source)
