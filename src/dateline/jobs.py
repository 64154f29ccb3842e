"""The input as jobs for workers, each with a key that says of which bytes and options it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from dateline import __version__, schema_rules, sources, storage, store
from dateline.blocks import Block, blocks
from dateline.cutting import Raw
from dateline.findings import Finding
from dateline.portion import Context, Job
from dateline.spool import Spool


class Jobs:
    """The jobs for everything below some paths, in order; `total` is how many bytes there are.

    Without a spool nothing but findings is asked for. Raises sources.SourceError at once when a path is missing or unreadable.
    """

    def __init__(
        self,
        paths: Iterable[Path | str],
        context: Context,
        spool: Spool | None,
        stdin: BinaryIO | None = None,
    ) -> None:
        self._paths = list(paths)
        self._context, self._spool, self._stdin = context, spool, stdin
        self._sizes: dict[int, int] = {}
        self._cut: set[str] = set()
        found = [source for source in sources.expand(self._paths) if isinstance(source, str)]
        self.total = sum(storage.state(source).size for source in found if source != "-")

    def __iter__(self) -> Iterator[Job]:
        packed, options = self._context.packed(), self._options() if self._spool else b""
        begun = self._spool.begun() if self._spool else set()
        for block in blocks(self._paths, self._stdin):
            self._sizes[block.number] = block.size
            self._cut.update(part.file for part in block.parts if isinstance(part, Raw))
            if self._spool:
                key = _key(options, block)
                if block.number in begun and self._spool.done(block.number, key) is None:
                    self._spool.begin(block.number)
                yield Job(block, packed, str(self._spool.folder), key)
            else:
                yield Job(block, packed)

    def size_of(self, number: int) -> int:
        """The bytes of a block."""
        return self._sizes.pop(number, 0)

    def inputs(self) -> dict[str, str]:
        """The files that were cut here, with their SHA-256; workers tell of those that they have read."""
        files = (file for file in sorted(self._cut) if storage.is_url(file) or os.path.isfile(file))
        return {file: storage.digest(file) for file in files}

    def _options(self) -> bytes:
        """A digest of what is the same for all blocks, the articles' files included."""
        context = self._context
        said = [
            __version__,
            schema_rules.text_of(context.schema.bundle),
            repr(context.rules),
            repr((context.views, context.omit, context.min_words)),
            *(_stamp(storage.place(path).parent / store.ARTICLES) for path in self._paths),
        ]
        return hashlib.sha256("\0".join(said).encode()).digest()


def _stamp(folder: Path) -> str:
    """The files of a folder with their sizes and times."""
    with suppress(OSError):
        if storage.is_url(folder):
            return repr([(name, storage.state(name)) for name in storage.below(str(folder))])
        found = [(e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in os.scandir(folder)]
        return repr(sorted(found))
    return ""


def _key(options: bytes, block: Block) -> str:
    digest = hashlib.sha256(options)
    for part in block.parts:
        if isinstance(part, Raw):
            digest.update(f"{part.file}\0{part.line}\0".encode("utf-8", "surrogatepass") + part.data)
        elif isinstance(part, Finding):
            digest.update(msgspec.json.encode(part))
        else:
            with suppress(OSError):
                state = storage.state(part)
                digest.update(f"{part}\0{state.size}\0{state.stamp}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
