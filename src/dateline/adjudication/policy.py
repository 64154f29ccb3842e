"""How differences are settled without a person: unanimous, by majority, or as one annotator has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.adjudication.slots import Slot

UNANIMOUS, MAJORITY, PREFER = "unanimous", "majority", "prefer"
AGREED, REVIEW, EDITED, FOLLOWS = "agreed", "review", "edited", "follows"
ENOUGH = 3  # annotations of an article, for a majority
_BY_MAJORITY = frozenset({"answer", "value"})


@dataclass(frozen=True)
class Choice:
    """The value that a slot gets, the annotations that have it, and how it was settled."""

    value: object
    sides: tuple[int, ...]
    how: str


@dataclass(frozen=True)
class Policy:
    """What settles a difference.

    - `unanimous`: nothing, except that answers go by majority
    - `majority`: what more than half of those asked say, on articles with three annotations or more
    - `prefer`: what `annotator` says; answers by majority where there is one

    Attributes (`answer` of an event, `value` of a mention) go by majority under every policy.
    """

    name: str = UNANIMOUS
    annotator: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.annotator}" if self.annotator else self.name

    def choose(self, slot: Slot, names: Sequence[str]) -> Choice | None:
        """The slot's value; None where it is left to a person."""
        values = slot.by_value()
        if len(values) == 1:
            (value,) = values
            return Choice(value, tuple(values[value]), AGREED)
        if len(names) >= ENOUGH and (self.name == MAJORITY or slot.kind in _BY_MAJORITY):
            for value, sides in values.items():
                if 2 * len(sides) > len(slot.votes):
                    return Choice(value, tuple(sides), MAJORITY)
        side = names.index(self.annotator) if self.annotator in names else None
        if self.name == PREFER and side is not None and side in slot.votes:
            value = slot.votes[side]
            return Choice(value, tuple(values[value]), PREFER)
        return None


def parse(text: str) -> Policy:
    """A policy as people write it: `unanimous`, `majority`, `prefer NAME`. Raises ValueError with what is known."""
    name, _, annotator = text.strip().partition(" ")
    annotator = annotator.strip()
    if name == PREFER and annotator:
        return Policy(PREFER, annotator)
    if name in (UNANIMOUS, MAJORITY) and not annotator:
        return Policy(name)
    raise ValueError(f"{text!r} is no policy: unanimous, majority, or prefer NAME")
