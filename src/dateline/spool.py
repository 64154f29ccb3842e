"""What the workers hand on: the rows of each block as Arrow files, before anyone knows their splits.

A spool lies beside the dataset that it is made for and goes when that is whole. A block is done when its
`done` is there, which is written last. Every file appears whole, and a block that is worked on twice (a worker
that was given up and lives) gets the same bytes twice, so nobody reads a mix.
Format: Arrow IPC files, compressed with LZ4 (https://arrow.apache.org/docs/format/Columnar.html).
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dateline import files, storage

if TYPE_CHECKING:
    import pyarrow as pa

_DONE = "done"
_PIECE = 256  # rows that are read at a time


@dataclass(frozen=True)
class Spool:
    """A folder with a subfolder for each block, on this machine or behind a URL."""

    folder: Path

    def begun(self) -> set[int]:
        """The blocks that there is anything of, done or not."""
        if storage.is_url(self.folder):
            names = {name.partition("/")[0] for name in storage.names_below(self.folder)}
        else:
            names = {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else set()
        return {int(name) for name in names if name.isdecimal()}

    def begin(self, number: int) -> None:
        """Empty a block's folder, before anybody works on it."""
        place = self._place(number)
        if storage.is_url(place):
            storage.remove(place)
        else:
            shutil.rmtree(place, ignore_errors=True)

    def write(self, number: int, name: str, table: pa.Table) -> None:
        """Write one table of a block, in pieces of some hundred rows, so that it can be read piece by piece.

        Raises files.FileError, which names the spool.
        """
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        path = self._file(number, name)
        with self._whole(path) as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
            writer.write_table(table.combine_chunks(), max_chunksize=_PIECE)

    def finish(self, number: int, key: str, told: bytes) -> None:
        """Mark the block as done, with what is told of it; `key` says of which input and options it was made.

        Raises files.FileError, which names the spool.
        """
        with self._whole(self._place(number) / _DONE) as sink:
            sink.write(key.encode() + b"\n" + told)

    def done(self, number: int, key: str) -> bytes | None:
        """What was told of a block that is done and was made of the same; None for any other."""
        with suppress(OSError):
            found, _, told = storage.read_bytes(self._place(number) / _DONE).partition(b"\n")
            if found == key.encode():
                return told
        return None

    def tables(
        self, number: int, name: str, columns: Sequence[str] | None = None, *, required: bool = False
    ) -> Iterator[pa.Table]:
        """A table of a block, piece by piece, all its columns or some.

        Nothing where the block has none; where it must have one, FileNotFoundError.
        """
        import pyarrow as pa

        try:
            source = _source(self._file(number, name))
        except FileNotFoundError:
            if required:
                raise
            return
        with source:
            names = pa.ipc.open_file(source).schema.names if columns is not None else []
            wanted = [names.index(column) for column in columns or ()]
            reader = pa.ipc.open_file(
                source, options=pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
            )
            for n in range(reader.num_record_batches):
                yield pa.Table.from_batches([reader.get_batch(n)])

    def delete(self) -> None:
        """Remove the whole spool."""
        if storage.is_url(self.folder):
            storage.remove(self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:06d}"

    def _file(self, number: int, name: str) -> Path:
        return self._place(number) / f"{name}.arrow"

    @contextmanager
    def _whole(self, path: Path) -> Iterator[pa.NativeFile]:
        with files.explained(self.folder), _whole(path) as sink:
            yield sink


@contextmanager
def _whole(path: Path) -> Iterator[pa.NativeFile]:
    """Something to write to; on a clean exit what was written is at `path`, in one step; else nothing is left."""
    import pyarrow as pa

    if storage.is_url(path):
        with pa.BufferOutputStream() as buffer:
            yield buffer
            storage.write_bytes(path, buffer.getvalue().to_pybytes())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with pa.OSFile(str(temporary), "wb") as file:
            yield file
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _source(path: Path) -> pa.NativeFile:
    import pyarrow as pa

    if storage.is_url(path):
        return pa.BufferReader(storage.read_bytes(path))
    return pa.OSFile(str(path), "rb")
