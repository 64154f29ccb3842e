"""The form of an entry."""

from __future__ import annotations

from typing import NamedTuple

MARKS, FILE, BYTES, WORDS = "marks", "file", "bytes", "words"


class Reason(NamedTuple):
    """Why a code is there, how to mend it, and an example.

    `form` says what `bad` and `good` are: inline marks (see `inline`), a fragment of a file that holds the fault
    and what stands in its place when it is mended, the same with bytes as escapes, or words where no input of
    ours can show it.
    """

    why: str
    mend: str
    bad: str
    good: str
    form: str = MARKS
