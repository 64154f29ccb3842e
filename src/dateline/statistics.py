"""What a dataset holds, counted with polars over its own Parquet files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.splits import SPLITS

if TYPE_CHECKING:
    import polars as pl

    from dateline.outcome import Facts


@dataclass(frozen=True)
class Table:
    """A table with column heads and rows; one without a title is told of elsewhere in the card."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def tables(folder: Path, facts: Facts) -> dict[str, Table]:
    """The card's tables: sources and languages of all articles, events, arguments, mentions, relations."""
    articles = _read(folder, "annotations", facts) or _read(folder, "documents", facts) or []
    events = _read(folder, "events", facts)
    found = {
        "sources": _sources(articles),
        "licences": _sources(articles, "license"),
        "languages": _sources(articles, "language"),
    }
    if events:
        found |= {
            "types": _crossed("Events by type and split", "type", events),
            "status": _crossed("Events by status and split", "status", events),
            "roles": _exploded("Arguments", ("type", "role"), events, "arguments"),
            "relations": _exploded("Relations between events", ("type",), events, "relations"),
        }
    return found


def _read(folder: Path, view: str, facts: Facts) -> list[tuple[str, pl.DataFrame]]:
    """The view's rows by split."""
    import polars as pl

    return [(file.split, pl.read_parquet(folder / file.path)) for file in facts.files if file.view == view]


def _sources(articles: list[tuple[str, pl.DataFrame]], column: str | None = None) -> Table:
    import polars as pl

    columns = [column] if column else ["publisher", "license", "synthetic"]
    head = (*columns, "articles")
    if not articles:
        return Table("", head, [])
    frame = pl.concat([f.select("doc_id", "source").unnest("source") for _, f in articles]).unique("doc_id")
    counted = frame.group_by(columns).len("articles").sort(columns, nulls_last=True)
    return Table("", head, [tuple("" if c is None else c for c in row) for row in counted.rows()])


def _crossed(title: str, column: str, events: list[tuple[str, pl.DataFrame]]) -> Table:
    import polars as pl

    long = pl.concat([frame.select(column, split=pl.lit(split)) for split, frame in events])
    counted = long.group_by(column, "split").len("n")
    rows = []
    for value in counted[column].unique().sort().to_list():
        by_split = {s: n for v, s, n in counted.rows() if v == value}
        rows.append((value, *(by_split.get(s, 0) for s in SPLITS), sum(by_split.values())))
    return Table(title, (column, *SPLITS, "all"), rows)


def _exploded(
    title: str, keys: tuple[str, ...], events: list[tuple[str, pl.DataFrame]], column: str
) -> Table:
    import polars as pl

    inner = [key for key in keys if key != "type"] if column == "arguments" else list(keys)
    outer = ["type"] if column == "arguments" else []
    frame = pl.concat([f.select(*outer, column) for _, f in events]).explode(column).drop_nulls(column)
    if frame.is_empty():
        return Table(title, (*keys, "n"), [])
    picked = frame.select(*outer, *(pl.col(column).struct.field(name) for name in inner))
    counted = picked.group_by(list(keys)).len("n").sort(list(keys))
    return Table(title, (*keys, "n"), counted.rows())
