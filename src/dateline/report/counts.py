"""What there is, counted: each count is a table with rows that charts are drawn of and people can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateline import dates
from dateline.findings import Finding
from dateline.model import Document, Event
from dateline.report.material import CONTESTED, Entry, Material
from dateline.rules import RULES
from dateline.schema import COMMON_ATTRIBUTES, Schema
from dateline.splits import SPLITS

UNKNOWN = "unknown"
NO_SPLIT = "no split"
_DAILY = 92  # days; a longer time is shown by month
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Table:
    """Rows under column heads; `links` gives for a row the fragment that its first cell leads to, if any."""

    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    links: Sequence[str | None] | None = None

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by column head."""
        return [dict(zip(self.head, row, strict=True)) for row in self.rows]


def events(material: Material) -> Iterator[tuple[Entry, Document, Event]]:
    """Every event that is counted, with its article and annotation."""
    for entry, document in material.counted:
        for event in document.events:
            yield entry, document, event


def known_first(known: Iterable[str], seen: Iterable[str | None]) -> list[str]:
    """The names of the schema in its order, then others that the data has."""
    order = list(known)
    return [*order, *sorted({name for name in seen if name is not None} - set(order))]


def types(material: Material) -> Table:
    """Events by type and status."""
    found = Counter((e.type, e.attributes.get("status", UNKNOWN)) for _, _, e in events(material))
    by_type = known_first(material.schema.types, (t for t, _ in found))
    by_status = known_first(material.schema.common["status"].values, (s for _, s in found))
    rows = [(t, s, found[t, s]) for t in by_type for s in by_status if found[t, s]]
    links = [f"articles?type={_quoted(t)}&status={_quoted(s)}" for t, s, _ in rows]
    return Table(("type", "status", "events"), rows, links)


def roles(material: Material) -> Table:
    """Arguments by type and role, and how many of them the schema's default made."""
    found: Counter[tuple[str, str]] = Counter()
    default: Counter[tuple[str, str]] = Counter()
    for _, _, event in events(material):
        for role, fillers in event.arguments.items():
            found[event.type, role] += len(fillers)
            default[event.type, role] += sum(f.via == "default" for f in fillers)
    keys = _by_type(material.schema, found, lambda schema, type_: schema.roles_of(type_))
    rows = [(*key, found[key], default[key]) for key in keys if found[key]]
    return Table(("type", "role", "arguments", "by default"), rows)


def attributes(material: Material) -> Table:
    """Answers by type, attribute and value; status is told with the types."""
    found: Counter[tuple[str, str, str]] = Counter()
    for _, _, event in events(material):
        for name, value in event.attributes.items():
            if name not in COMMON_ATTRIBUTES:
                found[event.type, name, value] += 1
    pairs = Counter((t, n) for t, n, _ in found.elements())
    rows = []
    for type_, name in _by_type(material.schema, pairs, lambda schema, t: schema.attributes_of(t)):
        asked = material.schema.attributes_of(type_).get(name)
        values = known_first(
            asked.values if asked else (), (v for t, n, v in found if (t, n) == (type_, name))
        )
        rows += [(type_, name, v, found[type_, name, v]) for v in values if found[type_, name, v]]
    return Table(("type", "attribute", "value", "events"), rows)


def _by_type(
    schema: Schema,
    found: Iterable[tuple[str, str]],
    names: Callable[[Schema, str], Iterable[str]],
) -> list[tuple[str, str]]:
    keys = list(found)
    return [
        (type_, name)
        for type_ in known_first(schema.types, (t for t, _ in keys))
        for name in known_first(names(schema, type_), (n for t, n in keys if t == type_))
    ]


def labels(material: Material) -> Table:
    """Mentions by label."""
    found = Counter(m.label for _, document in material.counted for m in document.mentions)
    return Table(
        ("label", "mentions"), [(n, found[n]) for n in known_first(material.schema.labels, found) if found[n]]
    )


def sources(material: Material) -> Table:
    """Articles by publisher and licence, most first."""
    found = Counter((e.source.publisher or UNKNOWN, e.source.license) for e in material.entries)
    rows = sorted(((*key, n) for key, n in found.items()), key=lambda row: (-row[2], row[0], row[1]))
    links = [None if row[0] == UNKNOWN else f"articles?q={_quoted(row[0])}" for row in rows]
    return Table(("publisher", "licence", "articles"), rows, links)


def months(material: Material) -> Table:
    """Articles by month of publication and split."""
    found = Counter(
        (_month(dates.published(e.source.published_at)), e.split or NO_SPLIT) for e in material.entries
    )
    order = known_first((*SPLITS, NO_SPLIT), (s for _, s in found))
    rows = [(m, s, found[m, s]) for m in sorted({m for m, _ in found}) for s in order if found[m, s]]
    return Table(("month", "split", "articles"), rows)


