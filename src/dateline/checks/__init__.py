"""The rules: what is checked on a record, in one table.

A rule is one function. It takes a Case (a record with its look-up tables) and collects findings.
"""

from __future__ import annotations

from dateline.checks import ontology, references, shape, text
from dateline.checks.case import Case, Rule
from dateline.findings import Finding
from dateline.model import Document
from dateline.schema import Schema

RULES: tuple[Rule, ...] = (*text.RULES, *references.RULES, *ontology.RULES)

# What a relation or answer that could not be read explains: no finding of its own on that event or mention
SYMPTOMS = frozenset({"E403", "E406", "W307", "W412", "W419"})

__all__ = ["RULES", "SYMPTOMS", "Case", "Rule", "check", "check_shape"]

check_shape = shape.check


def check(document: Document, schema: Schema, tainted: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings on one record, shape included.

    `tainted` holds the regions that something unreadable hung on: symptoms of that are left out.
    """
    return [*shape.check_document(document, schema, tainted), *check_meaning(document, schema, tainted)]


def check_meaning(document: Document, schema: Schema, tainted: frozenset[str] = frozenset()) -> list[Finding]:
    """The findings on a record whose shape is known."""
    case = Case(document, schema)
    for rule in RULES:
        rule.run(case)
    return without_symptoms(case.findings, document, tainted)


def without_symptoms(findings: list[Finding], document: Document, tainted: frozenset[str]) -> list[Finding]:
    """The findings less those that a tainted region explains."""
    if not tainted:
        return findings
    touched = {e.id for e in document.events if tainted & {t.region for t in e.triggers}}
    return [
        f for f in findings if f.code not in SYMPTOMS or not (f.event_id in touched or f.region in tainted)
    ]
