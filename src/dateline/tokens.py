r"""The tokenizer: words, numbers and signs with their places in the text.

Tokens are half-open stretches of code points, in order. They cover every character that is not white space
(`str.isspace`) exactly once, hold no white space, and none ends inside a grapheme cluster. What somebody may
want to mark alone is a token of its own, so that few marks begin or end inside one:

- A word is a run of letters, digits and their marks; an accent stays with its letter, composed or not, Arabic
  and Hebrew points and the joiners of Persian too. An apostrophe between letters belongs to the word
  (`don't`, `Sana'a`); the possessive and what is elided are apart (`Trump` `'s`, `l'` `Élysée`).
- Scripts that put no spaces between words, or bind particles to them without one, are cut at each cluster:
  Han, kana, Hangul (a syllable), Thai, Lao, Khmer, Burmese. Their words need a dictionary, and a mark on
  `트럼프` in `트럼프는` would else be lost.
- A number keeps its separators (`3.5`, `10:30`), what follows is apart unless it is a letter (`3.5` `%`, `$` `2m`).
- Single letters with stops are one token (`U.S.`, `p.m.`); any other stop is apart (`Mr` `.`, `Inc` `.`).
- A hyphen is apart: `US` `-` `China`, `COVID` `-` `19`. So is every other sign, but one that is repeated is one
  token (`...`, `--`).
- An emoji with its joiners, skin tone or flag is one token. So is a URL, less the stop or bracket after it;
  e-mail addresses, `#` and `@` are cut like other words.

The pattern sees one stretch between white space at a time: news repeats its words, so what a short stretch
was cut into is remembered.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import Any, NamedTuple

_REMEMBERED, _SHORT = 2**16, 32
_known: dict[str, tuple[str, ...]] = {}  # what short stretches were cut into; no more than _REMEMBERED

# Clusters alone; marks (they never begin a token but after white space or a control character); signs that
# stand before what they belong to; letters and digits.
_ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\u30FC\p{Hangul}\p{Line_Break=SA}"
_MARK = r"\p{M}\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}"
_BEFORE = r"\p{GCB=Prepend}"
_LETTER = rf"[\p{{L}}--[{_ALONE}{_BEFORE}\p{{Extended_Pictographic}}]]"
_WORD = rf"[[\p{{L}}\p{{N}}{_MARK}]--[[{_ALONE}{_BEFORE}\p{{Extended_Pictographic}}]--[{_MARK}]]]"
_ELIDED = "[CDJLMNSTcdjlmnst]|[Qq]u|[Uu]n|(?:[Dd]|[Aa]|[Nn]e|[Ss]u|[Dd]a|[Dd]e)ll"
_PATTERN = rf"""
    (?i:https?://|www\.)[!-;=?-\[\]_a-z~]*[A-Za-z0-9/_=&\#%~+\-][{_MARK}]*
  | {_LETTER}[{_MARK}]*(?:\.{_LETTER}[{_MARK}]*)+(?!{_WORD})(?:\.[{_MARK}]*)?(?!{_WORD})
  | (?:{_ELIDED})['’](?={_LETTER}{_WORD})
  | (?<={_WORD}|\.)['’][sS](?!{_WORD})[{_MARK}]*
  | [{_BEFORE}]*{_WORD}+
    (?:(?:['’׳״](?![sS](?!{_WORD}))|[\u00AD\u2060]|[{_BEFORE}]+|(?<=\p{{Nd}})[.,:٫٬](?=\p{{Nd}})){_WORD}+)*
  | (?P<sign>[.…!?\-–—_*=~•])(?P=sign)+[{_MARK}]*
  | \X
"""


class Tokens(NamedTuple):
    """The tokens of a text: their words and where they begin and end, in three lists of one length."""

    texts: list[str]
    starts: list[int]
    ends: list[int]

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """The first token of these code points and the one after the last; None where they cut into one.

        Code points that begin or end with white space are no run of tokens either.
        """
        first = bisect_left(self.starts, start)
        last = bisect_left(self.ends, end, first)
        if last == len(self.ends) or self.starts[first] != start or self.ends[last] != end:
            return None
        return first, last + 1


def tokenize(text: str) -> Tokens:
    """The tokens of the text."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for stretch in text.split():
        at = text.find(stretch, at)  # nothing but white space lies before it
        pieces = _known.get(stretch) or _cut(stretch)
        if len(pieces) == 1:
            texts.append(stretch)
            starts.append(at)
            at += len(stretch)
            ends.append(at)
        else:
            texts += pieces
            for piece in pieces:
                starts.append(at)
                at += len(piece)
                ends.append(at)
    return Tokens(texts, starts, ends)


def _cut(stretch: str) -> tuple[str, ...]:
    pieces = tuple(match.group() for match in _pattern().finditer(stretch))
    if len(stretch) <= _SHORT:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[stretch] = pieces
    return pieces


@cache
def _pattern() -> Any:
    import regex

    return regex.compile(_PATTERN, regex.VERBOSE | regex.VERSION1)
