"""Spans of two annotations: which are the same, which overlap, which stand for each other."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from dateline.agreement.assignment import Edge, best

Span = tuple[int, int]
SCALE = 1_000_000
HALF = SCALE // 2  # a PERSON inside a CLAIM overlaps it and is not the same mention


class Item(NamedTuple):
    """A labelled span (code points, half-open) in what it belongs to.

    `rank` is content, and orders what is otherwise equal; `group` is equal on both sides for what belongs
    to the same thing, and is asked first where several spans with one label are the same.
    """

    start: int
    end: int
    label: str
    rank: tuple[Any, ...] = ()
    group: object = None


def twins(
    left: Sequence[Item], right: Sequence[Item], overlap: bool, same_label: bool = False, least: int = 0
) -> list[Edge]:
    """Which item stands for which, one to one, as pairs of indices, sorted.

    Equal spans stand for each other, with the same group and label before others. With `overlap`, of what
    is left those that share a code point do, so that the summed Dice overlap is largest; items of two labels
    must have a Dice overlap of at least `least` millionths. With `same_label` only items of one label are paired.
    """
    if not left or not right:
        return []
    if left == right:
        return [(n, n) for n in range(len(left))]
    order = sorted(range(len(left)), key=lambda i: left[i][:4])
    other = sorted(range(len(right)), key=lambda j: right[j][:4])
    found: list[Edge] = []
    stages: list[Callable[[Item], object]] = [lambda item: (item[:3], item.group), lambda item: item[:3]]
    if not same_label:
        stages.append(lambda item: item[:2])
    for stage in stages:
        pairs = _equal(left, right, order, other, stage)
        found += pairs
        order, other = _without(order, {i for i, _ in pairs}), _without(other, {j for _, j in pairs})
        if not order or not other:
            return sorted(found)
    if overlap:
        found += _by_overlap(left, right, order, other, 2 * SCALE if same_label else least)
    return sorted(found)


def _equal(
    left: Sequence[Item],
    right: Sequence[Item],
    order: list[int],
    other: list[int],
    key: Callable[[Item], object],
) -> list[Edge]:
    waiting: dict[object, list[int]] = defaultdict(list)
    for j in reversed(other):
        waiting[key(right[j])].append(j)
    return [(i, rest.pop()) for i in order if (rest := waiting.get(key(left[i])))]


def _without(indices: list[int], taken: set[int]) -> list[int]:
    return [i for i in indices if i not in taken]


def _by_overlap(
    left: Sequence[Item], right: Sequence[Item], order: list[int], other: list[int], least: int
) -> list[Edge]:
    touching = overlapping([left[i][:2] for i in order], [right[j][:2] for j in other])

    def fits(i: int, j: int) -> bool:
        return left[i].label == right[j].label or dice([left[i][:2]], [right[j][:2]]) >= least

    def weight(i: int, j: int) -> int:
        return dice([left[i][:2]], [right[j][:2]]) * 2 + (left[i].label == right[j].label) + 1

    edges = [(order[i], other[j]) for i, j in touching if fits(order[i], other[j])]
    return best(edges, weight, lambda i: left[i][:4], lambda j: right[j][:4])


def overlapping(left: Sequence[Span], right: Sequence[Span]) -> list[Edge]:
    """All pairs that share a code point; `right` in the order of its starts."""
    starts = [start for start, _ in right]
    reach = list(accumulate((end for _, end in right), max))
    found = []
    for i, (start, end) in enumerate(left):
        first, last = bisect_right(reach, start), len(starts)
        for j in range(first, last):
            if starts[j] >= end:
                break
            if right[j][1] > start:
                found.append((i, j))
    return found


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same code points as spans that do not touch, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def dice(left: Sequence[Span], right: Sequence[Span]) -> int:
    """Shared code points, twice, by those of both, in millionths; either side's spans do not overlap.

    Source: Dice 1945; as the overlap of two event nuggets: Liu, Mitamura and Hovy 2015, "Evaluation
    Algorithms for Event Nugget Detection".
    """
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in left for b in right)
    total = sum(end - start for start, end in left) + sum(end - start for start, end in right)
    return 2 * shared * SCALE // total if total else 0
