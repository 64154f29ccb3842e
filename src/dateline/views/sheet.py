"""What the views see of an annotation: the record, and what several of them need worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dateline.model import Document, Event, Mention
from dateline.schema import Schema
from dateline.views.loss import Loss

NOTHING_DRAWN: Mapping[str, int] = {"regions": 0, "answers": 0, "relations": 0}


@dataclass
class Sheet:
    """One annotation of an article on its way into the views.

    `chosen` says that it counts for its article, `drawn` how many regions, answers and relations its
    annotator drew. What a view cannot hold goes into `losses` while its rows are made.
    """

    document: Document
    schema: Schema
    chosen: bool = True
    drawn: Mapping[str, int] = field(default_factory=lambda: NOTHING_DRAWN)
    losses: list[Loss] = field(default_factory=list)

    @cached_property
    def mentions(self) -> dict[str, Mention]:
        """Mentions by id."""
        return {m.id: m for m in self.document.mentions}

    @cached_property
    def events(self) -> dict[str, Event]:
        """Events by id."""
        return {e.id: e for e in self.document.events}
