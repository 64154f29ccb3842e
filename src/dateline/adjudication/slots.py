"""What there is to decide on an article: a slot for each thing, with what every annotator says of it.

A key is a kind and the clusters that it is about:

- `event` (event): is it there; `type` (event); `trigger` (event, number): its extent, None for no such trigger
- `argument` (event, mention): the roles that the mention fills, perhaps none
- `answer` (event, type or "" for the common questions, name): the answer, None where there is none
- `relation` (event, event): its types, perhaps none
- `mention` (mention): is it there; `form` (mention): start, end and label; `value` (mention, name)
- `entity` (blocks of mentions): which of them are one; `wikidata` (block)

What belongs to an event is asked of those who have the event, so that one cause is one difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from dateline.adjudication.clusters import Clusters
from dateline.schema import COMMON_ATTRIBUTES

Key = tuple[Any, ...]
Votes = dict[int, Hashable]  # by annotation


@dataclass(frozen=True)
class Slot:
    """One thing to decide; `votes` has the value of every annotation that is asked."""

    key: Key
    votes: Votes

    @property
    def kind(self) -> str:
        """The kind of thing."""
        return str(self.key[0])

    def by_value(self) -> dict[Hashable, list[int]]:
        """The annotations behind each value."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for side, value in self.votes.items():
            found[value].append(side)
        return found


def slots(clusters: Clusters) -> dict[Key, Slot]:
    """All slots but those of entities, in the order of events and mentions."""
    found: list[Slot] = []
    for c in range(len(clusters.events)):
        found += _event(clusters, c)
    found += _relations(clusters)
    for m in range(len(clusters.mentions)):
        found += _mention(clusters, m)
    return {slot.key: slot for slot in found}


def _event(clusters: Clusters, c: int) -> Iterator[Slot]:
    group = clusters.events[c]
    events = {side: clusters.sides[side].events[n] for side, n in group.items()}
    yield Slot(("event", c), {side: side in group for side in range(len(clusters.sides))})
    yield Slot(("type", c), {side: event.type for side, event in events.items()})
    for k, triggers in enumerate(clusters.triggers[c]):
        spans = {side: clusters.sides[side].triggers[at][:2] for side, at in triggers.items()}
        yield Slot(("trigger", c, k), {side: spans.get(side) for side in group})
    roles = _roles(clusters, group)
    for m in sorted({m for filled in roles.values() for m in filled}):
        votes: Votes = {side: tuple(sorted(roles[side].get(m, ()))) for side in group}
        yield Slot(("argument", c, m), votes)
    for type_, name in _questions(clusters, group):
        asked = [side for side, event in events.items() if type_ in ("", event.type)]
        yield Slot(("answer", c, type_, name), {side: events[side].attributes.get(name) for side in asked})


def _roles(clusters: Clusters, group: dict[int, int]) -> dict[int, dict[int, set[str]]]:
    """For each annotation the roles of an event by cluster of mentions."""
    found: dict[int, dict[int, set[str]]] = {side: defaultdict(set) for side in group}
    for side, n in group.items():
        annotation = clusters.sides[side]
        for role, fillers in annotation.events[n].arguments.items():
            for filler in fillers:
                found[side][clusters.mention_of[side, annotation.index[filler.mention]]].add(role)
    return found


def _questions(clusters: Clusters, group: dict[int, int]) -> list[tuple[str, str]]:
    """The questions that somebody answered, the common ones first."""
    found = {
        ("" if name in COMMON_ATTRIBUTES else event.type, name)
        for side, n in group.items()
        for event in [clusters.sides[side].events[n]]
        for name in event.attributes
    }
    return sorted(found)


def _relations(clusters: Clusters) -> Iterator[Slot]:
    drawn: dict[tuple[int, int], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for side, annotation in enumerate(clusters.sides):
        for type_, head, tail in annotation.relations:
            drawn[clusters.event_of[side, head], clusters.event_of[side, tail]][side].add(type_)
    for (head, tail), types in sorted(drawn.items()):
        both = clusters.events[head].keys() & clusters.events[tail].keys()
        yield Slot(("relation", head, tail), {side: tuple(sorted(types[side])) for side in sorted(both)})


def _mention(clusters: Clusters, m: int) -> Iterator[Slot]:
    group = clusters.mentions[m]
    marked = {side: clusters.mention(m, side) for side in group}
    yield Slot(("mention", m), {side: side in group for side in range(len(clusters.sides))})
    yield Slot(("form", m), {side: (x.start, x.end, x.label) for side, x in marked.items()})
    for name in sorted({name for x in marked.values() for name in x.attributes}):
        yield Slot(("value", m, name), {side: x.attributes.get(name) for side, x in marked.items()})


class Identities:
    """Who is who: for each annotation the entity of each cluster of mentions that it has."""

    def __init__(self, clusters: Clusters) -> None:
        self.entity: list[dict[int, str]] = []
        self.wikidata: list[dict[str, str]] = []
        for side, annotation in enumerate(clusters.sides):
            mentions = enumerate(annotation.mentions)
            self.entity.append({clusters.mention_of[side, n]: x.entity or x.id for n, x in mentions})
            known = {e.id: e.wikidata for e in annotation.document.entities}
            self.wikidata.append({id_: item for id_, item in known.items() if item is not None})

    def joined(self) -> Iterator[Slot]:
        """Every pair of mentions that somebody joins, asked of those who have both."""
        pairs: set[tuple[int, int]] = set()
        for entities in self.entity:
            members: dict[str, list[int]] = defaultdict(list)
            for m, entity in entities.items():
                members[entity].append(m)
            pairs.update(pair for ms in members.values() for pair in combinations(sorted(ms), 2))
        for x, y in sorted(pairs):
            yield Slot(("pair", x, y), self.same(x, y))

    def same(self, x: int, y: int) -> Votes:
        """Whether two mentions are one to those who have both."""
        both = [side for side, entities in enumerate(self.entity) if x in entities and y in entities]
        return {side: self.entity[side][x] == self.entity[side][y] for side in both}

    def parts(self, blocks: list[tuple[int, ...]]) -> Slot:
        """How each annotation groups blocks of mentions, asked of those who have two of them or more."""
        votes: Votes = {}
        for side in range(len(self.entity)):
            groups: dict[str, set[tuple[int, ...]]] = defaultdict(set)
            for block in blocks:
                for m in block:
                    if m in self.entity[side]:
                        groups[self.entity[side][m]].add(block)
            if len({block for group in groups.values() for block in group}) > 1:
                votes[side] = tuple(sorted(tuple(sorted(group)) for group in groups.values()))
        return Slot(("entity", *blocks), votes)

    def items(self, block: tuple[int, ...]) -> Slot:
        """The Wikidata item of a block of mentions."""
        votes: Votes = {}
        for side, entities in enumerate(self.entity):
            given = [self.wikidata[side].get(entities[m]) for m in block if m in entities]
            if given:
                votes[side] = next((item for item in given if item), None)
        return Slot(("wikidata", block), votes)
