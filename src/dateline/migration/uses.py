"""What hangs on a name: the places in annotations where it is used, and the columns of a dataset that hold it."""

from __future__ import annotations

from typing import NamedTuple

from dateline.model import Document, Event
from dateline.schema import COMMON_ATTRIBUTES, Schema

Key = tuple[str, str]


class Use(NamedTuple):
    """A place: file, annotator, region."""

    file: str
    annotator: str
    region: str | None


Uses = dict[Key, list[Use]]

_RECORDS = ("documents", "annotations")
_PARTIES = ("makers", "deniers", "others")

# What of a dataset holds the names of each kind, as values: no column is named after a type, role, label or answer
COLUMNS: dict[str, tuple[str, ...]] = {
    "type": (
        *(f"{view}.events[].type" for view in _RECORDS),
        "events.type", "events.relations[].tail_type",
        *(f"claims.{party}[].type" for party in _PARTIES),
        "triggers.tags[]", "arguments.type", "relations.head_type", "relations.tail_type",
        "instruct.messages[].content", "sentences.event_mentions[].event_type",
    ),
    "role": (
        *(f"{view}.events[].arguments[].role" for view in _RECORDS),
        "events.arguments[].role",
        *(f"claims.{party}[].{column}" for party in _PARTIES for column in ("role", "claim_role")),
        "arguments.tags[]", "instruct.messages[].content", "sentences.event_mentions[].arguments[].role",
    ),
    "label": (
        *(f"{view}.{column}" for view in _RECORDS for column in ("mentions[].label", "events[].arguments[].label")),
        "events.arguments[].label",
        *(f"claims.{party}[].label" for party in _PARTIES),
        "claims.mentions[].label", "instruct.messages[].content", "sentences.entity_mentions[].entity_type",
    ),
    "attribute": (
        *(f"{view}.events[].{column}" for view in _RECORDS for column in ("attributes[].name", "defaulted[]")),
        "events.attributes[].name", "events.defaulted[]",
        *(f"claims.{party}[].attributes[].name" for party in _PARTIES),
        "instruct.messages[].content",
    ),
    "value": (
        *(f"{view}.events[].attributes[].value" for view in _RECORDS),
        "events.attributes[].value",
        *(f"claims.{party}[].attributes[].value" for party in _PARTIES),
        "instruct.messages[].content",
    ),
    "relation": (
        *(f"{view}.relations[].type" for view in _RECORDS),
        "events.relations[].type", "relations.label", "instruct.messages[].content",
    ),
}  # fmt: skip


def columns(kind: str, name: str) -> tuple[str, ...]:
    """The columns whose values are names of this kind; `status` and `polarity` have columns of their own."""
    own = name.partition(".")[0]
    if own not in COMMON_ATTRIBUTES:
        return COLUMNS.get(kind, ())
    return (
        *(f"{view}.events[].{own}" for view in _RECORDS),
        f"events.{own}",
        *(f"claims.{party}[].{own}" for party in _PARTIES),
        *(("claims.status",) if own == "status" else ()),
        "instruct.messages[].content",
    )


def count(document: Document, schema: Schema, uses: Uses, file: str) -> None:
    """Note every use of a name in a record that this schema gave."""
    labels = {m.id: m.label for m in document.mentions}
    who = document.annotation.annotator
    for mention in document.mentions:
        uses["label", mention.label].append(Use(file, who, mention.region))
    types = {event.id: event for event in document.events}
    for event in document.events:
        for key in _of_event(event, labels, schema):
            uses[key].append(Use(file, who, event.main.region))
    for relation in document.relations:
        head = types.get(relation.head)
        uses["relation", relation.type].append(Use(file, who, head.main.region if head else None))


def _of_event(event: Event, labels: dict[str, str], schema: Schema) -> list[Key]:
    found: list[Key] = [("type", event.type)]
    for name in schema.attributes_of(event.type):
        full = name if name in schema.common else f"{event.type}.{name}"
        if name not in event.attributes or name in event.defaulted:
            found.append(("default.attribute", full))
        else:
            found += [("attribute", full), ("value", f"{full}.{event.attributes[name]}")]
    for role, fillers in event.arguments.items():
        for filler in fillers:
            label = labels.get(filler.mention, "")
            found += [("role", f"{event.type}.{role}"), ("filler", f"{event.type}.{role}.{label}")]
            found += [("default.role", f"{event.type}.{label}")] if filler.via == "default" else []
    return found
