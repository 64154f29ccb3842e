"""The rows of a Parquet, JSON or CSV file, a few columns of them, without holding the file in memory."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import msgspec

from dateline.leaks.layout import LeakError, Part, ending

Row = dict[str, Any]
_BATCH = 1024


def columns(part: Part) -> list[str]:
    """The columns' names; of JSON those of the first row. Raises LeakError."""
    if ending(part.path) == ".parquet":
        import pyarrow.parquet as pq

        with _said(part):
            return list(pq.read_schema(part.path).names)
    return list(next(rows(part, None), {}))


def rows(part: Part, wanted: Sequence[str] | None) -> Iterator[Row]:
    """The rows with the wanted columns, or all. Raises LeakError for a file that cannot be read."""
    read = {".parquet": _parquet, ".csv": _csv, ".tsv": _csv}.get(ending(part.path), _json)
    with _said(part):
        yield from read(part, wanted)


@contextmanager
def _said(part: Part) -> Iterator[None]:
    try:
        yield
    except LeakError:
        raise
    except (OSError, ValueError, EOFError, csv.Error) as error:  # pyarrow's and msgspec's are ValueErrors
        raise LeakError(f"{part.name}: cannot be read: {' '.join(str(error).split())}") from error


def _parquet(part: Part, wanted: Sequence[str] | None) -> Iterator[Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(part.path) as file:
        for batch in file.iter_batches(_BATCH, columns=list(wanted) if wanted is not None else None):
            yield from batch.to_pylist()


def _csv(part: Part, wanted: Sequence[str] | None) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with _opened(part) as data:
        lines = (line.decode("utf-8-sig" if n == 0 else "utf-8") for n, line in enumerate(data))
        for row in csv.DictReader(lines, delimiter="\t" if ending(part.path) == ".tsv" else ","):
            yield _picked(row, wanted)


def _json(part: Part, wanted: Sequence[str] | None) -> Iterator[Row]:
    """A row a line, or one list of rows."""
    with _opened(part) as data:
        first = data.readline()
        if first.lstrip()[:1] == b"[":
            yield from (
                _picked(row, wanted) for row in msgspec.json.decode(first + data.read(), type=list[Row])
            )
            return
        decoder = msgspec.json.Decoder(Row)
        yield from (_picked(decoder.decode(line), wanted) for line in (first, *()) if line.strip())
        yield from (_picked(decoder.decode(line), wanted) for line in data if line.strip())


def _opened(part: Part) -> IO[bytes]:
    packed = part.path.name.lower().endswith(".gz")
    return gzip.open(part.path) if packed else part.path.open("rb")  # type: ignore[return-value]


def _picked(row: Row, wanted: Sequence[str] | None) -> Row:
    return row if wanted is None else {name: row.get(name) for name in wanted}
