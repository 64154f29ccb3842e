"""From one JSON value to what it says of an article: records, rows of views, answers of a language model.

Whatever a value is, it becomes a `Sketch`; words without offsets stay words, for `strings` to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsIndex

from dateline.findings import Finding
from dateline.model import Document, to_builtins
from dateline.score.parts import Span
from dateline.strict_json import BadJson, decode

Place = Span | str
Ref = tuple[int, str | int]  # the value that the reference stands in, and the id or position there

_FENCE = re.compile(r"\s*```\w*[^\S\n]*\n(.*)```\s*", re.DOTALL)
SHAPES = "a record or a row of the views documents and events, or a line with doc_id and events, answer or messages"


class Unreadable(ValueError):
    """Why a value says nothing about an article: `reason`; `doc_id` where that much can be read."""

    def __init__(self, reason: str, doc_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.doc_id = reason, doc_id


@dataclass(frozen=True)
class Said:
    """One event as it was given: spans, or words."""

    type: str
    triggers: list[Place]
    arguments: list[tuple[str, Place]]

    @property
    def places(self) -> list[Place]:
        """Where its triggers and arguments stand, or their words."""
        return [*self.triggers, *(place for _, place in self.arguments)]


@dataclass
class Sketch:
    """What was said of one article, in one value or in several rows.

    `quotes` are spans with the words that were given with them, `ids` leads from references to events.
    """

    doc_id: str
    text: str | None = None
    events: list[Said] = field(default_factory=list)
    relations: list[tuple[str, Ref, Ref]] = field(default_factory=list)
    ids: dict[Ref, int] = field(default_factory=dict)
    entities: dict[Span, set[str]] = field(default_factory=dict)
    quotes: list[tuple[int, int, str]] = field(default_factory=list)
    wholes: int = 0  # values that each stand for the whole article

    def take(self, value: Document | Mapping[str, Any]) -> None:
        """Add what a value says. Raises Unreadable, and takes nothing then."""
        plain = to_builtins(value) if isinstance(value, Document) else value
        try:
            body, row = _body(plain)
            more = _read(self.doc_id, body, len(self.events), 0 if row else self.wholes + 1)
        except Unreadable as error:
            raise Unreadable(error.reason, self.doc_id) from None
        self.events += more.events
        self.relations += more.relations
        self.ids = {**more.ids, **self.ids}
        self.quotes += more.quotes
        self.wholes += not row
        for span, names in more.entities.items():
            self.entities.setdefault(span, set()).update(names)
        text = plain.get("text")
        self.text = text if isinstance(text, str) and self.text is None else self.text


def doc_id_of(value: object) -> str:
    """The article that a value is about. Raises Unreadable where it does not say."""
    if isinstance(value, Document):
        return value.doc_id
    if not isinstance(value, Mapping):
        raise Unreadable(f"{_kind(value)}, where {SHAPES} should be")
    doc_id = value.get("doc_id")
    if not isinstance(doc_id, str) or not doc_id:
        raise Unreadable("there is no doc_id" if doc_id is None else "the doc_id is no text")
    return doc_id


def _body(value: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The object with the events, and whether it is a row that stands for one event only."""
    if isinstance(value.get("messages"), list):
        return _answer(_last_said(value["messages"])), False
    if value.get("answer") is not None:
        return _answer(value["answer"]), False
    if "events" in value:
        return value, False
    if "type" in value and ("trigger" in value or "triggers" in value):
        return _row(value), True
    raise Unreadable(f"neither {SHAPES}")


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    id_ = row.get("event_id")
    relations = [{**_object(r, "a relation"), "head": id_} for r in _list(row.get("relations"), "relations")]
    return {"events": [{**row, "id": id_}], "relations": relations}


def _last_said(messages: list[Any]) -> object:
    said = [m.get("content") for m in messages if isinstance(m, Mapping) and m.get("role") == "assistant"]
    if not said:
        raise Unreadable("no message of the assistant")
    return said[-1]


def _answer(answer: object) -> Mapping[str, Any]:
    """The JSON object of an answer; a fence around it, as in Markdown, is taken off."""
    if isinstance(answer, str):
        fenced = _FENCE.fullmatch(answer)
        try:
            answer = decode((fenced[1] if fenced else answer).encode("utf-8", "surrogatepass"))
        except BadJson as bad:
            raise Unreadable(f"the answer is not JSON: {bad.message} (line {bad.line})") from None
    return _object(answer, "the answer")


