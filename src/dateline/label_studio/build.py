"""From regions and links to the parts of a record: events with all their triggers, entities, relations.

Arguments, answers and relations of any trigger belong to its event; defaults apply after merging.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from dateline.collector import Collector, quoted
from dateline.label_studio.controls import MENTION, NOTE, TRIGGER, control_name
from dateline.label_studio.regions import Link, Region
from dateline.model import Entity, Event, Filler, Mention, Relation, Trigger
from dateline.schema import SAME_ENTITY, SAME_EVENT, Schema
from dateline.union_find import UnionFind


@dataclass
class Sorted:
    """The links by what they mean."""

    arguments: list[tuple[Region, str, Region, str]] = field(default_factory=list)
    relations: list[tuple[Region, str, Region]] = field(default_factory=list)
    same_event: list[tuple[Region, Region]] = field(default_factory=list)
    same_entity: list[tuple[Region, Region]] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """Mentions, entities, events and relations in the record's order, with its ids."""

    mentions: list[Mention]
    entities: list[Entity]
    events: list[Event]
    relations: list[Relation]


def build(regions: list[Region], links: list[Link], schema: Schema, collect: Collector) -> Parts:
    """The record's parts. Whatever a link cannot mean gets a finding."""
    means = sort_links(links, schema, collect)
    marked = sorted((r for r in regions if r.kind == MENTION), key=lambda r: (r.start, r.end, r.label, r.id))
    triggers = sorted(
        (r for r in regions if r.kind == TRIGGER), key=lambda r: (r.start, r.end, r.label, r.id)
    )
    mentions, entities = _mentions(marked, means.same_entity, schema, collect)
    by_region = dict(zip((r.id for r in marked), mentions, strict=True))
    events, event_of = _events(triggers, means, by_region, schema, collect)
    return Parts(mentions, entities, events, _relations(means.relations, event_of, collect))


def sort_links(links: list[Link], schema: Schema, collect: Collector) -> Sorted:
    """What each link means, by the kinds of its ends and its label."""
    means = Sorted()
    for link in links:
        kinds = link.head.kind, link.tail.kind
        if kinds == (TRIGGER, MENTION):
            _sort_argument(link, means, schema, collect)
        elif kinds == (TRIGGER, TRIGGER):
            _sort_triggers(link, means, schema, collect)
        else:
            _sort_mentions(link, means, collect)
    return means


def _sort_argument(link: Link, means: Sorted, schema: Schema, collect: Collector) -> None:
    type_ = schema.types.get(link.head.label)
    for label in link.labels:
        if label in (*schema.relations, SAME_EVENT, SAME_ENTITY):
            _cannot_join(link, label, "a mention fills a role of the event", collect)
        else:
            means.arguments.append((link.head, label, link.tail, "drawn"))
    if link.labels:
        return
    if type_ is None:  # the unknown type explains it
        collect.tainted.add(link.tail.id)
        return
    role = type_.default_role.get(link.tail.label)
    if role is not None:
        means.arguments.append((link.head, role, link.tail, "default"))
        return
    fitting = type_.roles_for(link.tail.label)
    message = f"the relation from {link.head.place} to {link.tail.place} has no role, and there is no default"
    hint = (
        f"choose one: {', '.join(fitting)}"
        if fitting
        else f"no role of {type_.name} takes a {link.tail.label}"
    )
    collect.add("E420", message, hint, **link.head.at)
    collect.tainted.update((link.head.id, link.tail.id))


def _sort_triggers(link: Link, means: Sorted, schema: Schema, collect: Collector) -> None:
    same_type = link.head.label == link.tail.label
    lost = len(collect.findings)
    for label in link.labels or (SAME_EVENT,):
        if label in schema.relations:
            means.relations.append((link.head, label, link.tail))
        elif label != SAME_EVENT:
            _cannot_join(link, label, "two triggers are one event or stand in an event relation", collect)
        elif same_type:
            means.same_event.append((link.head, link.tail))
        elif link.labels:
            message = f"same_event joins two types: {link.head.place} and {link.tail.place}"
            collect.add("E605", message, "relabel one trigger, or choose an event relation", **link.head.at)
        else:
            message = f"the relation between {link.head.place} and {link.tail.place} has no label"
            collect.add("E813", message, f"choose one: {', '.join(schema.relations)}", **link.head.at)
    if len(collect.findings) > lost:
        collect.tainted.update((link.head.id, link.tail.id))


def _sort_mentions(link: Link, means: Sorted, collect: Collector) -> None:
    for label in link.labels or (SAME_ENTITY,):
        if label == SAME_ENTITY:
            means.same_entity.append((link.head, link.tail))
        else:
            _cannot_join(link, label, "two mentions can only be the same entity", collect)


def _cannot_join(link: Link, label: str, why: str, collect: Collector) -> None:
    message = f"the relation {label} cannot join {link.head.place} and {link.tail.place}"
    collect.add("E813", message, f"{why}; delete the relation or draw it elsewhere", **link.head.at)
    collect.tainted.update((link.head.id, link.tail.id))


def _mentions(
    marked: list[Region], joined: list[tuple[Region, Region]], schema: Schema, collect: Collector
) -> tuple[list[Mention], list[Entity]]:
    groups = UnionFind(r.id for r in marked)
    for head, tail in joined:
        groups.union(head.id, tail.id)
    numbers: dict[str, str] = {}
    members: dict[str, list[Region]] = defaultdict(list)
    roots = [groups.find(region.id) for region in marked]
    for region, root in zip(marked, roots, strict=True):
        members[root].append(region)
    for region, root in zip(marked, roots, strict=True):
        label = schema.labels.get(region.label)
        if root not in numbers and (len(members[root]) > 1 or label is None or label.always_entity):
            numbers[root] = f"n{len(numbers) + 1}"
    entities = [Entity(id=id_, wikidata=_wikidata(members[root], collect)) for root, id_ in numbers.items()]
    for root in numbers:
        _one_label(members[root], collect)
    mentions = [
        Mention(
            id=f"m{n}",
            label=r.label,
            start=r.start,
            end=r.end,
            text=r.text,
            entity=numbers.get(root),
            attributes={"value": r.answers["value"]} if "value" in r.answers else {},
            region=r.id,
            note=r.answers.get(NOTE, msgspec.UNSET),
        )
        for n, (r, root) in enumerate(zip(marked, roots, strict=True), 1)
    ]
    return mentions, entities


