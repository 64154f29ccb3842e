"""A text as what makes it the same text: its words, whatever their form, and the runs of words in it.

Case, spacing, punctuation, compatibility forms and what is not seen fall away (NFKC and case folding).
Letters, digits and their marks make words; in scripts that are written without spaces each character
with its marks is one.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = 3  # in a shingle: fewer, and unlike texts share many; more, and each word changed costs more
DIGEST = 16  # bytes
_UNSPACED = (
    "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "BOPOMOFO", "YI ", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN",
    "TAI ", "NEW TAI", "JAVANESE", "BALINESE",
)  # fmt: skip
# The table holds for each code point its folded form, shifted by four, a flag for what a neighbour or a
# longer form changes (then the whole text is folded first), and its class.
_SPACE, _LETTER, _WORD, _MARK, _FORMAT, _CLASS, _UNSETTLED, _UNKNOWN = 0, 1, 2, 3, 4, 7, 8, 15
_BASE = 0x9E3779B97F4A7C15  # an odd multiplier, so that it has an inverse modulo 2**64
_MIX = 0xD6E8FEB86659FD93


def words(text: str) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """The text's characters as codes, without what lies between words, and where in them each word begins.

    Two texts have the same codes exactly if they have the same words; a code tells whether it begins one.
    """
    import numpy as np

    codes = _codes(text)
    if (codes & _UNSETTLED).any():
        codes = _codes(_folded(text)) & ~np.uint32(_UNSETTLED)
    codes, classes = _joined(codes, codes & np.uint32(_CLASS))
    kept = np.flatnonzero(classes)
    codes, classes = codes[kept], classes[kept]
    begins = np.ones(len(kept), bool)
    begins[1:] = kept[1:] != kept[:-1] + 1
    if classes.size and classes.max() == _WORD:
        begins[1:] |= (classes[1:] == _WORD) | (classes[:-1] == _WORD)
        begins &= (codes & _CLASS) != _MARK
    starts = np.flatnonzero(begins)
    codes &= ~np.uint32(_CLASS)
    codes[starts] |= 1
    return codes, starts


def digest(codes: NDArray[np.uint32], text: str) -> bytes:
    """What equal texts have in common: 128 bits of the SHA-256 of the words, or of a text without words."""
    data = codes.astype("<u4", copy=False).tobytes() if codes.size else text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).digest()[:DIGEST]


def shingles(codes: NDArray[np.uint32], starts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """A 64-bit hash of each run of WORDS words, in text order; the whole text where it has no more.

    A polynomial hash modulo 2**64 from prefix sums, so that each run costs a subtraction.
    """
    import numpy as np

    if not len(starts):
        return np.empty(0, np.uint64)
    powers, inverses = _powers(1 << max(12, len(codes).bit_length()))
    sums = np.empty(len(codes) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(powers[: len(codes)] * codes, out=sums[1:])
    ends = np.append(starts, len(codes))[min(WORDS, len(starts)) :]
    first = starts[: len(ends)]
    found: NDArray[np.uint64] = sums[ends]
    found -= sums[first]
    found *= inverses[first]
    found ^= found >> np.uint64(32)
    found *= np.uint64(_MIX)
    found ^= found >> np.uint64(29)
    return found


@cache
def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    import numpy as np

    both = (np.full(size, base, np.uint64) for base in (_BASE, pow(_BASE, -1, 1 << 64)))
    powers, inverses = (np.cumprod(base) for base in both)
    return powers, inverses


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _codes(text: str) -> NDArray[np.uint32]:
    """The table's entry for each code point; pages of the table are made when first seen."""
    import numpy as np

    table = _table()
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    codes: NDArray[np.uint32] = table.take(points)
    unknown = (codes & _UNKNOWN) == _UNKNOWN
    if unknown.any():
        for page in np.unique(points[unknown] >> 8).tolist():
            table[page << 8 : (page + 1) << 8] = [_entry(chr(c)) for c in range(page << 8, (page + 1) << 8)]
        codes = table.take(points)
    return codes


@cache
def _table() -> NDArray[np.uint32]:
    import numpy as np

    return np.full(0x110000, _UNKNOWN, np.uint32)


def _entry(char: str) -> int:
    folded = _folded(char)
    classes = [_class(c) for c in folded]
    if classes == [_SPACE] * len(classes):
        return 0
    # conjoining jamo make a syllable with their neighbours, marks may make a letter with theirs
    settled = len(folded) == 1 and classes[0] != _MARK and not "\u1100" <= folded <= "\u11ff"
    return ord(folded[0]) << 4 | (0 if settled else _UNSETTLED) | classes[0]


def _class(char: str) -> int:
    category = unicodedata.category(char)
    if category[0] in "LN":
        return _WORD if unicodedata.name(char, "").startswith(_UNSPACED) else _LETTER
    return _MARK if category[0] == "M" else _FORMAT if category == "Cf" else _SPACE


def _joined(
    codes: NDArray[np.uint32], classes: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Without format characters; each mark has the class of its character, one that begins a text has none."""
    import numpy as np

    if not classes.size or classes.max() < _MARK:
        return codes, classes
    kept = classes != _FORMAT
    codes, classes = codes[kept], classes[kept]
    bases = np.maximum.accumulate(np.where(classes == _MARK, 0, np.arange(len(codes))))
    joined: NDArray[np.uint32] = classes[bases]
    joined[joined == _MARK] = _SPACE
    return codes, joined


def split(text: str) -> list[str]:
    """The words of a short text, folded."""
    codes, starts = words(text)
    characters = "".join(map(chr, (codes >> 4).tolist()))
    ends = [*starts.tolist()[1:], len(codes)]
    return [characters[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