def balance(material: Material) -> Table:
    """Articles and events of each type by split, and each split's share of them."""
    found = Counter((e.type, entry.split or NO_SPLIT) for entry, _, e in events(material))
    found.update(("articles", entry.split or NO_SPLIT) for entry, _ in material.counted)
    all_ = Counter(name for name, _ in found.elements())
    names = ["articles", *(n for n in known_first(material.schema.types, all_) if n != "articles")]
    order = known_first((*SPLITS, NO_SPLIT), (s for _, s in found))
    rows = [(n, s, found[n, s], round(found[n, s] / all_[n], 4)) for n in names for s in order if found[n, s]]
    return Table(("what", "split", "count", "share"), rows)


def findings(material: Material) -> Table:
    """Findings by code, with what it says."""
    all_: Sequence[Finding] = material.all_findings
    found = Counter((_SEVERITIES.index(f.severity), f.code) for f in all_)
    rows = [
        (code, RULES[code].title if code in RULES else "", _SEVERITIES[severity], n)
        for (severity, code), n in sorted(found.items())
    ]
    return Table(
        ("code", "what it says", "severity", "findings"),
        rows,
        [f"articles?finding={_quoted(row[0])}" for row in rows],
    )


def timeline(material: Material) -> tuple[Table, str]:
    """Events by day or month (the second value says which), by type, and how many of them are contested.

    The day is the first that the event's TIME mention can mean, else that of publication; events without
    either are left out.
    """
    found = [(day, e) for entry, document, e in events(material) if (day := when(entry, document, e))]
    days = [day for entry, *_ in events(material) if (day := dates.published(entry.source.published_at))]
    daily = bool(days) and (max(days) - min(days)).days <= _DAILY
    counted: Counter[tuple[str, str]] = Counter()
    contested: Counter[tuple[str, str]] = Counter()
    for day, event in found:
        key = (day.isoformat() if daily else _month(day)), event.type
        counted[key] += 1
        contested[key] += event.attributes.get("status") in CONTESTED
    order = {name: n for n, name in enumerate(known_first(material.schema.types, (t for _, t in counted)))}
    keys = sorted(counted, key=lambda key: (key[0], order[key[1]]))
    unit = "day" if daily else "month"
    return Table((unit, "type", "events", "contested"), [(*k, counted[k], contested[k]) for k in keys]), unit


def span(material: Material, unit: str) -> tuple[str, str]:
    """The first and last day or month that is within a year of an article; all time where no article has a date."""
    days = sorted(day for e in material.entries if (day := dates.published(e.source.published_at)))
    if not days:
        return "", "9999"
    first, last = (
        days[0].replace(day=1, year=max(1, days[0].year - 1)),
        days[-1].replace(day=28, year=min(9999, days[-1].year + 1)),
    )
    return (first.isoformat(), last.isoformat()) if unit == "day" else (_month(first), _month(last))


def when(entry: Entry, document: Document, event: Event) -> date | None:
    """The first day that the event's time can mean, else the day of publication."""
    values = {m.id: m.attributes.get("value") for m in document.mentions}
    for filler in event.arguments.get("time", ()):
        try:
            day = dates.bounds(values.get(filler.mention) or "").earliest
        except dates.NotADate:
            continue
        if day != date.min:
            return day
    return dates.published(entry.source.published_at)


def contested(material: Material) -> Table:
    """The events that somebody denies: where they are, what they are and who fills their roles."""
    rows, links = [], []
    for entry, document, event in events(material):
        if event.attributes.get("status") in CONTESTED:
            words = {m.id: m.text for m in document.mentions}
            said = "; ".join(
                f"{role}: {', '.join(dict.fromkeys(words.get(f.mention, '?') for f in fillers))}"
                for role, fillers in event.arguments.items()
            )
            rows.append(
                (
                    event.main.text,
                    event.type,
                    event.attributes["status"],
                    said,
                    entry.source.title or entry.doc_id,
                )
            )
            links.append(fragment(entry, document, event))
    return Table(("words", "type", "status", "who and what", "article"), rows, links)


def fragment(entry: Entry, document: Document, event: Event) -> str:
    """Where an event is in the report: by its region where it has one, for its id moves when others are added."""
    return "a/" + "/".join(map(_quoted, (entry.key, who(document), event.main.region or event.id)))


def who(document: Document) -> str:
    """How the report calls the one who made an annotation."""
    return "ground truth" if document.annotation.ground_truth else document.annotation.annotator


def _month(day: date | None) -> str:
    return f"{day.year:04}-{day.month:02}" if day else UNKNOWN


def _quoted(value: str) -> str:
    from urllib.parse import quote

    return quote(value, safe="", errors="replace")
