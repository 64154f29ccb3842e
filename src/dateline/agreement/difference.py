"""A disagreement as a value: what each of two annotations says, and how much hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.agreement.align import Alignment, Side
from dateline.agreement.spans import Span
from dateline.collector import quoted
from dateline.model import Event

NOTHING = "—"
# How much hangs on it: a whole event most, a boundary least. An event adds one for each trigger and argument.
WEIGHT = {
    "event": 8,
    "type": 7,
    "status": 6,
    "polarity": 6,
    "role": 4,
    "argument": 4,
    "cluster": 3,
    "relation": 3,
    "entity": 3,
    "attribute": 3,
    "trigger": 2,
    "label": 2,
    "mention": 1,
    "boundary": 1,
}


@dataclass(frozen=True)
class Said:
    """One side of a disagreement: the words, the spans, and the event or region it is about, if any."""

    words: str = NOTHING
    spans: tuple[Span, ...] = ()
    event: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Difference:
    """A disagreement of two annotations, before it is put into words for a reader."""

    kind: str
    layer: str
    message: str
    type: str
    said: tuple[Said, Said]
    pair: Alignment
    extra: int = 0

    @property
    def weight(self) -> int:
        """How much hangs on it; the list is sorted by this."""
        return WEIGHT[self.kind] + self.extra

    @property
    def key(self) -> tuple[object, ...]:
        """Worst first, then by article and place; nothing in it depends on ids."""
        spans = sorted(span for said in self.said for span in said.spans)
        document = self.pair.a.document
        names = tuple(side.document.annotation.annotator for side in (self.pair.a, self.pair.b))
        return -self.weight, document.doc_id, spans, self.layer, names, self.message, self.said[0].words


def both(which: int, one: Said, other: Said) -> tuple[Said, Said]:
    """The two sides in order, `one` being that of side `which`."""
    return (one, other) if which == 0 else (other, one)


def sides_of(pair: Alignment) -> Iterator[tuple[int, Side, Side, str]]:
    """Each side with its number, the other side, and the annotator's name."""
    names = [side.document.annotation.annotator for side in (pair.a, pair.b)]
    yield 0, pair.a, pair.b, names[0]
    yield 1, pair.b, pair.a, names[1]


def event_said(event: Event, words: str = "", all_triggers: bool = False) -> Said:
    """An event by its main trigger, or by all."""
    shown = event.triggers if all_triggers else [event.main]
    said = f"{event.type} {quoted(event.main.text)}"
    spans = tuple((t.start, t.end) for t in shown)
    return Said(f"{said}: {words}" if words else said, spans, event.id, event.main.region)
