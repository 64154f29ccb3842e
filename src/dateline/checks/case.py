"""A record under examination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from dateline.collector import Collector
from dateline.model import Document, Event, Filler, Mention
from dateline.schema import Schema


class Case(Collector):
    """A record with its look-up tables; findings know the article and the annotator."""

    def __init__(self, document: Document, schema: Schema) -> None:
        super().__init__(doc_id=document.doc_id, annotator=document.annotation.annotator)
        self.document = document
        self.schema = schema

    @cached_property
    def mentions(self) -> dict[str, Mention]:
        """Mentions by id."""
        return {m.id: m for m in self.document.mentions}

    @cached_property
    def by_entity(self) -> dict[str, list[Mention]]:
        """The mentions of each entity."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.document.mentions:
            if mention.entity is not None:
                found[mention.entity].append(mention)
        return found

    def identity(self, filler: Filler) -> str:
        """What tells fillers apart: the entity, or the mention where it has none."""
        mention = self.mentions.get(filler.mention)
        return (mention.entity if mention else None) or filler.mention

    def fillers(self, event: Event, role: str) -> list[Mention]:
        """The mentions in a role, as far as they exist."""
        found = (self.mentions.get(f.mention) for f in event.arguments.get(role, ()))
        return [mention for mention in found if mention is not None]


@dataclass(frozen=True)
class Rule:
    """A rule: the codes it can collect, and the function that does."""

    codes: tuple[str, ...]
    run: Callable[[Case], None]
