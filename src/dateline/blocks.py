"""The input in blocks: what one worker reads at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from dateline import sources, storage
from dateline.cutting import Raw
from dateline.findings import Finding

BYTES = 4 * 2**20  # of JSON: some hundred tasks
PARTS = 512  # files or values at most
Part = str | Raw | Finding


class Block(msgspec.Struct, frozen=True):
    """A stretch of the input, in its order: small files by their paths, values that are cut out already.

    What is known to be no value is a finding in its place.
    """

    number: int
    parts: list[Part]

    def values(self) -> Iterator[Raw | Finding]:
        """Every value of the block, in order. Raises sources.SourceError for a file that is gone."""
        for part in self.parts:
            if isinstance(part, str):
                yield from sources.values_of(part)
            else:
                yield part

    @property
    def where(self) -> str:
        """The block for people: its first and its last file and line."""
        return " to ".join(dict.fromkeys(map(_place, self._ends)))

    @property
    def name(self) -> str:
        """The same without folders, for what leaves this machine."""
        return " to ".join(dict.fromkeys(_place(part).rpartition("/")[2] for part in self._ends))

    @property
    def _ends(self) -> tuple[Part, Part]:
        return self.parts[0], self.parts[-1]

    @property
    def start(self) -> tuple[str | None, int | None]:
        """The file and line in which it begins."""
        first = self.parts[0]
        return (first, 1) if isinstance(first, str) else (first.file, first.line)

    @property
    def size(self) -> int:
        """Bytes of JSON, as far as they are known without reading."""
        return sum(_size(part) for part in self.parts)


def blocks(
    paths: Iterable[Path | str], stdin: BinaryIO | None = None, size: int | None = None
) -> Iterator[Block]:
    """Everything below the paths, in blocks of about `size` bytes of JSON, in order.

    A file that fits into a block is read by the worker; a larger one, a packed one and standard input are
    cut here. Raises sources.SourceError at once when a path is missing or unreadable.
    """
    size = BYTES if size is None else size
    parts: list[Part] = []
    number = held = 0
    for part in _parts(sources.expand(paths), stdin, size):
        weight = _size(part)
        if parts and (held + weight > size or len(parts) == PARTS):
            yield Block(number, parts)
            number, parts, held = number + 1, [], 0
        parts.append(part)
        held += weight
    if parts:
        yield Block(number, parts)


def _parts(found: list[str | Finding], stdin: BinaryIO | None, size: int) -> Iterator[Part]:
    for source in found:
        if isinstance(source, Finding) or (source != "-" and _is_small(source, size)):
            yield source
        else:
            yield from sources.values_of(source, stdin)


def _is_small(path: str, size: int) -> bool:
    packed = not path.lower().endswith((".json", ".jsonl", ".ndjson"))
    return not packed and _size(path) <= size


def _size(part: Part) -> int:
    if isinstance(part, Raw):
        return len(part.data)
    if isinstance(part, str):
        try:
            return storage.state(part).size
        except OSError:  # the worker says what is wrong with it
            return 0
    return 0


def _place(part: Part) -> str:
    return f"{part}:1" if isinstance(part, str) else f"{part.file}:{part.line}"
