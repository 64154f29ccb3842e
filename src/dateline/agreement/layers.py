"""What is compared, layer by layer: from an aligned pair of annotations to counts and paired answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dateline.agreement.align import Alignment, Argument, Side
from dateline.agreement.assignment import Edge
from dateline.agreement.spans import HALF, Item, twins
from dateline.schema import COMMON_ATTRIBUTES, Schema

F1_LAYERS = (
    "trigger_identification",
    "trigger_classification",
    "mention_identification",
    "mention_label",
    "argument_identification",
    "argument_role",
    "relations",
)
CLUSTER_LAYERS = ("events", "entities")
TYPE = "type"
F1, BCUBED, ALPHA, RAW = "f1", "bcubed", "alpha", "raw"
EXACT, OVERLAP = "exact", "overlap"
NO_ANSWER = ""


class Count(NamedTuple):
    """Of the items on either side those that the other side has too, for one layer and event type.

    For B-cubed the hits are sums of the items' scores. `type` is empty where no event type is in play.
    """

    layer: str
    measure: str
    drawn: bool  # without what was defaulted
    type: str
    hit_a: float
    n_a: int
    hit_b: float
    n_b: int


class Answers(NamedTuple):
    """What both say of one aligned event; `defaulted` where either answer is a default."""

    layer: str
    type: str
    a: str
    b: str
    defaulted: bool


def names(schema: Schema) -> list[str]:
    """All layers, in the order of a report; the attributes of a type are called `<type>.<attribute>`."""
    own = [f"{type_.name}.{name}" for type_ in schema.types.values() for name in type_.attributes]
    return [*F1_LAYERS, *CLUSTER_LAYERS, TYPE, *COMMON_ATTRIBUTES, *own]


def measures(layer: str) -> tuple[str, ...]:
    """The measures of a layer, the one that thresholds are about first."""
    if layer in F1_LAYERS:
        return f"{F1}_{EXACT}", f"{F1}_{OVERLAP}"
    if layer in CLUSTER_LAYERS:
        return f"{BCUBED}_{EXACT}", f"{BCUBED}_{OVERLAP}"
    return ALPHA, RAW


def counts(pair: Alignment) -> Iterator[Count]:
    """The counts of every layer that is measured by F1 or B-cubed.

    Items with equal spans (or, in an alignment by overlap, overlapping ones) are the same; one to one.
    """
    match = OVERLAP if pair.overlap else EXACT
    found = [*_of_spans(pair), *_of_clusters(pair), *_of_arguments(pair)]
    for layer, drawn, sums in found:
        measure = f"{BCUBED if layer in CLUSTER_LAYERS else F1}_{match}"
        for type_, (hit_a, n_a, hit_b, n_b) in sums.items():
            yield Count(layer, measure, drawn, type_, hit_a, int(n_a), hit_b, int(n_b))


class Sums(defaultdict[str, list[float]]):
    """By event type: hits and items of a, hits and items of b."""

    def __init__(self) -> None:
        super().__init__(lambda: [0, 0, 0, 0])

    def add(self, which: int, type_: str, hits: float, items: int) -> None:
        """Count items of one side, 0 for a and 1 for b."""
        row = self[type_]
        row[2 * which] += hits
        row[2 * which + 1] += items


Layer = tuple[str, bool, Sums]  # name, without what was defaulted, counts


def _found(types_a: Sequence[str], types_b: Sequence[str], both: Iterable[Edge]) -> Sums:
    """Items by event type, those with a twin as hits."""
    sums, hits = Sums(), list(both)
    for which, types in enumerate((types_a, types_b)):
        with_twin = Counter(types[edge[which]] for edge in hits)
        for type_, items in Counter(types).items():
            sums.add(which, type_, with_twin[type_], items)
    return sums


def _of_spans(pair: Alignment) -> Iterator[Layer]:
    a, b = pair.a, pair.b
    types_a, types_b = ([side.events[t[2]].type for t in side.triggers] for side in (a, b))
    none_a, none_b = [""] * len(a.items), [""] * len(b.items)
    items = [
        [Item(start, end, type_) for (start, end, _), type_ in zip(side.triggers, types, strict=True)]
        for side, types in ((a, types_a), (b, types_b))
    ]
    classified = twins(items[0], items[1], pair.overlap, same_label=True)
    labelled = twins(a.items, b.items, pair.overlap, same_label=True)
    yield "trigger_identification", False, _found(types_a, types_b, pair.triggers)
    yield "trigger_classification", False, _found(types_a, types_b, classified)
    yield "mention_identification", False, _found(none_a, none_b, pair.mentions)
    yield "mention_label", False, _found(none_a, none_b, labelled)
    yield "relations", False, _relations(pair)


def _relations(pair: Alignment) -> Sums:
    """A relation has a twin when one of its type joins the events that stand for its own."""
    a, b = pair.a, pair.b
    stands = dict(pair.events)
    at = {relation: j for j, relation in enumerate(b.relations)}
    both = [
        (i, at[there])
        for i, (type_, head, tail) in enumerate(a.relations)
        if (there := (type_, stands.get(head, -1), stands.get(tail, -1))) in at
    ]
    types_a, types_b = ([side.events[head].type for _, head, _ in side.relations] for side in (a, b))
    return _found(types_a, types_b, both)


def _of_arguments(pair: Alignment) -> list[Layer]:
    """Arguments attached to their events: those of an event that stands alone have no twin.

    Identification asks for the mention, in whatever role; the role belongs to its event type, so that it
    can only be the same in events of one type (Li, Ji and Huang 2013, section 5.1). Without what was
    defaulted, a mention whose role is a default on either side counts on neither.
    """
    names = "argument_identification", "argument_role"
    found = [(name, drawn, Sums()) for drawn in (False, True) for name in names]
    sums = [layer[2] for layer in found]
    for i, j in _slots(pair):
        types = ("" if i is None else pair.a.events[i].type), ("" if j is None else pair.b.events[j].type)
        whole = _fillers(pair.a, i), _fillers(pair.b, j)
        rest = _drawn(*whole, pair.overlap) if any(x.default for side in whole for x in side) else whole
        hits = _hits(whole, types, pair.overlap)
        _count(sums[:2], types, hits)
        _count(sums[2:], types, hits if rest is whole else _hits(rest, types, pair.overlap))
    return found


def _slots(pair: Alignment) -> Iterator[tuple[int | None, int | None]]:
    """The aligned events, then those that stand alone."""
    yield from pair.events
    with_a, with_b = {i for i, _ in pair.events}, {j for _, j in pair.events}
    yield from ((i, None) for i in range(len(pair.a.events)) if i not in with_a)
    yield from ((None, j) for j in range(len(pair.b.events)) if j not in with_b)


Fillers = tuple[list[Argument], list[Argument]]


def _hits(fillers: Fillers, types: tuple[str, str], overlap: bool) -> list[tuple[int, int, int]]:
    """Of the mentions, and of the mentions in roles: those with a twin, those of a, those of b."""
    found = []
    roles = [_roles(f, t) for f, t in zip(fillers, types, strict=True)]
    for same, (a, b) in ((False, [_mentions(f) for f in fillers]), (True, roles)):
        found.append((len(twins(a, b, overlap, same_label=same, least=HALF)), len(a), len(b)))
    return found


def _count(sums: Sequence[Sums], types: tuple[str, str], hits: list[tuple[int, int, int]]) -> None:
    for layer, (both, n_a, n_b) in zip(sums, hits, strict=True):
        if n_a:
            layer.add(0, types[0], both, n_a)
        if n_b:
            layer.add(1, types[1], both, n_b)


def _fillers(side: Side, event: int | None) -> list[Argument]:
    return [] if event is None else side.arguments[event]


def _mentions(arguments: Iterable[Argument]) -> list[Item]:
    """The mentions of an event, each once."""
    found = {a.mention.id: a.mention for a in arguments}
    return [Item(m.start, m.end, m.label) for m in found.values()]


def _roles(arguments: Iterable[Argument], type_: str) -> list[Item]:
    return [Item(a.mention.start, a.mention.end, f"{type_}.{a.role}") for a in arguments]


def _drawn(a: list[Argument], b: list[Argument], overlap: bool) -> Fillers:
    """The arguments without the mentions that are in a role by default here or there."""
    defaulted = [{x.mention.id for x in side if x.default} for side in (a, b)]
    ids = [list({x.mention.id: None for x in side}) for side in (a, b)]
    for i, j in twins(_mentions(a), _mentions(b), overlap, least=HALF):
        if ids[0][i] in defaulted[0] or ids[1][j] in defaulted[1]:
            defaulted[0].add(ids[0][i])
            defaulted[1].add(ids[1][j])
    return [x for x in a if x.mention.id not in defaulted[0]], [
        x for x in b if x.mention.id not in defaulted[1]
    ]


def _of_clusters(pair: Alignment) -> Iterator[Layer]:
    sides = pair.a, pair.b
    owners = [[n for _, _, n in side.triggers] for side in sides]
    scores = bcubed(owners[0], owners[1], pair.triggers)
    events = Sums()
    for which, side in enumerate(sides):
        for n, score in zip(owners[which], scores[which], strict=True):
            events.add(which, side.events[n].type, score, 1)
    yield "events", False, events
    entities = [[m.entity for m in side.mentions] for side in sides]
    yield "entities", False, _entities(entities[0], entities[1], pair.mentions)


def _entities(a: list[str | None], b: list[str | None], both: list[Edge]) -> Sums:
    """The mentions that at least one side puts into an entity; without one, a mention is alone."""
    twin = dict(both), {j: i for i, j in both}
    own = [[e or f"#{n}" for n, e in enumerate(side)] for side in (a, b)]
    scores = bcubed(own[0], own[1], both)
    sums = Sums()
    for which, (side, other) in enumerate(((a, b), (b, a))):
        for n, entity in enumerate(side):
            if entity is not None or (n in twin[which] and other[twin[which][n]] is not None):
                sums.add(which, "", scores[which][n], 1)
    return sums


def bcubed(a: Sequence[object], b: Sequence[object], both: Sequence[Edge]) -> tuple[list[float], list[float]]:
    """For each item of either side the share of its cluster that the other side puts together with it.

    `a` and `b` give the cluster of each item, `both` the items that stand for each other. The mean over `a`
    is B-cubed precision, that over `b` recall, for `b` as the key. Source: Bagga and Baldwin 1998, "Algorithms
    for Scoring Coreference Chains". Mentions that only one side has score 0 and stay in their cluster's size
    (compare Cai and Strube 2010, "Evaluation Metrics for End-to-End Coreference Resolution Systems").
    """
    shared = Counter((a[i], b[j]) for i, j in both)
    size_a, size_b = Counter(a), Counter(b)
    score_a, score_b = [0.0] * len(a), [0.0] * len(b)
    for i, j in both:
        score_a[i] = shared[a[i], b[j]] / size_a[a[i]]
        score_b[j] = shared[a[i], b[j]] / size_b[b[j]]
    return score_a, score_b


def answers(pair: Alignment) -> Iterator[Answers]:
    """What both say of each pair of aligned events: type, status, polarity and, in one type, its attributes.

    An answer that only one side gives stands against `NO_ANSWER`; where neither gives one there is no unit.
    """
    for i, j in pair.events:
        a, b = pair.a.events[i], pair.b.events[j]
        type_ = a.type if a.type == b.type else ""
        yield Answers(TYPE, type_, a.type, b.type, False)
        for name in dict.fromkeys((*a.attributes, *b.attributes)):
            if name in COMMON_ATTRIBUTES or type_:
                layer = name if name in COMMON_ATTRIBUTES else f"{type_}.{name}"
                said = a.attributes.get(name, NO_ANSWER), b.attributes.get(name, NO_ANSWER)
                yield Answers(layer, type_, *said, name in a.defaulted or name in b.defaulted)
