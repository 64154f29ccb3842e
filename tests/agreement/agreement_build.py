"""Annotations in a few words: `note("a1", ["phone_call", (0, 4), {"participant": [(10, 13)]}])`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dateline import agreement, schema
from dateline.model import (
    Document,
    Entity,
    Event,
    Filler,
    Mention,
    Provenance,
    Relation,
    Source,
    Trigger,
    sha256,
)

SCHEMA = schema.load(Path(__file__).parents[2] / "schema")
TEXT = "abcdefghij" * 40
Span = tuple[int, int]


def note(
    annotator: str,
    *events: Sequence[Any],
    mentions: Iterable[tuple[int, int, str]] = (),
    entities: Iterable[Iterable[Span]] = (),
    relations: Iterable[tuple[str, int, int]] = (),
    doc_id: str = "d1",
    published: str | None = "2025-11-30",
    **provenance: Any,
) -> Document:
    """An annotation. An event is a type, trigger spans, perhaps a dict of roles to spans, a dict of answers.

    A filler's span with "default" behind it has its role by default. Mentions are PERSON if nothing else is
    said; `entities` joins mentions by their spans, `relations` joins events by their numbers from 0.
    """
    labels = {(start, end): label for start, end, label in mentions}
    for event in events:
        for fillers in (part for part in event[1:] if isinstance(part, dict)):
            spans = [s for value in fillers.values() if isinstance(value, list) for s in value]
            labels = {s[:2]: "PERSON" for s in spans} | labels
    ids = {span: f"m{n}" for n, span in enumerate(sorted(labels), 1)}
    joined = {span: f"n{n}" for n, spans in enumerate(entities, 1) for span in spans}
    return Document(
        schema_version=SCHEMA.version,
        doc_id=doc_id,
        text=TEXT,
        text_sha256=sha256(TEXT),
        source=Source(published_at=published),
        mentions=[
            Mention(
                id=ids[s], label=labels[s], start=s[0], end=s[1], text=TEXT[slice(*s)], entity=joined.get(s)
            )
            for s in sorted(labels)
        ],
        entities=[Entity(id=id_) for id_ in sorted(set(joined.values()))],
        events=[_event(f"e{n}", event, ids) for n, event in enumerate(events)],
        relations=[Relation(type=type_, head=f"e{head}", tail=f"e{tail}") for type_, head, tail in relations],
        annotation=Provenance(annotator=annotator, **{"batch": "b1", **provenance}),
    )


def _event(id_: str, event: Sequence[Any], ids: dict[Span, str]) -> Event:
    type_, *rest = event
    triggers = [part for part in rest if isinstance(part, tuple)]
    parts = [part for part in rest if isinstance(part, dict)]
    roles = next((p for p in parts if any(isinstance(v, list) for v in p.values())), {})
    answers = next((p for p in parts if any(isinstance(v, str) for v in p.values())), {})
    return Event(
        id=id_,
        type=type_,
        triggers=[Trigger(start=s, end=e, text=TEXT[s:e], main=n == 0) for n, (s, e) in enumerate(triggers)],
        arguments={
            role: [Filler(mention=ids[s[:2]], via="default" if s[2:] else "drawn") for s in spans]
            for role, spans in roles.items()
        },
        attributes={name: value.removesuffix("*") for name, value in answers.items()},
        defaulted=[name for name, value in answers.items() if value.endswith("*")],
    )


def values(*articles: list[Document], **how: Any) -> dict[tuple[str, str], float | None]:
    """The value of each layer and measure over everything."""
    found = agreement.measure(articles, SCHEMA, **{"resamples": 50, **how})
    return {
        (row.layer, row.measure): row.value
        for row in found.rows
        if not row.by and (row.defaults, row.pre_annotated) == ("with", "with")
    }
