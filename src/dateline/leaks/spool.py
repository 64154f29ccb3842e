"""Texts on disk, so that a large dataset can be compared on a small machine."""

from __future__ import annotations

import tempfile
from array import array
from types import TracebackType
from typing import Self


class Spool:
    """Texts by number, in a file that goes with the object; in memory are only their places."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._ends = array("Q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, text: str) -> int:
        """Put a text at the end; its number."""
        data = text.encode("utf-8", "surrogatepass")
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def text(self, number: int) -> str:
        """A text by its number."""
        begin, end = self._ends[number : number + 2]
        self._file.seek(begin)
        data = self._file.read(end - begin)
        self._file.seek(0, 2)
        return data.decode("utf-8", "surrogatepass")
