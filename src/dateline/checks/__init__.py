"""The rules: what is checked on a record, in one table.

A rule is one function. It takes a Case (a record with its look-up tables) and collects findings.
"""

from __future__ import annotations

from collections.abc import Sequence

from dateline.checks import epistemics, ontology, references, relations, shape, text, time
from dateline.checks.case import Case, Rule
from dateline.findings import Finding
from dateline.model import Document
from dateline.schema import Schema
from dateline.settings import Thresholds

RULES: tuple[Rule, ...] = (
    *text.RULES,
    *references.RULES,
    *ontology.RULES,
    *epistemics.RULES,
    *relations.RULES,
    *time.RULES,
)

# What is about the article: said once, not once an annotation
OF_THE_ARTICLE = frozenset({"E204", "W209", "W210", "E701"})

# What a span at the wrong place explains: said of words that nobody marked
OFFSETS = frozenset({"E201", "E202", "E205", "E804"})
OFFSET_SYMPTOMS = frozenset(
    {"E203", "E212", "W206", "W207", "W208", "W211", "W310", "W311", "W409", "W410", "W416", "W507", "W508"}
)

# What a relation or answer that could not be read explains: no finding of its own on that event or mention
SYMPTOMS = frozenset({"E403", "E406", "W307", "W412", "W419", "E505"})

__all__ = ["OF_THE_ARTICLE", "RULES", "SYMPTOMS", "Case", "Rule", "check", "check_shape"]

check_shape = shape.check


def check(
    document: Document,
    schema: Schema,
    tainted: frozenset[str] = frozenset(),
    known: Sequence[Finding] = (),
    thresholds: Thresholds | None = None,
) -> list[Finding]:
    """All findings on one record, shape included.

    `tainted` holds the regions that something unreadable hung on, `known` what was found while the
    record was read: symptoms of these are left out.
    """
    return [
        *shape.check_document(document, schema, tainted),
        *check_meaning(document, schema, tainted, known, thresholds),
    ]


def check_meaning(
    document: Document,
    schema: Schema,
    tainted: frozenset[str] = frozenset(),
    known: Sequence[Finding] = (),
    thresholds: Thresholds | None = None,
) -> list[Finding]:
    """The findings on a record whose shape is known."""
    case = Case(document, schema, thresholds)
    for rule in RULES:
        rule.run(case)
    found = _without_doubled(_without_misplaced(case.findings, known))
    return without_symptoms(found, document, tainted)


def _without_doubled(findings: list[Finding]) -> list[Finding]:
    """The findings less those that a stronger one on the same event says already."""
    nothing = {f.event_id for f in findings if f.code == "E505"}
    return (
        [f for f in findings if not (f.code == "W419" and f.role == "denied_claim" and f.event_id in nothing)]
        if nothing
        else findings
    )


def _without_misplaced(findings: list[Finding], known: Sequence[Finding]) -> list[Finding]:
    """The findings less those on the words at wrong offsets; a cause for all spans explains all of them."""
    causes = [f for f in (*known, *findings) if f.code in OFFSETS]
    common = any(f.code in ("E205", "E804") for f in causes)
    places = {(f.start, f.end) for f in causes}
    return [
        f for f in findings if f.code not in OFFSET_SYMPTOMS or not (common or (f.start, f.end) in places)
    ]


def without_symptoms(findings: list[Finding], document: Document, tainted: frozenset[str]) -> list[Finding]:
    """The findings less those that a tainted region explains."""
    if not tainted:
        return findings
    touched = {e.id for e in document.events if tainted & {t.region for t in e.triggers}}
    return [
        f for f in findings if f.code not in SYMPTOMS or not (f.event_id in touched or f.region in tainted)
    ]
