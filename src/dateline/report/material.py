"""What a report is about: articles with all their annotations, whichever way they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dateline.findings import Finding
from dateline.model import Document, Source
from dateline.schema import Schema

CONTESTED = ("disputed", "denied")


class ReportError(Exception):
    """Nothing that a report can be made of; the message says what, where and how to mend it."""


@dataclass(frozen=True)
class Entry:
    """An article: its annotations, those that can be trusted, the one that counts (or None) and why.

    `key` is unique in the report and stable: the article's id. `text` is None in a dataset without words.
    """

    key: str
    doc_id: str
    text: str | None
    source: Source
    documents: tuple[Document, ...]
    sound: tuple[Document, ...]
    chosen: Document | None
    reason: str
    split: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def counted(self) -> Document | None:
        """The annotation that counts are made of: the chosen one, else the first that is sound."""
        return self.chosen or (self.sound[0] if self.sound else None)


@dataclass(frozen=True)
class Material:
    """All articles in order, and what is known of the whole.

    `findings` are those that are about no article here; `held_back` are articles without an annotation that
    counts, with the reason. `exported_with` says of a dataset how many findings of each severity the export
    counted, which read more than the records.
    """

    name: str
    origin: str
    schema: Schema
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    held_back: tuple[tuple[str, str], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    exported_with: dict[str, int] = field(default_factory=dict)

    @property
    def counted(self) -> list[tuple[Entry, Document]]:
        """The articles that counts are made of, each with its annotation."""
        return [(entry, entry.counted) for entry in self.entries if entry.counted is not None]

    @property
    def all_findings(self) -> list[Finding]:
        """Every finding, those of articles first."""
        return [f for entry in self.entries for f in entry.findings] + list(self.findings)


def in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries by article, each with a key of its own: a second article of one id is told by a number."""
    seen: dict[str, int] = {}
    found = []
    for entry in sorted(entries, key=_order):
        number = seen[entry.doc_id] = seen.get(entry.doc_id, 0) + 1
        key = entry.doc_id if number == 1 else f"{entry.doc_id}~{number}"
        found.append(replace(entry, key=key))
    return tuple(found)


def _order(entry: Entry) -> tuple[str, ...]:
    first = entry.documents[0] if entry.documents else None
    return entry.doc_id, (first.annotation.batch or "") if first else "", first.text_sha256 if first else ""


def by_annotator(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Annotations in an order that does not depend on how they were read; ground truth comes first."""
    return tuple(
        sorted(
            documents,
            key=lambda d: (
                not d.annotation.ground_truth,
                d.annotation.annotator,
                d.annotation.annotation or 0,
            ),
        )
    )
