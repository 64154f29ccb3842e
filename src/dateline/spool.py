"""What the workers hand on: the rows of each block as Arrow files, before anyone knows their splits.

A spool lies beside the dataset that it is made for and goes when that is whole. A block is done when its
`done` is there, which is written last; what a killed worker left of a block is written over.
Format: Arrow IPC files, compressed with LZ4 (https://arrow.apache.org/docs/format/Columnar.html).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_DONE = "done"


@dataclass(frozen=True)
class Spool:
    """A folder with a subfolder for each block."""

    folder: Path

    def begin(self, number: int) -> Path:
        """An empty folder for a block."""
        place = self._place(number)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        return place

    def write(self, number: int, name: str, table: pa.Table) -> None:
        """Write one table of a block, in pieces of some hundred rows, so that it can be read piece by piece."""
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4")
        path = str(self._file(number, name))
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
            writer.write_table(table, max_chunksize=256)

    def finish(self, number: int, key: str, told: bytes) -> None:
        """Mark the block as done, with what is told of it; `key` says of which input and options it was made."""
        temporary = self._place(number) / f".{_DONE}"
        temporary.write_bytes(key.encode() + b"\n" + told)
        os.replace(temporary, self._place(number) / _DONE)

    def done(self, number: int, key: str) -> bytes | None:
        """What was told of a block that is done and was made of the same; None for any other."""
        with suppress(OSError):
            found, _, told = (self._place(number) / _DONE).read_bytes().partition(b"\n")
            if found == key.encode():
                return told
        return None

    def tables(self, number: int, name: str) -> Iterator[pa.Table]:
        """A table of a block, piece by piece; nothing where the block has none."""
        import pyarrow as pa

        path = self._file(number, name)
        if not path.exists():
            return
        with pa.OSFile(str(path), "rb") as source, pa.ipc.open_file(source) as reader:
            for n in range(reader.num_record_batches):
                yield pa.Table.from_batches([reader.get_batch(n)])

    def delete(self) -> None:
        """Remove the whole spool."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:06d}"

    def _file(self, number: int, name: str) -> Path:
        return self._place(number) / f"{name}.arrow"
