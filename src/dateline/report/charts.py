"""The charts of a report, as Vega-Lite specifications over the counted tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dateline.report.counts import Table
from dateline.report.encodings import ROW, WIDTH, Spec, colored, inline, most, names_in, x_of, y_of
from dateline.report.svg import INK

MOST = 15  # bars, where there may be any number of names
_SPLIT = {"train": "var(--c1)", "validation": "var(--c2)", "test": "var(--c3)", "no split": "var(--c0)"}
_SEVERITY = {"error": "var(--bad)", "warning": "var(--warn)", "info": "var(--c1)"}
_MEASURE = {
    "f1_exact": "var(--c1)",
    "f1_overlap": "var(--c2)",
    "bcubed_exact": "var(--c3)",
    "bcubed_overlap": "var(--c4)",
    "alpha": "var(--c5)",
}
STATUS = {
    "asserted": "var(--s-asserted)",
    "reported": "var(--s-reported)",
    "alleged": "var(--s-alleged)",
    "disputed": "var(--s-disputed)",
    "denied": "var(--s-denied)",
    "planned": "var(--s-planned)",
    "hypothetical": "var(--s-hypothetical)",
}


def stacked(table: Table, y: str, value: str, by: str, known: Mapping[str, str], title: str) -> Spec:
    """Bars of `value` for each `y`, in parts for each `by`."""
    rows = table.dicts()
    ranked = {name: n for n, name in enumerate(colored(by, rows, known)["scale"]["domain"])}
    rows = [{**row, "rank": ranked[row[by]]} for row in rows]
    return {
        "data": inline(rows),
        "width": WIDTH,
        "height": {"step": ROW},
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {
            "y": y_of(y, rows),
            "x": x_of(value, title),
            "color": colored(by, rows, known),
            "order": {"field": "rank"},
        },
    }


def bars(table: Table, y: str, value: str, title: str, known: Mapping[str, str] | None = None) -> Spec:
    """A bar with its number for each `y`, in the colours of `known` if it is given; the first ones, of many."""
    rows = table.dicts()[:MOST]
    color = colored(y, rows, known) | {"legend": None} if known is not None else {"value": "var(--c1)"}
    encoding = {"y": y_of(y, rows), "x": x_of(value, title)}
    return {
        "data": inline(rows),
        "width": WIDTH,
        "height": {"step": ROW},
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": {"color": color}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"text": {"field": value, "format": ",d"}},
            },
        ],
    }


def sources(table: Table) -> Spec:
    """Articles of the publishers that have most."""
    return bars(table, "publisher", "articles", "articles")


def findings(table: Table) -> Spec:
    """Findings by code, in the colour of their severity."""
    rows = table.dicts()[: 2 * MOST]
    spec = bars(Table(table.head, table.rows[: 2 * MOST]), "code", "findings", "findings")
    spec["data"] = inline(rows)
    spec["layer"][0]["encoding"]["color"] = colored("severity", rows, _SEVERITY)
    return spec


def roles(table: Table, colors: Mapping[str, str]) -> dict[str, Spec]:
    """For each event type the arguments of its roles; what the schema's default made is paler."""
    rows = [
        {"type": r["type"], "role": r["role"], "n": n, "by": by}
        for r in table.dicts()
        for by, n in (("drawn", r["arguments"] - r["by default"]), ("by default", r["by default"]))
    ]
    scale = {"domain": ["drawn", "by default"], "range": [1, 0.45]}
    more = {
        "opacity": {"field": "by", "type": "nominal", "scale": scale, "legend": None},
        "order": {"field": "by", "sort": "descending"},
    }
    top = max((r["arguments"] for r in table.dicts()), default=1)
    return _by_type(rows, colors, "role", top, more)


def attributes(table: Table, colors: Mapping[str, str]) -> dict[str, Spec]:
    """For each event type the answers to its questions."""
    rows = [{**r, "answer": f"{r['attribute']}: {r['value']}", "n": r["events"]} for r in table.dicts()]
    return _by_type(rows, colors, "answer", max((r["n"] for r in rows), default=1), {})


