"""Several annotations of one article side by side: which events, mentions and triggers are one thing.

Pairs come from `agreement.align`. Here they become clusters: at most one event of each annotator in a
cluster, the most alike joined first (Kruskal 1956, with that one restriction). Names, ids and order of the
annotations change nothing: what is equally alike is told apart by content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from dateline.agreement import Alignment, Side, align
from dateline.agreement.align import likeness
from dateline.agreement.spans import SCALE, dice
from dateline.model import Document, Mention

Node = tuple[int, int]  # number of the annotation, and a position in it
Group = dict[int, int]  # the same, for all of a cluster
Link = tuple[int, Node, Node]  # how much alike, and what


@dataclass(frozen=True)
class Clusters:
    """What is one thing. Positions are those of the record's lists, of triggers those in `Side.triggers`.

    `triggers` holds for each event its clusters of triggers; `split` the pairs of events that share a trigger
    in different annotations without being one: what is one event to somebody is two to somebody else.
    """

    sides: list[Side]
    events: list[Group]
    mentions: list[Group]
    triggers: list[list[Group]]
    split: list[tuple[int, int]]

    @cached_property
    def names(self) -> list[str]:
        """The annotators, in the order of `sides`."""
        return [side.document.annotation.annotator for side in self.sides]

    @cached_property
    def event_of(self) -> dict[Node, int]:
        """The cluster of each event."""
        return _where(self.events)

    @cached_property
    def mention_of(self) -> dict[Node, int]:
        """The cluster of each mention."""
        return _where(self.mentions)

    def mention(self, cluster: int, side: int) -> Mention:
        """What an annotation has of a cluster of mentions."""
        return self.sides[side].mentions[self.mentions[cluster][side]]


def cluster(documents: Sequence[Document]) -> Clusters:
    """The clusters of two or more annotations of one text. Raises ValueError for several texts."""
    sides = sorted((Side(d) for d in documents), key=_content)
    pairs = [(i, j, align(sides[i], sides[j])) for i, j in combinations(range(len(sides)), 2)]
    events = _grouped(
        [len(side.events) for side in sides],
        [link for i, j, pair in pairs for link in _event_links(i, j, pair)],
        [side.signatures for side in sides],
    )
    mentions = _grouped(
        [len(side.mentions) for side in sides],
        [link for i, j, pair in pairs for link in _mention_links(i, j, pair)],
        [side.items for side in sides],
    )
    triggers, split = _triggers(sides, pairs, _where(events), len(events))
    return Clusters(sides, events, mentions, triggers, split)


def _content(side: Side) -> tuple[Any, ...]:
    """What an annotation says, to order annotations by; who made it comes last, among equal ones."""
    return sorted(side.signatures), sorted(side.items), side.document.annotation.annotator


def _where(groups: list[Group]) -> dict[Node, int]:
    return {node: n for n, group in enumerate(groups) for node in group.items()}


def _event_links(i: int, j: int, pair: Alignment) -> Iterable[Link]:
    return ((likeness(pair.a, pair.b, m, n), (i, m), (j, n)) for m, n in pair.events)


def _mention_links(i: int, j: int, pair: Alignment) -> Iterable[Link]:
    for m, n in pair.mentions:
        a, b = pair.a.items[m], pair.b.items[n]
        weight = 2 * dice([a[:2]], [b[:2]]) + (SCALE if a.label == b.label else 0)
        yield weight + (a.group == b.group), (i, m), (j, n)


def _triggers(
    sides: list[Side], pairs: list[tuple[int, int, Alignment]], event_of: dict[Node, int], count: int
) -> tuple[list[list[Group]], list[tuple[int, int]]]:
    links: list[Link] = []
    split: set[tuple[int, int]] = set()
    for i, j, pair in pairs:
        for m, n in pair.triggers:
            a, b = sides[i].triggers[m], sides[j].triggers[n]
            one, two = event_of[i, a[2]], event_of[j, b[2]]
            if one == two:
                links.append((dice([a[:2]], [b[:2]]), (i, m), (j, n)))
            else:
                split.add((min(one, two), max(one, two)))
    groups = _grouped([len(side.triggers) for side in sides], links, [side.triggers for side in sides])
    found: list[list[Group]] = [[] for _ in range(count)]
    for group in groups:
        side, at = next(iter(group.items()))
        found[event_of[side, sides[side].triggers[at][2]]].append(group)
    return found, sorted(split)


def _grouped(sizes: list[int], links: Iterable[Link], ranks: Sequence[Sequence[Any]]) -> list[Group]:
    """Clusters of all nodes, at most one of a side in each, by the place of their first; the most alike join first."""

    def rank(node: Node) -> Any:
        return ranks[node[0]][node[1]]

    def order(link: Link) -> tuple[Any, ...]:
        return -link[0], *sorted((rank(node), node) for node in link[1:])

    home: dict[Node, Group] = {(side, n): {side: n} for side, size in enumerate(sizes) for n in range(size)}
    for _, one, two in sorted(links, key=order):
        if not home[one].keys() & home[two].keys():
            joined = home[one]
            joined.update(home[two])
            home.update(dict.fromkeys(home[two].items(), joined))
    distinct = {id(group): group for group in home.values()}.values()
    return sorted(
        (dict(sorted(group.items())) for group in distinct),
        key=lambda group: min((rank(node), node) for node in group.items()),
    )
