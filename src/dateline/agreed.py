"""How far the annotators of a dataset agree, measured on its own view `annotations`.

A dataset may be large: beyond `LIMIT` articles with several annotations, those with the smallest SHA-256 of
their id are measured, which is a sample that does not depend on the order of anything. Spans, labels,
answers and relations are compared by their offsets, so that it is the same with and without the texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline import statistics, storage
from dateline.model import Document, sha256
from dateline.schema import COMMON_ATTRIBUTES

if TYPE_CHECKING:
    from dateline.agreement import Row
    from dateline.outcome import Facts

LIMIT = 500
RESAMPLES, SEED = 1000, 0
_OF_WORDS = "text"  # the column that is not needed


@dataclass(frozen=True)
class Agreed:
    """The numbers of the whole, by layer, of `articles` out of `of` that have several annotations."""

    rows: list[Row]
    articles: int
    of: int
    pairs: int

    def of_measure(self, *names: str) -> dict[str, list[Row | None]]:
        """For each layer that has any of these measures, its rows in the order of the names."""
        found: dict[str, list[Row | None]] = {}
        for row in self.rows:
            if row.measure in names:
                found.setdefault(row.layer, [None] * len(names))[names.index(row.measure)] = row
        return found


def measured(folder: Path, facts: Facts) -> Agreed | None:
    """Agreement between annotators, ground truth apart; None where no article has two of them."""
    from dateline.agreement import layers
    from dateline.agreement.estimate import whole
    from dateline.agreement.tally import Tally

    several = _several(folder, facts)
    if not several:
        return None
    tally = Tally()
    for documents in _articles(folder, facts, set(several[:LIMIT])):
        if len({d.text_sha256 for d in documents}) == 1:  # others cannot be compared
            tally.add(documents)
    order = [*layers.F1_LAYERS, *layers.CLUSTER_LAYERS, layers.TYPE, *COMMON_ATTRIBUTES]
    place = {layer: n for n, layer in enumerate(order)}
    found = whole(tally, RESAMPLES, SEED)
    found.sort(key=lambda row: (place.get(row.layer, len(place)), row.layer, row.measure))
    return Agreed(found, len(tally.documents), len(several), len(tally.comparisons))


def _several(folder: Path, facts: Facts) -> list[str]:
    """The articles that two annotators or more have annotated, in the order of the sample."""
    import polars as pl

    paths = statistics.files_of(folder, "annotations", facts)
    if not paths:
        return []
    said = pl.concat([storage.scan(path) for path in paths]).select(
        "doc_id", pl.col("annotation").struct.field("annotator", "ground_truth")
    )
    people = said.filter(~pl.col("ground_truth")).group_by("doc_id").agg(pl.col("annotator").n_unique())
    found = people.filter(pl.col("annotator") > 1).select("doc_id").collect()["doc_id"].to_list()
    return sorted(found, key=lambda doc_id: (sha256(doc_id), doc_id))


def _articles(folder: Path, facts: Facts, wanted: set[str]) -> Iterator[list[Document]]:
    """The wanted articles with all their annotations; those of an article lie in one file, next to each other."""
    from dateline.views import documents

    columns = [name for name in documents.COLUMNS if name != _OF_WORDS]
    found: dict[str, list[Document]] = defaultdict(list)
    for path in statistics.files_of(folder, "annotations", facts):
        for row in _rows(path, columns, wanted):
            found[row["doc_id"]].append(documents.document_of({**row, _OF_WORDS: ""}))
    yield from found.values()


def _rows(path: Path, columns: list[str], wanted: set[str]) -> Iterator[dict[str, Any]]:
    """The rows of the wanted articles; row groups without any are not read."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    ids = pa.array(sorted(wanted))
    with pq.ParquetFile(storage.readable(path)) as file:
        for group in range(file.num_row_groups):
            here = pc.is_in(file.read_row_group(group, ["doc_id"])["doc_id"], value_set=ids)
            if pc.any(here).as_py():
                yield from file.read_row_group(group, columns).filter(here).to_pylist()
