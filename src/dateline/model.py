"""The record: one annotation of one article, as frozen values.

Offsets are half-open Unicode code points into `Document.text`, everywhere. The field names are the
keys of the JSON record that `schema/document.schema.json` describes.
"""

from __future__ import annotations

import hashlib

import msgspec


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """The words that name an event; `main` marks the one that carries the arguments."""

    start: int
    end: int
    text: str
    main: bool
    region: str | None = None
    note: str | msgspec.UnsetType = msgspec.UNSET


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """The words that name somebody or something; `entity` is the identity they stand for."""

    id: str
    label: str
    start: int
    end: int
    text: str
    entity: str | None = None
    attributes: dict[str, str] = {}
    region: str | None = None
    note: str | msgspec.UnsetType = msgspec.UNSET


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """Mentions that mean the same; `wikidata` is an item's id, such as `Q22686`."""

    id: str
    wikidata: str | None = None


class Filler(msgspec.Struct, frozen=True, kw_only=True):
    """A mention in a role; `via` is `drawn` (by the annotator) or `default` (by the schema)."""

    mention: str
    via: str = "drawn"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event with all its triggers; `defaulted` names the attributes that nobody answered."""

    id: str
    type: str
    triggers: list[Trigger]
    arguments: dict[str, list[Filler]]
    attributes: dict[str, str]
    defaulted: list[str] = []

    @property
    def main(self) -> Trigger:
        """The trigger with the arguments, else the first."""
        return next((t for t in self.triggers if t.main), self.triggers[0])


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """A typed pair of events, by their ids."""

    type: str
    head: str
    tail: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where an article comes from; `license` is an SPDX identifier or `NOASSERTION`."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published_at: str | None = None
    language: str = "und"
    license: str = "NOASSERTION"
    synthetic: bool = False


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Who made an annotation, where it lies in Label Studio, and how it came about."""

    batch: str | None = None
    annotator: str = "unknown"
    project: int | None = None
    task: int | None = None
    annotation: int | None = None
    ground_truth: bool = False
    from_: list[str] = msgspec.field(default_factory=list, name="from")
    pre_annotated: bool = False
    guideline_version: str | None = None
    lead_time: float | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One annotation of one article: the record."""

    schema_version: str
    doc_id: str
    text: str
    text_sha256: str
    source: Source
    mentions: list[Mention]
    entities: list[Entity]
    events: list[Event]
    relations: list[Relation]
    annotation: Provenance


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article as `annotations/articles/` holds it: the authority on its text and source."""

    doc_id: str
    text: str
    text_sha256: str
    source: Source


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def to_builtins(value: msgspec.Struct) -> dict[str, object]:
    """The record as plain dicts and lists, with JSON's key names."""
    plain: dict[str, object] = msgspec.to_builtins(value)
    return plain


def content(document: Document) -> tuple[object, ...]:
    """What an annotation says, without who made it and without region ids, notes or defaults' marks.

    Two annotations of an article are equal when their contents are.
    """
    return (
        document.text_sha256,
        [(m.id, m.label, m.start, m.end, m.entity, m.attributes) for m in document.mentions],
        document.entities,
        [_said(event) for event in document.events],
        document.relations,
    )


def _said(event: Event) -> tuple[object, ...]:
    triggers = [(t.start, t.end, t.main) for t in event.triggers]
    arguments = {role: [f.mention for f in fillers] for role, fillers in event.arguments.items()}
    return event.id, event.type, triggers, arguments, event.attributes
