"""What all blocks say together: which articles are in the dataset, in which split, and what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
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
_DIFFER = "decide: mark one as ground truth in Label Studio, or mend them until they say the same"
_ORDER = [("doc_id", "ascending"), ("file", "ascending"), ("line", "ascending"), ("number", "ascending")]
_PIECES = 16  # of the spool's texts are kept at hand


class Gathered:
    """The articles of all blocks, by id: a row each, with its place in the spool."""

    def __init__(self, spool: Spool, blocks: Iterable[int]) -> None:
        import pyarrow as pa

        self.spool = spool
        tables = [t for block in blocks for t in _placed(spool.tables(block, portion.ARTICLES), block)]
        table = pa.concat_tables(tables) if tables else None
        if table:
            table = table.append_column("sketched", pa.array(range(table.num_rows), pa.int64()))
        self._sketches = table["sketch"].combine_chunks() if table else pa.array([], pa.binary())
        self.table = table.drop_columns(["sketch"]).sort_by(_ORDER) if table else None

    def __len__(self) -> int:
        return self.table.num_rows if self.table else 0

    @cached_property
    def ids(self) -> list[str]:
        """The articles' ids."""
        return self.column("doc_id")

    def column(self, name: str) -> list[Any]:
        """A column as Python values."""
        found: list[Any] = self.table[name].to_pylist() if self.table else []
        return found

    def numbers(self, name: str) -> NDArray[np.int64]:
        """A column as a numpy array."""
        import numpy as np

        found: NDArray[np.int64] = self.table[name].to_numpy() if self.table else np.zeros(0, np.int64)
        return found

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """For each article its block and its number in that."""
        import numpy as np

        return np.stack([self.numbers("block"), self.numbers("number")], axis=1)

    def decide(self, outcome: Outcome) -> tuple[list[int], list[Finding]]:
        """Count why articles are in the dataset, and hold back the others.

        Returns the indices of what may go in, and E901 for an article that stands there twice (then neither
        is in it), W912 or E911 for one whose annotations leave it open what counts.
        """
        places = list(zip(self.ids, self.column("file"), self.column("line"), strict=True))
        found = corpus.twice(places)
        twice = {finding.doc_id for finding in found}
        facts = zip(
            *(self.column(n) for n in ("documents", "sound", "chosen", "reason", "code", "annotators")),
            strict=True,
        )
        kept = []
        for n, (place, (documents, sound, chosen, reason, code, annotators)) in enumerate(
            zip(places, facts, strict=True)
        ):
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

    def corpus(self, kept: list[int], threshold: float) -> Corpus:
        """The sketches of these articles; texts come from the spool, a piece at a time."""
        import numpy as np

        made = np.frombuffer(b"".join(self._sketches.to_pylist()), sketch_type())
        rows = self.numbers("sketched")[kept]
        return Corpus([self.ids[n] for n in kept], made[rows], self._text_of(kept), threshold)

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
        places = zip(self.ids, self.column("file"), self.column("line"), strict=True) if missing else ()
        known = {doc_id: (file, line) for doc_id, file, line in places if doc_id in missing}
        return [
            replaced(f, file=known[f.doc_id][0], line=known[f.doc_id][1])
            if f.file is None and f.doc_id in known
            else f
            for f in wanted
        ]

    def labels(self, split_of: dict[str, str]) -> dict[str, Counter[str]]:
        """For each split in how many of its articles a label is learnt from."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for doc_id, chosen, labels in zip(
            self.ids, self.column("chosen"), self.column("labels"), strict=True
        ):
            if chosen and doc_id in split_of:
                found[split_of[doc_id]].update(labels)
        return found


def _placed(tables: Iterable[pa.Table], block: int) -> Iterator[pa.Table]:
    """The articles of a block with their numbers."""
    import numpy as np
    import pyarrow as pa

    number = 0
    for table in tables:
        numbers = np.arange(number, number + table.num_rows)
        placed = table.append_column("block", pa.array(np.full(table.num_rows, block)))
        yield placed.append_column("number", pa.array(numbers))
        number += table.num_rows


def _undecided(place: tuple[str, str, int], reason: str, code: str | None) -> list[Finding]:
    if code is None:
        return []
    hint = _DIFFER if code == "W912" else "unmark all but one"
    message = f"held back: {reason}"
    return [Finding(code=code, message=message, hint=hint, file=place[1], line=place[2], doc_id=place[0])]
