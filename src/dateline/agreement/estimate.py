"""From a tally to the table: every measure of every layer with its interval, for all and by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline.agreement import blocks, layers, measures
from dateline.agreement.bootstrap import interval, weights
from dateline.agreement.tally import Tally
from dateline.schema import COMMON_ATTRIBUTES, Schema

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Cut = tuple[str, str, pl.DataFrame]  # by, pre-annotated, rows

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


def rows(tally: Tally, schema: Schema, resamples: int, seed: int) -> list[Row]:
    """All numbers, in the order of the layers; where nothing was counted the whole's are there without value."""
    drawn = _weights(tally, resamples, seed)
    plain = [*_f1_rows(_cuts(tally.counts()), drawn), *_answer_rows(_cuts(tally.answers()), drawn)]
    names = {str(code): name for name, code in tally.pairs.of.items()}
    found = [
        row._replace(group=names.get(row.group, row.group)) if row.by == "pair" else row for row in plain
    ]
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


def whole(tally: Tally, resamples: int, seed: int) -> list[Row]:
    """The numbers of the whole alone, in no order, of what has any: a tenth of the work of `rows`."""
    drawn = _weights(tally, resamples, seed)
    f1 = _f1_rows([("", WITH, tally.counts())], drawn)
    answers = _answer_rows([("", WITH, tally.answers())], drawn)
    return [row for row in (*f1, *answers) if not row.by and row.defaults == WITH and row.value is not None]


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


def _cuts(frame: pl.DataFrame) -> Iterator[Cut]:
    """What is measured: everything, everything without pre-annotated pairs, and each grouping of everything."""
    import polars as pl

    yield "", WITH, frame
    yield "", WITHOUT, frame.filter(~pl.col("pre"))
    for by in GROUPS:
        if by != "pair":  # comes with the whole
            yield by, WITH, frame.filter(pl.col(by) != "")


def _f1_rows(cuts: Iterable[Cut], drawn: Floats) -> Iterator[Row]:
    for by, pre, cut in cuts:
        for block, totals in blocks.summed(_f1_blocks(cut, by, pre), drawn):
            values = measures.f1(totals), measures.pooled_f1(totals)
            yield from _key_rows(block, by, values, totals[:, 1, 0] + totals[:, 3, 0])


def _f1_blocks(cut: pl.DataFrame, by: str, pre: str) -> Iterator[blocks.Block]:
    import polars as pl

    keys = ["layer", "measure", "drawn"]
    frame = cut.filter(~pl.col("drawn")) if by else cut
    wanted = [*keys, *([by] if by else []), "pair", "article"]
    by_article = frame.group_by(wanted).agg(pl.col(blocks.NUMBERS).sum())
    for key, part in blocks.in_parts(by_article, keys, by):
        start = str(key[0]), str(key[1]), WITHOUT if key[2] else WITH, pre
        yield blocks.of_counts(start, str(key[-1]) if by else "", part)


def _answer_rows(cuts: Iterable[Cut], drawn: Floats) -> Iterator[Row]:
    for by, pre, cut in cuts:
        for block, totals in blocks.summed(_answer_blocks(cut, by, pre), drawn):
            for name, formula in ((layers.ALPHA, measures.alpha), (layers.RAW, measures.raw)):
                named = block._replace(key=(block.key[0], name, *block.key[1:]))
                values = formula(totals), formula(totals.sum(axis=0))
                yield from _key_rows(named, by, values, totals[:, 0, 0])


def _answer_blocks(cut: pl.DataFrame, by: str, pre: str) -> Iterator[blocks.Block]:
    import polars as pl

    if by == "type":  # the other layers have one type, or are about types
        cut = cut.filter(pl.col("layer").cast(pl.String).is_in(COMMON_ATTRIBUTES))
    answered = cut.filter(~pl.col("defaulted"), pl.col("layer") != layers.TYPE)
    for defaults, frame in ((WITH, cut), (WITHOUT, answered)):
        if defaults == WITH or not by:
            for key, part in blocks.in_parts(frame, ["layer"], by):
                yield blocks.of_answers((str(key[0]), defaults, pre), str(key[-1]) if by else "", part)


def _key_rows(block: blocks.Block, by: str, values: tuple[Floats, Floats], items: Floats) -> Iterator[Row]:
    """The row of a block; for the whole also those of the pairs and of their mean."""
    each, pooled = values
    articles = len(block.used)
    yield _row(block.key, by, block.group, pooled, articles, items.sum())
    if by or block.key[2:] != (WITH, WITH):
        return
    for n, pair in enumerate(block.pairs):
        known = int(block.cells[n].any(axis=0).sum())
        yield _row(block.key, "pair", str(pair), each[n], known, items[n])
    yield _row(block.key, "pair", MEAN, _mean(each), articles, items.sum())


def _mean(each: Floats) -> Floats:
    """The mean over pairs of what is known."""
    import numpy as np

    known = ~np.isnan(each)
    return measures.ratio(np.nan_to_num(each).sum(axis=0), known.sum(axis=0).astype(float))


def _row(start: tuple[Any, ...], by: str, group: str, values: Floats, articles: int, n: float) -> Row:
    import math

    value = None if math.isnan(values[0]) else round(float(values[0]), 6)
    low, high = interval(values, articles) if value is not None else (None, None)
    layer, measure, defaults, pre = start
    return Row(layer, measure, defaults, pre, by, group, value, _rounded(low), _rounded(high), int(n))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
