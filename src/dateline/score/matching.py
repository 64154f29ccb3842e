"""Which gold event a predicted one stands for, and how many items are right.

Items are keyed by a label and a span; a Counter holds how often each counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from dateline.agreement.assignment import Edge, best
from dateline.agreement.spans import Item, dice, merged, overlapping, twins
from dateline.score.parts import Event

Key = tuple[str, int, int]
Items = Counter[Key]


def items(keyed: Sequence[tuple[Key, object]]) -> Items:
    """How often each key counts: once, and once more for each literal repetition of what stands behind it.

    Two different things with one key are one item, as in TextEE's sets; the same thing twice is two.
    """
    counted: Items = Counter([key for key, _ in keyed])
    if len(counted) < len(keyed):
        distinct = Counter(key for key, _ in set(keyed))
        for key, different in distinct.items():
            counted[key] += 1 - different
    return counted


def right(gold: Items, predicted: Items, overlap: bool) -> int:
    """How many items are right, one to one.

    Those with equal keys; with `overlap`, of what is left those with one label that share a code point, so
    that the summed Dice overlap is largest.
    """
    equal = {key: min(n, predicted[key]) for key, n in gold.items() if key in predicted}
    hits = sum(equal.values())
    if not overlap or hits == gold.total() or hits == predicted.total():
        return hits
    rest = _left(gold, equal), _left(predicted, equal)
    return hits + len(twins(*rest, overlap=True, same_label=True))


def _left(counted: Items, taken: dict[Key, int]) -> list[Item]:
    return [Item(key[1], key[2], key[0]) for key, n in counted.items() for _ in range(n - taken.get(key, 0))]


class Ready(NamedTuple):
    """An event with its arguments as items, with their roles and without."""

    event: Event
    with_role: Items
    without: Items


def ready(event: Event) -> Ready:
    """Keys of arguments are those of one event."""
    return Ready(event, _arguments(event, True), _arguments(event, False))


def _arguments(event: Event, roles: bool) -> Items:
    return items([((a.role if roles else "", *a.same), a[:3]) for a in event.arguments])


class Found(NamedTuple):
    """A gold event that a predicted one could stand for."""

    with_role: int
    without: int
    closeness: int

    @property
    def weight(self) -> int:
        """Arguments with their roles first, then without, then how alike the triggers are."""
        return self.with_role * 10**13 + self.without * 10**9 + self.closeness + 1


def stand_for(gold: Sequence[Ready], predicted: Sequence[Ready], overlap: bool) -> list[int | None]:
    """For each predicted event the position of the gold event that it stands for, if any; all of one type.

    It has a trigger in common with it (equal; with `overlap`, sharing a code point). Where there is a choice,
    the assignment is one to one and the one with most arguments right. A predicted event that is left over,
    such as a part of an event predicted in pieces, stands for the one to which it adds most. Equally good
    choices are told apart by content, so that order does not matter.
    """
    touching = _touching(gold, predicted, overlap)
    if len({g for g, _ in touching}) == len(touching) == len({p for _, p in touching}):
        only = {p: g for g, p in touching}
        return [only.get(p) for p in range(len(predicted))]
    found = {(g, p): _compared(gold[g], predicted[p], overlap) for g, p in touching}
    chosen: list[int | None] = [None] * len(predicted)
    sure = [edge for edge, one in found.items() if one.without]
    for g, p in best(
        sure, lambda g, p: found[g, p].weight, lambda g: gold[g].event, lambda p: predicted[p].event
    ):
        chosen[p] = g
    _place_the_rest(gold, predicted, found, chosen, overlap)
    return chosen


def _place_the_rest(
    gold: Sequence[Ready],
    predicted: Sequence[Ready],
    found: dict[Edge, Found],
    chosen: list[int | None],
    overlap: bool,
) -> None:
    """Give each predicted event without a gold event the one to which it adds most arguments."""
    candidates: dict[int, list[int]] = defaultdict(list)
    for g, p in found:
        candidates[p].append(g)
    taken: dict[int, Items] = defaultdict(Counter)
    for p, at in enumerate(chosen):
        if at is not None:
            taken[at] += predicted[p].with_role
    for p in sorted((p for p in candidates if chosen[p] is None), key=lambda p: predicted[p].event):
        given = predicted[p].with_role

        def merit(g: int, p: int = p, given: Items = given) -> tuple[int, bool, int, Event]:
            have = gold[g].with_role
            gain = right(have, taken[g] + given, overlap) - right(have, taken[g], overlap)
            return gain, g not in chosen, found[g, p].closeness, gold[g].event

        at = candidates[p][0] if len(candidates[p]) == 1 else max(candidates[p], key=merit)
        chosen[p] = at
        taken[at] += given


def _compared(gold: Ready, predicted: Ready, overlap: bool) -> Found:
    ours, theirs = gold.event.triggers, predicted.event.triggers
    return Found(
        right(gold.with_role, predicted.with_role, overlap),
        right(gold.without, predicted.without, overlap),
        dice(merged(ours), merged(theirs)) + (ours == theirs),
    )


def _touching(gold: Sequence[Ready], predicted: Sequence[Ready], overlap: bool) -> list[Edge]:
    """The pairs with a trigger in common."""
    if overlap:
        ours = [(span, g) for g, one in enumerate(gold) for span in one.event.triggers]
        theirs = sorted((span, p) for p, one in enumerate(predicted) for span in one.event.triggers)
        pairs = overlapping([span for span, _ in ours], [span for span, _ in theirs])
        return sorted({(ours[i][1], theirs[j][1]) for i, j in pairs})
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for p, one in enumerate(predicted):
        for span in one.event.triggers:
            at[span].append(p)
    return sorted(
        {(g, p) for g, one in enumerate(gold) for span in one.event.triggers for p in at.get(span, ())}
    )
