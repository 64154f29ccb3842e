"""The examples in the event files are annotations without findings; the counter-examples hold none."""

from pathlib import Path

import pytest

from dateline import checks, findings, inline
from dateline import schema as schemas
from dateline.label_studio import convert
from dateline.schema import EventType, Schema

SCHEMA = schemas.load(Path(__file__).parents[1] / "schema")
TYPES = list(SCHEMA.types.values())
EXAMPLES = [(t.name, n, e["text"]) for t in TYPES for n, e in enumerate(t.examples)]
COUNTER_EXAMPLES = [(t.name, n, e["text"]) for t in TYPES for n, e in enumerate(t.counter_examples)]


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.name)
def test_a_type_has_two_of_each(type_: EventType) -> None:
    assert len(type_.examples) >= 2
    assert len(type_.counter_examples) >= 2
    assert len({e["text"] for e in (*type_.examples, *type_.counter_examples)}) == len(
        type_.examples + type_.counter_examples
    )


@pytest.mark.parametrize(("name", "number", "text"), EXAMPLES)
def test_an_example_compiles_to_a_record_without_findings(
    schema: Schema, name: str, number: int, text: str
) -> None:
    compiled = inline.compile_marks(text, schema)
    task = {
        "data": {"doc_id": f"{name}-{number}", "text": compiled.text},
        "annotations": [{"completed_by": "a1", "result": compiled.results}],
    }
    reading = convert.read_task(task, schema)
    (document,) = reading.documents
    found = [*reading.findings, *checks.check(document, schema)]
    assert [findings.as_text(f) for f in found] == []
    assert name in [event.type for event in document.events]


@pytest.mark.parametrize(("name", "number", "text"), COUNTER_EXAMPLES)
def test_a_counter_example_holds_no_mark(schema: Schema, name: str, number: int, text: str) -> None:
    compiled = inline.compile_marks(text, schema)
    assert (compiled.text, compiled.results) == (text, [])
