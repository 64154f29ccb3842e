"""One step from a schema to the next, and what nobody has decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dateline.label_studio.controls import Control, controls
from dateline.migration.moves import KINDS, Moves, attributes, names
from dateline.schema import Attribute, Schema


@dataclass(frozen=True)
class Undecided:
    """Something that nobody has decided: what, how to go on, and the region; `settled` where a declaration would do."""

    message: str
    hint: str
    region: str | None = None
    settled: bool = False


@dataclass(frozen=True)
class Step:
    """From one schema to another by these moves, with what is looked up again and again."""

    old: Schema
    new: Schema
    moves: Moves
    had: dict[str, frozenset[str]] = field(init=False)
    has: dict[str, frozenset[str]] = field(init=False)
    asked: dict[str, Control] = field(init=False)
    asks: dict[str, Attribute] = field(init=False)

    def __post_init__(self) -> None:
        for name, schema in (("had", self.old), ("has", self.new)):
            object.__setattr__(self, name, {kind: frozenset(names(schema, kind)) for kind in KINDS})
        object.__setattr__(self, "asked", controls(self.old))
        object.__setattr__(self, "asks", attributes(self.new))
