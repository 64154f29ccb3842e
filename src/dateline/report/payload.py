"""What the page draws articles from: an index of all, and for each one its text and annotations, as plain JSON.

Keys are short because there may be thousands: the index is read when the page opens, an article when it is.
"""

from __future__ import annotations

from typing import Any

import msgspec

from dateline.agreement import align, differences
from dateline.agreement.difference import Difference
from dateline.findings import Finding, printable
from dateline.model import Document, Event, Mention, Trigger
from dateline.report.counts import who
from dateline.report.material import CONTESTED, Entry, Material

Json = dict[str, Any]
_MOST = 8  # annotations of an article that are compared with one another


def index(material: Material) -> Json:
    """The names and meanings of the schema, and a line for each article to search and filter by."""
    schema = material.schema
    return {
        "types": {t.name: {"about": t.description} for t in schema.types.values()},
        "labels": {label.name: {"about": label.description} for label in schema.labels.values()},
        "statuses": dict(schema.common["status"].meanings),
        "contested": list(CONTESTED),
        "articles": [_line(entry) for entry in material.entries],
    }


def _line(entry: Entry) -> Json:
    """`c`: for each annotation who made it and its [type, status] pairs; `f`: codes with whom they are about."""
    counted = entry.counted
    return {
        "k": entry.key,
        "t": entry.source.title,
        "p": entry.source.publisher,
        "d": entry.source.published_at,
        "s": entry.split,
        "n": len(counted.events) if counted else 0,
        "x": sum(e.attributes.get("status") in CONTESTED for e in counted.events) if counted else 0,
        "c": [[who(d), _combinations(d)] for d in entry.documents],
        "f": sorted({(f.code, _whose(f, entry) or "") for f in entry.findings}),
    }


def _combinations(document: Document) -> list[tuple[str, str]]:
    return sorted({(e.type, e.attributes.get("status", "")) for e in document.events})


def article(entry: Entry) -> Json:
    """An article with all its annotations, their differences and its findings. Offsets stay code points."""
    return {
        "t": entry.text,
        "s": msgspec.to_builtins(entry.source),
        "r": entry.reason,
        "a": [_annotation(d, d is entry.chosen) for d in entry.documents],
        "d": _differences(entry),
        "f": [_finding(f, _whose(f, entry)) for f in entry.findings],
    }


def _annotation(document: Document, chosen: bool) -> Json:
    places = {m.id: n for n, m in enumerate(document.mentions)}
    rank = {e.id: n for n, e in enumerate(document.events)}
    return {
        "w": who(document),
        "c": chosen,
        "m": [_mention(m) for m in document.mentions],
        "q": {e.id: e.wikidata for e in document.entities if e.wikidata},
        "e": [_event(e, places) for e in document.events],
        "l": [
            [r.type, rank[r.head], rank[r.tail]]
            for r in document.relations
            if r.head in rank and r.tail in rank
        ],
    }


def _mention(mention: Mention) -> list[Any]:
    """Label, start, end, entity, answers, note; what is empty at the end is left out."""
    row = [
        mention.label,
        mention.start,
        mention.end,
        mention.entity,
        mention.attributes or None,
        _note(mention),
    ]
    while row[-1] is None:
        row.pop()
    return row


def _event(event: Event, places: dict[str, int]) -> Json:
    return {
        "k": event.type,
        "i": event.id,
        "r": event.main.region,
        "g": [[t.start, t.end, int(t.main), *([_note(t)] if _note(t) else [])] for t in event.triggers],
        "a": [
            [role, places[f.mention], int(f.via == "default")]
            for role, fillers in event.arguments.items()
            for f in fillers
            if f.mention in places
        ],
        "x": list(event.attributes.items()),
        "d": event.defaulted,
    }


def _note(value: Mention | Trigger) -> str | None:
    return None if value.note is msgspec.UNSET else value.note


def _whose(finding: Finding, entry: Entry) -> str | None:
    """Whose annotation a finding is about, as the report calls them; None where it is about the article."""
    names = {d.annotation.annotator: who(d) for d in entry.documents if d.annotation.ground_truth}
    names |= {d.annotation.annotator: who(d) for d in entry.documents if not d.annotation.ground_truth}
    return names.get(finding.annotator, finding.annotator) if finding.annotator is not None else None


def _finding(finding: Finding, whose: str | None) -> Json:
    said = {
        "c": finding.code,
        "v": finding.severity,
        "m": printable(finding.message),
        "h": finding.hint and printable(finding.hint),
        "w": whose,
        "e": finding.event_id,
        "p": finding.place and printable(finding.place),
        "o": None if finding.start is None or finding.end is None else [finding.start, finding.end],
    }
    return {key: value for key, value in said.items() if value is not None}


def _differences(entry: Entry) -> list[Json]:
    """For each two annotations that can be compared: their places and where they differ, worst first."""
    if entry.text is None:
        return []
    sound = {id(d) for d in entry.sound}
    places = [n for n, d in enumerate(entry.documents) if id(d) in sound][:_MOST]
    found = []
    for at, i in enumerate(places):
        for j in places[at + 1 :]:
            a, b = entry.documents[i], entry.documents[j]
            if a.text_sha256 == b.text_sha256:
                worst = sorted(differences(align(a, b)), key=lambda difference: difference.key)
                found.append({"p": [i, j], "d": [_difference(d) for d in worst]})
    return found


def _difference(difference: Difference) -> list[Any]:
    """Kind, message, and for each side what it says, its spans and its event."""
    sides = [[printable(s.words), [list(span) for span in s.spans], s.event] for s in difference.said]
    return [difference.kind, printable(difference.message), *sides]
