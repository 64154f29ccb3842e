"""The graph of parties: those who act on the left, those it is done to on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dateline.report.counts import Table
from dateline.report.encodings import ROW, WIDTH, Spec, colored, inline, most, names_in
from dateline.report.svg import SOFT

_EDGES = 7  # for each thing that is done
_AXIS: Spec = {"type": "quantitative", "axis": None}
_ACROSS: Spec = {**_AXIS, "scale": {"domain": [-0.03, 1.03], "nice": False}}
_DOWN: Spec = {**_AXIS, "scale": {"domain": [1.02, -0.02], "nice": False}}


def parties(table: Table, colors: Mapping[str, str]) -> Spec:
    """The busiest parties, and a line for what one of them did to another: the thicker, the more events."""
    rows = _busiest(table)
    left, right = _columns(rows)
    ends = [{"name": n, "y": y, "side": side} for side, of in enumerate((left, right)) for n, y in of.items()]
    edges = [{**r, "y": left[r["who"]], "y2": right[r["whom"]], "x": 0, "x2": 1} for r in rows]
    verbs = {r["did"]: colors.get(r["type"], "var(--c0)") for r in rows}
    return {
        "width": WIDTH - 60,
        "height": ROW * max(len(left), len(right), 1),
        "layer": [_lines(edges, verbs), _points(ends), _labels(ends, 0), _labels(ends, 1)],
    }


def _lines(edges: list[dict[str, Any]], verbs: Mapping[str, str]) -> Spec:
    width = {"domain": [0, most(edges)], "range": [1, 7]}
    legend = {"symbolType": "stroke", "symbolStrokeWidth": 4}
    return {
        "data": inline(edges),
        "mark": {"type": "rule", "opacity": 0.8, "strokeCap": "round"},
        "encoding": {
            "x": {"field": "x", **_ACROSS},
            "x2": {"field": "x2"},
            "y": {"field": "y", **_DOWN},
            "y2": {"field": "y2"},
            "color": {**colored("did", edges, verbs), "legend": legend},
            "strokeWidth": {"field": "events", "type": "quantitative", "legend": None, "scale": width},
        },
    }


def _points(ends: list[dict[str, Any]]) -> Spec:
    return {
        "data": inline(ends),
        "mark": {"type": "point", "shape": "triangle-right", "filled": True, "color": SOFT, "size": 40},
        "encoding": {"x": {"field": "side", **_ACROSS}, "y": {"field": "y", **_DOWN}},
    }


def _labels(ends: list[dict[str, Any]], side: int) -> Spec:
    align, dx = (("right", -8), ("left", 8))[side]
    return {
        "data": inline([end for end in ends if end["side"] == side]),
        "mark": {"type": "text", "align": align, "dx": dx, "limit": 190, "clip": False},
        "encoding": {
            "x": {"field": "side", **_ACROSS},
            "y": {"field": "y", **_DOWN},
            "text": {"field": "name"},
        },
    }


def _busiest(table: Table) -> list[dict[str, Any]]:
    """The rows with most events, as many of each thing that is done."""
    rows = table.dicts()
    return [row for verb in names_in(rows, "did") for row in [r for r in rows if r["did"] == verb][:_EDGES]]


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, float], dict[str, float]]:
    """Heights from 0 to 1 for the names of either side, each near those it is joined with, so that few lines cross."""
    left = _spread(names_in(rows, "who"))
    right = _spread(names_in(rows, "whom"))
    for _ in range(6):
        right = _spread(
            sorted(right, key=lambda n: (_mean([left[r["who"]] for r in rows if r["whom"] == n]), n))
        )
        left = _spread(
            sorted(left, key=lambda n: (_mean([right[r["whom"]] for r in rows if r["who"] == n]), n))
        )
    return left, right


def _spread(names: Sequence[str]) -> dict[str, float]:
    return {name: (n + 0.5) / len(names) for n, name in enumerate(names)}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 9)
