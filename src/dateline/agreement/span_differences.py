"""Where two annotations differ in triggers, mentions and entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dateline.agreement.align import Alignment, Side
from dateline.agreement.assignment import Edge
from dateline.agreement.difference import Difference, Said, both, sides_of
from dateline.collector import quoted


def in_spans(pair: Alignment) -> Iterator[Difference]:
    """Triggers of aligned events, mentions that are not explained by an argument, and entities."""
    yield from _triggers(pair)
    yield from _mentions(pair)
    yield from _entities(pair)


def _triggers(pair: Alignment) -> Iterator[Difference]:
    aligned = set(pair.events)
    matched = [{edge[n] for edge in pair.events} for n in (0, 1)]
    for i, j in pair.triggers:
        a, b = pair.a.triggers[i], pair.b.triggers[j]
        sides = _trigger(pair.a, a), _trigger(pair.b, b)
        type_ = pair.a.events[a[2]].type
        if (a[2], b[2]) not in aligned and a[2] in matched[0] and b[2] in matched[1]:
            yield Difference("cluster", "events", "one trigger in two events", type_, sides, pair)
        elif a[:2] != b[:2]:
            yield Difference(
                "boundary", "trigger_identification", "two extents of one trigger", type_, sides, pair
            )
    for which, side, _, name in sides_of(pair):
        found = {edge[which] for edge in pair.triggers}
        for n, trigger in enumerate(side.triggers):
            if n not in found and trigger[2] in matched[which]:
                sides = both(which, _trigger(side, trigger), Said())
                type_ = side.events[trigger[2]].type
                yield Difference(
                    "trigger", "trigger_identification", f"only {name} has this trigger", type_, sides, pair
                )


def _trigger(side: Side, trigger: tuple[int, int, int]) -> Said:
    start, end, n = trigger
    event = side.events[n]
    region = next(t.region for t in event.triggers if (t.start, t.end) == (start, end))
    words = quoted(side.document.text[start:end])
    return Said(
        f"{event.type} {words}, event of {quoted(event.main.text)}", ((start, end),), event.id, region
    )


def _mentions(pair: Alignment) -> Iterator[Difference]:
    for i, j in pair.mentions:
        a, b = pair.a.items[i], pair.b.items[j]
        if a.label != b.label:
            sides = _mention(pair.a, i), _mention(pair.b, j)
            yield Difference("label", "mention_label", "two labels for one mention", "", sides, pair)
        elif a[:2] != b[:2]:
            sides = _mention(pair.a, i), _mention(pair.b, j)
            yield Difference(
                "boundary", "mention_identification", "two extents of one mention", "", sides, pair
            )
    for which, side, _, name in sides_of(pair):
        found = {edge[which] for edge in pair.mentions}
        fillers = {x.mention.id for arguments in side.arguments for x in arguments}
        for n, mention in enumerate(side.mentions):
            if n not in found and mention.id not in fillers:
                sides = both(which, _mention(side, n), Said())
                message = f"only {name} marks this {mention.label}"
                yield Difference("mention", "mention_identification", message, "", sides, pair)


def _mention(side: Side, n: int) -> Said:
    m = side.mentions[n]
    return Said(f"{m.label} {quoted(m.text)}", ((m.start, m.end),), None, m.region)


def _entities(pair: Alignment) -> Iterator[Difference]:
    """Mentions that one side joins and the other keeps apart, among those that both have."""
    for which, side, other, name in sides_of(pair):
        parts: dict[str, dict[str, list[Edge]]] = defaultdict(lambda: defaultdict(list))
        for edge in pair.mentions:
            one, two = side.mentions[edge[which]], other.mentions[edge[1 - which]]
            if one.entity is not None:
                parts[one.entity][two.entity or two.id].append(edge)
        for apart in parts.values():
            if len(apart) > 1:
                yield _joined(pair, which, name, list(apart.values()))


def _joined(pair: Alignment, which: int, name: str, apart: list[list[Edge]]) -> Difference:
    sides = pair.a, pair.b

    def place(edge: Edge) -> tuple[int, int, str]:
        return sides[which].items[edge[which]][:3]

    firsts = sorted((min(edges, key=place) for edges in apart), key=place)
    words = []
    for n in (which, 1 - which):
        mentions = [sides[n].mentions[edge[n]] for edge in firsts]
        text = (" = " if n == which else " | ").join(quoted(m.text, 24) for m in mentions)
        spans = tuple((m.start, m.end) for m in mentions)
        words.append(Said(text, spans, None, mentions[0].region))
    said = both(which, words[0], words[1])
    return Difference("entity", "entities", f"only {name} takes these for the same", "", said, pair)
