"""Who called, denied, sanctioned and warned whom: a directed graph of parties over all articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from dateline.model import Document, Event, Mention
from dateline.report.counts import Table, events, fragment
from dateline.report.material import CONTESTED, Material
from dateline.schema import Schema

# A denial denies what somebody made public: its roles, and those of the events it denies, are the schema's
# `x-claim`; what the other types do to whom is their `x-acts`.
DENIED = "denied"
_LONGEST = 40
_Edge = tuple[str, str, str, str]


def graph(material: Material) -> Table:
    """Who did what to whom in how many events, most first; what did not happen (negative polarity) is left out."""
    counted: Counter[_Edge] = Counter()
    contested: Counter[_Edge] = Counter()
    first: dict[_Edge, str] = {}
    for entry, document, event in events(material):
        if event.attributes.get("polarity") == "negative":
            continue
        for edge in sorted(set(_edges(document, event, material.schema))):
            counted[edge] += 1
            contested[edge] += event.attributes.get("status") in CONTESTED
            first.setdefault(edge, fragment(entry, document, event))
    order = sorted(counted, key=lambda edge: (-counted[edge], edge))
    rows = [
        (who, verb, whom, type_, counted[edge], contested[edge])
        for edge in order
        for who, verb, whom, type_ in [edge]
    ]
    return Table(("who", "did", "whom", "type", "events", "contested"), rows, [first[edge] for edge in order])


def _edges(document: Document, event: Event, schema: Schema) -> Iterator[_Edge]:
    names = _names(document)
    type_ = schema.types.get(event.type)
    claims, acts = (type_.claims, type_.acts) if type_ else (None, None)
    if claims is not None and claims.stance == "denies":
        actors, targets, verb = _fillers(event, reversed(claims.by)), _denied(document, event, schema), DENIED
    elif acts is not None:
        verb, actors, targets = acts.verb, _fillers(event, acts.by), _fillers(event, acts.to)
    else:
        return
    left, right = ({names[m] for m in side if m in names} for side in (actors, targets))
    if acts is not None and acts.mutual and not left:
        yield from ((a, verb, b, event.type) for a, b in combinations(sorted(right), 2))
    yield from ((a, verb, b, event.type) for a in left for b in right - {a})


def _denied(document: Document, event: Event, schema: Schema) -> list[str]:
    """The mentions of whose word is denied: the role that says so, else who speaks in the events denied."""
    claims = schema.types[event.type].claims
    found = _fillers(event, claims.source if claims else ())
    tails = {r.tail for r in document.relations if r.type == "denies" and r.head == event.id}
    for other in document.events if not found else ():
        told = schema.types[other.type].claims if other.type in schema.types else None
        if other.id in tails and told is not None:
            found += _fillers(other, told.by)
    return found


def _fillers(event: Event, roles: Iterable[str]) -> list[str]:
    """The mentions in the first of the roles that has any."""
    filled = next((event.arguments[role] for role in roles if event.arguments.get(role)), [])
    return [filler.mention for filler in filled]


def _names(document: Document) -> dict[str, str]:
    """For each mention what its entity is called: by the longest of its names, else by its first mention."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in document.mentions:
        groups[mention.entity or mention.id].append(mention)
    return {m.id: name for group in groups.values() for name in [_name(group)] for m in group}


def _name(group: list[Mention]) -> str:
    named = [m.text for m in group if m.text[:1].isupper() and len(m.text) <= _LONGEST]
    chosen = max(named, key=lambda text: (len(text), text)) if named else group[0].text
    words = " ".join(chosen.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
