"""An annotation drawn in Markdown: the text with its marks, and below it what each event says.

Words that are marked stand in brackets with their label below the line, triggers in bold. Everything
is text, so that it can be read aloud, searched, and compared line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dateline.guideline.markdown import escaped, flat, quoted
from dateline.model import Document, Event, Mention

DEFAULTED = "\\*"


@dataclass(frozen=True)
class Mark:
    """A stretch of the text and what is written below it."""

    start: int
    end: int
    label: str
    trigger: bool


@dataclass(frozen=True)
class Excerpt:
    """A part of a document: the stretch from `start` to `end`, and the events that are shown of it."""

    document: Document
    start: int
    end: int
    events: Sequence[Event]
    whole: bool = True  # all that is marked in the stretch, not only what belongs to the events

    def number(self, event: Event) -> str:
        """How the event is called here: nothing where it stands alone."""
        return str(self.events.index(event) + 1) if len(self.events) > 1 else ""

    def holds(self, start: int, end: int) -> bool:
        """True for words inside the stretch."""
        return self.start <= start and end <= self.end


def within(document: Document, start: int, end: int) -> Excerpt:
    """The stretch with all events that have a trigger in it."""
    inside = [e for e in document.events if any(start <= t.start and t.end <= end for t in e.triggers)]
    return Excerpt(document, start, end, inside)


def plain(excerpt: Excerpt) -> list[str]:
    """The stretch without any mark, as a quotation."""
    return quoted(escaped(excerpt.document.text[excerpt.start : excerpt.end]))


def drawn(excerpt: Excerpt) -> list[str]:
    """The stretch with its marks, as a quotation."""
    marks = sorted({*_triggers(excerpt), *_mentions(excerpt)}, key=lambda m: (m.start, -m.end, m.label))
    opening: dict[int, list[Mark]] = defaultdict(list)
    closing: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        opening[mark.start].append(mark)
        closing[mark.end].insert(0, mark)  # what was opened last is closed first
    text, at = excerpt.document.text, excerpt.start
    out: list[str] = []
    for place in sorted({*opening, *closing, excerpt.end}):
        out += [escaped(text[at:place]), *(_close(m) for m in closing[place])]
        out += [_open(mark) for mark in opening[place]]
        at = place
    return quoted("".join(out))


def told(excerpt: Excerpt) -> list[str]:
    """A list of what each event says; a star marks what a relation without a role means, too."""
    lines = [line for event in excerpt.events for line in _event(event, excerpt)]
    return [*lines, *_joined(excerpt)]


def _open(mark: Mark) -> str:
    return "<b>\\[" if mark.trigger else "\\["


def _close(mark: Mark) -> str:
    return f"\\]{'</b>' if mark.trigger else ''}<sub>{mark.label}</sub>"


def _triggers(excerpt: Excerpt) -> Iterable[Mark]:
    for event in excerpt.events:
        label = " ".join(filter(None, (excerpt.number(event), event.type)))
        for trigger in event.triggers:
            if excerpt.holds(trigger.start, trigger.end):
                yield Mark(trigger.start, trigger.end, label, True)


def _mentions(excerpt: Excerpt) -> Iterable[Mark]:
    roles: dict[str, list[str]] = defaultdict(list)
    for event in excerpt.events:
        for role, fillers in event.arguments.items():
            for filler in fillers:
                roles[filler.mention].append(" ".join(filter(None, (excerpt.number(event), role))))
    for mention in excerpt.document.mentions:
        if excerpt.holds(mention.start, mention.end) and (excerpt.whole or mention.id in roles):
            words = ", ".join(roles[mention.id])
            yield Mark(mention.start, mention.end, f"{mention.label} {words}".strip(), False)


def _event(event: Event, excerpt: Excerpt) -> list[str]:
    number = excerpt.number(event)
    others = [t.text for t in event.triggers if t is not event.main and excerpt.holds(t.start, t.end)]
    also = f", also {', '.join(f'«{flat(text)}»' for text in others)}" if others else ""
    answers = [f"{name} `{value}`" for name, value in event.attributes.items() if name not in event.defaulted]
    below = [
        *_roles(event, excerpt),
        *([f"answers: {', '.join(answers)}"] if answers else []),
        *_related(event, excerpt),
    ]
    title = f"- {number + ' ' if number else ''}**{event.type}** «{flat(event.main.text)}»{also}"
    return [title, *(f"  - {line}" for line in below)]


def _roles(event: Event, excerpt: Excerpt) -> list[str]:
    """A line for each role; in one line at the end what fills roles from outside the stretch."""
    mentions = {m.id: m for m in excerpt.document.mentions}
    here, away = [], []
    for role, fillers in event.arguments.items():
        inside: list[str] = []
        outside: list[str] = []
        for filler in fillers:
            mention = mentions[filler.mention]
            words = _words(mention) + (DEFAULTED if filler.via == "default" else "")
            (inside if excerpt.holds(mention.start, mention.end) else outside).append(words)
        here += [f"{role}: {', '.join(inside)}"] if inside else []
        away += [f"{role} {', '.join(outside)}"] if outside else []
    return [*here, f"elsewhere in the article: {'; '.join(away)}"] if away else here


def _words(mention: Mention) -> str:
    value = f" ({mention.attributes['value']})" if "value" in mention.attributes else ""
    return flat(mention.text + value)


def _related(event: Event, excerpt: Excerpt) -> Iterable[str]:
    events = {e.id: e for e in excerpt.document.events}
    for relation in excerpt.document.relations:
        if relation.head == event.id:
            tail = events[relation.tail]
            number = excerpt.number(tail) if tail in excerpt.events else ""
            away = "" if tail in excerpt.events else " (elsewhere in the article)"
            name = f"{number + ' ' if number else ''}{tail.type} «{tail.main.text}»{away}"
            yield flat(f"{relation.type} → {name}")


def _joined(excerpt: Excerpt) -> list[str]:
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in excerpt.document.mentions:
        if excerpt.whole and mention.entity and excerpt.holds(mention.start, mention.end):
            groups[mention.entity].append(mention)
    same = [" = ".join(flat(m.text) for m in group) for group in groups.values() if len(group) > 1]
    return [f"- the same: {words}" for words in same]
