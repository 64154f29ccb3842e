"""The first half of the page: what there is, as charts, each with the table that it was drawn of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dateline.report import agreed, charts, counts, parties, party_chart, svg
from dateline.report.counts import Table
from dateline.report.markup import Markup, el, isolated, join
from dateline.report.material import CONTESTED, Material
from dateline.settings import AgreementSettings

_ROWS = 200  # of a table; a longer one says how many more there are
_COLOR = re.compile("#[0-9a-f]{6}")


class Section(NamedTuple):
    """A part of the overview: its fragment, heading, what it shows in a sentence, and what is in it."""

    id: str
    title: str
    lead: str
    body: Markup
    wide: bool = False


def colors(material: Material) -> tuple[dict[str, str], Markup]:
    """The CSS variable of each event type and label, and the style that gives them the schema's colours."""
    schema = material.schema
    named = {**{t.name: t.color for t in schema.types.values()}}
    named |= {label.name: label.color for label in schema.labels.values()}
    variables = {name: f"--k{n}" for n, name in enumerate(named)}
    lines = [f"{variables[name]}:{_both(color)};" for name, color in named.items() if _COLOR.fullmatch(color)]
    return {name: f"var({v})" for name, v in variables.items()}, Markup(f":root{{{''.join(lines)}}}")


def _both(color: str) -> str:
    return f"light-dark({color},color-mix(in srgb,{color} 72%,#fff))"


def sections(material: Material, known: Mapping[str, str], how: AgreementSettings) -> list[Section]:
    """The sections that have something to show, in the order of reading."""
    return [section for section in _all(material, known, how) if section is not None]


def _all(material: Material, known: Mapping[str, str], how: AgreementSettings) -> Iterator[Section | None]:
    yield _types(material)
    yield _labels(material, known)
    yield _contested(material)
    yield _timeline(material, known)
    yield _parties(material, known)
    yield _roles(material, known)
    yield _attributes(material, known)
    yield _sources(material)
    yield _months(material)
    yield _balance(material)
    yield _findings(material)
    yield _agreement(material, how)
    yield _held_back(material)


def _types(material: Material) -> Section | None:
    table = counts.types(material)
    spec = charts.stacked(table, "type", "events", "status", charts.STATUS, "events")
    lead = "How many events of each type there are, and whether the articles say that they took place."
    return _figure("types", "Events by type and status", lead, table, spec)


def _contested(material: Material) -> Section | None:
    table = counts.contested(material)
    lead = f"{len(table.rows):,} events are disputed (somebody affirms, somebody denies) or denied (only the denial is there)."
    return (
        Section("contested", "Contested events", lead, as_table(table, "Contested events"), wide=True)
        if table.rows
        else None
    )


def _timeline(material: Material, known: Mapping[str, str]) -> Section | None:
    table, unit = counts.timeline(material)
    span = counts.span(material, unit)
    out = sum(row[2] for row in table.rows if not span[0] <= row[0] <= span[1])
    lead = f"Events by {unit}: the larger the circle, the more; its dark part is contested. An event without a time stands where its article was published."
    if out:
        lead += f" {out:,} lie more than a year from every article and are in the table only."
    return _figure("timeline", "Timeline", lead, table, charts.timeline(table, unit, span, known))


def _parties(material: Material, known: Mapping[str, str]) -> Section | None:
    table = parties.graph(material)
    lead = "Who called, denied, sanctioned and warned whom: parties that act on the left, those it is about on the right; a thicker line is more events. Names are those of the articles."
    return _figure("parties", "Who and whom", lead, table, party_chart.parties(table, known))


def _roles(material: Material, known: Mapping[str, str]) -> Section | None:
    table = counts.roles(material)
    lead = "How often each role is filled; the paler part was drawn without a role, and the schema gave its default."
    return _figures("roles", "Arguments by role", lead, table, charts.roles(table, known))


def _attributes(material: Material, known: Mapping[str, str]) -> Section | None:
    table = counts.attributes(material)
    lead = "The answers to the questions of each event type."
    return _figures("attributes", "Answers by attribute", lead, table, charts.attributes(table, known))


def _labels(material: Material, known: Mapping[str, str]) -> Section | None:
    table = counts.labels(material)
    spec = charts.bars(table, "label", "mentions", "mentions", known)
    return _figure("labels", "Mentions by label", "What fills the roles.", table, spec)


def _sources(material: Material) -> Section | None:
    table = counts.sources(material)
    lead = f"The publishers of the articles{', those with most' if len(table.rows) > charts.MOST else ''}."
    return _figure("sources", "Articles by source", lead, table, charts.sources(table))


def _months(material: Material) -> Section | None:
    table = counts.months(material)
    return _figure("months", "Articles by month", "When they were published.", table, charts.months(table))