def _read(doc_id: str, body: Mapping[str, Any], first: int, whole: int) -> Sketch:
    sketch = Sketch(doc_id)
    mentions = _mentions(body.get("mentions"), sketch)
    for n, value in enumerate(_list(body.get("events"), "events")):
        event = _object(value, f"event {n}")
        id_ = event.get("id")
        sketch.ids.setdefault((whole, n), first + n)
        if isinstance(id_, str):
            sketch.ids.setdefault((whole, id_), first + n)
        sketch.events.append(_event(event, mentions, sketch))
    for value in _list(body.get("relations"), "relations"):
        relation = _object(value, "a relation")
        ends = (whole, _end(relation.get("head"))), (whole, _end(relation.get("tail")))
        sketch.relations.append((_text(relation.get("type"), "a relation's type"), *ends))
    return sketch


def _mentions(values: object, sketch: Sketch) -> dict[str, Span]:
    found = {}
    for value in _list(values, "mentions"):
        mention = _object(value, "a mention")
        span = _span(mention, sketch)
        found[_text(mention.get("id"), "a mention's id")] = span
        _note_entity(mention, span, sketch)
    return found


def _note_entity(value: Mapping[str, Any], span: Span, sketch: Sketch) -> None:
    if isinstance(value.get("entity"), str):
        sketch.entities.setdefault(span, set()).add(value["entity"])


def _event(event: Mapping[str, Any], mentions: dict[str, Span], sketch: Sketch) -> Said:
    triggers = event.get("triggers") or event.get("trigger")
    arguments = event.get("arguments")
    places = [_place(value, mentions, sketch) for value in _some(triggers)]
    fillers = [(role, _place(value, mentions, sketch)) for role, value in _fillers(arguments)]
    return Said(_text(event.get("type"), "an event's type"), places, fillers)


def _fillers(arguments: object) -> Iterator[tuple[str, object]]:
    if isinstance(arguments, Mapping):
        for role, values in arguments.items():
            yield from ((role, value) for value in _some(values))
        return
    for value in _list(arguments, "arguments"):
        argument = _object(value, "an argument")
        yield _text(argument.get("role"), "an argument's role"), argument


def _place(value: object, mentions: dict[str, Span], sketch: Sketch) -> Place:
    if isinstance(value, str):
        return value
    place = _object(value, "a trigger or an argument")
    if "start" in place:
        span = _span(place, sketch)
        _note_entity(place, span, sketch)
        return span
    if "mention" in place:
        if place["mention"] not in mentions:
            raise Unreadable(f"there is no mention {place['mention']!r}")
        return mentions[place["mention"]]
    return _text(place.get("text"), "a trigger or an argument without start and end")


def _span(value: Mapping[str, Any], sketch: Sketch) -> Span:
    start, end = _offset(value.get("start")), _offset(value.get("end"))
    if isinstance(value.get("text"), str):
        sketch.quotes.append((start, end, value["text"]))
    return start, end


def _offset(value: object) -> int:
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):  # numpy's numbers are welcome
        raise Unreadable(f"a span's start and end should be whole numbers, not {value!r}")
    return int(value)


# Small words


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"{what} should be an object, not {_kind(value)}")
    return value


def _list(value: object, what: str) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise Unreadable(f"{what} should be a list, not {_kind(value)}")
    return value or []


def _some(value: object) -> Iterable[object]:
    """One or several: a list as it is, nothing for null, else the value itself."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{what} should be text, not {_kind(value)}")
    return value


def _end(value: object) -> str | int:
    if isinstance(value, str) or type(value) is int:
        return value
    raise Unreadable(f"a relation's ends should be ids or positions of events, not {_kind(value)}")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", type(None): "nothing", bool: "true or false"}
    return names.get(type(value), "a number")


def unreadable(code: str, error: Unreadable, file: str | None, line: int | None) -> Finding:
    """The finding for a value that says nothing."""
    hint = f"a value is {SHAPES}"
    return Finding(code=code, message=error.reason, hint=hint, file=file, line=line, doc_id=error.doc_id)
