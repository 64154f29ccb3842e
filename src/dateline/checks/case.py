"""A record under examination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from dateline import dates
from dateline.checks import lexicon
from dateline.checks.lexicon import Lexicon
from dateline.collector import Collector, at_event, at_mention
from dateline.dates import Bounds
from dateline.model import Document, Event, Filler, Mention
from dateline.schema import Schema
from dateline.settings import Thresholds


class Spanned(NamedTuple):
    """A marked stretch with the layer it belongs to; `owner` is the mention, or the trigger's event."""

    start: int
    end: int
    text: str
    region: str | None
    layer: str
    owner: Mention | Event

    @property
    def where(self) -> dict[str, Any]:
        """The place for a finding."""
        if isinstance(self.owner, Mention):
            return at_mention(self.owner)
        return {**at_event(self.owner), "region": self.region, "start": self.start, "end": self.end}


class Case(Collector):
    """A record with its look-up tables; findings know the article and the annotator."""

    def __init__(self, document: Document, schema: Schema, thresholds: Thresholds | None = None) -> None:
        super().__init__(doc_id=document.doc_id, annotator=document.annotation.annotator)
        self.document = document
        self.schema = schema
        self.thresholds = thresholds or Thresholds()

    @cached_property
    def mentions(self) -> dict[str, Mention]:
        """Mentions by id."""
        return {m.id: m for m in self.document.mentions}

    @cached_property
    def spans(self) -> list[Spanned]:
        """Every marked stretch: mentions, then triggers."""
        mentions = [
            Spanned(m.start, m.end, m.text, m.region, f"mention {m.label}", m) for m in self.document.mentions
        ]
        return mentions + [
            Spanned(t.start, t.end, t.text, t.region, f"trigger {event.type}", event)
            for event in self.document.events
            for t in event.triggers
        ]

    @cached_property
    def breaks(self) -> set[int]:
        """The places in the text where a grapheme cluster begins or ends."""
        return breaks(self.document.text)

    @cached_property
    def sound(self) -> list[Spanned]:
        """The stretches that lie in the text and are not empty."""
        size = len(self.document.text)
        return [s for s in self.spans if 0 <= s.start < s.end <= size]

    @cached_property
    def triggers(self) -> list[tuple[int, int]]:
        """The spans of all triggers, in order."""
        return sorted((t.start, t.end) for e in self.document.events for t in e.triggers)

    @cached_property
    def reach(self) -> list[int]:
        """For each of these the end of the one that reaches farthest up to it."""
        return list(accumulate((end for _, end in self.triggers), max))

    @cached_property
    def by_entity(self) -> dict[str, list[Mention]]:
        """The mentions of each entity."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.document.mentions:
            if mention.entity is not None:
                found[mention.entity].append(mention)
        return found

    @cached_property
    def events(self) -> dict[str, Event]:
        """Events by id."""
        return {e.id: e for e in self.document.events}

    @cached_property
    def lexicon(self) -> Lexicon | None:
        """The words of the article's language; None where there are none."""
        return lexicon.of(self.document.source.language)

    @cached_property
    def published(self) -> date | None:
        """The day of publication, where it is known."""
        return dates.published(self.document.source.published_at)

    @cached_property
    def _tails(self) -> dict[tuple[str, str], list[str]]:
        """By type and head the tails of relations, by type and tail, with a tilde before it, the heads."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for relation in self.document.relations:
            found[relation.type, relation.head].append(relation.tail)
            found[f"~{relation.type}", relation.tail].append(relation.head)
        return found

    def denied(self, event: Event) -> list[str]:
        """The ids of the events that a denies relation runs to from this one."""
        return self._tails.get(("denies", event.id), [])

    def parts(self, event: Event) -> list[Event]:
        """The events that are said to be a part of this one."""
        heads = self._tails.get(("~subevent_of", event.id), ())
        return [self.events[head] for head in heads if head in self.events]

    def times(self, event: Event) -> list[Bounds]:
        """What the event's `time` can mean: the bounds of each mention with a sound value."""
        return [b for m in self.fillers(event, "time") if (b := self.when(m)) is not None]

    def when(self, mention: Mention) -> Bounds | None:
        """The bounds of a mention's value; None without one, or where it is none."""
        value = mention.attributes.get("value")
        try:
            found = dates.bounds(value) if value else None
        except dates.NotADate:
            return None
        return found if found and found.earliest <= found.latest else None

    def identity(self, filler: Filler) -> str:
        """What tells fillers apart: the entity, or the mention where it has none."""
        mention = self.mentions.get(filler.mention)
        return (mention.entity if mention else None) or filler.mention

    def fillers(self, event: Event, role: str) -> list[Mention]:
        """The mentions in a role, as far as they exist."""
        filled = event.arguments.get(role)
        if not filled:
            return []
        mentions = self.mentions
        return [mentions[f.mention] for f in filled if f.mention in mentions]


@dataclass(frozen=True)
class Rule:
    """A rule: the codes it can collect, and the function that does."""

    codes: tuple[str, ...]
    run: Callable[[Case], None]


def breaks(text: str) -> set[int]:
    """The places where a grapheme cluster of the text begins or ends."""
    import regex

    return {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}
