"""The view `instruct`: chats whose answers are valid, and give back what the record says less the losses."""

import json
from collections import Counter
from typing import Any

import jsonschema
import pytest
from articles import SCHEMA
from hypothesis import HealthCheck, given, settings
from strategies import records
from test_claims import chosen

from dateline import answer
from dateline.model import Document
from dateline.views import Sheet, instruct

Json = dict[str, Any]
properties = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
SHAPE = json.loads(instruct.extras(SCHEMA)["schema.json"])
VALIDATOR = jsonschema.Draft202012Validator(SHAPE)
CORPUS = [d for batch in ("calitoday", "sample") for d in chosen(batch)]


def chat(document: Document) -> tuple[list[Json], Json, Sheet]:
    """The messages, the answer in them, and the sheet with the losses."""
    sheet = Sheet(document, SCHEMA)
    (row,) = instruct.rows(sheet)
    return row["messages"], json.loads(row["messages"][2]["content"]), sheet


@pytest.mark.parametrize("document", CORPUS, ids=lambda d: d.doc_id)
def test_every_answer_of_ours_is_valid_under_the_schema_that_is_exported(document: Document) -> None:
    messages, said, _ = chat(document)
    VALIDATOR.validate(said)
    assert [m["role"] for m in messages] == ["system", "user", "assistant"]
    assert messages[1]["content"] == document.text


@properties
@given(records())
def test_a_record_that_the_schema_accepts_has_a_valid_answer(record: Document) -> None:
    _, said, _ = chat(record)
    required = [
        (e, a.name) for e in record.events for a in SCHEMA.attributes_of(e.type).values() if a.required
    ]
    assert VALIDATOR.is_valid(said) == all(name in e.attributes for e, name in required)


def lists(document: Document) -> list[tuple[str, str | None, list[tuple[int, int]]]]:
    """The spans of a record in the order of an answer: event, role or None for triggers, spans."""
    mentions = {m.id: m for m in document.mentions}
    found: list[tuple[str, str | None, list[tuple[int, int]]]] = []
    for event in document.events:
        found.append((event.id, None, [(t.start, t.end) for t in event.triggers]))
        for role, fillers in event.arguments.items():
            spans = [(mentions[f.mention].start, mentions[f.mention].end) for f in fillers]
            found.append((event.id, role, spans))
    return found


def placed(words: str, text: str) -> set[tuple[int, int]]:
    """Every place where words stand."""
    return {(n, n + len(words)) for n in range(len(text)) if text.startswith(words, n)}


@properties
@given(records())
def test_an_answer_gives_back_the_record_less_the_losses(record: Document) -> None:
    _, said, sheet = chat(record)
    lost = Counter((x.event, x.role, x.start, x.end) for x in sheet.losses if x.kind == "place")
    words = {(f"e{n + 1}", None): e["triggers"] for n, e in enumerate(said["events"])}
    words |= {
        (f"e{n + 1}", r): w for n, e in enumerate(said["events"]) for r, w in e["arguments"].items() if w
    }
    assert len(words) == len(lists(record))
    for event, role, spans in lists(record):
        assert words[event, role] == [record.text[a:b] for a, b in spans]
        for a, b in spans:
            elsewhere = placed(record.text[a:b], record.text) - set(spans)
            assert lost[event, role, a, b] == bool(elsewhere) * spans.count((a, b))
    for event, found in zip(record.events, said["events"], strict=True):
        answers = {"status": found["status"], "polarity": found["polarity"], **found["attributes"]}
        assert {k: v for k, v in answers.items() if v is not None} == event.attributes
        assert found["type"] == event.type
    ids = [e.id for e in record.events]
    assert [(r["type"], ids[r["head"]], ids[r["tail"]]) for r in said["relations"]] == [
        (r.type, r.head, r.tail) for r in record.relations
    ]
    filling = {f.mention for e in record.events for fillers in e.arguments.values() for f in fillers}
    idle = [m.id for m in record.mentions if m.id not in filling]
    assert [x.mention for x in sheet.losses if x.kind == "mention"] == idle
    assert {x.kind for x in sheet.losses} <= set(instruct.POLICIES)


def objects(shape: Any, depth: int = 1) -> list[tuple[Json, int]]:
    """Every schema of an object or a list in a schema, with how deep it lies."""
    if not isinstance(shape, dict):
        return []
    inner = [*shape.get("anyOf", ()), *shape.get("properties", {}).values(), shape.get("items")]
    own = shape.get("type") in ("object", "array")
    below = [found for part in inner for found in objects(part, depth + own)]
    return [(shape, depth), *below] if own else below


def test_the_schema_is_one_that_engines_for_structured_output_take() -> None:
    """Closed objects that require every key, five levels at most, and no keyword outside the common subset."""
    jsonschema.Draft202012Validator.check_schema(SHAPE)
    found = objects(SHAPE)
    for shape, depth in found:
        assert depth <= 5
        if shape["type"] == "object":
            assert shape["required"] == list(shape["properties"])
            assert shape["additionalProperties"] is False
    assert keywords(SHAPE) <= {
        "type", "description", "properties", "required", "additionalProperties", "items", "anyOf", "enum",
    }  # fmt: skip
    types = [s["properties"]["type"]["enum"] for s, _ in found if "triggers" in s.get("properties", {})]
    assert types == [[name] for name in SCHEMA.types]


def keywords(shape: Any) -> set[str]:
    if isinstance(shape, list):
        return {k for part in shape for k in keywords(part)}
    if not isinstance(shape, dict):
        return set()
    inner = [*shape.get("properties", {}).values(), *shape.get("anyOf", ()), shape.get("items")]
    return set(shape) | keywords(inner)


def wrong(change: Any) -> Json:
    """A right answer with one thing changed."""
    said = answer.of(CORPUS[0], SCHEMA)
    change(said)
    return said


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a["events"][0].update(type="summit"),
        lambda a: a["events"][0]["arguments"].update(caller=["x"]),  # of another type
        lambda a: a["events"][0]["arguments"].pop("speaker"),
        lambda a: a["events"][0]["attributes"].update(strength="loud"),
        lambda a: a["events"][0].update(status=None),
        lambda a: a["events"][0].update(start=3),
        lambda a: a["events"][0].update(triggers="dismissed"),
        lambda a: a["relations"][0].update(type="causes"),
        lambda a: a["relations"][0].update(head="e1"),
        lambda a: a.pop("relations"),
    ],
)
def test_the_schema_refuses_what_is_no_answer(change: Any) -> None:
    VALIDATOR.validate(wrong(lambda said: None))
    assert not VALIDATOR.is_valid(wrong(change))


def test_the_instruction_names_all_that_the_schema_has() -> None:
    told = answer.instruction(SCHEMA)
    for type_ in SCHEMA.types.values():
        for name in (type_.name, *type_.roles, *type_.attributes, type_.mark, type_.not_):
            assert name in told
        assert all(v in told for a in SCHEMA.attributes_of(type_.name).values() for v in a.values)
    assert all(f"- {name}: " in told for name in (*SCHEMA.relations, *SCHEMA.labels))
