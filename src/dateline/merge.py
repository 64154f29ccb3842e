"""Three ways into one: an annotation as the file has it, as the server has it, and as both last had it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.findings import Finding
from dateline.label_studio import stored

Json = dict[str, Any]
Own = Callable[[Json, Json | None], Json]

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True)
class Change:
    """What became of one annotation. `kind` is one of

    - `new`: it was on the server only; now the file has it
    - `taken`: it had changed on the server only, or `--theirs` was asked for; `lost` and `gained` say what
    - `waiting`: it has changed here only, and stays; push brings it to the server
    - `kept`: it had changed on both sides, and `--ours` was asked for; push will overwrite the server's
    - `conflict`: it has changed on both sides; the file is as it was
    - `gone`: it is no longer on the server; the file keeps it
    """

    kind: str
    doc_id: str
    annotator: str
    annotation: int | None
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()


def merged(
    local: list[Json], remote: list[Json], origin: str, doc_id: str, own: Own, side: str | None = None
) -> tuple[list[Json], list[Change]]:
    """The file's annotations with the server's merged in, and what changed.

    `own` gives Dateline's keys of a server's annotation (`completed_by`, a pseudonym, and others), from it and the file's. Annotations that
    belong to another origin, and those that were never on a server, stay as they are.
    """
    out = list(local)
    changes: list[Change] = []
    places = {
        a["id"]: n for n, a in enumerate(local) if a.get("origin") == origin and a.get("id") is not None
    }
    unbound = {
        stored.import_id(doc_id, a): n for n, a in reversed(list(enumerate(local))) if a.get("origin") is None
    }
    for theirs in remote:
        place = places.get(theirs["id"], unbound.get(theirs.get("import_id") or 0))
        if place is None:
            fresh = stored.taken(theirs, own(theirs, None), origin)
            out.append(fresh)
            changes.append(
                Change("new", doc_id, fresh["completed_by"], theirs["id"], gained=tuple(stored.lines(theirs)))
            )
        else:
            out[place], change = _one(local[place], theirs, origin, doc_id, own(theirs, local[place]), side)
            changes += [change] if change else []
    return out, changes


def _one(
    ours: Json, theirs: Json, origin: str, doc_id: str, own: Json, side: str | None
) -> tuple[Json, Change | None]:
    here, there, base = stored.digest(ours), stored.digest(theirs), ours.get("base")

    def change(kind: str, gone: Json, come: Json) -> Change:
        lost, gained = difference(gone, come)
        return Change(kind, doc_id, own["completed_by"], theirs["id"], lost, gained)

    if here == there:
        return _agreed(ours, theirs, origin, own["completed_by"], there), None
    if there == base:
        return ours, change("waiting", theirs, ours)
    if here == base or side == THEIRS:
        return stored.taken(theirs, own, origin, ours), change("taken", ours, theirs)
    if side == OURS:
        return stored.bound(ours, theirs, origin), change("kept", theirs, ours)
    return ours, change("conflict", ours, theirs)


def _agreed(ours: Json, theirs: Json, origin: str, who: str, base: str) -> Json:
    """Both say the same: the file's words stay, what only the server knows is brought up to date."""
    known = {**ours, "completed_by": who}
    if theirs.get("lead_time") is not None:
        known["lead_time"] = theirs["lead_time"]
    return stored.bound(known, theirs, origin, base)


def difference(before: Json, after: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that only one of two annotations has."""
    old, new = stored.lines(before), stored.lines(after)
    return tuple(line for line in old if line not in new), tuple(line for line in new if line not in old)


def finding(change: Change, file: Path, url: str | None = None) -> Finding | None:
    """E822 for a conflict, with both sides; W824 for what is gone from the server; else None. `file` is the task's."""
    where: dict[str, Any] = {
        "file": str(file), "doc_id": change.doc_id, "annotator": change.annotator, "url": url
    }  # fmt: skip
    number = f"annotation {change.annotation}"
    if change.kind == "conflict":
        here, there = "; ".join(change.lost) or "-", "; ".join(change.gained) or "-"
        message = f"{number} has changed here and on the server. Only here: {here}. Only there: {there}"
        return Finding(code="E822", message=message, hint="pull again with --ours or --theirs", **where)
    if change.kind == "gone":
        hint = "delete it from the file if it is not wanted any more"
        return Finding(
            code="W824", message=f"{number} is gone from the server; the file keeps it", hint=hint, **where
        )
    return None


def told(changes: list[Change]) -> list[str]:
    """Every change but conflicts and what is gone (those are findings), a line each; what went away and what came."""
    verbs = {
        "new": "new",
        "taken": "changed on the server",
        "waiting": "changed here, push brings it to the server",
        "kept": "changed on both sides, the file's is kept, push brings it to the server",
    }
    lines: list[str] = []
    for change in sorted(
        (c for c in changes if c.kind in verbs), key=lambda c: (c.doc_id, c.annotation or 0)
    ):
        lines.append(
            f"{change.doc_id}, {change.annotator}, annotation {change.annotation}: {verbs[change.kind]}"
        )
        if change.kind != "new":
            lines += [f"  - {line}" for line in change.lost] + [f"  + {line}" for line in change.gained]
    return lines
