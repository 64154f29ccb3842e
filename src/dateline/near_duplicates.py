"""Texts that are equal or nearly so: MinHash finds the candidates, the exact Jaccard index decides.

A text's sketch is small and made alone, so workers can make sketches of their shards; what is near what
is asked once over all of them, in memory that grows by 336 bytes a text. MinHash with one byte a
permutation: Li and König, "b-Bit Minwise Hashing" (2010); bands: Leskovec, Rajaraman and Ullman, "Mining of
Massive Datasets", 3.4. How likely a pair is found depends on the hashes, whether it is near does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline import shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD = 0.5
MIN_WORDS = 40
PERMUTATIONS = 320
BAND = 4  # bytes: 80 bands find a pair of similarity 0.5 in 199 cases of 200, one of 0.6 practically always
_SEED = 1
_SLACK = 0.15  # five standard deviations of the estimate: what is estimated below is not compared exactly
_CHUNK, _COMPARED = 1 << 18, 1 << 14  # pairs at a time; with their signatures, 640 bytes a pair
_SMALL = 64  # a run of more texts with one band is gone through text by text
_CACHED = 2048  # texts whose shingles are kept at hand


class Link(NamedTuple):
    """Two texts, `first` before `second` by id; `similarity` is 1 also where they only differ in order."""

    first: str
    second: str
    similarity: float
    equal: bool


@dataclass(frozen=True)
class Corpus:
    """The sketches of texts with their ids, and where a text is to be had when two have to be compared.

    Texts are near from `threshold` on: the Jaccard index of their shingles, 0.5 to 1.
    """

    ids: Sequence[str]
    sketches: NDArray[Any]
    text_of: Callable[[str], str]
    threshold: float = THRESHOLD

    def links(self) -> list[Link]:
        """What joins near and equal texts: a spanning forest, the same for any order of the texts."""
        return _Search(self, None).links()

    def across(self, parts: Mapping[str, str]) -> list[Link]:
        """The same between the parts only, such as splits; texts in no part are left out.

        Every text that is near one in another part is in at least one link.
        """
        return _Search(self, parts).links()


def sketches(texts: Iterable[str], min_words: int = MIN_WORDS) -> NDArray[Any]:
    """An array with a `digest` and a `signature` for each text; pieces can be joined with `np.concatenate`.

    Texts of fewer than `min_words` words have no signature (zeros): short texts look alike without being
    copies, so they are only ever equal. Signatures of different versions of rensa do not go together.
    """
    import numpy as np

    rows = [_sketch(text, min_words) for text in texts]
    return np.array(rows, sketch_type())


def sketch_type() -> np.dtype[Any]:
    """What a sketch consists of."""
    import numpy as np

    return np.dtype([("digest", "<u8", (shingles.DIGEST // 8,)), ("signature", "u1", (PERMUTATIONS,))])


def _sketch(text: str, min_words: int) -> tuple[Any, Any]:
    import numpy as np
    from rensa import RMinHash

    codes, starts = shingles.words(text)
    digest = np.frombuffer(shingles.digest(codes, text), "<u8")
    if len(starts) < max(min_words, shingles.WORDS):
        return digest, np.zeros(PERMUTATIONS, np.uint8)
    hashes = shingles.shingles(codes, starts)
    made = RMinHash.digest_matrix_from_flat_token_hashes(hashes, [0, len(hashes)], PERMUTATIONS, _SEED)
    return digest, np.array(made.to_rows()[0], np.uint32).astype(np.uint8)


def of(texts: Mapping[str, str], threshold: float = THRESHOLD, min_words: int = MIN_WORDS) -> Corpus:
    """A corpus of texts that are in memory, by id."""
    return Corpus(list(texts), sketches(texts.values(), min_words), texts.__getitem__, threshold)


def similarity(one: str, other: str) -> float:
    """The Jaccard index of the shingles of two texts: what they share of what they have in all."""
    return _jaccard(_distinct(one), _distinct(other))


def _distinct(text: str) -> NDArray[np.uint64]:
    import numpy as np

    return np.unique(shingles.shingles(*shingles.words(text)))


def _jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    import numpy as np

    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared or 1)


class _Search:
    """One pass over a corpus, its texts numbered in the order of their ids."""

    def __init__(self, corpus: Corpus, parts: Mapping[str, str] | None) -> None:
        import numpy as np

        ids = corpus.ids
        order = sorted((n for n in range(len(ids)) if parts is None or ids[n] in parts), key=ids.__getitem__)
        self.ids = [ids[n] for n in order]
        given = order == list(range(len(ids)))
        self.sketches = corpus.sketches if given else corpus.sketches[order]  # a copy is large
        names = {part: n for n, part in enumerate(sorted(set(parts.values())))} if parts is not None else {}
        self.parts = np.array([names[parts[i]] for i in self.ids], np.int32) if parts is not None else None
        self.threshold = corpus.threshold
        self.parent = np.arange(len(order))
        self.found: list[Link] = []
        self.distinct = lru_cache(_CACHED)(lambda n: _distinct(corpus.text_of(self.ids[n])))

    def links(self) -> list[Link]:
        import numpy as np

        candidates = self._equal()
        signatures = self.sketches["signature"]
        candidates = candidates[np.asarray(signatures.any(axis=1))[candidates]]
        for band in range(PERMUTATIONS // BAND):
            self._compare(candidates, signatures[candidates, band * BAND : (band + 1) * BAND])
        return sorted(self.found)

    def _equal(self) -> NDArray[np.intp]:
        """Link equal texts; the texts to go on with: the first of each kind in each part."""
        import numpy as np

        digests = self.sketches["digest"]
        order = np.lexsort(digests.T)
        same = (digests[order[1:]] == digests[order[:-1]]).all(axis=1)
        again = np.zeros(len(order), bool)
        for begin, size in zip(*_runs(same), strict=True):
            self._link_equal(order[begin : begin + size].tolist(), again)  # ascending: the sort is stable
        return np.flatnonzero(~again)

    def _link_equal(self, run: list[int], again: NDArray[np.bool_]) -> None:
        parts = [0] * len(run) if self.parts is None else [int(self.parts[n]) for n in run]
        other = next((n for n, part in zip(run, parts, strict=True) if part != parts[0]), None)
        seen: set[int] = set()
        for n, part in zip(run, parts, strict=True):
            partner = run[0] if self.parts is None or part != parts[0] else other
            if partner is not None and partner != n and self._root(partner) != self._root(n):
                self._link(n, partner, 1.0, equal=True)
            again[n] = part in seen
            seen.add(part)

    def _compare(self, members: NDArray[np.intp], keys: NDArray[np.uint8]) -> None:
        """Compare what has the same key, in pairs that are not linked yet."""
        import numpy as np

        numbers = np.ascontiguousarray(keys).view("<u4").ravel()
        order = np.argsort(numbers, kind="stable")
        begins, sizes = _runs(numbers[order[1:]] == numbers[order[:-1]])
        ordered = members[order]
        for begin, size in zip(begins[sizes > _SMALL], sizes[sizes > _SMALL], strict=True):
            self._compare_run(ordered[begin : begin + size])
        for size in np.unique(sizes[sizes <= _SMALL]):
            for a, b in _pairs(ordered, begins[sizes == size], int(size)):
                self._verify(a, b)

    def _compare_run(self, run: NDArray[np.intp]) -> None:
        import numpy as np

        for k in range(len(run) - 1):
            if k % _SMALL == 0 and len(np.unique(self._roots(run))) == 1:
                return
            rest = run[k + 1 :]
            self._verify(np.full(len(rest), run[k]), rest)

    def _verify(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> None:
        apart = self._roots(a) != self._roots(b)
        if self.parts is not None:
            apart &= self.parts[a] != self.parts[b]
        a, b = a[apart], b[apart]
        signatures = self.sketches["signature"]
        least = (self.threshold - _SLACK) * PERMUTATIONS
        for at in range(0, len(a), _COMPARED):
            some, others = a[at : at + _COMPARED], b[at : at + _COMPARED]
            likely = (signatures[some] == signatures[others]).sum(axis=1) >= least
            for x, y in zip(some[likely].tolist(), others[likely].tolist(), strict=True):
                self._decide(x, y)

    def _decide(self, x: int, y: int) -> None:
        if self._root(x) != self._root(y):
            found = _jaccard(self.distinct(x), self.distinct(y))
            if found >= self.threshold:
                self._link(x, y, found, equal=False)

    def _link(self, x: int, y: int, similarity: float, *, equal: bool) -> None:
        low, high = sorted((self._root(x), self._root(y)))
        self.parent[high] = low
        first, second = sorted((self.ids[x], self.ids[y]))
        self.found.append(Link(first, second, similarity, equal))

    def _root(self, n: int) -> int:
        parent = self.parent
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = int(parent[n])
        return n

    def _roots(self, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        roots: NDArray[np.intp] = self.parent[numbers]
        while ((above := self.parent[roots]) != roots).any():
            roots = above
        self.parent[numbers] = roots
        return roots


def _runs(same: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the stretches begin in which each is the same as the next, and how many each has."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    begins, ends = edges.reshape(-1, 2).T
    return begins, ends - begins + 1


def _pairs(
    members: NDArray[np.intp], begins: NDArray[np.intp], size: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Every pair of each run of one size, in chunks."""
    import numpy as np

    i, j = np.triu_indices(size, 1)
    step = max(1, _CHUNK // len(i))
    for at in range(0, len(begins), step):
        block = members[begins[at : at + step, None] + np.arange(size)]
        yield block[:, i].ravel(), block[:, j].ravel()
