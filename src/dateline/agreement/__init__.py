"""How far annotators agree, layer by layer, and on what they do not.

`measure` compares all annotations of a corpus, `align` two annotations of one article (adjudication builds
on it), `shortfalls` holds the result against the project's thresholds. Ground truth takes no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dateline.agreement.align import Alignment, Side, align, compared, pairs
from dateline.agreement.difference import Difference
from dateline.agreement.disagreements import Disagreement, Reading, Worst, differences
from dateline.agreement.estimate import Row, rows
from dateline.agreement.tally import Tally
from dateline.agreement.thresholds import check_names, shortfalls
from dateline.model import Document
from dateline.schema import Schema

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Agreement",
    "Alignment",
    "Difference",
    "Disagreement",
    "Reading",
    "Row",
    "Side",
    "align",
    "check_names",
    "compared",
    "differences",
    "measure",
    "pairs",
    "shortfalls",
]


@dataclass(frozen=True)
class Agreement:
    """What `measure` found.

    `rows` are the numbers, those of the whole first, then by type, pair, batch and month. `disagreements`
    are the worst, of `total`. `time` holds article, batch, annotator and seconds (or None) of every
    annotation that took part. `counts` says what was read and compared.
    """

    rows: list[Row]
    disagreements: list[Disagreement]
    total: int
    time: list[tuple[str, str, str, float | None]]
    counts: Mapping[str, int]

    def layers(self) -> pl.DataFrame:
        """The rows as a table: the fields of Row are its columns, an empty group is null."""
        return _frame(self.rows)

    def as_json(self) -> dict[str, Any]:
        """`layers` (the whole), `groups` (by type, pair, batch, month), `disagreements`, `time`, `counts`."""
        import msgspec

        plain = [row._asdict() for row in self.rows]
        whole = [{k: v for k, v in row.items() if k not in ("by", "group")} for row in plain if not row["by"]]
        names = ("doc_id", "batch", "annotator", "lead_time")
        return {
            "layers": whole,
            "groups": [row for row in plain if row["by"]],
            "disagreements": msgspec.to_builtins(self.disagreements),
            "disagreements_total": self.total,
            "time": [dict(zip(names, row, strict=True)) for row in sorted(self.time, key=lambda t: t[:3])],
            "counts": dict(self.counts),
        }


def measure(
    articles: Iterable[Sequence[Document]],
    schema: Schema,
    *,
    resamples: int = 1000,
    seed: int = 0,
    limit: int = 100,
    server: str | None = None,
) -> Agreement:
    """Agreement over articles, each given with all its annotations; they are read once and not kept.

    The same articles in any order, with any ids, give the same result. `limit` is how many disagreements are
    kept (0: all), `server` the address of Label Studio for links. Raises ValueError where two annotations of
    an article have different texts.
    """
    tally, worst = Tally(), Worst(limit, server)
    for documents in articles:
        worst.add(tally.add(documents))
    counts = {
        "articles": tally.articles,
        "compared": len(tally.documents),
        "pairs of annotations": len(tally.comparisons),
        "ground truths left out": tally.ground_truths,
        "earlier annotations by the same annotator left out": tally.repeated,
    }
    return Agreement(rows(tally, schema, resamples, seed), worst.list(), worst.total, tally.time, counts)


def _frame(found: Sequence[Row]) -> pl.DataFrame:
    import polars as pl

    texts = dict.fromkeys(Row._fields[:6], pl.String)
    numbers = dict.fromkeys(("value", "low", "high"), pl.Float64)
    frame = pl.DataFrame(found, schema={**texts, **numbers, "n": pl.Int64}, orient="row")
    return frame.with_columns(pl.col("by", "group").replace("", None))
