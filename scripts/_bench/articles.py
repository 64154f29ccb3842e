"""One article with its results: a title, paragraphs without meaning, and events that the schema allows."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from _bench.words import EMOJI, Language, Lexicon, lexicon
from dateline.label_studio.controls import MENTION, TEXT, TRIGGER, control_name
from dateline.schema import SAME_ENTITY, SAME_EVENT, EventType, Role, Schema

Json = dict[str, Any]

_EVENTS = (5, 5, 6, 6)
_ARGUMENTS = (2, 2, 3)  # of an event, as far as its type has roles
_EMOJI, _DECOMPOSED = 0.05, 0.05  # shares of articles
_PHRASES = {"CLAIM": (6, 14), "QUOTE": (5, 12), "CONTENT": (3, 8)}
_ID = string.ascii_letters + string.digits + "-_"  # of a region's id in Label Studio
_NAME_PARTS = {"PERSON": 2, "ORG": 3, "LAW": 3, "FACILITY": 2}


@dataclass(frozen=True)
class Written:
    """What an article says and what was marked in it."""

    language: str
    title: str
    text: str
    results: list[Json]


@dataclass(frozen=True)
class _Region:
    id: str
    control: str
    label: str
    start: int
    end: int
    text: str


def write(language: Language, size: int, schema: Schema, rng: Random) -> Written:
    """An article of about `size` bytes of UTF-8 (more where its events need it), and its results."""
    words = lexicon(language)
    page = _Page(words, rng, decomposed=language.tag == "fr" and rng.random() < _DECOMPOSED * 4)
    title = page.say(words.phrase(rng, 5, 10))
    page.say("\n\n")
    earlier: list[tuple[str, _Region]] = []
    emoji = rng.random() < _EMOJI
    for name in rng.choices(list(schema.types), k=rng.choice(_EVENTS)):
        page.sentences(rng.randint(0, 2), emoji)
        _event(page, schema.types[name], schema, earlier)
        page.sentences(rng.randint(0, 2), emoji)
        page.say("\n\n")
    while page.bytes < size:
        page.sentences(rng.randint(2, 6), emoji)
        page.say("\n\n")
    return Written(language.tag, title, "".join(page.parts).rstrip(), page.results)


class _Page:
    """A text that grows at its end, and the results on what it says."""

    def __init__(self, words: Lexicon, rng: Random, decomposed: bool) -> None:
        self.words, self.rng, self.decomposed = words, rng, decomposed
        self.parts: list[str] = []
        self.results: list[Json] = []
        self.at = self.bytes = 0
        self.known: dict[str, _Region] = {}  # by label, the last mention of the events before

    def say(self, text: str) -> str:
        """Add text; returns it as it was written."""
        if self.decomposed:
            text = unicodedata.normalize("NFD", text)
        self.parts.append(text)
        self.at += len(text)
        self.bytes += len(text.encode())
        return text

    def mark(self, text: str, control: str, label: str) -> _Region:
        """Add text and mark it."""
        start, id_ = self.at, "".join(self.rng.choices(_ID, k=10))
        text = self.say(text)
        region = _Region(id_, control, label, start, self.at, text)
        self._result(region, control, "labels", {"text": text, "labels": [label]})
        return region

    def answer(self, region: _Region, control: str, value: str) -> None:
        """Answer a question on a trigger."""
        self._result(region, control, "choices", {"text": region.text, "choices": [value]})

    def type_in(self, region: _Region, control: str, value: str) -> None:
        """Fill a text field of a mention."""
        self._result(region, control, "textarea", {"text": [value]})

    def join(self, head: _Region, label: str, tail: _Region) -> None:
        """Draw a relation."""
        ends = {"from_id": head.id, "to_id": tail.id, "type": "relation"}
        self.results.append({**ends, "direction": "right", "labels": [label]})

    def sentences(self, count: int, emoji: bool) -> None:
        """Add sentences without marks."""
        for _ in range(count):
            sentence = self.words.phrase(self.rng, 6, 24)
            face = f" {self.rng.choice(EMOJI)}" if emoji and self.rng.random() < 0.3 else ""
            self.say(sentence[:1].upper() + sentence[1:] + face + self.words.language.stop)

    def _result(self, region: _Region, control: str, kind: str, value: Json) -> None:
        self.results.append(
            {
                "value": {"start": region.start, "end": region.end, **value},
                "id": region.id,
                "from_name": control,
                "to_name": TEXT,
                "type": kind,
                "origin": "manual",
            }
        )


def _event(page: _Page, type_: EventType, schema: Schema, earlier: list[tuple[str, _Region]]) -> None:
    """A sentence that tells of an event: a filler, the trigger, the other fillers."""
    roles = _roles(type_, page.rng)
    heads = [(roles[0], _mention(page, roles[0], schema))]
    _gap(page, 1, 3)
    trigger = page.mark(page.words.phrase(page.rng, 1, 2), TRIGGER, type_.name)
    for role in roles[1:]:
        _gap(page, 1, 4)
        heads.append((role, _mention(page, role, schema)))
    for role, mention in heads:
        page.join(trigger, role.name, mention)
    page.known.update((mention.label, mention) for _, mention in heads)
    _answers(page, trigger, type_, schema)
    if page.rng.random() < 0.25:
        _gap(page, 1, 4)
        page.join(page.mark(page.words.phrase(page.rng, 1, 1), TRIGGER, type_.name), SAME_EVENT, trigger)
    page.say(page.words.language.stop)
    _relate(page, trigger, type_.name, schema, earlier)
    earlier.append((type_.name, trigger))


def _gap(page: _Page, least: int, most: int) -> None:
    space = page.words.language.between
    page.say(f"{space}{page.words.phrase(page.rng, least, most)}{space}")


def _roles(type_: EventType, rng: Random) -> list[Role]:
    """The roles to fill: what must or should be there, and others up to a number; a role of several sides twice."""
    needed = [role for role in type_.roles.values() if role.required or role.expected]
    needed += [role for role in needed if role.min_entities]
    others = [role for role in type_.roles.values() if role not in needed]
    return needed + rng.sample(others, min(max(rng.choice(_ARGUMENTS) - len(needed), 0), len(others)))


def _mention(page: _Page, role: Role, schema: Schema) -> _Region:
    """A mention that fits the role; one in five names somebody who was named before."""
    rng, label = page.rng, page.rng.choice(role.labels)
    again = schema.labels[label].always_entity and rng.random() < 0.2
    before = page.known.pop(label, None) if again else None  # gone: or two sides of an event are one
    mention = page.mark(_words_for(page, label), MENTION, label)
    if before is not None:
        page.join(mention, SAME_ENTITY, before)
    asks = schema.labels[label].asks
    if "value" in asks:
        page.type_in(mention, "value", str(date(2014, 1, 1) + timedelta(days=rng.randrange(360))))
    elif "wikidata" in asks and before is None and rng.random() < 0.05:
        page.type_in(mention, "wikidata", f"Q{rng.randrange(1, 10**8)}")
    return mention


def _words_for(page: _Page, label: str) -> str:
    if label in _PHRASES:
        return page.words.phrase(page.rng, *_PHRASES[label])
    if label == "TIME":
        return f"{page.rng.randint(1, 28)} {page.words.name(page.rng, 1)}"
    return page.words.name(page.rng, _NAME_PARTS.get(label, 1))


def _answers(page: _Page, trigger: _Region, type_: EventType, schema: Schema) -> None:
    """What must be answered, and now and then a question that has a default; polarity never."""
    for name, attribute in type_.attributes.items():
        if (attribute.required and attribute.default is None) or page.rng.random() < 0.3:
            page.answer(trigger, control_name(type_.name, name), page.rng.choice(attribute.values))
    if page.rng.random() < 0.3:
        page.answer(trigger, "status", page.rng.choice(schema.common["status"].values[:2]))


def _relate(
    page: _Page, trigger: _Region, name: str, schema: Schema, earlier: list[tuple[str, _Region]]
) -> None:
    """Now and then a relation to an event before, so that there is no cycle and no event with two parents."""
    if not earlier or page.rng.random() > 0.35:
        return
    type_, tail = page.rng.choice(earlier)
    fitting = [relation.name for relation in schema.relations.values() if relation.joins(name, type_)]
    if fitting:
        page.join(trigger, page.rng.choice(fitting), tail)
