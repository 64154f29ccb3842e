"""Two annotations of one article side by side: which event, trigger and mention stands for which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from dateline.agreement.assignment import Edge, best
from dateline.agreement.spans import HALF, SCALE, Item, Span, dice, merged, overlapping, twins
from dateline.model import Document, Event, Mention


@dataclass(frozen=True)
class Argument:
    """A filler of an event: its role, its mention, and whether the role came from a default."""

    role: str
    mention: Mention
    default: bool


class Side:
    """One annotation with what the comparison looks up. Indices are positions in the record's lists."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.events = document.events
        self.mentions = document.mentions

    @cached_property
    def index(self) -> dict[str, int]:
        """Positions of events and of mentions by id."""
        found = {event.id: n for n, event in enumerate(self.events)}
        return found | {mention.id: n for n, mention in enumerate(self.mentions)}

    @cached_property
    def triggers(self) -> list[tuple[int, int, int]]:
        """Start, end and event of every trigger, by start."""
        return sorted((t.start, t.end, n) for n, event in enumerate(self.events) for t in event.triggers)

    @cached_property
    def words(self) -> list[list[Span]]:
        """For each event the code points of its triggers, as spans that do not overlap."""
        return [merged([(t.start, t.end) for t in event.triggers]) for event in self.events]

    @cached_property
    def arguments(self) -> list[list[Argument]]:
        """The arguments of each event, by role and place."""
        return [list(_arguments(event, self)) for event in self.events]

    @cached_property
    def items(self) -> list[Item]:
        """The mentions as items; what groups them is the place of all mentions of their entity."""
        spans: dict[str, list[Span]] = {}
        for m in self.mentions:
            spans.setdefault(m.entity or m.id, []).append((m.start, m.end))
        ranks = {id_: tuple(sorted(members)) for id_, members in spans.items()}
        groups = [ranks[m.entity or m.id] for m in self.mentions]
        return [Item(m.start, m.end, m.label, g, g) for m, g in zip(self.mentions, groups, strict=True)]

    @cached_property
    def relations(self) -> list[tuple[str, int, int]]:
        """Type, head and tail of the relations between events."""
        return [(r.type, self.index[r.head], self.index[r.tail]) for r in self.document.relations]

    @cached_property
    def signatures(self) -> list[tuple[Any, ...]]:
        """All that an annotation says of each event, without ids, to tell and to order events by."""
        near: list[list[tuple[Any, ...]]] = [[] for _ in self.events]
        for type_, head, tail in self.relations:
            near[head].append((type_, "tail", tuple(self.words[tail])))
            near[tail].append((type_, "head", tuple(self.words[head])))
        return [
            (
                tuple(sorted((t.start, t.end) for t in event.triggers)),
                event.type,
                tuple((a.role, a.mention.start, a.mention.end, a.mention.label) for a in self.arguments[n]),
                tuple(sorted(event.attributes.items())),
                tuple(sorted(near[n])),
            )
            for n, event in enumerate(self.events)
        ]


def _arguments(event: Event, side: Side) -> Iterable[Argument]:
    found = [
        Argument(role, side.mentions[side.index[filler.mention]], filler.via == "default")
        for role, fillers in event.arguments.items()
        for filler in fillers
    ]
    return sorted(found, key=lambda a: (a.role, a.mention.start, a.mention.end, a.mention.label))


@dataclass(frozen=True)
class Alignment:
    """What stands for what, one to one, as pairs of positions in `a` and `b`, sorted.

    `events` and `mentions` are positions in the record's lists, `triggers` in `Side.triggers`.
    """

    a: Side
    b: Side
    overlap: bool
    events: list[Edge]
    triggers: list[Edge]
    mentions: list[Edge]


def align(a: Document | Side, b: Document | Side, overlap: bool = True) -> Alignment:
    """The best one-to-one alignment of two annotations of one text.

    Events can stand for each other when they have a trigger in common: one that shares a code point or,
    without `overlap`, one that is equal. Of all one-to-one assignments that with the largest sum of
    `likeness` holds. Mentions of two labels must share half of their code points. The order and the ids of either annotation, and which of them is `a`, change nothing.
    Sources: the optimal mapping of ACE 2005 (NIST, "ACE05 Evaluation Plan") and of TAC KBP event nuggets
    (Liu, Mitamura and Hovy 2015), where event types take part as attributes. Raises ValueError for two texts.
    """
    a, b = (side if isinstance(side, Side) else Side(side) for side in (a, b))
    if a.document.text_sha256 != b.document.text_sha256:
        raise ValueError(f"{a.document.doc_id}: two annotations of different texts cannot be aligned")
    events = _events(a, b, overlap)
    items = trigger_items(a, events, 0), trigger_items(b, events, 1)
    mentions = twins(a.items, b.items, overlap, least=HALF)
    return Alignment(a, b, overlap, events, twins(*items, overlap), mentions)


def _events(a: Side, b: Side, overlap: bool) -> list[Edge]:
    if overlap:
        touching = overlapping([t[:2] for t in a.triggers], [t[:2] for t in b.triggers])
        edges = {(a.triggers[i][2], b.triggers[j][2]) for i, j in touching}
    else:
        at: dict[Span, list[int]] = {}
        for start, end, event in b.triggers:
            at.setdefault((start, end), []).append(event)
        edges = {(event, j) for start, end, event in a.triggers for j in at.get((start, end), ())}
    return best(
        sorted(edges),
        lambda i, j: likeness(a, b, i, j),
        lambda i: a.signatures[i],
        lambda j: b.signatures[j],
    )


def likeness(a: Side, b: Side, i: int, j: int) -> int:
    """How much two events are alike, in millionths: the words weigh most, the rest settles what they leave open.

    Dice overlap of the triggers' code points 1, the same type 0.5, arguments 0.25, answers 0.1, relations
    0.05, equal triggers 0.025; sets by their Dice overlap, where two empty ones are alike.
    """
    spans, type_, arguments, answers, relations = zip(a.signatures[i], b.signatures[j], strict=True)
    score = dice(a.words[i], b.words[j]) + (SCALE // 2 if type_[0] == type_[1] else 0)
    score += _alike(*arguments) // 4 + _alike(*answers) // 10 + _alike(*relations) // 20
    return score + (SCALE // 40 if spans[0] == spans[1] else 0) + 1


def _alike(one: Sequence[Any], two: Sequence[Any]) -> int:
    if one == two:
        return SCALE
    return 2 * len(set(one) & set(two)) * SCALE // (len(one) + len(two))


def trigger_items(side: Side, events: list[Edge], which: int) -> list[Item]:
    """The triggers as items, grouped by the pair of events that they belong to; `which` is 0 for a, 1 for b."""
    group: dict[int, int] = {pair[which]: n for n, pair in enumerate(events)}
    return [
        Item(start, end, side.events[n].type, tuple(side.words[n]), group.get(n, -1 - which))
        for start, end, n in side.triggers
    ]


def compared(documents: Sequence[Document]) -> list[Document]:
    """The annotations of an article that take part: no ground truth, the latest of each annotator, by name."""
    latest: dict[str, Document] = {}
    for document in sorted(documents, key=lambda d: d.annotation.annotation or 0):
        if not document.annotation.ground_truth:
            latest[document.annotation.annotator] = document
    return [latest[name] for name in sorted(latest)]


def pairs(documents: Sequence[Document]) -> list[tuple[Side, Side]]:
    """Each pair of annotators of an article, by name."""
    return list(combinations([Side(document) for document in compared(documents)], 2))
