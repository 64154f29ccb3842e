"""Level 6: the graph of relations between events."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from dateline.checks.case import Case, Rule
from dateline.collector import at_event, quoted
from dateline.model import Event, Relation

PART = "subevent_of"


def _place(case: Case, relation: Relation) -> dict[str, Any]:
    """The place of a relation: its head, where that exists."""
    head = case.events.get(relation.head)
    place = f"relation {relation.type} {relation.head} -> {relation.tail}"
    return {**at_event(head), "place": f"{at_event(head)['place']}, {place}"} if head else {"place": place}


def _called(event: Event) -> str:
    return f"{event.type} {quoted(event.main.text)}"


def domains(case: Case) -> None:
    """E602: a relation joins the event types that the schema names for it."""
    for relation in case.document.relations:
        known = case.schema.relations.get(relation.type)
        head, tail = case.events.get(relation.head), case.events.get(relation.tail)
        if known is None or head is None or tail is None or known.joins(head.type, tail.type):
            continue
        sides = [", ".join(side).replace("*", "any event") for side in (known.head, known.tail)]
        case.add(
            "E602",
            f"{relation.type} does not run from {_called(head)} to {_called(tail)}",
            f"it runs from {sides[0]} to {sides[1]}: turn it around, or choose another relation",
            **_place(case, relation),
        )


def itself(case: Case) -> None:
    """E603: a relation joins two events."""
    for relation in case.document.relations:
        if relation.head == relation.tail:
            case.add(
                "E603",
                f"a relation {relation.type} runs from an event to itself",
                "delete it",
                **_place(case, relation),
            )


def circles(case: Case) -> None:
    """E604: relations of a type that the schema calls acyclic run in no circle."""
    for name in sorted({r.type for r in case.document.relations}):
        known = case.schema.relations.get(name)
        if known is None or not known.acyclic:
            continue
        pairs = {(r.head, r.tail) for r in case.document.relations if r.type == name and r.head != r.tail}
        for circle in _circles(pairs):
            events = [case.events[id_] for id_ in circle if id_ in case.events]
            words = " -> ".join([_called(event) for event in (*events, *events[:1])])
            case.add(
                "E604",
                f"{name} runs in a circle: {words}",
                "delete one of the relations",
                **at_event(events[0]),
            )


def _circles(pairs: set[tuple[str, str]]) -> list[list[str]]:
    """Circles that share no event, at least one of each knot of events that can be reached from each other."""
    knots = _knots(pairs)
    after: dict[str, str] = {}
    for head, tail in sorted(pairs):
        if knots[head] == knots[tail]:  # else no way leads back
            after.setdefault(head, tail)
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in after:
        walk: dict[str, None] = {}
        at = start
        while at not in walk and at not in seen:
            walk[at] = None
            at = after[at]
        if at in walk:
            steps = list(walk)
            found.append(steps[steps.index(at) :])
        seen.update(walk)
    return found


def _knots(pairs: set[tuple[str, str]]) -> dict[str, str]:
    """For each event the knot that it is in: events are in one if each can be reached from the other.

    Source: Kosaraju's algorithm (https://en.wikipedia.org/wiki/Kosaraju%27s_algorithm), without recursion.
    """
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for head, tail in sorted(pairs):
        after[head].append(tail)
        before[tail].append(head)
    knots: dict[str, str] = {}
    for start in reversed(_finished(after)):
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name not in knots:
                knots[name] = start
                waiting += before[name]
    return knots


def _finished(after: dict[str, list[str]]) -> list[str]:
    """Every event, in the order in which a search in depth is done with it."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    for start in list(after):
        waiting = [(start, iter([start]))]
        while waiting:
            name, ways = waiting[-1]
            step = next((way for way in ways if way not in seen), None)
            if step is None:
                waiting.pop()
                found[name] = None
            else:
                seen.add(step)
                waiting.append((step, iter(after.get(step, ()))))
    return list(found)


def twice(case: Case) -> None:
    """E606: no relation stands in the record twice."""
    for relation, count in Counter(case.document.relations).items():
        if count > 1:
            case.add(
                "E606",
                f"the relation {relation.type} from {relation.head} to {relation.tail} stands {count} times",
                "keep one",
                **_place(case, relation),
            )


def wholes(case: Case) -> None:
    """W609: an event is a part of one whole."""
    having: dict[str, list[Event]] = defaultdict(list)
    for relation in dict.fromkeys(case.document.relations):
        if relation.type == PART and relation.tail in case.events:
            having[relation.head].append(case.events[relation.tail])
    for head, tails in having.items():
        if len(tails) > 1 and head in case.events:
            names = " and ".join(_called(tail) for tail in tails)
            case.add(
                "W609",
                f"{_called(case.events[head])} is a part of {len(tails)} wholes: {names}",
                "keep the nearest whole",
                **at_event(case.events[head]),
            )


def responses(case: Case) -> None:
    """W610: a response is not earlier than what it responds to."""
    for relation in case.document.relations:
        head, tail = case.events.get(relation.head), case.events.get(relation.tail)
        if relation.type != "in_response_to" or head is None or tail is None:
            continue
        heads, tails = case.times(head), case.times(tail)
        if heads and tails and max(b.latest for b in heads) < min(b.earliest for b in tails):
            case.add(
                "W610",
                f"{_called(head)} responds to {_called(tail)}, and all its time is before",
                "turn the relation around, or mend one of the times",
                **_place(case, relation),
            )


def parts(case: Case) -> None:
    """W611: an event does not deny what it is a part of."""
    pairs = {(r.head, r.tail) for r in case.document.relations if r.type == PART}
    for relation in case.document.relations:
        if relation.type == "denies" and (relation.head, relation.tail) in pairs:
            case.add(
                "W611",
                "an event denies another, and is said to be a part of it",
                f"keep one of the two: denies or {PART}",
                **_place(case, relation),
            )


RULES = (
    Rule(("E602",), domains),
    Rule(("E603",), itself),
    Rule(("E604",), circles),
    Rule(("E606",), twice),
    Rule(("W609",), wholes),
    Rule(("W610",), responses),
    Rule(("W611",), parts),
)
