"""From a spool to the Parquet files of a dataset: which rows make a file, and its bytes.

Where a file and a row group end depends on the rows alone, in their order, never on how the input was cut
into blocks or who worked on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dateline import files, storage
from dateline.rows import ARTICLE, WEIGHT
from dateline.spool import Spool

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

FILE = 512 * 2**20  # bytes of rows in a file, by their weights; two to ten times what it takes on the disk
GROUP_ROWS, GROUP = 4096, 8 * 2**20  # rows and bytes of a row group, several of which are held at once
BLOCK = "_block"
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
    """A file of the dataset: `path` relative to its folder, its size in bytes, and its SHA-256.

    `memory` is the size of its values before they are compressed.
    """

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
    places: NDArray[np.int32],
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
        Shard(view, split, n, len(ends), int(rows[start:end].sum()), pieces(places[start:end]))
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


def pieces(places: NDArray[np.int32]) -> list[Piece]:
    """Articles, each given by its block and its number in it, as pieces in their order."""
    import numpy as np

    if not len(places):
        return []
    starts = [0, *(np.flatnonzero(np.diff(places[:, 0])) + 1).tolist()]
    return [
        Piece(int(places[start, 0]), places[start:end, 1].tolist())
        for start, end in zip(starts, [*starts[1:], len(places)], strict=True)
    ]


def write(folder: Path, shard: Shard, spool: Spool, schema: pa.Schema) -> Written:
    """Write one file. Raises ShortError where the spool does not have its rows, files.FileError."""
    written = _write(
        folder, shard.view, shard.split, shard.path, _groups(kept(spool, shard.view, shard.pieces)), schema
    )
    if written.rows != shard.rows:
        raise ShortError(f"{shard.path} has {written.rows} rows in place of {shard.rows}")
    return written


def rewrite(
    source: Path,
    folder: Path,
    file: tuple[str, str, str],
    change: Callable[[pa.Table], pa.Table],
    schema: pa.Schema,
) -> Written:
    """Write a file anew, row group by row group; `file` is its view, its split and its path.

    Where `change` keeps the number of rows, the row groups stay as they were planned.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as found:
        groups = (change(found.read_row_group(n)).combine_chunks() for n in range(found.num_row_groups))
        return _write(folder, *file, groups, schema)


def _write(
    folder: Path, view: str, split: str, path: str, groups: Iterable[pa.Table], schema: pa.Schema
) -> Written:
    import pyarrow.parquet as pq

    with storage.written(folder / path) as place:
        with files.stream(place) as sink:
            with pq.ParquetWriter(sink, schema, compression=CODEC, compression_level=LEVEL) as writer:
                for group in groups:
                    writer.write_table(group, row_group_size=group.num_rows)
            size, digest = sink.tell(), sink.digest()
        found = pq.read_metadata(place)
    # what Arrow says of tables in memory depends on how they were made, this on nothing but the file
    plain = sum(found.row_group(n).total_byte_size for n in range(found.num_row_groups))
    return Written(view, split, path, found.num_rows, size, plain, digest)


def kept(spool: Spool, name: str, pieces: list[Piece]) -> Iterator[pa.Table]:
    """The rows of these articles in a table of the spool, in the order of the pieces.

    Where that is the order of the spool, the rows stream. Else all are held while they are sorted.
    """
    tables = _found(spool, name, pieces)
    if _is_in_order(pieces):
        yield from tables
    elif found := list(tables):
        yield _sorted(found, pieces)


def _is_in_order(pieces: list[Piece]) -> bool:
    blocks = [piece.block for piece in pieces]
    return all(a < b for a, b in pairwise(blocks)) and all(
        a < b for piece in pieces for a, b in pairwise(piece.articles)
    )


def _found(spool: Spool, name: str, pieces: list[Piece]) -> Iterator[pa.Table]:
    """The rows of the articles, each with its block, in the order of the spool."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted: dict[int, list[int]] = defaultdict(list)
    for piece in pieces:
        wanted[piece.block] += piece.articles
    for block in sorted(wanted):
        articles = pa.array(wanted[block], pa.int32())
        for table in spool.tables(block, name):
            rows = table.filter(pc.is_in(table[ARTICLE], value_set=articles))
            if rows.num_rows:
                yield rows.append_column(BLOCK, pa.array(np.full(rows.num_rows, block)))


def _sorted(tables: list[pa.Table], pieces: list[Piece]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    table = pa.concat_tables(tables)
    places = ((piece.block, article) for piece in pieces for article in piece.articles)
    rank = {place: n for n, place in enumerate(places)}
    rows = zip(table[BLOCK].to_pylist(), table[ARTICLE].to_pylist(), strict=True)
    return table.take(np.argsort([rank[place] for place in rows], kind="stable"))


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
    return table.drop_columns([ARTICLE, WEIGHT, BLOCK]).combine_chunks()
