"""The labeling config on a server against the one that the schema gives: what differs, and what hangs on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from dateline.findings import Finding

Json = dict[str, Any]
Choices = dict[str, tuple[str, frozenset[str]]]

_KINDS = {
    "Labels": ("labels", "Label"),
    "Choices": ("choices", "Choice"),
    "TextArea": ("textarea", ""),
    "Relations": ("relation", "Relation"),
}


@dataclass
class Drift:
    """What the server's config has and the schema's lacks (`lost`), and the other way round (`new`).

    An item is a control, `('status', None)`, or one of its values, `('status', 'asserted')`; relations are values of
    the control `relations`. `uses` counts the results on the server that an update would orphan, for each item and
    annotation. `cosmetic`: the texts differ in something that no annotation can use.
    """

    lost: list[tuple[str, str | None]] = field(default_factory=list)
    new: list[tuple[str, str | None]] = field(default_factory=list)
    cosmetic: bool = False
    uses: Counter[tuple[str, str | None, str, int]] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.lost or self.new or self.cosmetic)

    @property
    def loses(self) -> bool:
        """True where updating the server's config would orphan annotations."""
        return bool(self.uses)


def compare(server: str, ours: str) -> Drift:
    """The differences of two configs. What is no config has no controls."""
    theirs, wanted = controls(server), controls(ours)
    drift = Drift(lost=_missing(theirs, wanted), new=_missing(wanted, theirs))
    drift.cosmetic = not drift.lost and not drift.new and server.split() != ours.split()
    return drift


def controls(config: str) -> Choices:
    """Name -> kind of result and closed list of values, for each control of a config."""
    if "<!" in config.replace("<!--", ""):  # a document type: no config has one, and entities can blow up
        return {}
    try:
        root = ElementTree.fromstring(config)  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError:
        return {}
    found: Choices = {}
    for element in root.iter():
        if element.tag in _KINDS:
            kind, child = _KINDS[element.tag]
            name = "relations" if kind == "relation" else element.get("name", "")
            values = (
                frozenset(item.get("value", "") for item in element.iter(child)) if child else frozenset()
            )
            found[name] = (kind, values)
    return found


def _missing(here: Choices, there: Choices) -> list[tuple[str, str | None]]:
    items: list[tuple[str, str | None]] = []
    for name, (kind, values) in here.items():
        other = there.get(name)
        if other is None or other[0] != kind:
            items.append((name, None))
        else:
            items += [(name, value) for value in sorted(values - other[1])]
    return items


def count_uses(drift: Drift, tasks: Iterable[Json]) -> None:
    """Count on the server's tasks (annotations and drafts) what the schema's config would leave without a home."""
    lost = set(drift.lost)
    for task in tasks:
        doc_id = str(task.get("data", {}).get("doc_id") or f"task {task.get('id')}")
        for annotation in (*task.get("annotations", ()), *task.get("drafts", ())):
            for item in _used(annotation.get("result")):
                for key in {item, (item[0], None)} & lost:
                    drift.uses[(*key, doc_id, int(annotation.get("id") or 0))] += 1


def _used(results: Any) -> Iterable[tuple[str, str | None]]:
    for result in results if isinstance(results, list) else ():
        if not isinstance(result, dict):
            continue
        value: Any = result.get("value")
        if result.get("type") == "relation":
            name, values = "relations", result.get("labels")
        else:
            name, values = (
                str(result.get("from_name")),
                isinstance(value, dict) and value.get(str(result.get("type"))),
            )
        used: list[str | None] = [v for v in values if isinstance(v, str)] if isinstance(values, list) else []
        yield from ((name, item) for item in used or [None])


def findings(drift: Drift, project: str) -> list[Finding]:
    """E825 for each item with annotations that an update would orphan; W826 for what merely differs."""
    told = [
        _orphans(drift, item, project) for item in drift.lost if any(use[:2] == item for use in drift.uses)
    ]
    rest = [_say(item) for item in drift.lost if not any(use[:2] == item for use in drift.uses)]
    parts = [f"only on the server: {', '.join(rest)}"] if rest else []
    parts += [f"only in the schema: {', '.join(map(_say, drift.new))}"] if drift.new else []
    parts += ["its looks differ"] if drift.cosmetic else []
    if parts:
        message = f"the labeling config of project {project!r} is not the schema's: {'; '.join(parts)}"
        told.append(
            Finding(code="W826", message=message, hint="bring it up to date: push.py --update-config")
        )
    return told


def _orphans(drift: Drift, item: tuple[str, str | None], project: str) -> Finding:
    uses = [(use[2], use[3], count) for use, count in sorted(drift.uses.items()) if use[:2] == item]
    total = sum(count for _, _, count in uses)
    shown = ", ".join(f"{doc_id} (annotation {id}): {count}" for doc_id, id, count in uses[:5])
    more = f" and {len(uses) - 5} more" if len(uses) > 5 else ""
    message = f"project {project!r} has {_say(item)}, the schema has not; {total} results would be orphaned: {shown}{more}"
    hint = "put it back into the schema, or change these annotations first"
    return Finding(code="E825", message=message, hint=hint, doc_id=uses[0][0] if len(uses) == 1 else None)


def _say(item: tuple[str, str | None]) -> str:
    return f"{item[0]}={item[1]}" if item[1] is not None else f"control {item[0]}"
