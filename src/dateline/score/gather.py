"""From values to articles: gold, which must be whole, and predictions, which are taken as they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dateline.findings import Finding
from dateline.model import Document
from dateline.score.parts import Article
from dateline.score.strings import Alignment, align
from dateline.score.values import Sketch, Unreadable, doc_id_of, unreadable

NAMED = 5  # so many examples stand in a message


class Given(NamedTuple):
    """A value and the place in a file where it stands."""

    value: object
    file: str | None = None
    line: int | None = None


Value = Document | Mapping[str, Any] | Given | Finding


class UnusableError(Exception):
    """A side that cannot be scored: `findings` say why, each an error or a warning."""

    side = "a side"

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        where = f"{first.file}:{first.line or 1}: " if first.file else ""
        about = f" ({first.doc_id})" if first.doc_id else ""
        more = f"; and {len(findings) - 1:,} more" if len(findings) > 1 else ""
        super().__init__(f"{self.side} cannot be used: {where}{first.message}{about}{more}")
        self.findings = findings


class GoldError(UnusableError):
    """Gold that cannot be scored against."""

    side = "gold"


class PredictionsError(UnusableError):
    """Predictions of which none names an article: the wrong file."""

    side = "predictions"


@dataclass
class Side:
    """All articles of one side by doc_id, with what was found while they were read."""

    articles: dict[str, Article] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    strings: int = 0
    ambiguous: int = 0
    unaligned: int = 0


def gold(values: Iterable[Value]) -> Side:
    """Gold as articles. Raises GoldError (E937 and codes of JSON) where anything of it cannot be read."""
    sketches, findings = _sketches(values, "E937")
    side = Side(findings=[f for f in findings if f.severity != "error"])
    bad = [f for f in findings if f.severity == "error"]
    for sketch in sketches.values():
        article, alignment = align(sketch, sketch.text)
        _count(side, alignment)
        side.articles[article.doc_id] = article
        bad += [_bad_gold(article, reason) for reason in _faults(sketch, article, alignment)]
    if not sketches and not bad:
        bad.append(Finding(code="E937", message="there is no article in gold"))
    if bad:
        raise GoldError(bad)
    return side


def _bad_gold(article: Article, reason: str) -> Finding:
    return Finding(
        code="E937", message=reason, hint="export it anew, or mend the line", doc_id=article.doc_id
    )


def _faults(sketch: Sketch, article: Article, alignment: Alignment) -> list[str]:
    """What makes gold's article unusable."""
    found = []
    if sketch.wholes > 1:
        found.append("the article stands twice in gold; of several annotations one must be chosen")
    if alignment.unaligned:
        found.append(f"gold's words are not in the text: {_some(alignment.unaligned)}")
    spans = [s for e in article.events for s in (*e.triggers, *((a.start, a.end) for a in e.arguments))]
    end = len(article.text) if article.text is not None else max((s[1] for s in spans), default=0)
    wrong = [s for s in spans if s[0] < 0 or s[1] > end] if not alignment.unaligned else []
    if wrong:
        found.append("a span of gold is empty, runs backwards or past the text")
    if any(-1 in (r.head, r.tail) for r in article.relations):
        found.append("a relation of gold joins an event that is not there")
    return found


def predictions(values: Iterable[Value], gold_side: Side) -> Side:
    """Predictions as articles, in gold's texts. What cannot be read is a finding, and no prediction.

    Raises PredictionsError where there are values and none of them names an article.
    """
    sketches, findings = _sketches(values, "W933")
    if not sketches and findings and not any(f.doc_id for f in findings):
        raise PredictionsError(findings)
    side = Side(findings=findings, unread={f.doc_id for f in findings if f.doc_id})
    unaligned, misplaced, twice, untold = [], [], [], []
    for doc_id, sketch in sketches.items():
        known = gold_side.articles.get(doc_id)
        text = known.text if known is not None and known.text is not None else sketch.text
        article, alignment = align(sketch, text)
        _count(side, alignment)
        side.articles[doc_id] = article
        unaligned += [f"«{words}» ({doc_id})" for words in alignment.unaligned if text is not None]
        untold += [doc_id] if text is None and alignment.strings else []
        misplaced += [f"{doc_id} {start}:{end}" for start, end in _misplaced(sketch, text)]
        twice += [doc_id] if sketch.wholes > 1 else []
    side.findings += [
        *_summed("W934", unaligned, "words that are not in the text, each a wrong prediction"),
        *_summed("W934", untold, "articles predicted in words, whose text nobody gave: all of it is wrong"),
        *_summed("W936", misplaced, "predicted spans that are not in the text, or hold other words there"),
        *_summed("W932", twice, "articles predicted twice: what is repeated counts as wrong"),
    ]
    if side.ambiguous:
        message = f"{side.ambiguous:,} of {side.strings:,} strings stand several times in their text"
        hint = "give offsets, or longer words; the nearest place was taken"
        side.findings.append(Finding(code="I935", message=message, hint=hint))
    return side


def _misplaced(sketch: Sketch, text: str | None) -> list[tuple[int, int]]:
    """Spans outside the text or with other words than were given with them; white space may differ."""
    if text is None:
        return []
    spans = {p for said in sketch.events for p in said.places if not isinstance(p, str)}
    outside = {(start, end) for start, end in spans if not 0 <= start < end <= len(text)}
    other = {
        (start, end) for start, end, words in sketch.quotes if text[max(start, 0) : max(end, 0)] != words
    }
    return sorted(outside | (other & spans))


def _summed(code: str, cases: list[str], what: str) -> list[Finding]:
    if not cases:
        return []
    return [Finding(code=code, message=f"{len(cases):,} {what}: {_some(sorted(cases))}")]


def _some(cases: list[str]) -> str:
    more = len(cases) - NAMED
    return ", ".join(cases[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def named(cases: list[str]) -> str:
    """A few of many, and how many more there are."""
    return _some(cases)


def _count(side: Side, alignment: Alignment) -> None:
    side.strings += alignment.strings
    side.ambiguous += alignment.ambiguous
    side.unaligned += len(alignment.unaligned)


def _sketches(values: Iterable[Value], code: str) -> tuple[dict[str, Sketch], list[Finding]]:
    """The articles by doc_id, and a finding with this code for each value that says nothing of one."""
    sketches: dict[str, Sketch] = {}
    findings: list[Finding] = []
    for value in values:
        if isinstance(value, Finding):
            findings.append(value)
            continue
        given = value if isinstance(value, Given) else Given(value)
        try:
            doc_id = doc_id_of(given.value)
            sketch = sketches.get(doc_id) or Sketch(doc_id)
            sketch.take(given.value)  # type: ignore[arg-type]
            sketches[doc_id] = sketch
        except Unreadable as error:
            findings.append(unreadable(code, error, given.file, given.line))
    return sketches, findings
