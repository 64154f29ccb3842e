"""Nothing is lost without a word: what stands in an annotation's results against what stands in its record.

Written without the code that converts, on purpose: two ways to read the same thing must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.collector import Collector
from dateline.findings import Finding
from dateline.model import Document, Event, Mention
from dateline.union_find import UnionFind

_HINT = "this is a defect of Dateline, not of the annotation: please report it with the task"


def compare(results: list[dict[str, Any]], document: Document) -> list[Finding]:
    """E807 for every result that the record does not hold, and for all in the record that no result says.

    `results` are those of one annotation without errors, as Label Studio exports them.
    """
    drawn, kept = set(_in_results(results)), set(_in_record(document))
    if drawn == kept:
        return []
    collect = Collector(doc_id=document.doc_id, annotator=document.annotation.annotator)
    roles = {(item[1], item[3]) for item in kept if item[0] == "argument"}
    # a role drawn to the same mention at another trigger has taken the place of the default
    drawn -= {
        item
        for item in drawn - kept
        if item[0] == "argument" and item[2] is None and (item[1], item[3]) in roles
    }
    for item in sorted(map(str, drawn - kept)):
        collect.add("E807", f"it is in the annotation and not in the record: {item}", _HINT)
    for item in sorted(map(str, kept - drawn)):
        collect.add("E807", f"it is in the record and not in the annotation: {item}", _HINT)
    return collect.findings


def size(results: list[dict[str, Any]]) -> dict[str, int]:
    """How many regions, answers and relations an annotation has, as drawn."""
    relations = sum(r.get("type") == "relation" for r in results)
    regions = sum(r.get("type") == "labels" for r in results)
    return {"regions": regions, "answers": len(results) - relations - regions, "relations": relations}


def recorded(document: Document) -> dict[str, int]:
    """The size of a record that comes without Label Studio's results."""
    regions = len(document.mentions) + sum(len(e.triggers) for e in document.events)
    return {"regions": regions, "answers": 0, "relations": len(document.relations)}


def _in_results(results: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    """Every statement of the results: regions, answers by cluster, arguments, relations, clusters."""
    regions = {r["id"]: r for r in results if r["type"] == "labels"}
    cluster = _clusters(regions, results)
    for id_, result in regions.items():
        value = result["value"]
        yield "region", result["from_name"], id_, value["labels"][0], value["start"], value["end"]
        yield "cluster", id_, cluster[id_]
    for result in results:
        if result["type"] == "relation":
            yield from _in_relation(result, regions, cluster)
        elif result["type"] == "choices":
            name = result["from_name"].rpartition("__")[2]
            for choice in result["value"].get("choices") or ():
                yield "answer", cluster[result["id"]], name, choice
        elif result["type"] == "textarea" and (words := _words(result)):
            whose = cluster[result["id"]] if result["from_name"] == "wikidata" else result["id"]
            yield "text", whose, result["from_name"], words


def _words(result: dict[str, Any]) -> str:
    text = result["value"].get("text") or []
    lines = [text] if isinstance(text, str) else text
    if result["from_name"] != "note":  # a field for one answer; the same line twice is one
        lines = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return "\n".join(lines).strip()


def _clusters(regions: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, str]:
    """For each region the region that stands for its event or entity."""
    joined = []
    for result in results:
        if result["type"] == "relation":
            ends = regions[result["from_id"]], regions[result["to_id"]]
            same_kind = ends[0]["from_name"] == ends[1]["from_name"]
            if same_kind and {"same_event", "same_entity"} & set(result.get("labels") or ["same_event"]):
                joined.append((result["from_id"], result["to_id"]))
    alone = {id_: id_ for id_ in regions}
    sets = UnionFind(id_ for pair in joined for id_ in pair)
    for pair in joined:
        sets.union(*pair)
    return alone | {id_: sets.find(id_) for pair in joined for id_ in pair}


def _in_relation(
    result: dict[str, Any], regions: dict[str, Any], cluster: dict[str, str]
) -> Iterator[tuple[object, ...]]:
    head, tail = result["from_id"], result["to_id"]
    if result.get("direction") == "left":
        head, tail = tail, head
    kinds = regions[head]["from_name"], regions[tail]["from_name"]
    if kinds == ("mention", "trigger"):  # only a relation that points both ways gets here
        head, tail, kinds = tail, head, ("trigger", "mention")
    if kinds == ("trigger", "mention"):
        for label in result.get("labels") or [None]:
            yield "argument", cluster[head], label, tail
    else:
        for label in result.get("labels") or []:
            if label not in ("same_event", "same_entity"):
                yield "relation", cluster[head], label, cluster[tail]


def _in_record(document: Document) -> Iterator[tuple[object, ...]]:
    """The same statements, read off the record."""
    stands = _standing(document)
    regions = {m.id: m.region for m in document.mentions}
    for mention in document.mentions:
        yield from _in_mention(mention, stands)
    for entity in document.entities:
        if entity.wikidata:
            yield "text", stands[entity.id], "wikidata", entity.wikidata
    for event in document.events:
        yield from _in_event(event, stands[event.id], regions)
    for relation in document.relations:
        yield "relation", stands[relation.head], relation.type, stands[relation.tail]


def _in_mention(m: Mention, stands: dict[str, str]) -> Iterator[tuple[object, ...]]:
    yield "region", "mention", m.region, m.label, m.start, m.end
    yield "cluster", m.region, stands.get(m.entity or "", m.region)
    if m.attributes or m.note:
        texts = {**m.attributes, "note": m.note or None}
        yield from (("text", m.region, name, words) for name, words in texts.items() if words)


def _in_event(event: Event, here: str, regions: dict[str, str | None]) -> Iterator[tuple[object, ...]]:
    for t in event.triggers:
        yield "region", "trigger", t.region, event.type, t.start, t.end
        yield "cluster", t.region, here
        if t.note:
            yield "text", t.region, "note", t.note
    for name, answer in event.attributes.items():
        if name not in event.defaulted:
            yield "answer", here, name, answer
    for role, fillers in event.arguments.items():
        yield from (
            ("argument", here, role if f.via == "drawn" else None, regions[f.mention]) for f in fillers
        )


def _standing(document: Document) -> dict[str, str]:
    """For each event and entity the smallest of its regions, which stands for it."""
    members: dict[str, list[str]] = {e.id: [t.region or "" for t in e.triggers] for e in document.events}
    for mention in document.mentions:
        if mention.entity is not None:
            members.setdefault(mention.entity, []).append(mention.region or "")
    return {id_: min(regions) for id_, regions in members.items()}
