"""An article's annotations, what of them is settled, and the conflicts that are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from dateline.adjudication import identity
from dateline.adjudication.clusters import Clusters, cluster
from dateline.adjudication.identity import Block
from dateline.adjudication.policy import FOLLOWS, REVIEW, Choice, Policy
from dateline.adjudication.slots import Key, Slot, slots
from dateline.agreement.spans import Span, overlapping
from dateline.model import Document
from dateline.union_find import UnionFind

ORDER = (
    "event",
    "type",
    "trigger",
    "argument",
    "answer",
    "relation",
    "mention",
    "form",
    "value",
    "entity",
    "wikidata",
)


@dataclass(frozen=True)
class Conflict:
    """Slots that are decided together; `sides` are the annotations by reading, those that say the same in one."""

    slots: tuple[Slot, ...]
    sides: tuple[tuple[int, ...], ...]

    @property
    def kind(self) -> str:
        """What it is about most: the first of `ORDER` among its slots."""
        return self.slots[0].kind


@dataclass(frozen=True)
class Plan:
    """What is settled (`choices`), what is not (`conflicts`), over the clusters and slots of an article."""

    clusters: Clusters
    slots: dict[Key, Slot]
    blocks: list[Block]
    choices: dict[Key, Choice]
    conflicts: list[Conflict]

    def decided(self, sides: Sequence[int | None]) -> dict[Key, Choice]:
        """The choices with every conflict decided as an annotation has it; None leaves one open."""
        found = dict(self.choices)
        for conflict, side in zip(self.conflicts, sides, strict=True):
            for slot in conflict.slots if side is not None else ():
                if side in slot.votes:
                    value = slot.votes[side]
                    found[slot.key] = Choice(value, tuple(slot.by_value()[value]), REVIEW)
        return found


def plan(documents: Sequence[Document], policy: Policy) -> Plan:
    """Settle what the annotations agree on and what the policy decides. Raises ValueError for several texts."""
    clusters = cluster(documents)
    known = identity.settle(clusters, lambda slot: policy.choose(slot, clusters.names))
    found = slots(clusters) | {slot.key: slot for slot in known.slots}
    chosen = {key: policy.choose(slot, clusters.names) for key, slot in found.items()}
    choices = {key: choice for key, choice in chosen.items() if choice is not None}
    choices |= {("pair", *pair): choice for pair, choice in known.pairs.items()}
    open_ = [slot for key, slot in found.items() if key not in choices and not _is_moot(key, choices)]
    choices |= {
        slot.key: Choice(None, (), FOLLOWS) for slot in open_ if _follows(slot, open_, found, choices)
    }
    asked = [slot for slot in open_ if slot.key not in choices]
    return Plan(clusters, found, known.blocks, choices, _conflicts(asked, found, clusters, known.blocks))


def _is_moot(key: Key, choices: dict[Key, Choice]) -> bool:
    """True for a question about what is settled not to be there, or about another type than the settled one."""
    kind, *at = key
    about: list[Key] = [("event", at[0])] if kind in _OF_EVENTS else []
    about += [("event", c) for c in at] if kind == "relation" else []
    about += [("mention", at[0])] if kind in ("form", "value") else []
    about += [("mention", at[1])] if kind == "argument" else []
    if any(where in choices and choices[where].value is False for where in about):
        return True
    type_ = choices.get(("type", at[0])) if kind == "answer" and at[1] else None
    return type_ is not None and type_.value != at[1]


_OF_EVENTS = ("type", "trigger", "argument", "answer")


def _follows(slot: Slot, open_: list[Slot], found: dict[Key, Slot], choices: dict[Key, Choice]) -> bool:
    """True for a mention that is there if what it fills is: a role that is asked about, or an event that is."""
    if slot.kind != "mention":
        return False
    asked = {other.key for other in open_}
    fills = (key for key in found if key[0] == "argument" and key[2] == slot.key[1])
    return any(key in asked or ("event", key[1]) in asked for key in fills if not _is_moot(key, choices))


def _conflicts(
    asked: list[Slot], found: dict[Key, Slot], clusters: Clusters, blocks: list[Block]
) -> list[Conflict]:
    """Slots that are one decision, together: a whole event, a type with its roles, one event against two."""
    number = {slot.key: f"{n:09}" for n, slot in enumerate(asked)}
    sets = UnionFind(number.values())
    for one, two in (*_together(set(number), found, clusters), *_instead(asked, clusters, blocks)):
        sets.union(number[one], number[two])
    groups: dict[str, list[Slot]] = defaultdict(list)
    for slot in asked:
        groups[sets.find(number[slot.key])].append(slot)
    return [_conflict(sorted(group, key=lambda s: ORDER.index(s.kind))) for group in groups.values()]


def _together(asked: set[Key], found: dict[Key, Slot], clusters: Clusters) -> Iterator[tuple[Key, Key]]:
    for key in asked:
        kind, *at = key
        if kind in _OF_EVENTS and ("event", at[0]) in asked:
            yield ("event", at[0]), key
        elif ("type", at[0]) in asked and (kind == "argument" or (kind == "answer" and at[1])):
            yield ("type", at[0]), key
    for one, two in clusters.split:
        yield from _split(one, two, asked, found)
        yield from _split(two, one, asked, found)


def _split(whole: int, part: int, asked: set[Key], found: dict[Key, Slot]) -> Iterator[tuple[Key, Key]]:
    """One event against two: what of `part` would be in `whole` is decided with whether `part` is there."""
    if ("event", part) not in asked:
        return
    triggers = (slot for key, slot in found.items() if key[:2] == ("trigger", part))
    spans = sorted(span for slot in triggers for span in _spans(slot))
    for key in asked:
        touches = key[0] == "trigger" and overlapping(_spans(found[key]), spans)
        if key[1] == whole and (touches or (key[0] == "argument" and ("argument", part, key[2]) in found)):
            yield ("event", part), key


def _spans(slot: Slot) -> list[Span]:
    return [span for span in slot.votes.values() if isinstance(span, tuple)]


def _instead(asked: list[Slot], clusters: Clusters, blocks: list[Block]) -> Iterator[tuple[Key, Key]]:
    """Two mentions in one role of an event, each to some: another mention of the entity, or another extent."""
    block = {m: n for n, ms in enumerate(blocks) for m in ms}
    arguments = [slot for slot in asked if slot.kind == "argument"]
    for one, two in combinations(arguments, 2):
        (c, x), (d, y) = one.key[1:], two.key[1:]
        if c == d and _mirrored(one, two):
            near = overlapping(_extents(clusters, x), _extents(clusters, y))
            if near or block[x] == block[y]:
                yield one.key, two.key


def _mirrored(one: Slot, two: Slot) -> bool:
    """True where each annotation has exactly one of the two, in the same roles."""
    either = all(bool(one.votes[side]) != bool(two.votes[side]) for side in one.votes)
    return either and set(one.votes.values()) == set(two.votes.values())


def _extents(clusters: Clusters, m: int) -> list[Span]:
    marked = [clusters.mention(m, side) for side in clusters.mentions[m]]
    return sorted((mention.start, mention.end) for mention in marked)


def _conflict(group: list[Slot]) -> Conflict:
    said: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for side in sorted({side for slot in group for side in slot.votes}):
        said[tuple((side in slot.votes, slot.votes.get(side)) for slot in group)].append(side)
    return Conflict(tuple(group), tuple(map(tuple, said.values())))
