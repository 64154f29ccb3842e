"""Where words stand in a text: answers without offsets, aligned.

The policy. The words must stand in the text as they are, but for white space, which may run otherwise; where
they stand as whole words, places that cut a word do not count. Words that stand once are there. Of several
places a trigger takes one that no event of its type has taken, the nearest to what else the event says and
is known to stand; an argument takes one that its role has not taken, the nearest to the event's triggers;
of equal ones the first. Events that say more choose before others; the order of an answer means nothing. Gold is never looked at for it: that would
forgive. Words that are not there keep a place outside the text, and so are wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from dateline.score.parts import Argument, Article, Event, Relation, Span
from dateline.score.values import Place, Said, Sketch


@dataclass
class Alignment:
    """How many strings were given, how many of them stand several times or not at all, with the latter's words."""

    strings: int = 0
    ambiguous: int = 0
    unaligned: list[str] = field(default_factory=list)


def occurrences(text: str, words: str) -> list[Span]:
    """Where the words stand, in order; those that cut no word, if there are such."""
    pattern = r"\s+".join(re.escape(part) for part in words.split())
    if not pattern:
        return []
    found = [m.span(1) for m in re.finditer(f"(?=({pattern}))", text)]
    exact = [(start, end) for start, end in found if text[start:end] == words]
    return _whole(text, exact) or _whole(text, found) or exact or found


def _whole(text: str, spans: list[Span]) -> list[Span]:
    return [(start, end) for start, end in spans if not (_inside(text, start) or _inside(text, end))]


def _inside(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def align(sketch: Sketch, text: str | None) -> tuple[Article, Alignment]:
    """The sketch with a place for every string, and how that went."""
    aligner = _Aligner(text or "")
    order = range(len(sketch.events))
    if any(isinstance(place, str) for said in sketch.events for place in said.places):
        order = sorted(order, key=_contents(sketch).__getitem__)  # type: ignore[assignment]
    found = {n: aligner.event(sketch.events[n]) for n in order}
    aligned = [aligner.placed(found[n]) for n in range(len(found))]
    relations = [
        Relation(type_, sketch.ids.get(head, -1), sketch.ids.get(tail, -1))
        for type_, head, tail in sketch.relations
    ]
    return Article(sketch.doc_id, aligned, relations, sketch.entities, text), aligner.alignment


def _contents(sketch: Sketch) -> list[tuple[int, tuple[str, ...]]]:
    """An order by content: what an event says, and the events that it is related to; who says most is first."""
    own = [_content(said) for said in sketch.events]
    near: list[list[str]] = [[] for _ in own]
    for type_, head, tail in sketch.relations:
        one, two = sketch.ids.get(head), sketch.ids.get(tail)
        if one is not None and two is not None:
            near[one].append(f"{type_} to {own[two]}")
            near[two].append(f"{type_} from {own[one]}")
    most = [-len(said.places) for said in sketch.events]
    return [(n, (said, *sorted(rest))) for n, said, rest in zip(most, own, near, strict=True)]


def _content(said: Said) -> str:
    return repr((said.type, sorted(map(repr, said.triggers)), sorted(map(repr, said.arguments))))


class _Aligner:
    """Finds the strings of one article, event by event."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.alignment = Alignment()
        self.known: dict[str, list[Span]] = {}
        self.taken: dict[str, set[Span]] = defaultdict(set)
        self.nowhere: set[str] = set()

    def event(self, said: Said) -> Said:
        """The event with what could be found; what could not stays words."""
        anchors = self._anchors(said.places)
        triggers = [self._choose(t, anchors, self.taken[said.type]) for t in sorted(said.triggers, key=repr)]
        near = [t for t in triggers if not isinstance(t, str)] or anchors
        used: dict[str, set[Span]] = defaultdict(set)
        arguments = [(r, self._choose(p, near, used[r])) for r, p in sorted(said.arguments, key=repr)]
        return Said(said.type, triggers, arguments)

    def placed(self, said: Said) -> Event:
        """The event as spans, when all events have been seen."""
        fillers = [(role, self._span(place)) for role, place in said.arguments]
        return Event(
            said.type,
            tuple(sorted(self._span(place) for place in said.triggers)),
            tuple(sorted(Argument(role, *span, span) for role, span in fillers)),
        )

    def _places(self, words: str) -> list[Span]:
        if words not in self.known:
            self.known[words] = occurrences(self.text, words)
        return self.known[words]

    def _anchors(self, places: Iterable[Place]) -> list[Span]:
        found = [[place] if not isinstance(place, str) else self._places(place) for place in places]
        return [spans[0] for spans in found if len(spans) == 1]

    def _choose(self, place: Place, near: list[Span], taken: set[Span]) -> Place:
        if isinstance(place, str):
            spans = self._places(place)
            self.alignment.strings += 1
            self.alignment.ambiguous += len(spans) > 1
            if not spans:
                self.alignment.unaligned.append(place)
                self.nowhere.add(repr(place))
                return place
            place = min(spans, key=lambda span: (span in taken, _distance(span, near), span))
        elif not 0 <= place[0] < place[1]:
            self.nowhere.add(repr(place))
        taken.add(place)
        return place

    @cached_property
    def _before_the_text(self) -> dict[str, Span]:
        return {words: (-2 * n - 2, -2 * n - 1) for n, words in enumerate(sorted(self.nowhere))}

    def _span(self, place: Place) -> Span:
        nowhere = self._before_the_text.get(repr(place)) if self.nowhere else None
        return nowhere or place  # type: ignore[return-value]


def _distance(span: Span, near: list[Span]) -> int:
    """Code points between a span and the others, summed."""
    return sum(max(0, other[0] - span[1], span[0] - other[1]) for other in near)
