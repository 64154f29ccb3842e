"""The list of disagreements, worst first, each reading in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from dateline.agreement.align import Alignment, Side
from dateline.agreement.difference import Difference, Said
from dateline.agreement.event_differences import in_events
from dateline.agreement.span_differences import in_spans
from dateline.agreement.spans import Span, merged

CONTEXT = 40  # code points on either side
MOST = 220  # code points between the first and the last span that are shown
OPEN, CLOSE, GAP = "⟦", "⟧", " … "


def differences(pair: Alignment) -> Iterator[Difference]:
    """All differences of an alignment by overlap, each cause once: what hangs on it is in its weight."""
    yield from in_events(pair)
    yield from in_spans(pair)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one annotator says, and the text with the words it is about in ⟦brackets⟧.

    `spans` are code points, half-open; `url` opens the annotation in Label Studio.
    """

    annotator: str
    says: str
    text: str
    spans: list[Span]
    event_id: str | None = None
    region: str | None = None
    url: str | None = None


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that two annotators see differently; `weight` says how much hangs on it, most first.

    `kind` is a key of `difference.WEIGHT`, `layer` the layer that it lowers. `event_type` is that of the
    first reading that has one. `url` leads to the first reading that can be opened.
    """

    kind: str
    layer: str
    weight: int
    message: str
    doc_id: str
    batch: str | None
    event_type: str | None
    start: int | None
    end: int | None
    readings: tuple[Reading, Reading]
    url: str | None = None


class Worst:
    """Collects differences and keeps the worst `limit` of them (all, where it is 0); `total` counts all."""

    def __init__(self, limit: int, server: str | None = None) -> None:
        self.limit, self.server, self.total = limit, server, 0
        self._kept: list[Difference] = []

    def add(self, pairs: Iterable[Alignment]) -> None:
        """Take in the differences of some pairs of annotations, aligned by overlap."""
        for pair in pairs:
            found = list(differences(pair))
            self.total += len(found)
            self._kept += found
            if self.limit and len(self._kept) > 4 * self.limit:
                self._cut()

    def _cut(self) -> None:
        self._kept.sort(key=lambda difference: difference.key)
        del self._kept[self.limit or len(self._kept) :]

    def list(self) -> list[Disagreement]:
        """The worst, worst first."""
        self._cut()
        return [_told(difference, self.server) for difference in self._kept]


def link(side: Side, server: str | None) -> str | None:
    """The address of an annotation in Label Studio, where server, project and task are known."""
    here = side.document.annotation
    if server is None or here.project is None or here.task is None:
        return None
    return f"{server.rstrip('/')}/projects/{here.project}/data?task={here.task}"


def _told(difference: Difference, server: str | None) -> Disagreement:
    sides = difference.pair.a, difference.pair.b
    spans = [span for said in difference.said for span in said.spans]
    a, b = (_reading(side, said, spans, server) for side, said in zip(sides, difference.said, strict=True))
    first = min(spans, default=(None, None))
    return Disagreement(
        kind=difference.kind,
        layer=difference.layer,
        weight=difference.weight,
        message=difference.message,
        doc_id=sides[0].document.doc_id,
        batch=sides[0].document.annotation.batch,
        event_type=difference.type or None,
        start=first[0],
        end=first[1],
        readings=(a, b),
        url=a.url or b.url,
    )


def _reading(side: Side, said: Said, spans: list[Span], server: str | None) -> Reading:
    return Reading(
        annotator=side.document.annotation.annotator,
        says=said.words,
        text=marked(side.document.text, said.spans, spans),
        spans=sorted(said.spans),
        event_id=said.event,
        region=said.region,
        url=link(side, server),
    )


def marked(text: str, spans: Iterable[Span], around: Iterable[Span]) -> str:
    """The text around all the spans with some in brackets, in one line; far-apart parts are joined by dots."""
    own = merged(list(spans))
    windows = merged([(max(0, start - CONTEXT), min(len(text), end + CONTEXT)) for start, end in around])
    parts = [_bracketed(text, own, window) for window in windows]
    shown = GAP.join(" ".join(part.split()) for part in parts)
    before = "…" if windows and windows[0][0] > 0 else ""
    return before + shown + ("…" if windows and windows[-1][1] < len(text) else "")


def _bracketed(text: str, own: list[Span], window: Span) -> str:
    at, parts = window[0], []
    for start, end in own:
        if window[0] <= start and end <= window[1]:
            parts += [text[at:start], OPEN, _shortened(text[start:end]), CLOSE]
            at = end
    return "".join([*parts, text[at : window[1]]])


def _shortened(words: str) -> str:
    return words if len(words) <= MOST else words[: MOST // 2] + GAP + words[-MOST // 2 :]
