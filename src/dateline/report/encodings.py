"""What the charts' specifications have in common: data, rows, colours, axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
WIDTH = 300  # of the plot itself; labels come on top, and a phone still reads it
ROW = 22  # the height of a row


def inline(rows: Sequence[Mapping[str, Any]]) -> Spec:
    """Rows as inline data."""
    return {"values": [dict(row) for row in rows]}


def names_in(rows: Sequence[Mapping[str, Any]], field: str) -> list[Any]:
    """The values of a column, each once, in order."""
    return list(dict.fromkeys(row[field] for row in rows))


def colored(field: str, rows: Sequence[Mapping[str, Any]], known: Mapping[str, str]) -> Spec:
    """A colour for each value of a column; grey for those that `known` does not have."""
    seen = names_in(rows, field)
    names = [n for n in known if n in seen] + [n for n in seen if n not in known]
    scale = {"domain": names, "range": [known.get(n, "var(--c0)") for n in names]}
    return {"field": field, "type": "nominal", "scale": scale, "title": None}


def y_of(field: str, rows: Sequence[Mapping[str, Any]]) -> Spec:
    """Rows of the chart for the values of a column, in the order they come in."""
    axis = {"domain": False, "ticks": False, "labelPadding": 6}
    return {"field": field, "type": "nominal", "sort": names_in(rows, field), "title": None, "axis": axis}


def x_of(field: str, title: str, **more: Any) -> Spec:
    """An axis of numbers."""
    return {"field": field, "type": "quantitative", "title": title, "axis": {"tickMinStep": 1}, **more}


def most(rows: Sequence[Mapping[str, Any]]) -> int:
    """The largest number of events in a row."""
    return max((row["events"] for row in rows), default=1)
