"""Results taken apart into what can stand alone, so that annotations can be united, compared and patched.

An atom is a region, one answer at a region, or one label of a relation. Region ids of merged annotations
are made of their content, so the same thing has the same atom in every merge of an article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from dateline.label_studio.controls import TEXT

Json = dict[str, Any]
REGION, ANSWER, LINK = "region", "answer", "link"


class Atom(NamedTuple):
    """A region (control, label, start, end), an answer (control, value) or a link (other region, label or "")."""

    kind: str
    id: str
    about: tuple[Any, ...]


def atoms(results: Iterable[Any]) -> set[Atom]:
    """The atoms of an annotation's results. What belongs to no region, such as a decision, is none."""
    known = [result for result in results if isinstance(result, dict)]
    regions = {str(r.get("id")) for r in known if r.get("type") == "labels"}
    return {atom for result in known for atom in _of(result, regions)}


def _of(result: Json, regions: set[str]) -> Iterable[Atom]:
    given = result.get("value")
    value: Json = given if isinstance(given, dict) else {}
    id_, control, kind = str(result.get("id")), result.get("from_name"), result.get("type")
    if kind == "relation":
        head, tail = str(result.get("from_id")), str(result.get("to_id"))
        if result.get("direction") == "left":
            head, tail = tail, head
        yield from (Atom(LINK, head, (tail, label)) for label in result.get("labels") or [""])
    elif kind == "labels":
        span = value.get("start"), value.get("end")
        yield from (Atom(REGION, id_, (control, label, *span)) for label in value.get("labels") or ())
    elif id_ in regions and isinstance(kind, str):
        said = value.get("choices") if kind == "choices" else value.get("text")
        yield Atom(ANSWER, id_, (control, kind, json.dumps(said, ensure_ascii=False)))


def patched(have: set[Atom], start: set[Atom], final: set[Atom]) -> set[Atom]:
    """What somebody made of `start`, with what `start` has and `final` has not taken out, and the reverse put in.

    A region that goes takes its answers and links with it, whatever was done to it meanwhile.
    """
    gone = _regions(start) - _regions(final)
    kept = {a for a in have if not (a.kind == REGION and a.id in gone)} - (start - final)
    new = {a for a in final - start if not (a.kind == REGION and a.id in _regions(kept))}
    asked = {(a.id, a.about[0]) for a in new if a.kind == ANSWER}
    out = new | {a for a in kept if not (a.kind == ANSWER and (a.id, a.about[0]) in asked)}
    there = _regions(out)
    return {a for a in out if a.id in there and (a.kind != LINK or a.about[0] in there)}


def _regions(found: set[Atom]) -> set[str]:
    return {atom.id for atom in found if atom.kind == REGION}


def results(found: Iterable[Atom], text: str) -> list[Json]:
    """The results that the atoms say, as write.py would have them."""
    spans = {a.id: a.about[2:] for a in found if a.kind == REGION}
    out: list[Json] = []
    links: dict[tuple[str, str], list[str]] = {}
    for atom in sorted(found, key=str):
        if atom.kind == LINK:
            links.setdefault((atom.id, atom.about[0]), []).append(atom.about[1])
            continue
        start, end = spans[atom.id]
        head = {"id": atom.id, "from_name": atom.about[0], "to_name": TEXT}
        where = {"start": start, "end": end}
        if atom.kind == REGION:
            value = {**where, "text": text[start:end], "labels": [atom.about[1]]}
            out.append({**head, "type": "labels", "value": value})
        else:
            _, kind, said = atom.about
            words = {} if kind == "textarea" else {"text": text[start:end]}
            key = "choices" if kind == "choices" else "text"
            out.append({**head, "type": kind, "value": {**where, **words, key: json.loads(said)}})
    return out + [_link(*ends, labels) for ends, labels in sorted(links.items())]


def _link(head: str, tail: str, labels: list[str]) -> Json:
    named = {"labels": sorted(filter(None, labels))} if any(labels) else {}
    return {"from_id": head, "to_id": tail, "type": "relation", "direction": "right", **named}