def _balance(material: Material) -> Section | None:
    table = counts.balance(material)
    lead = "The share of each split in the articles and in the events of each type: where bars differ much, a split is not like the others."
    return _figure("splits", "Splits and balance", lead, table, charts.balance(table))


def _agreement(material: Material, how: AgreementSettings) -> Section | None:
    measured = agreed.measured(material, how)
    if measured is None:
        return None
    lead = f"{measured.said} Lines are intervals of 95 %, by resampling articles."
    return _figures("agreement", "Agreement by layer", lead, measured.table, charts.agreement(measured.table))


def _findings(material: Material) -> Section | None:
    table = counts.findings(material)
    title, lead = "Findings by code", "What the checks have to say."
    if material.origin == "dataset":
        lead = f"{lead} {_anew(material)}"
    if not table.rows and any(material.exported_with.values()):
        return Section("findings", title, lead, join([]))
    return _figure("findings", title, lead, table, charts.findings(table))


def _anew(material: Material) -> str:
    """How the findings of a dataset come about, and what the export counted."""
    said = (
        "They were made anew from the dataset's records, as far as these have words: what only reading an annotation "
        "shows (such as I812, an annotation without regions) is not among them, nor what was held back."
    )
    if not material.exported_with:
        return said
    numbers = ", ".join(
        f"{n:,} {name}{'s' * (n != 1 and name != 'info')}" for name, n in material.exported_with.items()
    )
    return f"{said} The export itself counted {numbers}; make validate lists those."


def _held_back(material: Material) -> Section | None:
    if not material.held_back:
        return None
    table = Table(("article", "why"), list(material.held_back))
    lead = "Articles of which no annotation counts yet."
    return Section("held-back", "Held back", lead, as_table(table, "Held back"), wide=True)


def _figure(
    id_: str, title: str, lead: str, table: Table, spec: dict[str, Any], wide: bool = False
) -> Section | None:
    return _figures(id_, title, lead, table, {"": spec}, wide)


def _figures(
    id_: str, title: str, lead: str, table: Table, specs: Mapping[str, dict[str, Any]], wide: bool = True
) -> Section | None:
    """A section with a chart for each specification and one table; None where there is nothing to show."""
    if not table.rows:
        return None
    drawn = [
        el(
            "div",
            svg.draw(spec, f"{id_}{n}", f"{title}{name and f', {name}'}. The table has the numbers."),
            class_="chart",
        )
        for n, (name, spec) in enumerate(specs.items())
    ]
    behind = el("details", el("summary", f"Table: {title.lower()}"), as_table(table, title))
    return Section(id_, title, lead, join([el("div", *drawn, class_="several"), behind]), wide)


def as_table(table: Table, name: str) -> Markup:
    """The table, each cell's data apart from its neighbours, in a box that scrolls sideways by itself."""
    links = table.links or [None] * len(table.rows)
    head = el("tr", *(el("th", name, scope="col") for name in table.head))
    body = [_row(row, link) for row, link in zip(table.rows[:_ROWS], links, strict=False)]
    more = len(table.rows) - _ROWS
    note = el("p", f"and {more:,} more rows", class_="soft") if more > 0 else None
    whole = el("table", el("thead", head), el("tbody", *body))
    return join(
        [el("div", whole, class_="scroll", tabindex="0", role="region", aria_label=f"{name}: table"), note]
    )


def _row(row: Sequence[Any], link: str | None) -> Markup:
    first = el("a", isolated(row[0]), href=f"#{link}") if link else _cell(row[0])
    number = [isinstance(value, (int, float)) for value in row]
    cells = [first, *(_cell(value) for value in row[1:])]
    return el(
        "tr", *(el("td", cell, class_="n" if n else None) for cell, n in zip(cells, number, strict=True))
    )


def _cell(value: Any) -> Markup:
    if value is None:
        return el("span", "–", class_="soft")
    if isinstance(value, float):
        return el("span", f"{value:.3f}")
    return el("span", f"{value:,}") if isinstance(value, int) else isolated(value)


def numbers(material: Material) -> list[tuple[str, str, bool]]:
    """The figures at the top: name, value, and whether it asks for attention."""
    documents = [document for _, document in material.counted]
    events = [event for document in documents for event in document.events]
    disputed = sum(event.attributes.get("status") in CONTESTED for event in events)
    found = [finding.severity for finding in material.all_findings]
    people = {
        d.annotation.annotator for e in material.entries for d in e.documents if not d.annotation.ground_truth
    }
    return [
        ("articles", f"{len(material.entries):,}", False),
        ("annotations", f"{sum(len(e.documents) for e in material.entries):,}", False),
        ("annotators", f"{len(people):,}", False),
        ("events", f"{len(events):,}", False),
        ("contested", f"{disputed:,}", disputed > 0),
        ("mentions", f"{sum(len(d.mentions) for d in documents):,}", False),
        ("errors", f"{found.count('error'):,}", "error" in found),
        ("warnings", f"{found.count('warning'):,}", False),
    ]
