"""The rules: what is checked on a record, in one table.

A rule is one function. It takes a Case (a record with its look-up tables) and collects findings.
"""

from __future__ import annotations

from collections.abc import Sequence

from dateline.checks import ontology, references, shape, text
from dateline.checks.case import Case, Rule
from dateline.findings import Finding
from dateline.model import Document
from dateline.schema import Schema

RULES: tuple[Rule, ...] = (*text.RULES, *references.RULES, *ontology.RULES)

# What a span at the wrong place explains: said of words that nobody marked
OFFSETS = frozenset({"E201", "E202", "E205", "E804"})
OFFSET_SYMPTOMS = frozenset({"E203", "E212", "W206", "W207", "W211", "W310", "W311", "W409", "W410", "W416"})

# What a relation or answer that could not be read explains: no finding of its own on that event or mention
SYMPTOMS = frozenset({"E403", "E406", "W307", "W412", "W419"})

__all__ = ["RULES", "SYMPTOMS", "Case", "Rule", "check", "check_shape"]

check_shape = shape.check


def check(
    document: Document,
    schema: Schema,
    tainted: frozenset[str] = frozenset(),
    known: Sequence[Finding] = (),
) -> list[Finding]:
    """All findings on one record, shape included.

    `tainted` holds the regions that something unreadable hung on, `known` what was found while the
    record was read: symptoms of these are left out.
    """
    return [
        *shape.check_document(document, schema, tainted),
        *check_meaning(document, schema, tainted, known),
    ]


def check_meaning(
    document: Document,
    schema: Schema,
    tainted: frozenset[str] = frozenset(),
    known: Sequence[Finding] = (),
) -> list[Finding]:
    """The findings on a record whose shape is known."""
    case = Case(document, schema)
    for rule in RULES:
        rule.run(case)
    return without_symptoms(_without_misplaced(case.findings, known), document, tainted)


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
