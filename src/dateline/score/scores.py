"""The scores of all articles together, by type and by article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from dateline.findings import Finding
from dateline.score import gather
from dateline.score.count import MEASURES, RELATIONS, Counts, Score, Table, added, coreferent, count
from dateline.score.gather import Value
from dateline.score.parts import Article, by_mention

Mode = Literal["event", "mention"]


@dataclass(frozen=True)
class Scores:
    """What `score` found.

    `table` and `overlap` hold every measure, `by_type` the six for the events of each type alone (TI is TC
    there), `by_document` every measure of each article. `missing` and `extra` name articles, `counts` says
    what was read.
    """

    table: Mapping[str, Score]
    overlap: Mapping[str, Score]
    by_type: Mapping[str, Mapping[str, Score]]
    by_document: Mapping[str, Mapping[str, Score]]
    missing: list[str]
    extra: list[str]
    counts: Mapping[str, int]
    findings: list[Finding]
    mode: Mode = "event"
    coreference: bool = False

    def __getitem__(self, measure: str) -> Score:
        return self.table[measure]

    def worst(self, number: int) -> dict[str, Mapping[str, Score]]:
        """The articles in which most triggers and arguments are wrong or missed, most first."""

        def key(doc_id: str) -> tuple[int, str]:
            table = self.by_document[doc_id]
            right = sum(table[name].right for name in ("TC", "AC+"))
            return 2 * right - sum(table[name].gold + table[name].predicted for name in ("TC", "AC+")), doc_id

        return {doc_id: self.by_document[doc_id] for doc_id in sorted(self.by_document, key=key)[:number]}

    def as_json(self) -> dict[str, Any]:
        """Fractions and counts by measure; then overlap, by_type, by_document and what was read."""
        return {
            **_plain(self.table),
            "overlap": _plain(self.overlap),
            "by_type": {type_: _plain(table) for type_, table in self.by_type.items()},
            "by_document": {doc_id: _plain(table) for doc_id, table in self.by_document.items()},
            "mode": self.mode,
            "coreference": self.coreference,
            "counts": dict(self.counts),
            "missing": self.missing,
            "extra": self.extra,
            "findings": msgspec.to_builtins(self.findings),
        }


def _plain(table: Mapping[str, Score]) -> dict[str, Any]:
    return {measure: score.as_json() for measure, score in table.items()}


def score(
    gold: Iterable[Value],
    predictions: Iterable[Value],
    *,
    mode: Mode = "event",
    coreference: bool = False,
    ignore_extra: bool = False,
) -> Scores:
    """Score predictions against gold; see the package for the measures.

    Either side is records, rows of the views `documents` or `events`, lines of strings without offsets, or
    what `load` gives. `mode="mention"` scores each trigger as an event of its own, `coreference` takes any
    mention of the gold entity for right, `ignore_extra` leaves predictions for articles out that gold does
    not have. Neither side's order changes anything. Raises GoldError where gold
    cannot be used, PredictionsError where no prediction names an article.
    """
    ours = gather.gold(gold)
    theirs = gather.predictions(predictions, ours)
    missing = sorted(ours.articles.keys() - theirs.articles.keys())
    extra = sorted(theirs.articles.keys() - ours.articles.keys())
    doc_ids = sorted(ours.articles.keys() | (set() if ignore_extra else theirs.articles.keys()))
    by_document: dict[str, Table] = {}
    overlaps: list[Table] = []
    by_type: dict[str, list[Table]] = defaultdict(list)
    for doc_id in doc_ids:
        pair = _pair(ours.articles.get(doc_id), theirs.articles.get(doc_id), doc_id, coreference)
        found = _measured(*pair, mode)
        by_document[doc_id] = found.table
        overlaps.append(found.overlap)
        for type_, table in found.by_type.items():
            by_type[type_].append(table)
    return Scores(
        table=_whole(by_document.values()),
        overlap=_whole(overlaps),
        by_type={type_: added(by_type[type_]) for type_ in sorted(by_type)},
        by_document=by_document,
        missing=missing,
        extra=extra,
        counts=_counts(ours, theirs),
        findings=[*_absent(missing, extra, theirs.unread, ignore_extra), *theirs.findings],
        mode=mode,
        coreference=coreference,
    )


def _whole(tables: Iterable[Table]) -> Table:
    sums = added(tables)
    return {measure: sums.get(measure, Score()) for measure in MEASURES}


def _pair(
    ours: Article | None, theirs: Article | None, doc_id: str, coreference: bool
) -> tuple[Article, Article]:
    gold, predicted = ours or Article(doc_id), theirs or Article(doc_id)
    if coreference:
        return coreferent(gold, gold), coreferent(gold, predicted)
    return gold, predicted


def _measured(gold: Article, predicted: Article, mode: Mode) -> Counts:
    found = count(gold, predicted)
    if mode == "event":
        return found
    apart = count(by_mention(gold), by_mention(predicted))
    relations = RELATIONS  # they join events, not mentions of them
    return Counts(
        {**apart.table, relations: found.table[relations]},
        apart.by_type,
        {**apart.overlap, relations: found.overlap[relations]},
    )


def _counts(ours: gather.Side, theirs: gather.Side) -> dict[str, int]:
    return {
        "gold documents": len(ours.articles),
        "gold events": sum(len(article.events) for article in ours.articles.values()),
        "predicted documents": len(theirs.articles),
        "predicted events": sum(len(article.events) for article in theirs.articles.values()),
        "strings": theirs.strings,
        "ambiguous strings": theirs.ambiguous,
        "unaligned strings": theirs.unaligned,
    }


def _absent(missing: list[str], extra: list[str], unread: set[str], ignored: bool) -> list[Finding]:
    found = []
    silent = [doc_id for doc_id in missing if doc_id not in unread]
    if silent:
        message = f"{len(silent):,} articles without a prediction: {gather.named(silent)}"
        found.append(Finding(code="W930", message=message, hint="all of their gold counts as not found"))
    if extra:
        message = f"{len(extra):,} predicted articles that gold does not have: {gather.named(extra)}"
        hint = (
            "left out"
            if ignored
            else "all that is predicted for them counts as wrong; --ignore-extra leaves them out"
        )
        found.append(Finding(code="W931", message=message, hint=hint))
    return found
