"""Annotations for adjudication: a few words with inline marks, as files and as plans."""

from pathlib import Path
from typing import Any

import msgspec
from articles import SCHEMA, Json, marked, write

from dateline import stored_batch
from dateline.adjudication.merged import Merged, merged
from dateline.adjudication.plan import Plan, plan
from dateline.adjudication.policy import parse
from dateline.label_studio import convert
from dateline.model import Document, content

BATCH = "b1"


def annotations(*sources: str, doc_id: str = "d1") -> list[Document]:
    """What a1, a2 … marked in one text; fails where the marks are not sound."""
    read = convert.read_task(marked(doc_id, *sources), SCHEMA, BATCH)
    assert not read.findings, read.findings
    return read.documents


def planned(*sources: str, policy: str = "unanimous") -> Plan:
    return plan(annotations(*sources), parse(policy))


def as_side(found: Plan, side: int) -> Merged:
    """The article with every conflict decided as one annotation has it."""
    return merged(found, found.decided([side] * len(found.conflicts)), SCHEMA)


def said(document: Document) -> Any:
    """What an annotation says; not which trigger carries the arguments, which nobody is asked about."""
    events = [
        msgspec.structs.replace(e, triggers=[msgspec.structs.replace(t, main=False) for t in e.triggers])
        for e in document.events
    ]
    return content(msgspec.structs.replace(document, events=events))


def folder(path: Path, *tasks: Json) -> Path:
    """An annotations folder with these tasks as its batch."""
    return write(path, BATCH, *tasks)


def stored_task(home: Path, doc_id: str = "d1", batch: str = BATCH) -> Json:
    return stored_batch.read_task(home / batch / f"{doc_id}.json")


def bytes_of(home: Path, batch: str = BATCH) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((home / batch).glob("*.json"))}
