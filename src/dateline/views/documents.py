"""View `documents`: a row for each article, the whole record nested."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dateline.model import Document, Entity, Event, Filler, Mention, Provenance, Relation, Source, Trigger
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet
from dateline.views.words import TEXT

MEANING = "a row for each article: the whole record, nested"
ANNOTATION: Columns = {
    "batch": "string",
    "annotator": "string",
    "project": "int64",
    "task": "int64",
    "annotation": "int64",
    "ground_truth": "bool",
    "from": ["string"],
    "pre_annotated": "bool",
    "guideline_version": "string",
    "lead_time": "float64",
}
COLUMNS: Columns = {
    "doc_id": "string",
    "schema_version": "string",
    "text": TEXT,
    "text_sha256": "string",
    "source": parts.SOURCE,
    "mentions": [parts.MENTION],
    "entities": [{"id": "string", "wikidata": "string"}],
    "events": [{"id": "string", **parts.EVENT}],
    "relations": [{"type": "string", "head": "string", "tail": "string"}],
    "annotation": ANNOTATION,
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """The one row of a record."""
    document = sheet.document
    yield {
        "doc_id": document.doc_id,
        "schema_version": document.schema_version,
        "text": document.text,
        "text_sha256": document.text_sha256,
        "source": parts.source(document),
        "mentions": sheet.marked,
        "entities": [{"id": e.id, "wikidata": e.wikidata} for e in document.entities],
        "events": [{"id": e.id, **said} for e, said in zip(document.events, sheet.said, strict=True)],
        "relations": [{"type": r.type, "head": r.head, "tail": r.tail} for r in document.relations],
        "annotation": msgspec.to_builtins(document.annotation),
    }


def document_of(row: parts.Row) -> Document:
    """The record that a row was made of: the view loses nothing."""
    return Document(
        schema_version=row["schema_version"],
        doc_id=row["doc_id"],
        text=row["text"],
        text_sha256=row["text_sha256"],
        source=Source(**row["source"]),
        mentions=[_mention(m) for m in row["mentions"]],
        entities=[Entity(**e) for e in row["entities"]],
        events=[_event(e) for e in row["events"]],
        relations=[Relation(**r) for r in row["relations"]],
        annotation=msgspec.convert(row["annotation"], Provenance),
    )


def _mention(row: parts.Row) -> Mention:
    attributes = {a["name"]: a["value"] for a in row["attributes"]}
    return Mention(**{**row, "attributes": attributes, "note": row["note"] or msgspec.UNSET})


def _event(row: parts.Row) -> Event:
    arguments: dict[str, list[Filler]] = {}
    for argument in row["arguments"]:
        arguments.setdefault(argument["role"], []).append(
            Filler(mention=argument["mention"], via=argument["via"])
        )
    common = {name: row[name] for name in parts.COMMON if row[name] is not None}
    return Event(
        id=row["id"],
        type=row["type"],
        triggers=[Trigger(**{**t, "note": t["note"] or msgspec.UNSET}) for t in row["triggers"]],
        arguments=arguments,
        attributes={**common, **{a["name"]: a["value"] for a in row["attributes"]}},
        defaulted=list(row["defaulted"]),
    )
