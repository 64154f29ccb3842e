"""Level 2: the text and the offsets into it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dateline import offsets
from dateline.checks.case import Case, Rule
from dateline.collector import at_event, at_mention, quoted
from dateline.model import Mention, Trigger, sha256

# bidi embeddings, overrides and isolates: they change how the text around them reads
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def spans(case: Case) -> Iterator[tuple[Mention | Trigger, dict[str, Any], str]]:
    """Every span of the record with its place and the layer it belongs to."""
    for mention in case.document.mentions:
        yield mention, at_mention(mention), f"mention {mention.label}"
    for event in case.document.events:
        for trigger in event.triggers:
            here = {"region": trigger.region, "start": trigger.start, "end": trigger.end}
            yield trigger, {**at_event(event), **here}, f"trigger {event.type}"


def sound(case: Case) -> Iterator[tuple[Mention | Trigger, dict[str, Any], str]]:
    """The spans that lie in the text and are not empty."""
    size = len(case.document.text)
    return (found for found in spans(case) if 0 <= found[0].start < found[0].end <= size)


def fitting(case: Case) -> None:
    """E201, E202, E205, E804: a span's text is the text at its offsets."""
    found = (
        offsets.Span(span.start, span.end, span.text, span.region, str(where["place"]))
        for span, where, _ in spans(case)
    )
    offsets.report(case.document.text, found, case, exact=True)


def hash_(case: Case) -> None:
    """E204: the text has the hash that stands beside it."""
    if case.document.text_sha256 != sha256(case.document.text):
        hint = "take the text that was annotated; if it was changed on purpose, annotate again"
        case.add("E204", "the text differs from the hash that was stored with it", hint)


def clusters(case: Case) -> None:
    """E203: no span begins or ends inside a character as people see it."""
    import regex

    text = case.document.text
    if text.isascii():
        return
    breaks: set[int] | None = None
    for span, where, _ in sound(case):
        if _plain(text, span.start) and _plain(text, span.end):
            continue
        if breaks is None:
            breaks = {m.start() for m in regex.finditer(r"\X", text)} | {len(text)}
        if not {span.start, span.end} <= breaks:
            case.add(
                "E203",
                f"the span {quoted(span.text)} begins or ends inside a character",
                "mark whole characters",
                **where,
            )


def _plain(text: str, at: int) -> bool:
    """True when ASCII other than CR LF stands on both sides, so that no cluster can cross."""
    around = text[max(at - 1, 0) : at + 1]
    return around.isascii() and around != "\r\n"


def white(case: Case) -> None:
    """W206: no white space at the ends of a span."""
    for span, where, _ in sound(case):
        if span.text != span.text.strip():
            case.add(
                "W206",
                f"white space at the ends of the span {quoted(span.text)}",
                "mark the words only",
                **where,
            )


def words(case: Case) -> None:
    """W207: no span begins or ends inside a word."""
    text = case.document.text
    for span, where, _ in sound(case):
        for at in (span.start, span.end):
            if 0 < at < len(text) and _joined(text[at - 1], text[at]):
                case.add(
                    "W207",
                    f"the span {quoted(span.text)} cuts a word: …{text[max(at - 8, 0) : at]}|{text[at : at + 8]}…",
                    "mark whole words",
                    **where,
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
    if text.isascii() and text.isprintable():
        return
    odd = Counter(
        c for c in text if c not in "\t\n\r" and (c in _BIDI or unicodedata.category(c) in ("Cc", "Co", "Cn"))
    )
    if odd:
        names = ", ".join(f"U+{ord(c):04X} ({count})" for c, count in sorted(odd.items())[:5])
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
    for span, where, _ in sound(case):
        if re.search(r"\n[^\S\n]*\n|\r\n[^\S\n]*\r\n", span.text):
            case.add(
                "W211",
                f"the span {quoted(span.text)} crosses a paragraph break",
                "mark the part that matters",
                **where,
            )


def twice(case: Case) -> None:
    """E212: no two regions with the same offsets and label."""
    seen: dict[tuple[int, int, str], None] = {}
    for span, where, layer in spans(case):
        key = (span.start, span.end, layer)
        if key in seen:
            case.add(
                "E212",
                f"{layer} {quoted(span.text)} is marked twice",
                "delete one of the two regions",
                **where,
            )
        seen[key] = None


RULES = (
    Rule(("E201", "E202", "E205", "E804"), fitting),
    Rule(("E203",), clusters),
    Rule(("E204",), hash_),
    Rule(("W206",), white),
    Rule(("W207",), words),
    Rule(("W209",), normal),
    Rule(("W210",), control),
    Rule(("W211",), paragraphs),
    Rule(("E212",), twice),
)
