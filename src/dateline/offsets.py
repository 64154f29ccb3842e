"""Spans that do not fit their text: what most likely happened, and the offsets that would be right.

Every hypothesis is a map from stored offsets to code points. One is believed only if it makes every
span of the annotation fit, also those that fit without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from dateline.collector import Collector, quoted

_WHITE = re.compile(r"(?:\s|\\n)+")


class Span(NamedTuple):
    """A stored span: offsets as found, `words` as the evidence of what was meant (None: none)."""

    start: int
    end: int
    words: str | None
    region: str | None
    place: str


class Cause(NamedTuple):
    """An explanation for all spans at once: its code, its words and the map to right offsets."""

    code: str
    message: str
    hint: str
    remap: Callable[[int], int | None]


def folded(text: str) -> str:
    """Text with white space (and the escaped line breaks that Label Studio writes) as single spaces."""
    return _WHITE.sub(" ", text)


def fits(text: str, start: int, end: int, words: str, exact: bool = False) -> bool:
    """True when the text at the offsets is the words; but for white space, unless `exact`."""
    if not 0 <= start < end <= len(text):
        return False
    found = text[start:end]
    return found == words or (not exact and folded(found) == folded(words))


def report(text: str, spans: Iterable[Span], collect: Collector, exact: bool = False) -> set[str | None]:
    """Collect a finding for each span that does not fit, or one for all with a common cause.

    `exact` asks for the very words; else white space may differ, as it does in Label Studio's.
    Codes: E804 (UTF-16 units), E205 (constant shift, CRLF), E202 (no such place), E201 (other words).
    Returns the regions that lie outside the text.
    """
    spans = list(spans)
    outside = {s for s in spans if not 0 <= s.start < s.end <= len(text)}
    evident = [s for s in spans if s.words is not None]
    wrong = [s for s in evident if not fits(text, s.start, s.end, s.words or "", exact)]
    cause = explain(text, evident, wrong) if wrong else None
    if cause is not None:
        _report_cause(wrong, cause, collect)
    misfits = set(wrong)
    explained = misfits if cause is not None else set()
    for span in spans:
        if span in outside and span not in explained:
            _report_outside(text, span, collect)
        elif span in misfits and span not in explained:
            _report_words(text, span, collect)
    return {s.region for s in outside}


def explain(text: str, spans: list[Span], wrong: list[Span]) -> Cause | None:
    """The likeliest cause that makes every span fit; None where there is none."""
    return next(explanations(text, spans, wrong), None)


def explanations(text: str, spans: list[Span], wrong: list[Span]) -> Iterator[Cause]:
    """Every cause that makes all spans fit, the likeliest first."""
    causes = [cause for cause in (_utf16(text), _utf8(text), _cr_dropped(text), _cr_added(text)) if cause]
    if len(wrong) > 1:
        causes += _shifts(text, wrong)
    return (cause for cause in causes if all(_fits_through(text, span, cause) for span in spans))


def _fits_through(text: str, span: Span, cause: Cause) -> bool:
    start, end = cause.remap(span.start), cause.remap(span.end)
    return start is not None and end is not None and fits(text, start, end, span.words or "")


def _utf16(text: str) -> Cause | None:
    if text.isascii() or max(text) < "\U00010000":
        return None
    units = list(accumulate((2 if c > "\uffff" else 1 for c in text), initial=0))
    return Cause(
        "E804",
        "the offsets are UTF-16 units, not code points",
        "another tool or an old server counted each emoji twice; code points are asked for",
        _lookup(units),
    )


def _utf8(text: str) -> Cause | None:
    if text.isascii():
        return None
    units = list(accumulate((len(c.encode("utf-8", "surrogatepass")) for c in text), initial=0))
    return Cause(
        "E205", "the offsets are bytes of UTF-8, not code points", "count code points", _lookup(units)
    )


def _cr_dropped(text: str) -> Cause | None:
    if "\r\n" not in text:
        return None
    steps = (0 if c == "\r" and text[n + 1 : n + 2] == "\n" else 1 for n, c in enumerate(text))
    return Cause(
        "E205",
        "the offsets count each CRLF as one character, so they shift by one more with each line",
        "they were made on a text without its carriage returns",
        _lookup(list(accumulate(steps, initial=0))),
    )


def _cr_added(text: str) -> Cause | None:
    if "\n" not in text or "\r" in text:
        return None
    units = list(accumulate((2 if c == "\n" else 1 for c in text), initial=0))
    return Cause(
        "E205",
        "the offsets count each line break as CRLF, so they shift by one more with each line",
        "they were made on a text with carriage returns that this one does not have",
        _lookup(units),
    )


def _lookup(units: list[int]) -> Callable[[int], int | None]:
    def remap(offset: int) -> int | None:
        n = bisect_left(units, offset)
        return n if n < len(units) and units[n] == offset else None

    return remap


def _shifts(text: str, wrong: list[Span]) -> list[Cause]:
    """Constant shifts that the first wrong span allows, the smallest first."""
    first = min(wrong, key=lambda span: (-len(span.words or ""), span.start))
    shifts = sorted((place - first.start for place in _places(text, first.words or "")), key=abs)
    return [_shift(text, k) for k in shifts[:100]]


def _shift(text: str, k: int) -> Cause:
    lead = len(text) - len(text.lstrip())
    why = " (white space at the beginning of the text was stripped)" if k == lead > 0 else ""
    hint = f"add {k} to every offset" if k > 0 else f"subtract {-k} from every offset"
    return Cause("E205", f"all offsets are shifted by {-k:+d}{why}", hint, lambda offset: offset + k)


def _places(text: str, words: str, most: int = 1000) -> list[int]:
    places: list[int] = []
    at = text.find(words) if words else -1
    while at >= 0 and len(places) < most:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _report_cause(wrong: list[Span], cause: Cause, collect: Collector) -> None:
    samples = [
        f"{s.start}-{s.end} {quoted(s.words or '', 24)} is {cause.remap(s.start)}-{cause.remap(s.end)}"
        for s in wrong
    ]
    more = f"; and {len(samples) - 3} more" if len(samples) > 3 else ""
    collect.add(
        cause.code,
        f"{cause.message}: {len(wrong)} span{'s' * (len(wrong) > 1)} do{'es' * (len(wrong) == 1)} not fit the text",
        f"{cause.hint}; {'; '.join(samples[:3])}{more}",
        region=wrong[0].region,
        start=wrong[0].start,
        end=wrong[0].end,
        place=wrong[0].place,
    )


def _at(span: Span) -> dict[str, object]:
    return {"region": span.region, "start": span.start, "end": span.end, "place": span.place}


def _report_outside(text: str, span: Span, collect: Collector) -> None:
    if span.start >= span.end:
        message = f"the span {span.start}-{span.end} is empty or runs backwards"
    else:
        message = f"the span {span.start}-{span.end} runs past the text, which ends at {len(text)}"
    collect.add("E202", message, _nearest(text, span), **_at(span))


def _report_words(text: str, span: Span, collect: Collector) -> None:
    found, words = text[span.start : span.end], span.words or ""
    message = f"the text at {span.start}-{span.end} is {quoted(found)}, not {quoted(words)}"
    if found.strip() == words.strip():
        message += " (white space at the ends was trimmed)"
    collect.add("E201", message, _nearest(text, span), **_at(span))


def _nearest(text: str, span: Span) -> str:
    places = _places(text, span.words or "")
    if not places:
        return "mark the words again: they do not stand in the text" if span.words else "mark the words again"
    start = min(places, key=lambda place: abs(place - span.start))
    return f"the nearest {quoted(span.words or '', 24)} is at {start}-{start + len(span.words or '')}"
