"""From whom each item of a merged annotation comes, and how it was settled."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple

from dateline.adjudication.chosen import Chosen, Form, Happening
from dateline.adjudication.policy import AGREED, FOLLOWS
from dateline.adjudication.slots import Key
from dateline.agreement.spans import Span
from dateline.label_studio.controls import control_name
from dateline.schema import COMMON_ATTRIBUTES, SAME_ENTITY, SAME_EVENT

Json = dict[str, Any]
NO_LABEL = "-"
WIKIDATA = "wikidata"


class Origin(NamedTuple):
    """How an item was settled, and which annotators have it so."""

    how: str
    names: tuple[str, ...]


def refs(result: Json) -> list[str]:
    """The items of a result: a region's id; that and a question's name; two ids and a relation's label."""
    if result.get("type") == "relation":
        ends = f"{result.get('from_id')} {result.get('to_id')}"
        return [f"{ends} {label}" for label in result.get("labels") or [NO_LABEL]]
    if result.get("type") == "labels":
        return [str(result.get("id"))]
    return [f"{result.get('id')} {result.get('from_name')}"]


def origins(
    there: Chosen, mentions: dict[int, str], triggers: dict[tuple[int, Span], str], results: list[Json]
) -> dict[str, Origin]:
    """The origin of every item of the results, in their order; region ids by mention and by event and trigger."""
    work = _Origins(there, mentions, triggers)
    for m in there.forms:
        work.mention(m)
    for event in there.events:
        work.event(event)
    work.relations()
    ends = {id_: m for m, id_ in mentions.items()}
    for result in results:
        if result["type"] == "relation" and result["from_id"] in ends:
            work.identity(result, ends[result["from_id"]], ends[result["to_id"]])
        elif result.get("from_name") == WIKIDATA:
            work.item(result)
    return {ref: work.found[ref] for result in results for ref in refs(result)}


class _Origins:
    def __init__(
        self, there: Chosen, mentions: dict[int, str], triggers: dict[tuple[int, Span], str]
    ) -> None:
        self.there, self.mentions, self.triggers = there, mentions, triggers
        self.clusters, self.found = there.plan.clusters, dict[str, Origin]()

    def note(self, ref: str, sides: Iterable[int], *keys: Key) -> None:
        """What decides most is told: a policy or a review before agreement; two that meet in one item are united."""
        names = {self.clusters.names[side] for side in sides}
        before = self.found.get(ref)
        hows = [before.how] if before else []
        hows += [self.there.choices[key].how for key in keys if key in self.there.choices]
        how = next((how for how in hows if how not in (AGREED, FOLLOWS)), AGREED)
        self.found[ref] = Origin(how, tuple(sorted(names | set(before.names if before else ()))))

    def voting(self, key: Key, fits: Callable[[Any], bool]) -> list[int]:
        """The annotations whose value of a slot fits."""
        return [side for side, value in self.there.plan.slots[key].votes.items() if fits(value)]

    def mention(self, m: int) -> None:
        """The region, and what was typed at it."""
        form: Form = self.there.forms[m]
        keys: list[Key] = [("form", m), ("mention", m)]
        if self.there.choices["mention", m].how == FOLLOWS:
            keys += [k for e in self.there.events for k in self._filled(e, m)]
        self.note(self.mentions[m], self.voting(("form", m), lambda value: value == form), *keys)
        for key in self.there.by_kind.get("value", ()):
            if key[1] == m and self.there.value(*key) is not None:
                self.note(f"{self.mentions[m]} {key[2]}", self.there.choices[key].sides, key, *keys)

    def _filled(self, event: Happening, m: int) -> list[Key]:
        if not any(m in ms for ms in event.arguments.values()):
            return []
        return [("argument", event.c, m), ("event", event.c)]

    def event(self, event: Happening) -> None:
        """Its triggers and what joins them, its roles, its answers."""
        whole: list[Key] = [("event", event.c), ("type", event.c)]
        main = self.triggers[event.c, event.main]
        for span, choice in event.triggers.items():
            ref = self.triggers[event.c, span]
            typed = self.voting(("type", event.c), lambda value: value == event.type)
            keys = [
                k
                for k in self.there.by_kind["trigger"]
                if k[1] == event.c and self.there.choices.get(k) is choice
            ]
            both = [side for side in choice.sides if side in typed] or list(choice.sides)
            self.note(ref, both, *keys, *whole)
            if ref != main:
                self.note(f"{main} {ref} {SAME_EVENT}", choice.sides, *keys, *whole)
        for name, choice in event.answers.items():
            common = name in COMMON_ATTRIBUTES
            control = name if common else control_name(event.type, name)
            key = ("answer", event.c, "" if common else event.type, name)
            self.note(f"{main} {control}", choice.sides, key, *whole)
        for role, ms in event.arguments.items():
            for m in ms:
                self._argument(event, role, m, main, whole)

    def _argument(self, event: Happening, role: str, m: int, main: str, whole: list[Key]) -> None:
        key: Key = ("argument", event.c, m)
        sides = self.voting(key, lambda roles: role in roles)
        for label in (role, NO_LABEL):  # drawn, or by default
            self.note(f"{main} {self.mentions[m]} {label}", sides, key, *whole)

    def relations(self) -> None:
        """Relations between events."""
        mains = {event.c: self.triggers[event.c, event.main] for event in self.there.events}
        for key in self.there.by_kind.get("relation", ()):
            _, head, tail = key
            for type_ in self.there.value(*key) or () if head in mains and tail in mains else ():
                sides = self.voting(key, lambda types: type_ in types)  # noqa: B023 - used at once
                self.note(
                    f"{mains[head]} {mains[tail]} {type_}", sides, key, ("event", head), ("event", tail)
                )

    def identity(self, result: Json, x: int, y: int) -> None:
        """Two mentions that are one: who joins the two, or, where only the chain does, who joins either."""
        ends = {m for m, id_ in self.mentions.items() if id_ in (self.mentions[x], self.mentions[y])}
        decided = [k for k in self.there.by_kind.get("entity", ()) if ends & {m for b in k[1:] for m in b}]
        pairs = [k for k in self.there.choices if k[0] == "pair" and ends & set(k[1:])]
        exact = [k for k in pairs if ends >= set(k[1:])]
        sides: set[int] = set()
        for key in exact or pairs:
            sides.update(self._joining(key))
        for key in decided:
            sides.update(self.there.choices[key].sides if key in self.there.choices and not exact else ())
        ref = f"{result['from_id']} {result['to_id']} {SAME_ENTITY}"
        self.note(ref, sides, *(exact or [*decided, *pairs]))

    def item(self, result: Json) -> None:
        """A Wikidata item: who gave it to any part of the entity."""
        for key in self.there.by_kind.get(WIKIDATA, ()):
            if self.there.value(*key) == result["value"]["text"][0]:
                self.note(refs(result)[0], self.there.choices[key].sides, key)

    def _joining(self, key: Key) -> Iterable[int]:
        choice = self.there.choices[key]
        joined: Hashable = choice.value
        return choice.sides if joined else ()
