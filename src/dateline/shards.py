"""From a spool to the Parquet files of a dataset: which rows make a file, and its bytes.

Where a file and a row group end depends on the rows alone, in their order, never on how the input was cut
into blocks or who worked on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dateline import files
from dateline.rows import ARTICLE, WEIGHT
from dateline.spool import Spool

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

FILE = 512 * 2**20  # bytes of rows in a file, by their weights; two to ten times what it takes on the disk
GROUP_ROWS, GROUP = 4096, 32 * 2**20  # rows and bytes of a row group
CODEC, LEVEL = "zstd", 3


class Piece(msgspec.Struct, frozen=True):
    """Articles of one block, by their numbers in it."""

    block: int
    articles: list[int]


class Shard(msgspec.Struct, frozen=True):
    """One file of a view and a split that is to be written: number `number` of `total`."""

    view: str
    split: str
    number: int
    total: int
    rows: int
    pieces: list[Piece]

    @property
    def path(self) -> str:
        """The file's path below the dataset's folder."""
        return f"{self.view}/{self.split}-{self.number:05d}-of-{self.total:05d}.parquet"


@dataclass(frozen=True)
class Written:
    """A file of the dataset: `path` relative to its folder, sizes in bytes, and its SHA-256."""

    view: str
    split: str
    path: str
    rows: int
    bytes: int
    memory: int
    sha256: str


class ShortError(RuntimeError):
    """A file that has not the rows that were planned for it: the spool is not what it was."""


def plan(
    view: str,
    split: str,
    places: NDArray[np.int64],
    rows: NDArray[np.int64],
    weight: NDArray[np.int64],
    limit: int = FILE,
) -> list[Shard]:
    """The files for the articles of a split, in their order.

    `places` has a block and a number in it for each article, `rows` and `weight` what it has in the view. A
    file ends before the article that would take it over the limit; no article is parted.
    """
    import numpy as np

    there = np.flatnonzero(rows)
    places, rows, weight = places[there], rows[there], weight[there]
    ends = list(_ends(np.cumsum(weight), limit))
    return [
        Shard(view, split, n, len(ends), int(rows[start:end].sum()), _pieces(places[start:end]))
        for n, (start, end) in enumerate(zip([0, *ends], ends, strict=False))
    ]


def _ends(sums: NDArray[np.int64], limit: int) -> Iterator[int]:
    """Where each stretch ends whose weight stays within the limit; at least one article is in it."""
    import numpy as np

    start = before = 0
    while start < len(sums):
        start = max(start + 1, int(np.searchsorted(sums, before + limit, "right")))
        before = int(sums[start - 1])
        yield start


def _pieces(places: NDArray[np.int64]) -> list[Piece]:
    import numpy as np

    blocks, starts = np.unique(places[:, 0], return_index=True)
    ends = [*starts[1:].tolist(), len(places)]
    return [
        Piece(int(block), places[start:end, 1].tolist())
        for block, start, end in zip(blocks, starts.tolist(), ends, strict=True)
    ]


def write(folder: Path, shard: Shard, spool: Spool, schema: pa.Schema) -> Written:
    """Write one file. Raises ShortError where the spool does not have its rows, files.FileError."""
    import pyarrow.parquet as pq

    path = folder / shard.path
    memory = count = 0
    with files.stream(path) as sink:
        with pq.ParquetWriter(sink, schema, compression=CODEC, compression_level=LEVEL) as writer:
            for group in _groups(_kept(shard, spool)):
                writer.write_table(group, row_group_size=group.num_rows)
                memory, count = memory + group.nbytes, count + group.num_rows
        size, digest = sink.tell(), sink.digest()
    if count != shard.rows:
        raise ShortError(f"{shard.path} has {count} rows in place of {shard.rows}")
    return Written(shard.view, shard.split, shard.path, count, size, memory, digest)


def _kept(shard: Shard, spool: Spool) -> Iterator[pa.Table]:
    """The rows of the shard's articles."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for piece in shard.pieces:
        wanted = pa.array(piece.articles, pa.int32())
        for table in spool.tables(piece.block, shard.view):
            kept = table.filter(pc.is_in(table[ARTICLE], value_set=wanted))
            if kept.num_rows:
                yield kept


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows in row groups, each in one piece, without the columns that only the spool has."""
    import pyarrow as pa

    held: list[pa.Table] = []
    rows = weight = 0
    for table in tables:
        held.append(table)
        rows, weight = rows + table.num_rows, weight + int(table[WEIGHT].to_numpy().sum())
        if rows >= GROUP_ROWS or weight >= GROUP:
            *whole, rest = _cut(pa.concat_tables(held))
            yield from map(_bare, whole)
            held, rows, weight = [rest], rest.num_rows, int(rest[WEIGHT].to_numpy().sum())
    if rows:
        yield _bare(pa.concat_tables(held))


def _cut(table: pa.Table) -> list[pa.Table]:
    """Whole row groups, and what is left for the next one (perhaps nothing)."""
    import numpy as np

    sums, parts, start = np.cumsum(table[WEIGHT].to_numpy()), [], 0
    while start < len(sums):
        before = int(sums[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(sums, before + GROUP, "right")))
        end = min(end, start + GROUP_ROWS)
        if end == len(sums) and end - start < GROUP_ROWS and int(sums[-1]) - before < GROUP:
            break
        parts.append(table.slice(start, end - start))
        start = end
    return [*parts, table.slice(start)]


def _bare(table: pa.Table) -> pa.Table:
    return table.drop_columns([ARTICLE, WEIGHT]).combine_chunks()
