"""Level 2: the text and the offsets into it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dateline import offsets
from dateline.checks.case import Case, Rule, breaks
from dateline.collector import at_mention, quoted
from dateline.model import sha256

# bidi embeddings, overrides and isolates: they change how the text around them reads
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEAR = 100  # characters: how far to look for a place that no cluster can cross


def fitting(case: Case) -> None:
    """E201, E202, E205, E804: a span's text is the text at its offsets."""
    text = case.document.text
    if all(s.text and s.start >= 0 and text[s.start : s.end] == s.text for s in case.spans):
        return
    found = (offsets.Span(s.start, s.end, s.text, s.region, str(s.where["place"])) for s in case.spans)
    offsets.report(text, found, case, exact=True)


def hash_(case: Case) -> None:
    """E204: the text has the hash that stands beside it."""
    if case.document.text_sha256 != sha256(case.document.text):
        hint = "take the text that was annotated; if it was changed on purpose, annotate again"
        case.add("E204", "the text differs from the hash that was stored with it", hint)


def clusters(case: Case) -> None:
    """E203: no span begins or ends inside a character as people see it."""
    text = case.document.text
    if text.isascii():
        return
    for span in case.sound:
        if not (_parts(case, span.start) and _parts(case, span.end)):
            case.add(
                "E203",
                f"the span {quoted(span.text)} begins or ends inside a character",
                "mark whole characters",
                **span.where,
            )


def _parts(case: Case, at: int) -> bool:
    """True where no grapheme cluster crosses `at` (Unicode Standard Annex 29, extended clusters)."""
    text = case.document.text
    if _apart(text, at):
        return True
    first = last = at
    while at - first < _NEAR and not _apart(text, first):
        first -= 1
    while last - at < _NEAR and not _apart(text, last):
        last += 1
    if not (_apart(text, first) and _apart(text, last)):
        return at in case.breaks
    return at - first in breaks(text[first:last])


def _apart(text: str, at: int) -> bool:
    """True between two characters that no cluster can hold both of, whatever stands around them."""
    return at in (0, len(text)) or (_is_lone(text[at - 1]) and _is_lone(text[at]))


@lru_cache(maxsize=2**14)
def _is_lone(char: str) -> bool:
    """True for a character that clusters with marks, joiners and the like only, never with one of its own kind.

    Each rule that joins two characters wants one of them to be something else than these (a carriage return
    before a line feed, a linker before an Indic consonant).
    """
    import regex

    return regex.match(r"(?!\p{InCB=Linker})[\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}]", char) is not None


def white(case: Case) -> None:
    """W206: no white space at the ends of a span."""
    for span in case.sound:
        if span.text != span.text.strip():
            case.add(
                "W206",
                f"white space at the ends of the span {quoted(span.text)}",
                "mark the words only",
                **span.where,
            )


def words(case: Case) -> None:
    """W207: no span begins or ends inside a word."""
    text = case.document.text
    for span in case.sound:
        for at in (span.start, span.end):
            if 0 < at < len(text) and _joined(text[at - 1], text[at]):
                case.add(
                    "W207",
                    f"the span {quoted(span.text)} cuts a word: …{text[max(at - 8, 0) : at]}|{text[at : at + 8]}…",
                    "mark whole words",
                    **span.where,
                )
                break


def _joined(before: str, after: str) -> bool:
    return (
        before.isalnum()
        and after.isalnum()
        and before.isascii() == after.isascii()
        and not _unspaced(before + after)
    )


def _unspaced(pair: str) -> bool:
    """True for scripts that write no spaces between words, where a cut proves nothing."""
    names = (unicodedata.name(c, "") for c in pair)
    return any(re.match("CJK|HIRAGANA|KATAKANA|THAI|LAO|KHMER|MYANMAR|HANGUL", name) for name in names)


def names(case: Case) -> None:
    """W208: a name is marked without its title, and without an article before it."""
    if case.lexicon is None:
        return
    for mention in case.document.mentions:
        label = case.schema.labels.get(mention.label)
        if label is None or "wikidata" not in label.asks:
            continue
        found = case.lexicon.title.match(mention.text) if mention.label == "PERSON" else None
        found = found or case.lexicon.article.match(mention.text)
        if found:
            case.add(
                "W208",
                f"the {mention.label} {quoted(mention.text)} begins with {quoted(found[0].strip())}",
                f"mark {quoted(mention.text[found.end() :])}",
                **at_mention(mention),
            )


def normal(case: Case) -> None:
    """W209: the text is in Unicode's normal form C."""
    text = case.document.text
    if not unicodedata.is_normalized("NFC", text):
        at = next(
            n
            for n, (a, b) in enumerate(zip(text, unicodedata.normalize("NFC", text) + " ", strict=False))
            if a != b
        )
        case.add(
            "W209",
            f"the text is not in normal form C, first at {at}",
            "it is kept as it is; searches may miss words",
            start=at,
            end=at + 1,
        )


def control(case: Case) -> None:
    """W210: no control, bidi or private-use characters in the text."""
    text = case.document.text
    if text.replace("\n", "").isprintable():  # nothing of these categories is
        return
    odd = sorted(c for c in set(text) if c in _BIDI or unicodedata.category(c) in ("Cc", "Co", "Cn"))
    odd = [c for c in odd if c not in "\t\n\r"]
    if odd:
        names = ", ".join(f"U+{ord(c):04X} ({text.count(c)})" for c in odd[:5])
        at = min(text.index(c) for c in odd)
        case.add(
            "W210",
            f"the text holds characters that are not seen: {names}",
            "check where the article came from",
            start=at,
            end=at + 1,
        )


def paragraphs(case: Case) -> None:
    """W211: no span crosses a paragraph break."""
    for span in case.sound:
        if "\n" in span.text and re.search(r"\n[^\S\n]*\n|\r\n[^\S\n]*\r\n", span.text):
            case.add(
                "W211",
                f"the span {quoted(span.text)} crosses a paragraph break",
                "mark the part that matters",
                **span.where,
            )


def twice(case: Case) -> None:
    """E212: no two regions with the same offsets and label."""
    seen: dict[tuple[int, int, str], None] = {}
    for span in case.spans:
        key = (span.start, span.end, span.layer)
        if key in seen:
            case.add(
                "E212",
                f"{span.layer} {quoted(span.text)} is marked twice",
                "delete one of the two regions",
                **span.where,
            )
        seen[key] = None


RULES = (
    Rule(("E201", "E202", "E205", "E804"), fitting),
    Rule(("E203",), clusters),
    Rule(("E204",), hash_),
    Rule(("W206",), white),
    Rule(("W207",), words),
    Rule(("W208",), names),
    Rule(("W209",), normal),
    Rule(("W210",), control),
    Rule(("W211",), paragraphs),
    Rule(("E212",), twice),
)
