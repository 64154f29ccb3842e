"""The card of a trained model: what it is, how good it is beside looking words up, what it does not hold."""

from __future__ import annotations

from dateline.score import SIX
from dateline.train.outcome import MEANING, SYSTEMS, Outcome

_HEAD = """---
library_name: transformers
pipeline_tag: token-classification
tags:
- event-extraction
- news
---
"""
_USE = """```python
from transformers import AutoModelForTokenClassification, AutoTokenizer

model = AutoModelForTokenClassification.from_pretrained("{out}/triggers")
tokenizer = AutoTokenizer.from_pretrained("{out}/triggers")
```"""


def text(outcome: Outcome) -> str:
    """The card in Markdown; it holds no time and no path."""
    name = outcome.plan.data.resolve().name
    return (
        _HEAD
        + "\n\n".join(
            [
                f"# Events of {name}",
                "Two token classifiers that Dateline trained: `triggers` finds the words that stand for an event, and "
                "its type, in a sentence; `arguments` finds what fills which role of one event, whose trigger is "
                "marked in the text and whose type stands before it.",
                "## Scores",
                outcome.verdict,
                *(_table(outcome, split) for split in outcome.scores),
                _systems(),
                "## How it was made",
                _made(outcome),
                "## What it does not hold",
                _limits(outcome),
                "## To use it",
                _USE.format(out=outcome.plan.out.name),
                "## Whose it is",
                "The annotations and texts that it learnt from have licences of their own: see the card of the "
                f"dataset `{name}`. So has the model that it began as, if it was pre-trained.",
            ]
        )
        + "\n"
    )


def _table(outcome: Outcome, split: str) -> str:
    n = outcome.scores[split][SYSTEMS[0]].counts["gold documents"]
    head = f"F1 on **{split}** ({n} article{'s' * (n != 1)}):\n\n| | {' | '.join(SIX)} |\n|---|{'---:|' * len(SIX)}\n"
    return head + "\n".join(
        f"| {system} | {' | '.join(shown(value) for value in outcome.f1(split, system))} |"
        for system in SYSTEMS
    )


def shown(value: float | None) -> str:
    """A fraction with three digits; a dash where there is nothing to measure."""
    return "–" if value is None else f"{value:.3f}"


def _systems() -> str:
    meaning = "\n".join(f"- {name}: {MEANING[name]}" for name in SYSTEMS)
    return (
        "TI, TC: triggers identified, classified. AI, AC: arguments. AI+, AC+: arguments at the right event. "
        f"Exact spans, micro-averaged; one to one.\n\n{meaning}"
    )


def _made(outcome: Outcome) -> str:
    plan = outcome.plan
    lines = [
        f"model: {plan.named}",
        *(
            f"{view}: {recipe.epochs} epochs, learning rate {recipe.rate:g}, batches of {recipe.batch}, "
            f"{recipe.dropped:.0%} of the words masked; mean loss of the last epoch "
            f"{shown(outcome.losses[view][-1] if outcome.losses[view] else None)}"
            for view in outcome.pieces
            for recipe in (plan.recipe(view),)
        ),
        f"seed {plan.seed}",
        ", ".join(f"{name} {version}" for name, version in outcome.versions.items()),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _limits(outcome: Outcome) -> str:
    reach = outcome.plan.reach
    where = "its row of the view" if reach is None else f"{reach} tokens on either side of the trigger"
    lines = [
        "Each trigger makes an event of its own: that several stand for one event is not learnt.",
        f"Arguments are looked for in {where}; what lies farther away is never found (see ceiling).",
        "Answers, relations, entities and claims are not learnt.",
        *(
            f"{view}: {cut.rows:,} rows tagged, {cut.windowed:,} of them longer than the {outcome.pieces[view]} "
            "pieces that the model takes at once (read in windows that overlap); "
            f"{cut.wordless:,} words that the tokenizer drops"
            for view, cut in outcome.cut.items()
        ),
    ]
    return "\n".join(f"- {line}" for line in lines)
