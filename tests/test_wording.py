"""A decoder's words, for people."""

import msgspec
import pytest

from dateline import feedback, wording
from dateline.label_studio.wire import Task
from dateline.schema import Schema
from dateline.settings import RuleSettings


class Line(msgspec.Struct):
    number: int
    words: list[str] | None = None


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"number": "1"}, Line, "number is a text, not a whole number"),
        ({"number": 1, "words": 3}, Line, "words is a whole number, not a list or null"),
        ({"number": 1, "words": ["a", None]}, Line, "words[1] is null, not a text"),
        ({}, Line, "it has no number"),
        ([], Line, "it is a list, not an object"),
        ({"data": {}, "annotations": [{"id": 1}]}, Task, "annotations[0] has no result"),
        (2**70, Line, "it is a whole number, not an object"),
    ],
)
def test_what_is_said_of_a_wrong_type(given: object, kind: type, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, kind)
    assert wording.of(caught.value) == said


def test_what_is_not_understood_is_repeated() -> None:
    assert wording.of(msgspec.ValidationError("Something else")) == "Something else"


def test_feedback_speaks_with_the_severities_of_the_project(schema: Schema) -> None:
    result = {
        "id": "a",
        "from_name": "mention",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 0, "end": 3, "text": "Ann", "labels": ["PERSON"]},
    }
    task = {
        "data": {"doc_id": "d", "text": "Ann slept."},
        "annotations": [{"completed_by": "a1", "result": [result]}],
    }
    told = [feedback._of_annotation(task, schema, RuleSettings(severity=s)) for s in ({}, {"W307": "off"})]
    assert [text.splitlines()[0] for text in told] == ["a1: 1 finding", "a1: no findings"]
