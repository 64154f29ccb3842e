"""The dataset card of an exported folder: YAML for the Hub, and what a reader and a reviewer need to know.

It follows the Hub's guide (https://huggingface.co/docs/hub/datasets-cards) and "Datasheets for Datasets".
"""

from __future__ import annotations

from pathlib import Path

from dateline import datasheet
from dateline.card import process, sections
from dateline.card.examples import examples
from dateline.card.head import head
from dateline.card.markdown import escaped
from dateline.numbers import Numbers, gather
from dateline.outcome import Facts, Outcome

__all__ = ["NAME", "escaped", "text"]

NAME = "README.md"


def text(facts: Facts, folder: Path, outcome: Outcome, numbers: Numbers | None = None) -> str:
    """The card. `folder` holds the Parquet files; `numbers` are gathered from them where they are not given."""
    known = gather(folder, facts) if numbers is None else numbers
    body = [
        f"# {escaped(facts.name)}",
        "",
        f"{datasheet.description(facts)} Made with Dateline from annotations in Label Studio.",
        "",
        *sections.loading(facts),
        "Offsets are half-open Unicode code points: `text[start:end]` is the span's text, always.",
        "",
        *process.sheet(facts, outcome, known),
        *sections.layout(facts),
        *sections.splits(outcome, known),
        *sections.losses(facts),
        *sections.absent(facts),
        *sections.rights(facts, known),
        *process.annotation(facts, outcome, known),
        *process.limits(facts, outcome, known),
        *examples(folder, facts),
        *sections.statistics(known),
        *sections.citation(facts),
        *sections.held_back(outcome),
    ]
    return head(facts, known) + "\n".join(body).rstrip("\n") + "\n"
