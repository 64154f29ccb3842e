"""The sections of a card that answer a reviewer: the data sheet, agreement, and known limits."""

from __future__ import annotations

from dateline import datasheet
from dateline.agreed import Agreed
from dateline.card.markdown import escaped, table
from dateline.numbers import Numbers
from dateline.outcome import Facts, Outcome

_STATES = (
    "Adjudicated: a ground truth was made of several annotations; agreed: all are equal; single: there is only one;",
    "held back: not in this dataset.",
)


def sheet(facts: Facts, outcome: Outcome, numbers: Numbers) -> list[str]:
    """The data sheet."""
    answers = datasheet.sheet(facts, outcome, numbers).items()
    return ["## Data sheet", "", *table(("question", "answer"), answers)]


def annotation(facts: Facts, outcome: Outcome, numbers: Numbers) -> list[str]:
    """How it was annotated, with the figures of agreement."""
    lines = [
        "## How it was annotated",
        "",
        f"Batches: {', '.join(map(escaped, facts.batches))}. "
        + escaped(datasheet.annotation(facts, outcome, numbers)),
        "For each article one annotation counts. " + _STATES[0],
        _STATES[1],
        "",
        *(escaped(said) for said in datasheet.annotator_kinds(numbers)),
        "",
        "### Agreement",
        "",
        escaped(datasheet.agreement(numbers)),
        "",
    ]
    return lines + (_figures(numbers.agreement) if numbers.agreement else [])


def _figures(found: Agreed) -> list[str]:
    """Two tables: spans and links by F1 or B-cubed, answers by Krippendorff's alpha and the share of equal ones."""
    spans = [
        (layer, datasheet.value(exact), datasheet.value(overlap), n)
        for names in (("f1_exact", "f1_overlap"), ("bcubed_exact", "bcubed_overlap"))
        for layer, (exact, overlap) in found.of_measure(*names).items()
        for n in [max(row.n for row in (exact, overlap) if row)]
    ]
    answers = [
        (layer, datasheet.value(alpha) or "not defined", datasheet.value(raw), raw.n if raw else "")
        for layer, (alpha, raw) in found.of_measure("alpha", "raw").items()
    ]
    return [
        "Events and entities by B-cubed, the other layers by F1; spans are the same where they are equal, or overlap:",
        "",
        *table(("layer", "equal spans", "overlapping", "items"), spans),
        "Answers about the same event, by Krippendorff's alpha (0 is what chance gives) and the share of equal ones:",
        "",
        *table(("question", "alpha", "equal", "events"), answers),
    ]


def limits(facts: Facts, outcome: Outcome, numbers: Numbers) -> list[str]:
    """What to know before relying on it."""
    said = [*datasheet.biases(numbers), *datasheet.limits(facts, outcome, numbers)]
    return ["## Known limits", "", *(f"- {escaped(one)}" for one in said), ""]
