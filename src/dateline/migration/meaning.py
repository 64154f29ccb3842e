"""What an annotation says, item by item, and what it must say after a migration: the same, in the new names.

This does not look at how results were moved: it compares what the old schema reads before with what the new one
reads after, so that nothing gets lost or changes its meaning without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from dateline.collector import quoted
from dateline.migration.moves import TAKE, Moves, attributes
from dateline.migration.step import Step, Undecided
from dateline.model import Document, Event, Mention
from dateline.schema import COMMON_ATTRIBUTES

Item = tuple[Any, ...]
Said = dict[Item, Any]


def differences(before: Document, after: Document, step: Step) -> list[Undecided]:
    """What the annotation would say otherwise after than before, other than by what was declared."""
    free = _Free(before, step)
    wanted = free.without(_moved(before, step.moves), before)
    found = free.without(_said(after), after)
    out = []
    for item in sorted(wanted.keys() | found.keys(), key=repr):
        if item not in found:
            out.append(_told(f"would not say any more: {_words(item, wanted[item])}", item, before))
        elif item not in wanted:
            out.append(_told(f"would say, and did not: {_words(item, found[item])}", item, after))
        elif wanted[item] != found[item]:
            out.append(_told(f"would say {_words(item, found[item])}, not {wanted[item]}", item, after))
    return out


def _said(document: Document) -> Said:
    """The items of a record; spans, events and entities are known by their regions."""
    region = {m.id: m.region for m in document.mentions}
    said: Said = {("mention", m.region): m.label for m in document.mentions}
    said |= {("value", m.region): m.attributes["value"] for m in document.mentions if "value" in m.attributes}
    said |= {("place", m.region): (m.start, m.end, m.note) for m in document.mentions}
    joined: dict[str | None, set[str | None]] = defaultdict(set)
    for mention in document.mentions:
        joined[mention.entity].add(mention.region)
    for entity in document.entities:
        members = frozenset(joined[entity.id])
        if len(members) > 1 or entity.wikidata:
            said["entity", members] = entity.wikidata
    for event in document.events:
        said |= _event(event, region)
    keys = {event.id: _key(event) for event in document.events}
    return said | {("relation", r.type, keys[r.head], keys[r.tail]): True for r in document.relations}


def _event(event: Event, region: dict[str, str | None]) -> Said:
    key = _key(event)
    said: Said = {("event", key): event.type}
    said |= {("place", t.region): (t.start, t.end, t.note) for t in event.triggers}
    said |= {("answer", key, name): value for name, value in event.attributes.items()}
    return said | {
        ("argument", key, role, region[f.mention]): True
        for role, fillers in event.arguments.items()
        for f in fillers
    }


def _key(event: Event) -> frozenset[str | None]:
    return frozenset(t.region for t in event.triggers)


def _moved(document: Document, moves: Moves) -> Said:
    """What a record says, in the new names and without what was declared to go."""
    types = {_key(event): event.type for event in document.events}
    gone = {m.region for m in document.mentions if moves.new("label", m.label) is None}
    gone |= {region for key, type_ in types.items() if moves.new("type", type_) is None for region in key}
    said: Said = {}
    for item, value in _said(document).items():
        moved = _item(item, value, types, gone, moves)
        if moved is not None:
            said[moved[0]] = moved[1]
    return said


def _item(
    item: Item, value: Any, types: dict[frozenset[Any], str], gone: set[Any], moves: Moves
) -> tuple[Item, Any] | None:
    kind = item[0]
    if kind == "entity":
        left = item[1] - gone
        return (("entity", left), value) if len(left) > 1 or (left and value) else None
    if any((part in gone) if isinstance(part, str) else bool(part & gone) for part in _regions(item)):
        return None
    if kind == "mention":
        return item, moves.new("label", value)
    if kind == "event":
        return item, moves.new("type", value)
    if kind == "argument":
        role = moves.new("role", f"{types[item[1]]}.{item[2]}")
        return None if role is None else (("argument", item[1], role, item[3]), value)
    if kind == "relation":
        name = moves.new("relation", item[1])
        return None if name is None else (("relation", name, *item[2:]), value)
    return _answer(item, value, types, moves) if kind == "answer" else (item, value)


def _answer(
    item: Item, value: str, types: dict[frozenset[Any], str], moves: Moves
) -> tuple[Item, Any] | None:
    full = _attribute(types[item[1]], item[2])
    name, answer = moves.new("attribute", full), moves.new("value", f"{full}.{value}")
    return None if name is None or answer is None else (("answer", item[1], name), answer)


def _attribute(type_: str, name: str) -> str:
    return name if name in COMMON_ATTRIBUTES else f"{type_}.{name}"


def _regions(item: Item) -> Iterable[Any]:
    """The regions of an item, and the sets of regions that stand for its events."""
    return [
        part
        for n, part in enumerate(item[1:], 1)
        if isinstance(part, frozenset) or n in _REGION_AT.get(item[0], ())
    ]


_REGION_AT = {"mention": (1,), "value": (1,), "place": (1,), "argument": (3,)}


class _Free:
    """What may differ: questions that the old schema did not ask, and what was declared to take a new default."""

    def __init__(self, before: Document, step: Step) -> None:
        self.moves = step.moves
        known = {step.moves.full("attribute", name) for name in attributes(step.old)}
        self.asked_first = {name for name in step.asks if name not in known}
        self.answers = {key for event in before.events for key in self._answers(event, step)}
        self.pairs = {pair for event in before.events for pair in self._pairs(event, before)}

    def _answers(self, event: Event, step: Step) -> Iterable[Item]:
        """The questions at an event whose answer was removed, or takes the new default where there was none."""
        for name in step.old.attributes_of(event.type):
            full, value = _attribute(event.type, name), event.attributes.get(name)
            takes = self.moves.default.attribute.get(full) == TAKE and (
                value is None or name in event.defaulted
            )
            if takes or (value is not None and self.moves.new("value", f"{full}.{value}") is None):
                yield "answer", _key(event), self.moves.new("attribute", full)

    def _pairs(self, event: Event, before: Document) -> Iterable[Item]:
        """The events and mentions whose relation without a role takes the new default."""
        mentions: dict[str, Mention] = {m.id: m for m in before.mentions}
        for filler in (f for fillers in event.arguments.values() for f in fillers if f.via == "default"):
            mention = mentions[filler.mention]
            if self.moves.default.role.get(f"{event.type}.{mention.label}") == TAKE:
                yield _key(event), mention.region

    def without(self, said: Said, document: Document) -> Said:
        """The items that must not differ."""
        types = {_key(event): event.type for event in document.events}
        return {item: value for item, value in said.items() if not self._is_free(item, types)}

    def _is_free(self, item: Item, types: dict[frozenset[Any], str]) -> bool:
        if item[0] == "argument":
            return (item[1], item[3]) in self.pairs
        if item[0] != "answer":
            return False
        return item in self.answers or _attribute(types[item[1]], item[2]) in self.asked_first


def _words(item: Item, value: Any) -> str:
    kind = item[0]
    if kind in ("argument", "answer", "relation"):
        name = item[1] if kind == "relation" else item[2]
        return f"{kind} {name}" + ("" if value is True else f" = {value}")
    return f"{kind} {value}" if value is not None else kind


def _told(message: str, item: Item, document: Document) -> Undecided:
    places = [part for part in item[1:] if isinstance(part, str | frozenset)]
    regions = [
        r for part in reversed(places) for r in ([part] if isinstance(part, str) else sorted(part, key=str))
    ]
    spans = {m.region: m.text for m in document.mentions}
    spans |= {t.region: t.text for event in document.events for t in event.triggers}
    region = next((r for r in regions if r in spans), None)
    at = f" at {quoted(spans[region])}" if region is not None else ""
    return Undecided(
        f"the annotation{at} {message}",
        "mend it by hand under the old schema, or declare another move",
        region,
    )
