"""What the views see of an annotation: the record, and what several of them need worked out once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dateline import sentences, tokens
from dateline.model import Document, Event, Mention
from dateline.schema import Schema
from dateline.views import parts, placing
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

    @cached_property
    def said(self) -> list[parts.Row]:
        """What several views say of each event, in order. Rows share it: nobody changes a row in place."""
        return [parts.event(e, self.mentions) for e in self.document.events]

    @cached_property
    def marked(self) -> list[parts.Row]:
        """The mentions as structs, in order; shared in the same way."""
        return [parts.mention(m) for m in self.document.mentions]

    @cached_property
    def tokens(self) -> tokens.Tokens:
        """The article's tokens."""
        return tokens.tokenize(self.document.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The article's sentences as half-open ranges of tokens."""
        return sentences.split(self.document.text, self.tokens, self.document.source.language)

    @cached_property
    def arguments(self) -> dict[str, list[list[tuple[str, Mention]]]]:
        """For each event the arguments, as (role, mention), of each of its triggers: see `placing`."""
        events = self.document.events
        return {e.id: placing.placed(e, self.mentions, self.sentence_of) for e in events}

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [self.tokens.starts[first] for first, _ in self.sentences]

    def sentence_of(self, offset: int) -> int:
        """The ordinal of the sentence in which a code point stands; what lies between two is the first one's."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)
