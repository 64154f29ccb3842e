"""What is made of a dataset's finished files, and tells of them: the card and the Croissant description."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dateline import card, croissant, numbers, writing
from dateline.outcome import Facts, Outcome

NAMES = (card.NAME, croissant.NAME)


def write(folder: Path, facts: Facts, outcome: Outcome) -> Facts:
    """Write card and Croissant into `folder`; the facts with these two files. Raises files.FileError."""
    known = numbers.gather(folder, facts)
    texts = {
        card.NAME: card.text(facts, folder, outcome, known),
        croissant.NAME: croissant.text(facts, outcome, known),
    }
    written = {name: writing.write_extra(folder, name, text) for name, text in texts.items()}
    return replace(facts, extras={**facts.extras, **written})
