"""Counts by article, ready to be summed over resamples: many measures in one product of matrices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

MOST = 4_000_000  # numbers that are multiplied at once: 32 MiB
NUMBERS = ["hit_a", "n_a", "hit_b", "n_b"]


class Block(NamedTuple):
    """What one number of the table needs, by pair and article.

    `key` says which number it is. `pairs` are the pairs' numbers, `used` the articles that give it data;
    `cells` has the shape (pairs, numbers, articles used).
    """

    key: tuple[Any, ...]
    group: str
    pairs: Indices
    used: Indices
    cells: Floats


def of_counts(key: tuple[Any, ...], group: str, part: pl.DataFrame) -> Block:
    """Hits and items of either side; one row of `part` for each pair and article."""
    import numpy as np

    pairs, pair = _codes(part["pair"].to_numpy())
    used, at = _codes(part["article"].to_numpy())
    cells = np.zeros((len(pairs), len(NUMBERS), len(used)))
    cells[pair, :, at] = part.select(NUMBERS).to_numpy()
    return Block(key, group, pairs, used, cells)


def of_answers(key: tuple[Any, ...], group: str, part: pl.DataFrame) -> Block:
    """Units, equal ones, and how often each value was given; one row of `part` for each unit."""
    import numpy as np

    pairs, pair = _codes(part["pair"].to_numpy())
    used, at = _codes(part["article"].to_numpy())
    a, b = part["a"].to_numpy(), part["b"].to_numpy()
    known, codes = _codes(np.concatenate([a, b]))
    shape = len(pairs), 2 + len(known), len(used)
    unit = pair * shape[1] * shape[2] + at
    equal = (unit + shape[2])[a == b]
    given = np.tile(unit, 2) + (2 + codes) * shape[2]
    flat = np.bincount(np.concatenate([unit, equal, given]), minlength=shape[0] * shape[1] * shape[2])
    return Block(key, group, pairs, used, flat.reshape(shape).astype(float))


def _codes(values: NDArray[Any]) -> tuple[Indices, Indices]:
    """The small numbers that occur, in order, and for each value its place among them."""
    import numpy as np

    used = np.flatnonzero(np.bincount(values))
    return used, _places(used)[values]


def _places(used: Indices) -> Indices:
    import numpy as np

    place = np.zeros(int(used[-1]) + 1, dtype=np.intp)
    place[used] = np.arange(len(used))
    return place


def summed(blocks: Iterable[Block], drawn: Floats) -> Iterator[tuple[Block, Floats]]:
    """Each block with its sums, shape (pairs, numbers, 1 + resamples); `drawn` has a row for each article.

    Neighbours of one group share their articles and are multiplied together, as far as memory is meant to go.
    """
    batch: list[Block] = []
    size = 0
    for block in blocks:
        if batch and (block.group != batch[0].group or size + block.cells.size > MOST):
            yield from _multiplied(batch, drawn)
            batch, size = [], 0
        batch.append(block)
        size += block.cells.size
    if batch:
        yield from _multiplied(batch, drawn)


def _multiplied(batch: list[Block], drawn: Floats) -> Iterator[tuple[Block, Floats]]:
    import numpy as np

    used = np.flatnonzero(np.bincount(np.concatenate([block.used for block in batch])))
    place = _places(used)
    ends = np.cumsum([block.cells.shape[0] * block.cells.shape[1] for block in batch])
    starts = [0, *ends[:-1]]
    cells = np.zeros((int(ends[-1]), len(used)))
    for block, start, end in zip(batch, starts, ends, strict=True):
        cells[start:end, place[block.used]] = block.cells.reshape(end - start, -1)
    totals = cells @ (drawn if len(used) == len(drawn) else drawn[used])
    for block, start, end in zip(batch, starts, ends, strict=True):
        yield block, totals[start:end].reshape(*block.cells.shape[:2], -1)


def in_parts(frame: pl.DataFrame, keys: list[str], by: str) -> Iterator[tuple[tuple[Any, ...], pl.DataFrame]]:
    """The rows by their keys, those of one group after each other."""
    import polars as pl

    ordered = frame.sort(pl.col(by).cast(pl.String)) if by else frame
    parts = ordered.partition_by([*keys, *([by] if by else [])], as_dict=True, maintain_order=True)
    yield from parts.items()
