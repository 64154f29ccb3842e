"""From a tally to the table: every measure of every layer with its interval, for all and by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline.agreement import layers, measures
from dateline.agreement.bootstrap import interval, weights
from dateline.agreement.tally import Tally
from dateline.schema import COMMON_ATTRIBUTES, Schema

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WITH, WITHOUT = "with", "without"
GROUPS = ("type", "pair", "batch", "month")
MEAN = "mean"  # of the pairs, each counting the same


class Row(NamedTuple):
    """One number of the table.

    `defaults` and `pre_annotated` say whether what was defaulted, and annotations that started from a
    prediction, are in it. `by` and `group` are empty for the whole. `n` counts items on both sides, or
    aligned events for alpha and raw agreement. `value` is None without data, `low` and `high` without an interval.
    """

    layer: str
    measure: str
    defaults: str
    pre_annotated: str
    by: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    n: int


class Sums(NamedTuple):
    """Sums by pair and resample, shape (pairs, numbers, 1 + resamples), and how many articles gave them."""

    pairs: list[str]
    totals: Floats
    articles: int


def rows(tally: Tally, schema: Schema, resamples: int, seed: int) -> list[Row]:
    """All numbers, in the order of the layers; where nothing was counted the whole's are there without value."""
    drawn = _weights(tally, resamples, seed)
    found = [*_f1_rows(tally.counts(), drawn), *_answer_rows(tally.answers(), drawn)]
    known = {row[:6] for row in found}
    found += [row for row in _empty(schema) if row[:6] not in known]
    place = {name: n for n, name in enumerate(layers.names(schema))}
    groups = {name: n for n, name in enumerate(("", *GROUPS))}

    def order(row: Row) -> tuple[Any, ...]:
        measure = layers.measures(row.layer).index(row.measure)
        return (
            groups[row.by],
            place.get(row.layer, len(place)),
            row.layer,
            measure,
            row.group == MEAN,
            row[2:6],
        )

    return sorted(found, key=order)


def _weights(tally: Tally, resamples: int, seed: int) -> Floats:
    """The weights in the tally's order, given out by the articles' names: the order of reading is no matter."""
    import numpy as np

    by_name = np.argsort(
        np.array(sorted(range(len(tally.documents)), key=tally.documents.__getitem__), dtype=int)
    )
    found: Floats = weights(len(tally.documents), resamples, seed)[by_name]
    return found


def _empty(schema: Schema) -> Iterator[Row]:
    for layer in layers.names(schema):
        for measure in layers.measures(layer):
            for defaults in (WITH, WITHOUT) if _has_defaults(layer) else (WITH,):
                for pre in (WITH, WITHOUT):
                    yield Row(layer, measure, defaults, pre, "", "", None, None, None, 0)


def _has_defaults(layer: str) -> bool:
    return layer.startswith("argument_") or layer in COMMON_ATTRIBUTES or "." in layer


