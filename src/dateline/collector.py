"""Where findings gather while an article is read or checked."""

from __future__ import annotations

from typing import Any

import msgspec

from dateline.findings import Finding
from dateline.model import Document, Event, Mention


class Collector:
    """Findings about one article or annotation, with what is known of the place filled in.

    `broken` holds regions that could not be read: what hangs on them is explained by their own
    finding and gets none itself. `tainted` holds readable regions that lost something that way.
    """

    def __init__(self, **where: Any) -> None:
        self.where = {key: value for key, value in where.items() if value is not None}
        self.findings: list[Finding] = []
        self.broken: set[str] = set()
        self.tainted: set[str] = set()

    def add(self, code: str, message: str, hint: str | None = None, **where: Any) -> None:
        """Collect one finding."""
        self.findings.append(Finding(code=code, message=message, hint=hint, **{**self.where, **where}))

    def narrowed(self, **where: Any) -> Collector:
        """A collector of its own for a part of the same place."""
        inner = Collector(**{**self.where, **where})
        inner.broken = set(self.broken)
        inner.tainted = set(self.tainted)
        return inner


def at_event(event: Event, role: str | None = None) -> dict[str, Any]:
    """The place of an event: `press_denial e2 «dismissed», role speaker`."""
    main = event.main
    place = f"{event.type} {event.id} {quoted(main.text)}"
    return {
        "event_id": event.id,
        "region": main.region,
        "start": main.start,
        "end": main.end,
        "role": role,
        "place": f"{place}, role {role}" if role else place,
    }


def at_mention(mention: Mention) -> dict[str, Any]:
    """The place of a mention: `PERSON m3 «Minoru Kihara»`."""
    return {
        "region": mention.region,
        "start": mention.start,
        "end": mention.end,
        "place": f"{mention.label} {mention.id} {quoted(mention.text)}",
    }


def quoted(text: str, most: int = 40) -> str:
    """The words in quotation marks, shortened in the middle."""
    if len(text) > most:
        text = f"{text[: most - 12]}…{text[-10:]}"
    return f"«{text}»"


def for_document(document: Document) -> Collector:
    """A collector that knows which annotation it is about."""
    return Collector(doc_id=document.doc_id, annotator=document.annotation.annotator)


def replaced(finding: Finding, **changes: Any) -> Finding:
    """The finding with some fields set."""
    return msgspec.structs.replace(finding, **changes)
