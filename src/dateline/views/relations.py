"""View `relations`: ordered pairs of events with their label, and sampled pairs that have none.

A pair with two relations has two rows. Negatives (label `none`) are drawn from the ordered pairs of an
article's events without a relation in that direction: as many as the article has related pairs, and one where
it has two events or more and no relation at all. Which ones is decided by a hash of the article's id and of the
two events' types and triggers: the same ones each time, and adding an event elsewhere in the article, which
moves the ids, does not draw them anew. Of an article with over a thousand events, only the pairs of its first
thousand are drawn from.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from heapq import nsmallest
from operator import itemgetter

from dateline.model import Event
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet
from dateline.views.words import TEXT, Copy, Words

NONE = "none"
_PRIME = 2**61 - 1
_MOST = 1000  # events of an article that negatives are drawn from: their pairs are a million


def _head_text(copy: Copy, here: parts.Row, _row: parts.Row) -> str:
    return copy.text[here["head_start"] : here["head_end"]]


def _tail_text(copy: Copy, here: parts.Row, _row: parts.Row) -> str:
    return copy.text[here["tail_start"] : here["tail_end"]]


MEANING = "a row for each relation between two events, and as many pairs without one (label `none`), sampled"
COLUMNS: Columns = {
    "doc_id": "string",
    "head": "string",
    "tail": "string",
    "head_type": "string",
    "tail_type": "string",
    "head_start": "int64",
    "head_end": "int64",
    "tail_start": "int64",
    "tail_end": "int64",
    "head_text": Words(_head_text),
    "tail_text": Words(_tail_text),
    "label": "string",
    "text": TEXT,
    "language": "string",
}
POLICIES: dict[str, str] = {}  # every relation has its row


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """The pairs in the order of their events; the spans are the main triggers', in code points of the article."""
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for relation in sheet.document.relations:
        labels[relation.head, relation.tail].append(relation.type)
    for pair in _negatives(sheet, labels):
        labels[pair] = [NONE]
    order = {event.id: n for n, event in enumerate(sheet.document.events)}
    for head, tail in sorted(labels, key=lambda pair: (order[pair[0]], order[pair[1]])):
        for label in labels[head, tail]:
            yield _row(sheet, sheet.events[head], sheet.events[tail], label)


def _negatives(sheet: Sheet, related: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs with the smallest numbers among those that are not related."""
    document = sheet.document
    numbers = {event.id: _numbers(document.doc_id, event) for event in document.events[:_MOST]}
    pairs = (
        (one * other % _PRIME, head, tail)
        for head, (one, _) in numbers.items()
        for tail, (_, other) in numbers.items()
        if head != tail and (head, tail) not in related
    )
    return [(head, tail) for _, head, tail in nsmallest(max(len(related), 1), pairs, key=itemgetter(0))]


def _numbers(doc_id: str, event: Event) -> tuple[int, int]:
    """An event's numbers as a head and as a tail, from what it is known by whatever its id.

    The number of a pair is the product of the two modulo a prime: as good as a hash of it, and cheaper.
    """
    known = " ".join((doc_id, event.type, *(f"{t.start}-{t.end}" for t in event.triggers)))
    digest = hashlib.blake2b(known.encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])


def _row(sheet: Sheet, head: Event, tail: Event, label: str) -> parts.Row:
    document, one, other = sheet.document, head.main, tail.main
    return {
        "doc_id": document.doc_id,
        "head": head.id,
        "tail": tail.id,
        "head_type": head.type,
        "tail_type": tail.type,
        "head_start": one.start,
        "head_end": one.end,
        "tail_start": other.start,
        "tail_end": other.end,
        "head_text": one.text,
        "tail_text": other.text,
        "label": label,
        "text": document.text,
        "language": document.source.language,
    }
