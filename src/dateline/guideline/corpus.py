"""The annotated articles that a guideline shows: the annotation that counts, found by the article's id."""

from __future__ import annotations

from pathlib import Path

from dateline import files, reading, resolve, store
from dateline.findings import has_errors
from dateline.model import Document, Event
from dateline.schema import Schema

UNKNOWN = "NOASSERTION"


class GuidelineError(Exception):
    """Something that a page asks for and cannot have: `page`, `line` (from 1, where it has one), `reason`."""

    def __init__(self, page: str, line: int | None, reason: str) -> None:
        super().__init__(f"{page}{f':{line}' if line else ''}: {reason}")
        self.page, self.line, self.reason = page, line, reason


class Missing(Exception):
    """What is asked for is not there, or may not be shown; the text says what and why."""


class Corpus:
    """The articles below an annotations folder, read when they are asked for."""

    def __init__(self, annotations: Path, schema: Schema) -> None:
        self.annotations, self.schema = annotations, schema
        self._known: dict[str, Document] = {}

    def document(self, doc_id: str) -> Document:
        """The annotation that counts. Raises Missing where there is none that can be shown."""
        if doc_id not in self._known:
            self._known[doc_id] = self._read(doc_id)
        return self._known[doc_id]

    def _read(self, doc_id: str) -> Document:
        name = files.safe_name(doc_id)
        paths = [
            path
            for batch in store.batches(self.annotations)
            if (path := self.annotations / batch / f"{name}.json").is_file()
        ]
        if len(paths) != 1:
            raise Missing(f"{len(paths)} batches of {self.annotations} hold the article {doc_id!r}")
        (item,) = reading.read(paths, self.schema)
        decision = resolve.resolve([d for d in item.documents if item.sound(d)])
        if decision.document is None or has_errors(f for f in item.findings if f.annotator is None):
            raise Missing(f"no annotation of {doc_id!r} counts: {decision.reason}")
        if decision.document.source.license == UNKNOWN:
            raise Missing(f"nobody has licensed the text of {doc_id!r}: a page must not repeat it")
        return decision.document


def place(document: Document, words: str) -> int:
    """Where the words begin, which must stand in the text once. Raises Missing where they do not."""
    times = document.text.count(words)
    if times != 1:
        raise Missing(f"{words!r} stands {times} times in the text of {document.doc_id!r}; it must be once")
    return document.text.index(words)


def event_named(document: Document, trigger: str) -> Event:
    """The one event with this main trigger. Raises Missing where there is none or several."""
    found = [event for event in document.events if event.main.text == trigger]
    if len(found) != 1:
        mains = ", ".join(sorted(repr(event.main.text) for event in document.events))
        raise Missing(
            f"{len(found)} events of {document.doc_id!r} have the main trigger {trigger!r}; there are {mains}"
        )
    return found[0]
