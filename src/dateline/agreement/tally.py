"""Counts and answers of a corpus, kept small: one row for each pair of annotations, layer and event type."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dateline.agreement import layers
from dateline.agreement.align import Alignment, Side, align, compared, pairs
from dateline.model import Document

if TYPE_CHECKING:
    import polars as pl

UNKNOWN = "unknown"


class Codes:
    """Numbers for values, in the order of their first use."""

    def __init__(self) -> None:
        self.of: dict[Any, int] = {}

    def __getitem__(self, value: Any) -> int:
        return self.of.setdefault(value, len(self.of))

    def __len__(self) -> int:
        return len(self.of)


@dataclass
class Tally:
    """What was counted. An article is the unit that is drawn in the bootstrap.

    `counted` holds 6 numbers a row (comparison, key, hits and items of either side), `said` 5 (comparison, key,
    the two answers, whether one is a default); `keys`, `values`, `pairs` and `comparisons` say what
    they stand for.
    `documents` names the compared articles, `time` what each annotation took (article, batch, annotator, seconds).
    """

    articles: int = 0
    documents: list[tuple[str, str]] = field(default_factory=list)
    ground_truths: int = 0
    repeated: int = 0
    comparisons: list[tuple[int, int, str, str, bool]] = field(default_factory=list)
    time: list[tuple[str, str, str, float | None]] = field(default_factory=list)
    keys: Codes = field(default_factory=Codes)
    values: Codes = field(default_factory=Codes)
    pairs: Codes = field(default_factory=Codes)
    counted: array[float] = field(default_factory=lambda: array("d"))
    said: array[int] = field(default_factory=lambda: array("i"))

    def add(self, documents: Sequence[Document]) -> list[Alignment]:
        """Count an article with all its annotations; its pairs, aligned by overlap."""
        kept = compared(documents)
        truths = sum(d.annotation.ground_truth for d in documents)
        self.articles += 1
        self.ground_truths += truths
        self.repeated += len(documents) - truths - len(kept)
        for d in kept:
            here = d.annotation
            self.time.append((d.doc_id, here.batch or UNKNOWN, here.annotator, here.lead_time))
        found = [self._compare(a, b) for a, b in pairs(kept)]
        if found:
            self.documents.append((kept[0].doc_id, kept[0].annotation.batch or UNKNOWN))
        return found

    def _compare(self, a: Side, b: Side) -> Alignment:
        one, two = a.document.annotation, b.document.annotation
        pair = self.pairs[f"{one.annotator} · {two.annotator}"]
        month = (a.document.source.published_at or UNKNOWN)[:7]
        pre = one.pre_annotated or two.pre_annotated
        self.comparisons.append((len(self.documents), pair, one.batch or UNKNOWN, month, pre))
        exact, loose = align(a, b, overlap=False), align(a, b)
        self._count(exact)
        self._count(loose)
        comparison = len(self.comparisons) - 1
        for layer, type_, here, there, defaulted in layers.answers(loose):
            key = self.keys[layer, "", False, type_]
            self.said.extend((comparison, key, self.values[here], self.values[there], defaulted))
        return loose

    def _count(self, aligned: Alignment) -> None:
        comparison = len(self.comparisons) - 1
        for layer, measure, drawn, type_, *numbers in layers.counts(aligned):
            self.counted.extend((comparison, self.keys[layer, measure, drawn, type_], *numbers))

    def counts(self) -> pl.DataFrame:
        """Columns: article, pair, batch, month, pre, layer, measure, drawn, type, hit_a, n_a, hit_b, n_b."""
        import numpy as np
        import polars as pl

        rows = np.frombuffer(self.counted, dtype=np.float64).reshape(-1, 6)
        names = ("hit_a", "n_a", "hit_b", "n_b")
        numbers = pl.DataFrame({name: rows[:, 2 + n] for n, name in enumerate(names)})
        return self._named(rows[:, 0], rows[:, 1], numbers)

    def answers(self) -> pl.DataFrame:
        """Columns: article, pair, batch, month, pre, layer, type, a, b (numbers of values), defaulted."""
        import numpy as np
        import polars as pl

        rows = np.frombuffer(self.said, dtype=np.intc).reshape(-1, 5)
        said = pl.DataFrame({"a": rows[:, 2], "b": rows[:, 3], "defaulted": rows[:, 4] == 1})
        return self._named(rows[:, 0], rows[:, 1], said)

    def _named(self, comparison: Any, key: Any, numbers: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        where = {
            "article": pl.UInt32,
            "pair": pl.UInt32,
            "batch": pl.Categorical,
            "month": pl.Categorical,
            "pre": pl.Boolean,
        }
        what = {
            "layer": pl.Categorical,
            "measure": pl.Categorical,
            "drawn": pl.Boolean,
            "type": pl.Categorical,
        }
        left = pl.DataFrame(self.comparisons, schema=where, orient="row")[comparison.astype("u4")]
        right = pl.DataFrame(list(self.keys.of), schema=what, orient="row")[key.astype("u4")]
        found: pl.DataFrame = pl.concat([left, right, numbers], how="horizontal")
        return found
