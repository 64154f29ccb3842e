"""Level 3: ids and what points to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from dateline.checks.case import Case, Rule
from dateline.collector import at_event, at_mention, quoted
from dateline.model import Mention


def unique(case: Case) -> None:
    """E301: an id stands for one thing."""
    document = case.document
    ids = (
        [m.id for m in document.mentions]
        + [e.id for e in document.entities]
        + [e.id for e in document.events]
    )
    if len(set(ids)) == len(ids):
        return
    for id_, count in sorted(Counter(ids).items()):
        if count > 1:
            case.add(
                "E301", f"{count} parts of the record have the id {id_!r}", "number them anew", place=id_
            )


def existing(case: Case) -> None:
    """E305, E306: what is pointed to exists and is of the right kind."""
    document = case.document
    kinds = {
        "mention": {m.id for m in document.mentions},
        "entity": {e.id for e in document.entities},
        "event": {e.id for e in document.events},
    }
    for mention in document.mentions:
        if mention.entity is not None and mention.entity not in kinds["entity"]:
            _missing(case, mention.entity, "entity", kinds, at_mention(mention))
    for event in document.events:
        for role, fillers in event.arguments.items():
            for filler in fillers:
                if filler.mention not in kinds["mention"]:
                    _missing(case, filler.mention, "mention", kinds, at_event(event, role))
    for relation in document.relations:
        for end in (relation.head, relation.tail):
            if end not in kinds["event"]:
                place = f"relation {relation.type} {relation.head} -> {relation.tail}"
                _missing(case, end, "event", kinds, {"place": place})


def _missing(case: Case, id_: str, kind: str, kinds: dict[str, set[str]], where: dict[str, Any]) -> None:
    other = next((name for name, ids in kinds.items() if id_ in ids), None)
    if other is None:
        hint = "point to one that exists, or remove the reference"
        case.add("E305", f"there is no {kind} {id_!r}", hint, **where)
    else:
        message = f"{id_!r} is of another kind: {other}, not {kind}"
        case.add("E306", message, "point to the right kind", **where)


def used(case: Case) -> None:
    """W307: every mention fills a role, or shares its entity with one that does."""
    filling = {f.mention for e in case.document.events for fillers in e.arguments.values() for f in fillers}
    entities = {m.entity for m in case.document.mentions if m.id in filling and m.entity is not None}
    for mention in case.document.mentions:
        if mention.id not in filling and mention.entity not in entities:
            case.add(
                "W307",
                f"the mention {quoted(mention.text)} fills no role",
                "draw a relation to it, or delete it: mark little",
                **at_mention(mention),
            )


def wikidata(case: Case) -> None:
    """W308: one Wikidata id, one entity."""
    having: dict[str, list[str]] = defaultdict(list)
    for entity in case.document.entities:
        if entity.wikidata is not None:
            having[entity.wikidata].append(entity.id)
    for item, entities in sorted(having.items()):
        if len(entities) > 1:
            names = " and ".join(_name(case, entity) for entity in entities)
            case.add("W308", f"{names} have one Wikidata id, {item}", "join their mentions with same_entity")


def names(case: Case) -> None:
    """W310: mentions with one label and the same name are one entity."""
    seen: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    first: dict[tuple[str, str], Mention] = {}
    for mention in case.document.mentions:
        if mention.entity is not None and _is_name(case, mention):
            seen[mention.label, mention.text][mention.entity] = None
            first.setdefault((mention.label, mention.text), mention)
    for key, entities in seen.items():
        if len(entities) > 1:
            case.add(
                "W310",
                f"{key[0]} {quoted(key[1])} stands for {len(entities)} entities",
                "join them with same_entity if they are one",
                **at_mention(first[key]),
            )


def _is_name(case: Case, mention: Mention) -> bool:
    """True for a named thing's mention that is no pronoun and no common noun, which may mean two: "the ministry"."""
    label = case.schema.labels.get(mention.label)
    named = label is not None and "wikidata" in label.asks
    return named and mention.text.lower() not in _pronouns(case) and not mention.text.islower()


def pronouns(case: Case) -> None:
    """W311: an entity has more than pronouns."""
    known = _pronouns(case)
    for mentions in case.by_entity.values() if known else ():
        if all(m.text.lower() in known for m in mentions):
            case.add(
                "W311",
                f"the entity is only ever called {quoted(mentions[0].text)}",
                "mark a name or description and join them with same_entity",
                **at_mention(mentions[0]),
            )


def _pronouns(case: Case) -> frozenset[str]:
    return case.lexicon.pronouns if case.lexicon else frozenset()


def main(case: Case) -> None:
    """E314: one trigger of an event is the main one."""
    for event in case.document.events:
        mains = sum(trigger.main for trigger in event.triggers)
        if mains != 1:
            said = "no main trigger" if not mains else f"{mains} main triggers"
            case.add("E314", f"the event has {said}", "set main on one of them", **at_event(event))


def _name(case: Case, entity: str) -> str:
    mentions = case.by_entity.get(entity)
    return quoted(mentions[0].text) if mentions else entity


RULES = (
    Rule(("E301",), unique),
    Rule(("E305", "E306"), existing),
    Rule(("W307",), used),
    Rule(("W308",), wikidata),
    Rule(("W310",), names),
    Rule(("W311",), pronouns),
    Rule(("E314",), main),
)