def _cuts(frame: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """What is measured: everything, everything without pre-annotated pairs, and each grouping of everything."""
    import polars as pl

    yield "", WITH, frame
    yield "", WITHOUT, frame.filter(~pl.col("pre"))
    for by in GROUPS:
        if by != "pair":  # comes with the whole
            yield by, WITH, frame.filter(pl.col(by) != "")


def _f1_rows(counts: pl.DataFrame, drawn: Floats) -> Iterator[Row]:
    import polars as pl

    numbers = ["hit_a", "n_a", "hit_b", "n_b"]
    for by, pre, cut in _cuts(counts):
        frame = cut.filter(~pl.col("drawn")) if by else cut
        keys = ["layer", "measure", "drawn", *([by] if by else [])]
        summed = frame.group_by([*keys, "pair", "article"]).agg(pl.col(numbers).sum())
        for key, part in summed.partition_by(keys, as_dict=True).items():
            sums = _sums(part, part.select(numbers).to_numpy().T, drawn)
            start = str(key[0]), str(key[1]), WITHOUT if key[2] else WITH, pre
            values = measures.f1(sums.totals), measures.pooled_f1(sums.totals)
            items = sums.totals[:, 1, 0] + sums.totals[:, 3, 0]
            yield from _key_rows(start, by, key, sums, values, items)


def _answer_rows(answers: pl.DataFrame, drawn: Floats) -> Iterator[Row]:
    import polars as pl

    for by, pre, cut in _cuts(answers):
        keys = ["layer", *([by] if by else [])]
        if by == "type":
            cut = cut.filter(pl.col("layer").cast(pl.String).is_in(COMMON_ATTRIBUTES))
        for defaults in (WITH,) if by else (WITH, WITHOUT):
            frame = (
                cut if defaults == WITH else cut.filter(~pl.col("defaulted"), pl.col("layer") != layers.TYPE)
            )
            for key, part in frame.partition_by(keys, as_dict=True).items():
                sums = _answer_sums(part, drawn)
                for name, formula in ((layers.ALPHA, measures.alpha), (layers.RAW, measures.raw)):
                    values = formula(sums.totals), formula(sums.totals.sum(axis=0))
                    start = str(key[0]), name, defaults, pre
                    yield from _key_rows(start, by, key, sums, values, sums.totals[:, 0, 0])


def _key_rows(
    start: tuple[str, str, str, str],
    by: str,
    key: tuple[Any, ...],
    sums: Sums,
    values: tuple[Floats, Floats],
    items: Floats,
) -> Iterator[Row]:
    """The row of a key; for the whole also those of the pairs and of their mean."""
    each, pooled = values
    yield _row(start, by, str(key[-1]) if by else "", pooled, sums.articles, items.sum())
    if by or start[2:] != (WITH, WITH):
        return
    for n, pair in enumerate(sums.pairs):
        yield _row(start, "pair", pair, each[n], sums.articles, items[n])
    yield _row(start, "pair", MEAN, _mean(each), sums.articles, items.sum())


def _mean(each: Floats) -> Floats:
    """The mean over pairs of what is known."""
    import numpy as np

    known = ~np.isnan(each)
    return measures.ratio(np.nan_to_num(each).sum(axis=0), known.sum(axis=0).astype(float))


def _row(
    start: tuple[str, str, str, str], by: str, group: str, values: Floats, articles: int, n: float
) -> Row:
    import math

    value = None if math.isnan(values[0]) else round(float(values[0]), 6)
    low, high = interval(values, articles) if value is not None else (None, None)
    return Row(*start, by, group, value, _rounded(low), _rounded(high), int(n))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _sums(part: pl.DataFrame, numbers: Floats, drawn: Floats) -> Sums:
    """`numbers` (numbers, rows), one row for each pair and article, as sums over resampled articles."""
    import numpy as np

    pairs, pair = _pairs(part)
    used, at = np.unique(part["article"].to_numpy(), return_inverse=True)
    cells = np.zeros((len(pairs), len(numbers), len(used)))
    cells[pair, :, at] = numbers.T
    return Sums(pairs, _drawn(cells, used, drawn), len(used))


def _answer_sums(part: pl.DataFrame, drawn: Floats) -> Sums:
    """Units, equal ones, and how often each value was given, as sums over resampled articles."""
    import numpy as np

    pairs, pair = _pairs(part)
    used, at = np.unique(part["article"].to_numpy(), return_inverse=True)
    a, b = part["a"].to_numpy(), part["b"].to_numpy()
    known, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    cells = np.zeros((len(pairs), 2 + len(known), len(used)))
    of_a, of_b = codes[: len(a)], codes[len(a) :]
    for column, amount in ((0, 1), (1, a == b), (2 + of_a, 1), (2 + of_b, 1)):
        np.add.at(cells, (pair, np.asarray(column), at), amount)
    return Sums(pairs, _drawn(cells, used, drawn), len(used))


def _pairs(part: pl.DataFrame) -> tuple[list[str], NDArray[np.intp]]:
    import numpy as np
    import polars as pl

    pairs, pair = np.unique(part["pair"].cast(pl.String).to_numpy(), return_inverse=True)
    return [str(name) for name in pairs], pair


def _drawn(cells: Floats, used: NDArray[np.intp], drawn: Floats) -> Floats:
    weight = drawn if len(used) == len(drawn) else drawn[used]
    flat = cells.reshape(-1, cells.shape[-1]) @ weight
    return flat.reshape(*cells.shape[:2], -1)
