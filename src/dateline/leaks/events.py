"""Events as what makes them the same event in two articles: type, day and participants.

Understands the columns of Dateline's views `documents` and `events`; of other datasets those that have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dateline import shingles

WHO = frozenset({"PERSON", "GROUP", "ORG", "MEDIA", "GPE"})
RECORD = ("doc_id", "source", "mentions", "entities", "events")
FLAT = ("doc_id", "type", "arguments", "published_at")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T|$)")


class Happening(NamedTuple):
    """An event of an article; `who` holds Wikidata ids where there are, else folded names."""

    doc_id: str
    type: str
    day: str
    who: frozenset[str]


def readable(columns: list[str]) -> tuple[str, ...] | None:
    """The columns that tell of events; None where there are none."""
    if {"mentions", "events"} <= set(columns):
        return tuple(c for c in RECORD if c in columns)
    if {"type", "arguments"} <= set(columns):
        return tuple(c for c in FLAT if c in columns)
    return None


def happenings(row: Mapping[str, Any], name: str) -> Iterator[Happening]:
    """The events of a row that have a day and somebody who takes part; `name` is the article's, if it has none.

    The day is that of the event's time, else that of publication. A time that is less exact than a day, such
    as `2025-03`, says too little to know an event by.
    """
    doc_id = str(row.get("doc_id") or name)
    if "mentions" in row:
        names = dict(_names(row))
        values = {m["id"]: value for m in row["mentions"] or () if (value := _value(m))}
        published = (row.get("source") or {}).get("published_at")
        events = row["events"] or ()
    else:
        names, values, published, events = {}, {}, row.get("published_at"), (row,)
    for event in events:
        arguments = [a for a in event["arguments"] or () if isinstance(a, dict)]
        times = [values[a["mention"]] for a in arguments if a.get("mention") in values]
        day = _day(times[0] if times else published or "")
        who = frozenset(filter(None, (_who(a, names) for a in arguments if a.get("label") in WHO)))
        if day and who:
            yield Happening(doc_id, str(event["type"]), day, who)


def same(one: Happening, other: Happening) -> bool:
    """Whether two events of one type and day are one.

    They are where their participants are the same, or where all of one's, two at least, are among the other's.
    """
    shared = one.who & other.who
    return shared in (one.who, other.who) and (len(shared) > 1 or one.who == other.who)


def _day(value: str) -> str | None:
    found = _DAY.match(value)
    return found[0] if found else None


def _value(mention: Mapping[str, Any]) -> str | None:
    """The EDTF value of a time."""
    answers = {a["name"]: a["value"] for a in mention.get("attributes") or ()}
    return answers.get("value") if mention.get("label") == "TIME" else None


def _names(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each entity of a record is known by: its Wikidata id, else its longest name."""
    items = {e["id"]: e["wikidata"] for e in row.get("entities") or () if e.get("wikidata")}
    longest: dict[str, str] = {}
    for mention in row["mentions"] or ():
        entity = mention.get("entity")
        if entity and len(mention["text"]) > len(longest.get(entity, "")):
            longest[entity] = mention["text"]
    yield from {**{entity: _folded(text) for entity, text in longest.items()}, **items}.items()


def _who(argument: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(argument.get("entity") or "") or _folded(str(argument.get("text") or ""))


def _folded(text: str) -> str:
    return " ".join(shingles.split(text))
