"""A plan in words and as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from dateline.migration.changes import Change, needed
from dateline.migration.plan import DONE, LEFT, MOVED, VERSION, Plan
from dateline.migration.uses import Use, columns

Json = dict[str, Any]

_STATES = {
    MOVED: "with annotations that change",
    VERSION: "where only the version changes",
    DONE: "that have the new schema already",
    LEFT: "left as they are for people to decide",
}
_NAMES = ("renamed", "removed")


def lines(plan: Plan) -> list[str]:
    """Versions, changes with what hangs on them, and what becomes of the tasks; findings stand apart."""
    level = needed(plan.changes)
    asked = f"what changed is {level}" if level else "nothing changed"
    out = [f"schema {plan.old.version} -> {plan.new.version}: {asked}"]
    for change in plan.changes:
        out.append(f"  {change.level:5}  {change.kind} {change.name}: {change.said}")
        used = _places(plan, change)
        if change.uses is not None:
            out.append(f"         {_used(used)}")
        if _in_dataset(change) and used:
            out.append(f"         in a dataset: values of {_by_view(columns(change.kind, change.name))}")
    counts = plan.counts()
    told = [f"{counts[state]} {words}" for state, words in _STATES.items() if counts[state]]
    out.append(f"tasks: {'; '.join(told) or 'none'}")
    if any(_in_dataset(change) and _places(plan, change) for change in plan.changes):
        out.append(
            "no column of a dataset changes its name or type: types, roles, labels and answers are values"
        )
    return out


def as_json(plan: Plan) -> Json:
    """The same for machines, every place with its file, annotator and region."""
    return {
        "old": plan.old.version,
        "new": plan.new.version,
        "needed": needed(plan.changes),
        "changes": [_change(plan, change) for change in plan.changes],
        "tasks": {
            state: [str(outcome.path) for outcome in plan.outcomes if outcome.state == state]
            for state in _STATES
        },
        "findings": [{"severity": f.severity, **msgspec.structs.asdict(f)} for f in plan.findings],
    }


def _change(plan: Plan, change: Change) -> Json:
    return {
        "kind": change.kind,
        "name": change.name,
        "level": change.level,
        "change": change.said,
        "columns": list(columns(change.kind, change.name)) if _in_dataset(change) else [],
        "uses": [use._asdict() for use in _places(plan, change)],
    }


def _in_dataset(change: Change) -> bool:
    """True where rows of a dataset hold other values afterwards."""
    return change.level == "major" and change.said.startswith(_NAMES)


def _places(plan: Plan, change: Change) -> list[Use]:
    return plan.uses.get(change.uses, []) if change.uses else []


def _by_view(found: tuple[str, ...]) -> str:
    """The columns, view by view; `documents` and `annotations` have the same ones."""
    by_view: dict[str, list[str]] = {}
    for column in found:
        view, _, name = column.partition(".")
        by_view.setdefault("documents" if view == "annotations" else view, []).append(name)
    return "; ".join(f"{view} {', '.join(dict.fromkeys(names))}" for view, names in by_view.items())


def _used(used: list[Use]) -> str:
    if not used:
        return "in no annotation"
    annotations, files = {use[:2] for use in used}, {use.file for use in used}
    parts = ((len(used), "use"), (len(annotations), "annotation"), (len(files), "file"))
    places, where, among = (f"{number} {word}{'s' * (number != 1)}" for number, word in parts)
    return f"{places} in {where} of {among}"