def _wikidata(members: list[Region], collect: Collector) -> str | None:
    given = {r.answers["wikidata"]: r for r in members if "wikidata" in r.answers}
    if len(given) > 1:
        ids = ", ".join(sorted(given))
        collect.add(
            "E313",
            f"one entity has two Wikidata ids: {ids}",
            "keep one, or part the mentions",
            **members[0].at,
        )
    return min(given) if given else None


def _one_label(members: list[Region], collect: Collector) -> None:
    labels = sorted({r.label for r in members})
    if len(labels) > 1:
        words = ", ".join(r.place for r in members[:4])
        collect.add(
            "W312",
            f"same_entity joins mentions of {len(labels)} labels: {words}",
            "relabel or part them",
            **members[0].at,
        )


def _events(
    triggers: list[Region], means: Sorted, mentions: dict[str, Mention], schema: Schema, collect: Collector
) -> tuple[list[Event], dict[str, str]]:
    groups = UnionFind(r.id for r in triggers)
    for head, tail in means.same_event:
        groups.union(head.id, tail.id)
    members: dict[str, list[Region]] = defaultdict(list)
    for region in triggers:
        members[groups.find(region.id)].append(region)
    drawn: dict[str, list[tuple[Region, str, Region, str]]] = defaultdict(list)
    for argument in means.arguments:
        drawn[groups.find(argument[0].id)].append(argument)
    events, event_of = [], {}
    for n, (root, group) in enumerate(members.items(), 1):
        event_of.update({r.id: f"e{n}" for r in group})
        events.append(_event(f"e{n}", group, drawn[root], mentions, schema, collect))
    return events, event_of


def _event(
    id_: str,
    group: list[Region],
    drawn: list[tuple[Region, str, Region, str]],
    mentions: dict[str, Mention],
    schema: Schema,
    collect: Collector,
) -> Event:
    type_ = group[0].label
    main = group[0]
    if len(group) > 1:
        counts = Counter(head.id for head, *_ in drawn)
        main = max(group, key=lambda r: counts[r.id])  # of equals the first
    attributes, defaulted = _attributes(type_, group, schema, collect)
    return Event(
        id=id_,
        type=type_,
        triggers=[
            Trigger(
                start=r.start,
                end=r.end,
                text=r.text,
                main=r is main,
                region=r.id,
                note=r.answers.get(NOTE, msgspec.UNSET),
            )
            for r in group
        ],
        arguments=_arguments(type_, drawn, mentions, schema),
        attributes=attributes,
        defaulted=defaulted,
    )


def _arguments(
    type_: str, drawn: list[tuple[Region, str, Region, str]], mentions: dict[str, Mention], schema: Schema
) -> dict[str, list[Filler]]:
    """Fillers by role: roles in schema order (unknown ones last), fillers in text order, none twice."""
    filled: dict[str, dict[str, str]] = defaultdict(dict)
    for _, role, tail, via in drawn:
        mention = mentions[tail.id].id
        if filled[role].get(mention) != "drawn":
            filled[role][mention] = via
    order = [role for role in schema.roles_of(type_) if role in filled]
    if len(order) < len(filled):
        order += sorted(set(filled) - set(order))
    return {role: _fillers(filled[role]) for role in order}


def _fillers(filled: dict[str, str]) -> list[Filler]:
    in_order = sorted(filled, key=ordinal) if len(filled) > 1 else filled
    return [Filler(mention=m, via=filled[m]) for m in in_order]


def _attributes(
    type_: str, group: list[Region], schema: Schema, collect: Collector
) -> tuple[dict[str, str], list[str]]:
    answers: dict[str, str] = {}
    defaulted: list[str] = []
    for name, attribute in schema.attributes_of(type_).items():
        control = name if name in schema.common else control_name(type_, name)
        given = [(r.answers[control], r) for r in group if control in r.answers]
        if len(given) > 1 and len({value for value, _ in given}) > 1:
            said = ", ".join(f"{value!r} at {quoted(r.text)}" for value, r in given)
            collect.add(
                "E612",
                f"the triggers of one event answer {name!r} differently: {said}",
                "keep one",
                **given[0][1].at,
            )
        if given:
            answers[name] = given[0][0]
        elif attribute.default is not None:
            answers[name] = attribute.default
            defaulted.append(name)
    return answers, defaulted


def _relations(
    drawn: Iterable[tuple[Region, str, Region]], event_of: dict[str, str], collect: Collector
) -> list[Relation]:
    found: set[tuple[str, str, str]] = set()
    for head, label, tail in drawn:
        key = event_of[head.id], event_of[tail.id], label
        if key[0] == key[1]:
            message = f"{label} joins two triggers of one event: {head.place} and {tail.place}"
            collect.add("E603", message, "delete it, or part the events", **head.at)
        else:
            found.add(key)
    ordered = sorted(found, key=lambda k: (ordinal(k[0]), ordinal(k[1]), k[2]))
    return [Relation(type=label, head=head, tail=tail) for head, tail, label in ordered]


def ordinal(id_: str) -> int:
    """The number of an id such as `m12`."""
    return int(id_[1:])
