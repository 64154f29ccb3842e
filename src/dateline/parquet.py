"""Rows to Parquet files whose bytes depend on nothing but the rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dateline import files
from dateline.views.features import Columns, arrow_schema
from dateline.views.parts import Row

ROW_GROUP = 4096
CODEC, LEVEL = "zstd", 3


@dataclass(frozen=True)
class Written:
    """A file of the dataset: `path` relative to its folder, sizes in bytes."""

    view: str
    split: str
    path: str
    rows: int
    bytes: int
    memory: int


class RowsDifferError(RuntimeError):
    """What a file gives back is not what was written into it: the columns and the rows do not agree."""


def write(folder: Path, view: str, split: str, rows: list[Row], columns: Columns) -> Written:
    """Write the rows as one file of a view and a split, and read them back to prove it.

    Raises RowsDifferError where the columns do not hold all that the rows say.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = f"{view}/{split}-00000-of-00001.parquet"
    table = pa.Table.from_pylist(rows, schema=arrow_schema(columns)).combine_chunks()
    if table.to_pylist() != rows:
        raise RowsDifferError(f"view {view}: a row has a key that its columns lack, or lacks one")
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression=CODEC, compression_level=LEVEL, row_group_size=ROW_GROUP)
    data = sink.getvalue().to_pybytes()
    (folder / view).mkdir(exist_ok=True)
    files.write_bytes(folder / name, data)
    return Written(view, split, name, table.num_rows, len(data), table.nbytes)
