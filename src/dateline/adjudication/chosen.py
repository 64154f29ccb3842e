"""What the choices say is there: events with triggers, roles and answers, and mentions by their extent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dateline.adjudication.plan import Plan
from dateline.adjudication.policy import FOLLOWS, Choice
from dateline.adjudication.slots import Key
from dateline.agreement.spans import Span
from dateline.schema import Schema

Choices = Mapping[Key, Choice]
Form = tuple[int, int, str]  # start, end, label


@dataclass(frozen=True)
class Happening:
    """An event of cluster `c`: triggers by span, one of them `main`; roles with their mentions, by cluster."""

    c: int
    type: str
    triggers: dict[Span, Choice]
    main: Span
    arguments: dict[str, list[int]]
    answers: dict[str, Choice]


@dataclass(frozen=True)
class Chosen:
    """Everything that is there; `forms` has the extent of each cluster of mentions. Two clusters may share one."""

    plan: Plan
    choices: Choices
    events: list[Happening]
    forms: dict[int, Form]
    by_kind: dict[str, list[Key]] = field(default_factory=dict)

    def value(self, *key: Any) -> Any:
        """The value of a slot; None where it is open."""
        return self.choices[key].value if key in self.choices else None


def chosen(plan: Plan, choices: Choices, schema: Schema) -> Chosen:
    """Apply the choices; what they leave open is not there."""
    by_kind: dict[str, list[Key]] = defaultdict(list)
    for key in plan.slots:
        by_kind[key[0]].append(key)
    found = Chosen(plan, choices, [], {}, by_kind)
    for c in range(len(plan.clusters.events)):
        event = _event(found, c, schema)
        found.events.extend([event] if event else [])
    found.events.sort(key=lambda e: (min(e.triggers), e.type, e.c))
    filling = {m for event in found.events for ms in event.arguments.values() for m in ms}
    for m in range(len(plan.clusters.mentions)):
        follows = ("mention", m) in choices and choices["mention", m].how == FOLLOWS
        form = found.value("form", m)
        if form is not None and (found.value("mention", m) or (follows and m in filling)):
            found.forms[m] = form
    for event in found.events:
        for role, ms in list(event.arguments.items()):
            event.arguments[role] = [m for m in ms if m in found.forms]
    return found


def _event(found: Chosen, c: int, schema: Schema) -> Happening | None:
    keys = [key for key in found.by_kind["trigger"] if key[1] == c]
    triggers: dict[Any, Choice] = {
        found.choices[key].value: found.choices[key] for key in keys if found.value(*key) is not None
    }
    type_ = found.value("type", c)
    if not found.value("event", c) or type_ is None or not triggers:
        return None
    arguments = _arguments(found, c)
    main = _main(found.plan, c, sorted(triggers)) if arguments else min(triggers)
    order = [role for role in schema.roles_of(type_) if role in arguments]
    order += sorted(set(arguments) - set(order))
    ordered = {role: arguments[role] for role in order}
    return Happening(
        c, type_, dict(sorted(triggers.items())), main, ordered, _answers(found, c, type_, schema)
    )


def _arguments(found: Chosen, c: int) -> dict[str, list[int]]:
    filled: dict[str, list[int]] = defaultdict(list)
    for key in found.by_kind["argument"]:
        for role in found.value(*key) or () if key[1] == c else ():
            filled[role].append(key[2])
    return filled


def _main(plan: Plan, c: int, spans: list[Span]) -> Span:
    """The trigger that most annotators drew the roles from, else the first."""
    votes = dict.fromkeys(spans, 0)
    for side, n in plan.clusters.events[c].items():
        main = plan.clusters.sides[side].events[n].main
        if (main.start, main.end) in votes:
            votes[main.start, main.end] += 1
    return min(spans, key=lambda span: (-votes[span], span))


def _answers(found: Chosen, c: int, type_: str, schema: Schema) -> dict[str, Choice]:
    keys = [key for key in found.by_kind["answer"] if key[1] == c and key[2] in ("", type_)]
    given = {key[3]: found.choices[key] for key in keys if found.value(*key) is not None}
    order = [name for name in schema.attributes_of(type_) if name in given]
    return {name: given[name] for name in dict.fromkeys([*order, *sorted(given)])}