def _by_type(
    rows: list[dict[str, Any]], colors: Mapping[str, str], y: str, top: int, more: Spec
) -> dict[str, Spec]:
    """Bars for each event type, all on one scale."""
    return {
        type_: {
            "data": inline(own),
            "title": {"text": type_, "anchor": "start", "color": INK, "fontSize": 13},
            "width": WIDTH - 100,
            "height": {"step": 18},
            "mark": {"type": "bar", "height": {"band": 0.7}, "color": colors.get(type_, "var(--c0)")},
            "encoding": {
                "y": y_of(y, own),
                "x": {**x_of("n", ""), "title": None, "scale": {"domain": [0, top]}},
                **more,
            },
        }
        for type_ in names_in(rows, "type")
        for own in [[row for row in rows if row["type"] == type_]]
    }


def months(table: Table) -> Spec:
    """Articles by month, in the colours of the splits."""
    rows = table.dicts()
    count = len(names_in(rows, "month"))
    labels = {"labelAngle": -45 if count > 6 else 0, "labelOverlap": True, "domain": False}
    return {
        "data": inline(rows),
        "width": WIDTH + 60,
        "height": 160,
        "mark": {"type": "bar", "width": {"band": 0.8}},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": None, "axis": labels},
            "y": x_of("articles", "articles"),
            "color": colored("split", rows, _SPLIT),
        },
    }


def balance(table: Table) -> Spec:
    """The share of each split in the articles and in the events of each type: equal bars are balance."""
    spec = stacked(table, "what", "share", "split", _SPLIT, "share")
    spec["encoding"]["x"] |= {"axis": {"format": "%", "tickCount": 5}, "scale": {"domain": [0, 1]}}
    return spec


def timeline(table: Table, unit: str, span: tuple[str, str], colors: Mapping[str, str]) -> Spec:
    """A circle for the events of a type in a day or month within `span`; the filled part of it is contested."""
    rows = [row for row in table.dicts() if span[0] <= row[unit] <= span[1]]
    size = {"type": "quantitative", "legend": None, "scale": {"domain": [0, most(rows)], "range": [0, 520]}}
    color = {**colored("type", rows, colors), "legend": None}
    axis = {
        "domain": False,
        "labelOverlap": True,
        "format": "%Y-%m-%d" if unit == "day" else "%Y-%m",
        "tickCount": 6,
    }
    field = {"field": unit, "type": "temporal", "title": None, "axis": axis}
    y = {**y_of("type", rows), "sort": list(colors), "axis": {"grid": True, "domain": False, "ticks": False}}
    return {
        "data": inline(rows),
        "width": WIDTH + 40,
        "height": {"step": 44},
        "encoding": {"x": field, "y": y},
        "layer": [
            {
                "mark": {"type": "circle", "opacity": 0.35},
                "encoding": {"size": {**size, "field": "events"}, "color": color},
            },
            {
                "transform": [{"filter": "datum.contested > 0"}],
                "mark": {"type": "circle", "opacity": 1},
                "encoding": {"size": {**size, "field": "contested"}, "color": color},
            },
        ],
    }


def agreement(table: Table) -> dict[str, Spec]:
    """Each layer's agreement with its interval of 95 %: of what was marked, and of the answers."""
    rows = [row for row in table.dicts() if row["value"] is not None]
    parts = {
        "marks": [r for r in rows if r["measure"] != "alpha"],
        "answers": [r for r in rows if r["measure"] == "alpha"],
    }
    return {name: _layers(own) for name, own in parts.items() if own}


def _layers(rows: list[dict[str, Any]]) -> Spec:
    low = min([0, *(r["low"] for r in rows if r["low"] is not None)])
    color = colored("measure", rows, _MEASURE)
    y = {
        "y": y_of("layer", rows),
        "yOffset": {"field": "measure", "type": "nominal", "sort": list(_MEASURE)},
        "color": color,
    }
    scale, axis = {"domain": [low, 1]}, {"format": ".1f", "tickCount": 5}
    return {
        "data": inline(rows),
        "width": WIDTH,
        "height": {"step": 24, "for": "position"},
        "encoding": y,
        "layer": [
            {
                "transform": [{"filter": "datum.low != null"}],
                "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.7},
                "encoding": {"x": x_of("low", "agreement", scale=scale, axis=axis), "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "circle", "size": 42, "opacity": 1},
                "encoding": {"x": x_of("value", "agreement", axis=axis)},
            },
        ],
    }
