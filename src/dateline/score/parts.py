"""What is scored of an article: its events and relations, as places in the text and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Span = tuple[int, int]


class Argument(NamedTuple):
    """A filler: its role and its span; `same` is the span that stands for it (of its entity, if that counts)."""

    role: str
    start: int
    end: int
    same: Span


class Event(NamedTuple):
    """A type with the spans of its triggers and its arguments, both in order, repetitions kept."""

    type: str
    triggers: tuple[Span, ...]
    arguments: tuple[Argument, ...]


class Relation(NamedTuple):
    """A typed pair of events by their positions; -1 stands for an event that is not there."""

    type: str
    head: int
    tail: int


@dataclass(frozen=True)
class Article:
    """One side's account of an article.

    `entities` tells for a span of a mention which entities it means; `text` is None where it is not known.
    """

    doc_id: str
    events: list[Event] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    entities: dict[Span, set[str]] = field(default_factory=dict)
    text: str | None = None


def by_mention(article: Article) -> Article:
    """Each trigger as an event of its own, with all arguments of its event; relations stay out of it."""
    events = [e._replace(triggers=one) for e in article.events for one in _apart(e.triggers)]
    return Article(article.doc_id, events, [], article.entities, article.text)


def _apart(triggers: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    return [(trigger,) for trigger in triggers] or [()]
