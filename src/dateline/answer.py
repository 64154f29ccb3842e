"""A record as the JSON that a language model answers with: words in place of offsets, events by index.

    {"events": [{"type", "triggers": [words], "status", "polarity", "arguments": {role: [words]},
                 "attributes": {name: value}}],
     "relations": [{"type", "head": index, "tail": index}]}

Words stand as they do in the text. Events are in the record's order (by first trigger), triggers and
arguments in text order, roles and attributes in schema order. A role that nothing fills is an empty list, a
question without an answer null: engines for structured output want every key of a closed object.
"""

from __future__ import annotations

import json
from typing import Any

from dateline.model import Document, Event, Mention
from dateline.schema import Attribute, EventType, Schema

Json = dict[str, Any]


def of(document: Document, schema: Schema) -> Json:
    """The answer that a record amounts to."""
    mentions = {m.id: m for m in document.mentions}
    place = {event.id: n for n, event in enumerate(document.events)}
    return {
        "events": [_event(event, mentions, schema) for event in document.events],
        "relations": [
            {"type": r.type, "head": place[r.head], "tail": place[r.tail]} for r in document.relations
        ],
    }


def _event(event: Event, mentions: dict[str, Mention], schema: Schema) -> Json:
    type_ = schema.types[event.type]
    return {
        "type": event.type,
        "triggers": [t.text for t in event.triggers],
        **{name: event.attributes.get(name) for name in schema.common},
        "arguments": {
            role: [mentions[f.mention].text for f in event.arguments.get(role, ())] for role in type_.roles
        },
        "attributes": {name: event.attributes.get(name) for name in type_.attributes},
    }


def text(answer: Json) -> str:
    """The answer on one line."""
    return json.dumps(answer, ensure_ascii=False)


def json_schema(schema: Schema) -> Json:
    """A JSON Schema (2020-12) of the answers, in what engines for structured output have in common.

    Every object is closed and requires all its keys, a choice is `anyOf` with one event type each, told
    apart by a `type` of one value; five levels deep; no `if`, no `$ref`, no bounds or patterns. What it
    cannot say: which types a relation joins, that an index exists, that words stand in the text.
    """
    relation = {
        "type": _enum(tuple(schema.relations), "; ".join(_defined(r) for r in schema.relations.values())),
        "head": {"type": "integer", "description": "index into events, from 0"},
        "tail": {"type": "integer", "description": "index into events, from 0"},
    }
    events = {"type": "array", "items": {"anyOf": [_event_schema(t, schema) for t in schema.types.values()]}}
    return _closed(
        {"events": events, "relations": {"type": "array", "items": _closed(relation)}},
        description="the events of a news article and how they are related",
    )


def _event_schema(type_: EventType, schema: Schema) -> Json:
    return _closed(
        {
            "type": _enum((type_.name,)),
            "triggers": _words("the words that name the event"),
            **{name: _asked(attribute) for name, attribute in schema.common.items()},
            "arguments": _closed({role.name: _words(role.description) for role in type_.roles.values()}),
            "attributes": _closed({name: _asked(a) for name, a in type_.attributes.items()}),
        },
        description=type_.description,
    )


def _closed(properties: Json, description: str = "") -> Json:
    said = {"description": description} if description else {}
    keys = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", **said, "properties": properties, **keys}


def _words(description: str) -> Json:
    return {"type": "array", "description": description, "items": {"type": "string"}}


def _asked(attribute: Attribute) -> Json:
    if attribute.required:
        return _enum(attribute.values, attribute.description)
    return {
        **_enum(attribute.values, attribute.description),
        "type": ["string", "null"],
        "enum": [*attribute.values, None],
    }


def _enum(values: tuple[str, ...], description: str = "") -> Json:
    said = {"description": description} if description else {}
    return {"type": "string", **said, "enum": list(values)}


def _defined(item: Any) -> str:
    return f"{item.name}: {item.description}"


_TASK = """\
You read a news article and list its events as JSON.

Copy words exactly as they stand in the article, without offsets. triggers: the words that name the event, each
mention of it in text order. arguments: for each role the words that fill it, in text order; an empty list where
nothing does. attributes: one of the values; null where the article does not say and no value stands for that.
relations: head and tail are indexes into events, from 0. Events stand in the order of their first triggers; an
article without events has empty lists. Answer with the JSON object alone:
{"events": [{"type", "triggers", "status", "polarity", "arguments", "attributes"}], "relations": [{"type", "head", "tail"}]}"""


def instruction(schema: Schema) -> str:
    """The guideline and the schema in short: what a language model is told before it reads an article."""
    parts = [_TASK, "Event types"]
    parts += [_type_told(type_) for type_ in schema.types.values()]
    parts.append("Every event has")
    parts += ["\n".join(_attribute_told(a)) for a in schema.common.values()]
    parts.append("Mention labels, for what may fill a role")
    parts.append("\n".join(f"- {_defined(label)}" for label in schema.labels.values()))
    parts.append("Relations between events")
    parts.append("\n".join(f"- {_defined(r)}" for r in schema.relations.values()))
    return "\n\n".join(parts)


def _type_told(type_: EventType) -> str:
    lines = [f"{type_.name}: {type_.description}"]
    lines += [f"  mark: {type_.mark}"] if type_.mark else []
    lines += [f"  not: {type_.not_}"] if type_.not_ else []
    lines += ["  arguments:"]
    lines += [
        f"  - {_defined(role)} ({', '.join(role.labels)}{'; required' if role.required else ''})"
        for role in type_.roles.values()
    ]
    lines += ["  attributes:"] if type_.attributes else []
    return "\n".join(
        [*lines, *(f"  {line}" for a in type_.attributes.values() for line in _attribute_told(a))]
    )


def _attribute_told(attribute: Attribute) -> list[str]:
    default = f" (if nothing is said: {attribute.default})" if attribute.default else ""
    if not attribute.meanings:
        return [f"- {_defined(attribute)}{default}: {', '.join(attribute.values)}"]
    values = [
        f"{value} ({attribute.meanings[value]})" if value in attribute.meanings else value
        for value in attribute.values
    ]
    return [f"- {_defined(attribute)}{default}: {'; '.join(values)}"]
