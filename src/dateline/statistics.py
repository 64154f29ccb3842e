"""What a dataset holds, counted with polars over its own Parquet files; the texts are never read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline import storage
from dateline.splits import SPLITS

if TYPE_CHECKING:
    import polars as pl

    from dateline.outcome import Facts

_NESTED, _FLAT = (
    ("annotations", "documents"),
    ("events", "claims"),
)  # views that tell of sources, the fullest first
_SOURCE = ("publisher", "license", "synthetic", "language", "published_at")


@dataclass(frozen=True)
class Table:
    """A table with column heads and rows; one without a title is told of elsewhere in the card."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Annotator(NamedTuple):
    """Somebody who annotated, by pseudonym; those of language models begin with `machine`."""

    name: str
    annotations: int
    truths: int

    @property
    def machine(self) -> bool:
        """Whether it is a language model."""
        return self.name.startswith("machine")


def tables(folder: Path, facts: Facts) -> dict[str, Table]:
    """The card's tables: sources, licences, languages and the period of all articles; events, arguments, relations."""
    articles = _articles(folder, facts)
    found = {
        "sources": _counted(articles, "publisher", "license", "synthetic"),
        "licences": _counted(articles, "license"),
        "languages": _counted(articles, "language"),
        "period": _period(articles),
    }
    events = _scan(folder, "events", facts)
    if events is not None:
        found |= {
            "types": _crossed("Events by type and split", "type", events),
            "status": _crossed("Events by status and split", "status", events),
            "roles": _exploded("Arguments", ("type", "role"), events, "arguments"),
            "relations": _exploded("Relations between events", ("type",), events, "relations"),
        }
    return found


def annotators(folder: Path, facts: Facts) -> list[Annotator]:
    """Who annotated, and how much of it is ground truth; nobody where there is no view `annotations`."""
    import polars as pl

    found = _scan(folder, "annotations", facts)
    if found is None:
        return []
    said = found.select(pl.col("annotation").struct.field("annotator", "ground_truth"))
    counted = said.group_by("annotator").agg(pl.len(), pl.col("ground_truth").sum()).sort("annotator")
    return [Annotator(*row) for row in counted.collect().rows()]


def files_of(folder: Path, view: str, facts: Facts) -> list[Path]:
    """The files of a view, by split and number."""
    return [folder / file.path for file in facts.files if file.view == view]


def _scan(folder: Path, view: str, facts: Facts) -> pl.LazyFrame | None:
    """The rows of all of a view's files with their split, read as far as they are asked for; None without any."""
    import polars as pl

    parts = [
        storage.scan(folder / file.path).with_columns(split=pl.lit(file.split))
        for file in facts.files
        if file.view == view
    ]
    return pl.concat(parts) if parts else None


def _articles(folder: Path, facts: Facts) -> pl.DataFrame:
    """A row for each article: its id and source."""
    import polars as pl

    for view in (*_NESTED, *_FLAT):
        found = _scan(folder, view, facts)
        if found is not None:
            named = pl.col("source").struct.field(*_SOURCE) if view in _NESTED else pl.col(_SOURCE)
            once = found.select("doc_id", named).unique("doc_id", keep="first", maintain_order=True)
            return once.collect()
    return pl.DataFrame(schema=["doc_id", *_SOURCE])


def _counted(articles: pl.DataFrame, *columns: str) -> Table:
    counted = articles.group_by(columns).len("articles").sort(columns, nulls_last=True)
    rows = [tuple("" if c is None else c for c in row) for row in counted.rows()]
    return Table("", (*columns, "articles"), rows)


def _period(articles: pl.DataFrame) -> Table:
    """The first and the last day that an article was published on; no row where no article has one."""
    import polars as pl

    days = articles.select(pl.col("published_at").cast(pl.String).str.slice(0, 10).drop_nulls())
    row = days.select(first=pl.col("published_at").min(), last=pl.col("published_at").max()).row(0)
    return Table("", ("first", "last"), [row] if row[0] is not None else [])


def _crossed(title: str, column: str, events: pl.LazyFrame) -> Table:
    counted = events.select(column, "split").group_by(column, "split").len("n").collect()
    rows = []
    for value in counted[column].unique().sort().to_list():
        by_split = {s: n for v, s, n in counted.rows() if v == value}
        rows.append((value, *(by_split.get(s, 0) for s in SPLITS), sum(by_split.values())))
    return Table(title, (column, *SPLITS, "all"), rows)


def _exploded(title: str, keys: tuple[str, ...], events: pl.LazyFrame, column: str) -> Table:
    import polars as pl

    inner = [key for key in keys if key != "type"] if column == "arguments" else list(keys)
    outer = ["type"] if column == "arguments" else []
    frame = events.select(*outer, column).explode(column).drop_nulls(column)
    picked = frame.select(*outer, *(pl.col(column).struct.field(name) for name in inner))
    counted = picked.group_by(list(keys)).len("n").sort(list(keys)).collect()
    return Table(title, (*keys, "n"), counted.rows())
