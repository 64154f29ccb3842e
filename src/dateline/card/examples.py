"""One row of each view, shortened: enough to see its shape, and not enough to read the article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dateline import statistics, storage, views
from dateline.card.markdown import table
from dateline.outcome import Facts

WORDS, ITEMS, PLAIN = (
    60,
    2,
    8,
)  # code points of a text, items of a list, values of a plain list that are shown
_LOOKED_AT = 50  # rows, for one whose lists have something in them


def examples(folder: Path, facts: Facts) -> list[str]:
    """The section with a table for each view that has rows."""
    lines = [
        "## A row of each view",
        "",
        f"Shortened: texts to {WORDS} characters, lists to {ITEMS} items or {PLAIN} plain values.",
        "",
    ]
    for view in facts.rows:
        files = statistics.files_of(folder, view, facts)
        if files:
            row = _row(files[0], view)
            shown = [(name, _said(value)) for name, value in row.items()]
            lines += [f"### {view}", "", *table(("column", "value"), shown)]
    return lines


def _row(path: Path, view: str) -> dict[str, Any]:
    """Of the first rows of a file the one whose lists say the most."""
    lists = [name for name, type_ in views.COLUMNS[view].items() if isinstance(type_, list)]
    rows = storage.scan(path).head(_LOOKED_AT).collect().to_dicts()  # no row group is held for them
    found: dict[str, Any] = max(rows, key=lambda row: sum(_variety(row[name]) for name in lists))
    return found


def _variety(items: list[Any] | None) -> int:
    """0 for an empty list, 1 for one that repeats a value, such as tags that are all `O`, else 2."""
    return min(2, len(set(map(str, items or ()))))


def _said(value: object) -> str:
    import json

    short = shortened(value)
    return short if isinstance(short, str) else json.dumps(short, ensure_ascii=False)


def shortened(value: object) -> object:
    """A value with its texts and lists cut."""
    if isinstance(value, str):
        return value if len(value) <= WORDS else value[: WORDS - 1] + "…"
    if isinstance(value, list):
        most = ITEMS if value and isinstance(value[0], dict) else PLAIN
        cut = [shortened(item) for item in value[:most]]
        return cut if len(value) <= most else [*cut, f"… {len(value) - most} more"]
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    return value
