"""From results to regions and links: what an annotator marked, answered and drew, before it is an event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dateline import offsets
from dateline.collector import Collector, quoted
from dateline.label_studio.controls import MENTION, NOTE, TRIGGER, Control, controls_of
from dateline.label_studio.wire import Result, Value
from dateline.schema import Schema


@dataclass(slots=True)
class Region:
    """A labelled span; `answers` by control name."""

    id: str
    kind: str
    label: str
    start: int
    end: int
    text: str
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The region for people."""
        return f"{self.label} {quoted(self.text)}"

    @property
    def at(self) -> dict[str, Any]:
        """The region for a finding."""
        return {"region": self.id, "start": self.start, "end": self.end, "place": self.place}


@dataclass(slots=True)
class Link:
    """A drawn relation between two readable regions; an unlabelled one has no labels."""

    head: Region
    tail: Region
    labels: tuple[str, ...]


def read(
    results: list[Result], text: str, schema: Schema, collect: Collector
) -> tuple[list[Region], list[Link]]:
    """The regions and links of one annotation. Whatever cannot be read gets a finding."""
    known = controls_of(schema)
    relations = [r for r in results if r.type == "relation"]
    others = _known(results, known, collect)
    regions = _regions([r for r in others if r.type == "labels"], others, text, collect)
    for result in others:
        if result.type != "labels":
            _answer(result, known[result.from_name or ""], regions, schema, collect)
    collect.tainted.update(collect.broken & regions.keys())
    links = [_link(relation, regions, collect) for relation in relations]
    return list(regions.values()), [link for link in links if link is not None]


def _known(results: list[Result], known: dict[str, Control], collect: Collector) -> list[Result]:
    """The results whose control the config has; one finding for each unknown control."""
    unknown: dict[tuple[str, str], list[str]] = defaultdict(list)
    unread: list[str] = []
    kept = []
    for result in results:
        if result.type == "relation":
            continue
        control = known.get(result.from_name or "")
        if control is None or control.kind != result.type:
            unknown[result.from_name or "", result.type].append(result.id or "")
        elif result.id is None or result.value is None:
            missing = "id" if result.id is None else "value"
            collect.add("E101", f"a result of {result.from_name!r} has no {missing}", region=result.id)
            unread.append(result.id or "")
        else:
            kept.append(result)
    for (name, kind), ids in sorted(unknown.items()):
        _report_unknown(name, kind, ids, known, collect)
    labelled = {r.id for r in kept if r.type == "labels"}
    for id_ in (*unread, *(id_ for ids in unknown.values() for id_ in ids)):
        (collect.tainted if id_ in labelled else collect.broken).add(id_)
    return kept


def _report_unknown(
    name: str, kind: str, ids: list[str], known: dict[str, Control], collect: Collector
) -> None:
    count = f"{len(ids)} result{'s' * (len(ids) > 1)} {'are' if len(ids) > 1 else 'is'} left out"
    if name in known:
        message = f"control {name!r} gives results of type {kind!r}, the schema's config has {known[name].kind!r}: {count}"
    else:
        message = f"the schema's config has no control {name!r} (type {kind!r}): {count}"
    hint = "annotate with the config that scripts/label_config.py prints, or give the schema that was used"
    collect.add("E801", message, hint, region=min(ids) or None)


def _regions(
    labelled: list[Result], others: list[Result], text: str, collect: Collector
) -> dict[str, Region]:
    by_id: dict[str, list[Result]] = defaultdict(list)
    for result in labelled:
        by_id[result.id or ""].append(result)
    typed: dict[str | None, object] = {
        r.id: r.value.text for r in others if r.type == "textarea" and r.value is not None
    }
    once = [(id_, _one_label(id_, by_id[id_], collect)) for id_ in sorted(by_id)]
    stored = [(id_, r, span) for id_, r in once if r is not None and (span := _span(r, typed, collect))]
    outside: set[str | None] = set()
    if not all(_fits(text, span) for _, _, span in stored):
        told = [offsets.Span(*span, r.id, _place(r, span[2])) for _, r, span in stored]
        outside = offsets.report(text, sorted(told, key=lambda s: (s.start, s.end, s.region or "")), collect)
        collect.broken.update(id_ or "" for id_ in outside)
    return {id_: _region(r, span, text) for id_, r, span in stored if id_ not in outside}


def _fits(text: str, span: tuple[int, int, str | None]) -> bool:
    start, end, words = span
    return 0 <= start < end <= len(text) and (words is None or text[start:end] == words)


def _place(result: Result, words: str | None) -> str:
    label = ((result.value or Value()).labels or [""])[0]
    return f"{label} {quoted(words)}" if words else label


def _one_label(id_: str, results: list[Result], collect: Collector) -> Result | None:
    """The one result that labels the region; a finding where there are several labels or none."""
    only = results[0]
    if len(results) == 1 and only.value is not None and only.value.labels and len(only.value.labels) == 1:
        return only
    labels = sorted(
        {(r.from_name or "", label) for r in results if r.value for label in r.value.labels or []}
    )
    first = results[0].value or Value()
    where: dict[str, Any] = {"region": id_, "start": first.start, "end": first.end}
    if len(labels) > 1:
        names = " and ".join(f"{kind} {label!r}" for kind, label in labels)
        hint = "remove one of the labels; if both are meant, mark the words twice"
        collect.add("E809", f"one region carries {len(labels)} labels: {names}", hint, **where)
    elif not labels:
        collect.add("E101", "a labelled region has no label", **where)
    elif len({(r.value.start, r.value.end) for r in results if r.value}) > 1:
        collect.add("E301", f"two regions have the id {id_!r}", "give each region an id of its own", **where)
    else:
        return results[0]
    collect.broken.add(id_)
    return None


