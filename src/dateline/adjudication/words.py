"""A conflict in words: what is asked, and what each reading says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dateline.adjudication.plan import Conflict, Plan
from dateline.adjudication.slots import Slot
from dateline.agreement.disagreements import marked
from dateline.agreement.spans import Span
from dateline.collector import quoted

NO_ROLE = "no role"


@dataclass(frozen=True)
class Reading:
    """What some annotators (by number) say, in words, and the places of it in the text."""

    says: str
    sides: tuple[int, ...]
    spans: frozenset[Span]


@dataclass(frozen=True)
class Question:
    """A conflict for people; `context` has the words in question in brackets. Nothing in it names an annotator."""

    kind: str
    asks: str
    context: str
    start: int
    readings: tuple[Reading, ...]


def questions(plan: Plan) -> list[Question]:
    """The conflicts in words, one for each of `plan.conflicts`, in their order."""
    return [_question(plan, conflict) for conflict in plan.conflicts]


def _question(plan: Plan, conflict: Conflict) -> Question:
    words = _Words(plan)
    readings = _told_apart([_reading(words, conflict, sides) for sides in conflict.sides], words.text)
    spans = sorted({span for reading in readings for span in reading.spans})
    text = plan.clusters.sides[0].document.text
    context = marked(text, spans, spans[:6])  # the beginning of a long list shows what it is about
    start = spans[0][0] if spans else 0
    return Question(conflict.kind, words.asked(conflict.slots[0]), context, start, tuple(readings))


def _told_apart(readings: list[Reading], text: str) -> list[Reading]:
    """The readings; those that would sound the same say where they are."""
    said = [reading.says for reading in readings]
    return [
        replace(r, says=f"{r.says} in {marked(text, r.spans, r.spans)}") if said.count(r.says) > 1 else r
        for r in readings
    ]


def _reading(words: _Words, conflict: Conflict, sides: tuple[int, ...]) -> Reading:
    first = conflict.slots[0]
    said = [words.said(slot, sides[0]) for slot in conflict.slots if slot.kind == first.kind]
    if first.kind == "event":
        joined = [s for s in conflict.slots if s.kind == "trigger" and s.key[1] != first.key[1]]
        said += [f"its words are in {words.event(s.key[1])}" for s in joined[:1] if s.votes.get(sides[0])]
    spans = {span for slot in conflict.slots for span in words.spans(slot, sides[0])}
    told = [words for words in dict.fromkeys(said) if words != NO_ROLE] or [NO_ROLE]
    return Reading("; ".join(told), sides, frozenset(spans))


class _Words:
    def __init__(self, plan: Plan) -> None:
        self.clusters = plan.clusters
        self.text = plan.clusters.sides[0].document.text

    def event(self, c: int, side: int | None = None) -> str:
        """An event by type and main trigger, as one annotation has it, or the first of those that have it."""
        group = self.clusters.events[c]
        side = side if side in group else min(group)
        event = self.clusters.sides[side].events[group[side]]
        return f"{event.type} {quoted(event.main.text)}"

    def mention(self, m: int, side: int | None = None) -> str:
        """The words of a mention, in the same way."""
        group = self.clusters.mentions[m]
        return quoted(self.clusters.mention(m, side if side in group else min(group)).text)

    def asked(self, slot: Slot) -> str:
        """What the slot is about."""
        kind, *at = slot.key
        forms: dict[str, Callable[[], str]] = {
            "event": lambda: f"event {self.event(at[0])}",
            "type": lambda: f"type of {self.event(at[0]).partition(' ')[2]}",
            "trigger": lambda: f"trigger of {self.event(at[0])}",
            "argument": lambda: f"role of {self.mention(at[1])} in {self.event(at[0])}",
            "answer": lambda: f"{at[2]} of {self.event(at[0])}",
            "relation": lambda: f"relation from {self.event(at[0])} to {self.event(at[1])}",
            "mention": lambda: f"mention {self.mention(at[0])}",
            "form": lambda: f"extent and label of {self.mention(at[0])}",
            "value": lambda: f"{at[1]} of {self.mention(at[0])}",
            "entity": lambda: "one or several: " + ", ".join(self.mention(block[0]) for block in at),
            "wikidata": lambda: f"Wikidata item of {self.mention(at[0][0])}",
        }
        return forms[kind]()

    def said(self, slot: Slot, side: int) -> str:
        """What an annotation says of the slot."""
        kind, *at = slot.key
        value: Any = slot.votes.get(side)
        if kind in ("event", "type"):
            return self._whole(at[0], side) if side in self.clusters.events[at[0]] else "no such event"
        if kind == "trigger":
            return quoted(self.text[slice(*value)]) if value else "no such trigger"
        if kind == "argument":
            return f"{' and '.join(value)} {self.mention(at[1], side)}" if value else NO_ROLE
        if kind == "answer":
            return str(value) + self._by_default(at, side) if value is not None else "no answer"
        if kind == "relation":
            return " and ".join(value) if value else "no relation"
        if kind in ("mention", "form"):
            there = side in self.clusters.mentions[at[0]]
            label = self.clusters.mention(at[0], side).label if there else ""
            return f"{label} {self.mention(at[0], side)}" if there else "not marked"
        if kind == "entity":
            return self._parts(value or ())
        return str(value) if value is not None else "none given"

    def _by_default(self, at: list[Any], side: int) -> str:
        event = self.clusters.sides[side].events[self.clusters.events[at[0]][side]]
        return " (by default)" if at[2] in event.defaulted else ""

    def _whole(self, c: int, side: int) -> str:
        annotation = self.clusters.sides[side]
        n = self.clusters.events[c][side]
        event = annotation.events[n]
        roles = "; ".join(f"{a.role} {quoted(a.mention.text, 24)}" for a in annotation.arguments[n])
        triggers = " + ".join(quoted(t.text) for t in sorted(event.triggers, key=lambda t: (t.start, t.end)))
        answers = ", ".join(f"{name} {value}" for name, value in event.attributes.items())
        return f"{event.type} {triggers}: {'; '.join(part for part in (roles, answers) if part)}"

    def _parts(self, parts: tuple[tuple[tuple[int, ...], ...], ...]) -> str:
        return " | ".join(" = ".join(self.mention(block[0]) for block in part) for part in parts)

    def spans(self, slot: Slot, side: int) -> list[Span]:
        """Where an annotation has what the slot is about; of what it has not, nothing."""
        kind, *at = slot.key
        events = {"event": at[:1], "type": at[:1], "answer": at[:1], "relation": at[:2]}.get(kind, [])
        found = [self._main(c, side, kind == "event") for c in events if side in self.clusters.events[c]]
        spans = [span for many in found for span in many]
        if kind == "trigger" and isinstance(value := slot.votes.get(side), tuple):
            spans.append((value[0], value[1]))
        ms = {"argument": at[1:2], "mention": at[:1], "form": at[:1], "value": at[:1]}.get(kind, [])
        ms = [block[0] for block in at] if kind == "entity" else [at[0][0]] if kind == "wikidata" else ms
        marked = [self.clusters.mention(m, side) for m in ms if side in self.clusters.mentions[m]]
        return spans + [(m.start, m.end) for m in marked]

    def _main(self, c: int, side: int, whole: bool) -> list[Span]:
        event = self.clusters.sides[side].events[self.clusters.events[c][side]]
        return [(t.start, t.end) for t in (event.triggers if whole else [event.main])]
