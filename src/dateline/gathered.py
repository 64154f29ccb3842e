"""What all blocks say together: which articles are in the dataset, in which split, and what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dateline import corpus, portion
from dateline.collector import replaced
from dateline.findings import Finding
from dateline.near_duplicates import Corpus, sketch_type
from dateline.outcome import HeldBack, Outcome
from dateline.spool import Spool

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_TWICE = "the article stands in the batches twice"
_DIFFER = "settle it with make adjudicate, mark one as ground truth in Label Studio, or mend them until they say the same"
_ORDER = [("doc_id", "ascending"), ("file", "ascending"), ("line", "ascending"), ("number", "ascending")]
_CORE = (
    "doc_id", "file", "line", "published_at", "documents", "sound", "annotators", "chosen", "reason", "code",
)  # fmt: skip
_FEW = ("file", "reason", "code")  # columns of few different values
_PIECES = 4  # of the spool's texts are kept at hand


class SpoolError(RuntimeError):
    """A block that is done and is not in the spool: who worked on it wrote it somewhere else."""


class Gathered:
    """The articles of all blocks, by id, each with its place in the spool.

    What is held of an article are a few columns; the rest is read from the spool when it is asked for.
    """

    def __init__(self, spool: Spool, blocks: Iterable[int]) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.spool, self._blocks = spool, list(blocks)
        tables = [table for block in self._blocks for table in self._core(block)]
        table = pa.concat_tables(tables).unify_dictionaries() if tables else None
        del tables
        self._order = pc.sort_indices(_plain(table), _ORDER).to_numpy() if table else None
        self.table = table.take(self._order) if table else None

    def _core(self, block: int) -> Iterator[pa.Table]:
        """What is held of a block's articles, with their numbers."""
        import numpy as np
        import pyarrow as pa

        number = 0
        for table in self._read(block, _CORE):
            for name in _FEW:
                at = table.column_names.index(name)
                table = table.set_column(at, name, table[name].dictionary_encode())
            numbers = np.arange(number, number + table.num_rows, dtype=np.int32)
            placed = table.append_column("block", pa.array(np.full(table.num_rows, block, np.int32)))
            yield placed.append_column("number", pa.array(numbers))
            number += table.num_rows

    def _read(self, block: int, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Some columns of a block's articles."""
        try:
            yield from self.spool.tables(block, portion.ARTICLES, columns, required=True)
        except FileNotFoundError as error:
            raise SpoolError(
                f"block {block} was worked on and is not in {self.spool.folder}: every worker must reach the "
                f"same folder there, or use a URL"
            ) from error

    def __len__(self) -> int:
        return self.table.num_rows if self.table else 0

    @cached_property
    def ids(self) -> list[str]:
        """The articles' ids."""
        return self.column("doc_id")

    def column(self, name: str) -> list[Any]:
        """A column as Python values, those of one with few different values shared."""
        if self.table is None:
            return []
        found = self.table[name]
        if name not in _FEW:
            values: list[Any] = found.to_pylist()
            return values
        words = [chunk.dictionary.to_pylist() for chunk in found.chunks]
        indices = [chunk.indices.to_pylist() for chunk in found.chunks]
        pairs = zip(words, indices, strict=True)
        return [None if n is None else known[n] for known, numbers in pairs for n in numbers]

    def numbers(self, name: str) -> NDArray[np.int32]:
        """A column as a numpy array."""
        import numpy as np

        found: NDArray[np.int32] = self.table[name].to_numpy() if self.table else np.zeros(0, np.int32)
        return found

    def spooled(self, name: str) -> Iterator[tuple[str, bool, Any]]:
        """Of each article its id, whether an annotation was chosen, and a column that is not held, in no order."""
        for block in self._blocks:
            for table in self._read(block, ("doc_id", "chosen", name)):
                yield from zip(*(table[n].to_pylist() for n in ("doc_id", "chosen", name)), strict=True)

    def sizes(self, view: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each article its rows in a view, and how much they weigh."""
        import numpy as np

        names = (f"rows/{view}", f"weight/{view}")
        found = np.zeros((2, len(self)), np.int64)
        at = 0
        for block in self._blocks:
            for table in self._read(block, names):
                for n, name in enumerate(names):
                    found[n, at : at + table.num_rows] = table[name].to_numpy()
                at += table.num_rows
        return found[0][self._order], found[1][self._order]

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """For each article its block and its number in that."""
        import numpy as np

        return np.stack([self.numbers("block"), self.numbers("number")], axis=1)

    def decide(self, outcome: Outcome) -> tuple[list[int], list[Finding]]:
        """Count why articles are in the dataset, and hold back the others.

        Returns the indices of what may go in, and E901 for an article that stands there twice (then neither
        is in it), W912 or E911 for one whose annotations leave it open what counts.
        """
        twice = {doc_id for doc_id, other in pairwise(self.ids) if doc_id == other}
        found = corpus.twice(place for place in self._places() if place[0] in twice)
        names = ("documents", "sound", "chosen", "reason", "code", "annotators")
        facts = zip(self._places(), *(self.column(name) for name in names), strict=True)
        kept = []
        for n, (place, documents, sound, chosen, reason, code, annotators) in enumerate(facts):
            if documents and place[0] in twice:
                outcome.held_back.append(HeldBack(place[0], _TWICE, tuple(annotators)))
            elif documents and chosen:
                outcome.reasons[reason] += 1
            elif documents:
                outcome.held_back.append(HeldBack(place[0], reason, tuple(annotators)))
                found += _undecided(place, reason, code)
            if sound and place[0] not in twice:
                kept.append(n)
        return kept, found

    def _places(self) -> Iterator[tuple[str, str, int]]:
        return zip(self.ids, self.column("file"), self.column("line"), strict=True)

    def corpus(self, kept: list[int], threshold: float) -> Corpus:
        """The sketches of these articles; texts come from the spool, a piece at a time."""
        ids = self.ids
        return Corpus([ids[n] for n in kept], self._sketches(kept), self._text_of(kept), threshold)

    def _sketches(self, kept: list[int]) -> NDArray[Any]:
        """The sketches of these articles, in their order."""
        import numpy as np

        rank = np.full(len(self), -1, np.int64)  # by the order of the spool
        if self._order is not None:
            rank[self._order[kept]] = np.arange(len(kept))
        found = np.zeros(len(kept), sketch_type())
        at = 0
        for block in self._blocks:
            for table in self._read(block, ("sketch",)):
                here = rank[at : at + table.num_rows]
                made = np.frombuffer(b"".join(table["sketch"].to_pylist()), sketch_type())
                found[here[here >= 0]] = made[here >= 0]
                at += table.num_rows
        return found

    def _text_of(self, kept: list[int]) -> Callable[[str], str]:
        index = {self.ids[n]: n for n in kept}
        blocks, numbers = self.numbers("block"), self.numbers("number")

        @lru_cache(_PIECES)
        def piece(block: int) -> pa.ChunkedArray:
            import pyarrow as pa

            return pa.concat_tables(self.spool.tables(block, portion.TEXTS))["text"]

        def text_of(doc_id: str) -> str:
            n = index[doc_id]
            text: str = piece(int(blocks[n]))[int(numbers[n])].as_py()
            return text

        return text_of

    def located(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with the file and line of their article, where they have none."""
        wanted = list(findings)
        missing = {f.doc_id for f in wanted if f.file is None and f.doc_id is not None}
        places = self._places() if missing else iter(())
        known = {doc_id: (file, line) for doc_id, file, line in places if doc_id in missing}
        return [
            replaced(f, file=known[f.doc_id][0], line=known[f.doc_id][1])
            if f.file is None and f.doc_id in known
            else f
            for f in wanted
        ]

    def labels(self, split_of: Mapping[str, str]) -> dict[str, Counter[str]]:
        """For each split in how many of its articles a label is learnt from."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for doc_id, chosen, labels in self.spooled("labels"):
            if chosen and doc_id in split_of:
                found[split_of[doc_id]].update(labels)
        return found

    def types(self, split_of: Mapping[str, str]) -> dict[str, Counter[str]]:
        """For each split how many events of each type it has."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for doc_id, chosen, types in self.spooled("types"):
            if chosen and doc_id in split_of:
                found[split_of[doc_id]].update(types)
        return found


def _plain(table: pa.Table) -> pa.Table:
    """The columns that articles are sorted by, without dictionaries, whose order is that of coming."""
    import pyarrow as pa

    names = [name for name, _ in _ORDER]
    return pa.table({name: table[name].cast(pa.string()) if name in _FEW else table[name] for name in names})


def _undecided(place: tuple[str, str, int], reason: str, code: str | None) -> list[Finding]:
    if code is None:
        return []
    hint = _DIFFER if code == "W912" else "unmark all but one"
    message = f"held back: {reason}"
    return [Finding(code=code, message=message, hint=hint, file=place[1], line=place[2], doc_id=place[0])]
