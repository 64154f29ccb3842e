"""The sentence splitter: runs of tokens, by rules, for texts in any script.

Where a sentence stops is for `sentencex` to say (Wikimedia's rules for some 300 languages: abbreviations,
initials, numbers, quotations that stay in one piece, the stops of every script). Here it is given one line
at a time, since the lines of an article are its paragraphs, headlines and list items: a line break always ends
a sentence, also in a text that was wrapped to a width, which had better be unwrapped before it is annotated.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, pairwise

from dateline.tokens import Tokens

_WHITE = re.compile(r"[^\S ]")  # white space other than a plain space
_UNKNOWN = ("und", "mul", "zxx", "mis", "")


def split(text: str, tokens: Tokens, language: str = "und") -> list[tuple[int, int]]:
    """The sentences as half-open ranges of tokens, in order: each token is in one of them, none is empty.

    `language` is a BCP 47 tag, as a source has it; English rules are taken where it says nothing. A stop
    inside a token, such as a URL, ends none.
    """
    code = language.lower().partition("-")[0]
    code = "en" if code in _UNKNOWN else code
    bounds = {0, len(tokens.starts)}
    for cut in _cuts(text, code):
        first = bisect_left(tokens.starts, cut)
        if first and tokens.ends[first - 1] <= cut:
            bounds.add(first)
    return list(pairwise(sorted(bounds)))


def _cuts(text: str, language: str) -> Iterator[int]:
    """The code points at which a line or a sentence in it ends."""
    at = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            yield from accumulate(map(len, stretches(_WHITE.sub(" ", line), language)), initial=at)
        at += len(line)


def stretches(line: str, language: str) -> list[str]:
    """The line in sentences, with the white space after each; in one piece where the library breaks."""
    import sentencex

    try:
        found: list[str] = sentencex.segment(language, line)
    except BaseException as error:
        # a panic of the library's Rust code, such as on an ideographic space after an initial: one line of one
        # article is not worth an export
        if type(error).__name__ != "PanicException":
            raise
        return [line]
    return found
