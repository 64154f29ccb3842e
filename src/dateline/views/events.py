"""View `events`: a row for each event, with the article's text, so that it can be trained on alone."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet
from dateline.views.words import TEXT

MEANING = "a row for each event, with the article's text"
COLUMNS: Columns = {
    "doc_id": "string",
    "event_id": "string",
    "type": "string",
    "status": "string",
    "polarity": "string",
    "trigger": parts.SPAN,
    **{name: type_ for name, type_ in parts.EVENT.items() if name not in ("type", *parts.COMMON)},
    "relations": [{"type": "string", "tail": "string", "tail_type": "string"}],
    "text": TEXT,
    **parts.SOURCE,
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """A row for each event; `relations` are those that run from it, `trigger` is the main one."""
    document = sheet.document
    for event in document.events:
        said = parts.event(event, sheet.mentions)
        main = event.main
        relations = [r for r in document.relations if r.head == event.id]
        yield {
            "doc_id": document.doc_id,
            "event_id": event.id,
            **{name: said[name] for name in ("type", *parts.COMMON)},
            "trigger": {"start": main.start, "end": main.end, "text": main.text},
            **{name: said[name] for name in said if name not in ("type", *parts.COMMON)},
            "relations": [
                {"type": r.type, "tail": r.tail, "tail_type": sheet.events[r.tail].type} for r in relations
            ],
            "text": document.text,
            **parts.source(document),
        }
