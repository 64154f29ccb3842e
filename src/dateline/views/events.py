"""View `events`: a row for each event, with the article's text, so that it can be trained on alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dateline.model import Relation
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet
from dateline.views.words import TEXT

MEANING = "a row for each event, with the article's text"
_FIRST = ("type", *parts.COMMON)
_OTHERS = tuple(name for name in parts.EVENT if name not in _FIRST)
COLUMNS: Columns = {
    "doc_id": "string",
    "event_id": "string",
    **{name: parts.EVENT[name] for name in _FIRST},
    "trigger": parts.SPAN,
    **{name: parts.EVENT[name] for name in _OTHERS},
    "relations": [{"type": "string", "tail": "string", "tail_type": "string"}],
    "text": TEXT,
    **parts.SOURCE,
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """A row for each event; `relations` are those that run from it, `trigger` is the main one."""
    document = sheet.document
    running: dict[str, list[Relation]] = defaultdict(list)
    for relation in document.relations:
        running[relation.head].append(relation)
    source = parts.source(document)
    for event, said in zip(document.events, sheet.said, strict=True):
        main = event.main
        yield {
            "doc_id": document.doc_id,
            "event_id": event.id,
            **{name: said[name] for name in _FIRST},
            "trigger": {"start": main.start, "end": main.end, "text": main.text},
            **{name: said[name] for name in _OTHERS},
            "relations": [
                {"type": r.type, "tail": r.tail, "tail_type": sheet.events[r.tail].type}
                for r in running[event.id]
            ],
            "text": document.text,
            **source,
        }
