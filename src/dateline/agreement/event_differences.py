"""Where two annotations differ in events, their answers, arguments and relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dateline.agreement.align import Alignment, Argument, Side
from dateline.agreement.assignment import best
from dateline.agreement.difference import NOTHING, Difference, Said, both, event_said, sides_of
from dateline.agreement.spans import HALF, Item, overlapping, twins
from dateline.collector import quoted
from dateline.model import Event
from dateline.schema import COMMON_ATTRIBUTES


def in_events(pair: Alignment) -> Iterator[Difference]:
    """Events that only one side marks, and for each aligned event its type, answers and arguments."""
    yield from _events(pair)
    for i, j in pair.events:
        yield from _answers(pair, i, j)
        yield from _arguments(pair, i, j)
    yield from _relations(pair)


def _whole(side: Side, n: int) -> Said:
    fillers = ", ".join(f"{a.role} {quoted(a.mention.text)}" for a in side.arguments[n])
    return event_said(side.events[n], fillers, all_triggers=True)


def _events(pair: Alignment) -> Iterator[Difference]:
    """Events that stand alone; two of one type with a filler in common are one disagreement."""
    alone = [
        [n for n in range(len(s.events)) if n not in {e[w] for e in pair.events}]
        for w, s, *_ in sides_of(pair)
    ]
    common = {
        (i, j): shared
        for i in alone[0]
        for j in alone[1]
        if pair.a.events[i].type == pair.b.events[j].type and (shared := _shared(pair, i, j))
    }
    rank = pair.a.signatures.__getitem__, pair.b.signatures.__getitem__
    elsewhere = best(common, lambda i, j: common[i, j], *rank)
    for i, j in elsewhere:
        event = pair.a.events[i]
        message = f"two triggers, without a word in common, for what may be one {event.type}"
        extra = max(_size(pair.a, i), _size(pair.b, j))
        said = _whole(pair.a, i), _whole(pair.b, j)
        yield Difference("event", "trigger_identification", message, event.type, said, pair, extra)
    for which, side, other, name in sides_of(pair):
        for n in set(alone[which]) - {edge[which] for edge in elsewhere}:
            yield _alone(pair, which, n, side, other, name)


def _size(side: Side, n: int) -> int:
    return len(side.events[n].triggers) + len(side.arguments[n])


def _shared(pair: Alignment, i: int, j: int) -> int:
    """How many fillers two events have in the same role, with the same extent."""
    sides = [
        {(a.role, a.mention.start, a.mention.end) for a in s.arguments[n]}
        for s, n in ((pair.a, i), (pair.b, j))
    ]
    return len(sides[0] & sides[1])


def _alone(pair: Alignment, which: int, n: int, side: Side, other: Side, name: str) -> Difference:
    event = side.events[n]
    touched = overlapping(side.words[n], [t[:2] for t in other.triggers])
    there = sorted({other.triggers[j][2] for _, j in touched}, key=other.signatures.__getitem__)
    message = f"only {name} marks this {event.type}"
    if there:
        message += ": the other has its words in an event that stands for another"
    said = both(which, _whole(side, n), _whole(other, there[0]) if there else Said())
    return Difference("event", "trigger_identification", message, event.type, said, pair, _size(side, n))


def _answers(pair: Alignment, i: int, j: int) -> Iterator[Difference]:
    a, b = pair.a.events[i], pair.b.events[j]
    if a.type != b.type:
        yield Difference(
            "type", "type", "two types for one event", a.type, (event_said(a), event_said(b)), pair
        )
    for name in dict.fromkeys((*a.attributes, *b.attributes)):
        common = name in COMMON_ATTRIBUTES
        said = a.attributes.get(name), b.attributes.get(name)
        if said[0] != said[1] and (common or a.type == b.type):
            layer = name if common else f"{a.type}.{name}"
            words = [_answer(event, name) for event in (a, b)]
            sides = event_said(a, words[0]), event_said(b, words[1])
            kind = name if common else "attribute"
            yield Difference(kind, layer, f"two answers to {name}", a.type, sides, pair)


def _answer(event: Event, name: str) -> str:
    if name not in event.attributes:
        return f"{name} not answered"
    return f"{name} {event.attributes[name]}" + (" (default)" if name in event.defaulted else "")


def _arguments(pair: Alignment, i: int, j: int) -> Iterator[Difference]:
    events = pair.a.events[i], pair.b.events[j]
    fillers = _by_mention(pair.a.arguments[i]), _by_mention(pair.b.arguments[j])
    items = [
        [Item(f[0].mention.start, f[0].mention.end, f[0].mention.label) for f in found] for found in fillers
    ]
    matched = twins(items[0], items[1], pair.overlap, least=HALF)
    for m, n in matched:
        here, there = fillers[0][m], fillers[1][n]
        if events[0].type == events[1].type and _roles(here) != _roles(there):
            said = _with_roles(events[0], here), _with_roles(events[1], there)
            yield Difference("role", "argument_role", "two roles for one filler", events[0].type, said, pair)
    left = [
        [f for n, f in enumerate(found) if n not in {edge[which] for edge in matched}]
        for which, found in enumerate(fillers)
    ]
    yield from _fillers(pair, events, left)


def _fillers(
    pair: Alignment, events: tuple[Event, Event], left: list[list[list[Argument]]]
) -> Iterator[Difference]:
    """Fillers that one side has, or each side another one in the same role."""
    layer, type_ = "argument_identification", events[0].type
    for here in list(left[0]):
        there = next((f for f in left[1] if _roles(f) == _roles(here)), None)
        if there is not None and events[0].type == events[1].type:
            left[0].remove(here)
            left[1].remove(there)
            message = f"two fillers of {' and '.join(sorted(_roles(here)))}"
            said = _with_roles(events[0], here), _with_roles(events[1], there)
            yield Difference("argument", layer, message, type_, said, pair)
    for which, *_, name in sides_of(pair):
        for filler in left[which]:
            said = both(which, _with_roles(events[which], filler), event_said(events[1 - which]))
            message = f"only {name} has this {' and '.join(sorted(_roles(filler)))}"
            yield Difference("argument", layer, message, events[which].type, said, pair)


def _roles(fillers: list[Argument]) -> set[str]:
    return {x.role for x in fillers}


def _by_mention(arguments: list[Argument]) -> list[list[Argument]]:
    """The arguments of each mention, in text order."""
    found: dict[tuple[int, int, str, str], list[Argument]] = defaultdict(list)
    for x in sorted(arguments, key=lambda x: (x.mention.start, x.mention.end, x.mention.label, x.role)):
        found[x.mention.start, x.mention.end, x.mention.label, x.mention.id].append(x)
    return list(found.values())


def _with_roles(event: Event, fillers: list[Argument]) -> Said:
    mention = fillers[0].mention
    roles = " and ".join(x.role + (" (default)" if x.default else "") for x in fillers)
    said = f"{event.type} {quoted(event.main.text)}: {roles} {quoted(mention.text)}"
    return Said(said, ((mention.start, mention.end),), event.id, mention.region)


def _relations(pair: Alignment) -> Iterator[Difference]:
    for which, side, other, name in sides_of(pair):
        stands = {edge[which]: edge[1 - which] for edge in pair.events}
        for type_, head, tail in side.relations:
            ends = stands.get(head, -1), stands.get(tail, -1)
            if -1 in ends or (type_, *ends) in other.relations:
                continue  # the relation of an event that stands alone is explained by it
            one, two = side.events[head], side.events[tail]
            there = [t for t, h, e in other.relations if (h, e) == ends]
            words = " and ".join(there) if there else NOTHING
            spans = tuple((t.start, t.end) for t in (one.main, two.main))
            said = f"{one.type} {quoted(one.main.text)} {type_} {two.type} {quoted(two.main.text)}"
            sides = both(which, Said(said, spans, one.id, one.main.region), Said(words))
            yield Difference("relation", "relations", f"only {name} has this {type_}", one.type, sides, pair)