def _span(
    result: Result, typed: dict[str | None, object], collect: Collector
) -> tuple[int, int, str | None] | None:
    """The offsets as stored, and the words that were stored with them."""
    value = result.value
    if value is None or value.start is None or value.end is None:
        collect.broken.add(result.id or "")
        collect.add("E101", "a labelled region has no start and end", region=result.id)
        return None
    # Label Studio may put the answer of a text field where the region's own words should be
    words = value.text if isinstance(value.text, str) and [value.text] != typed.get(result.id) else None
    return value.start, value.end, words


def _region(result: Result, span: tuple[int, int, str | None], text: str) -> Region:
    kind = TRIGGER if result.from_name == TRIGGER else MENTION
    start, end, _ = span
    label = ((result.value or Value()).labels or [""])[0]
    return Region(result.id or "", kind, label, start, end, text[start:end])


def _answer(
    result: Result, control: Control, regions: dict[str, Region], schema: Schema, collect: Collector
) -> None:
    region = regions.get(result.id or "")
    if region is None:
        if result.id not in collect.broken:
            message = f"an answer to {control.name!r} belongs to no labelled region"
            collect.add("E816", message, "label the region or delete the answer", region=result.id)
        return
    values = _values(result)
    if not values or not _belongs(region, control, schema, collect, values):
        return
    before = region.answers.setdefault(control.name, values[0])
    if len({before, *values}) > 1:
        answers = ", ".join(sorted({repr(v) for v in (before, *values)}))
        collect.add(
            "E612", f"{control.name!r} has different answers: {answers}", "keep one of them", **region.at
        )


def _values(result: Result) -> list[str]:
    value = result.value or Value()
    if result.type == "choices":
        return list(value.choices or [])
    text = value.text
    lines = [text] if isinstance(text, str) else (text or [])
    if result.from_name == NOTE:
        lines = ["\n".join(lines)]
    return [line.strip() for line in lines if line.strip()]


def _belongs(region: Region, control: Control, schema: Schema, collect: Collector, values: list[str]) -> bool:
    """True when the question is one for this region; else a finding says whose it is."""
    if control.name == NOTE:
        return True
    if control.kind == "textarea":
        label = schema.labels.get(region.label)
        fine = region.kind == MENTION and label is not None and control.name in label.asks
    else:
        fine = region.kind == TRIGGER and control.event_type in (None, region.label)
    if not fine and region.label in (*schema.labels, *schema.types):  # an unknown label explains it
        answer = ", ".join(values)
        message = f"{control.name!r} was answered ({answer}), which is no question for {region.label}"
        code = "E408" if region.kind == TRIGGER and control.attribute else "E817"
        collect.add(code, message, "delete the answer, or label the region as what was meant", **region.at)
    return fine


def _link(relation: Result, regions: dict[str, Region], collect: Collector) -> Link | None:
    head, tail = regions.get(relation.from_id or ""), regions.get(relation.to_id or "")
    if head is None or tail is None:
        ends = [relation.from_id or "", relation.to_id or ""]
        missing = [end for end in ends if end not in regions]
        collect.tainted.update(set(ends) - set(missing))
        if not set(missing) & collect.broken:
            message = f"a relation ends at the region {missing[0]!r}, which does not exist"
            collect.add("E803", message, "delete the relation, or draw it again", region=missing[0] or None)
        return None
    if relation.direction == "left":
        head, tail = tail, head
    if relation.direction not in (None, "right", "left", "bi"):
        collect.add("E101", f"a relation has the unknown direction {relation.direction!r}", **head.at)
        collect.tainted.update((head.id, tail.id))
        return None
    return _directed(relation, head, tail, collect)


def _directed(relation: Result, head: Region, tail: Region, collect: Collector) -> Link | None:
    labels = tuple(relation.labels or ())
    if len(labels) > 1:
        labels = tuple(dict.fromkeys(labels))
    if head.id == tail.id:
        collect.add("E603", "a relation runs from a region to itself", "delete it", **head.at)
        return None
    if head.kind == MENTION and tail.kind == TRIGGER:
        if relation.direction == "bi":
            return Link(tail, head, labels)
        message = f"a relation runs from the mention {head.place} to the trigger {tail.place}"
        collect.add("E805", message, "draw roles from the trigger to the mention", **tail.at)
        collect.tainted.update((head.id, tail.id))
        return None
    if relation.direction == "bi" and head.kind == tail.kind == TRIGGER and set(labels) - {"same_event"}:
        message = f"the relation {', '.join(labels)} between {head.place} and {tail.place} points both ways"
        collect.add("E805", message, "choose one direction in the relation's menu", **head.at)
        collect.tainted.update((head.id, tail.id))
        return None
    return Link(head, tail, labels)
