"""Whatever stands in a task, reading never raises, and what is lost has a finding."""

import copy
import json
import os
import pathlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Path, mutated, paths

from dateline import accounting, checks, findings, inline, reading, sources
from dateline import schema as schemas
from dateline.findings import Finding
from dateline.label_studio import convert
from dateline.model import Document, sha256, to_builtins

MANY = int(os.environ.get("DATELINE_EXAMPLES", "50"))  # a thousand before a release
SCHEMA = schemas.load(pathlib.Path(__file__).parents[1] / "schema")
Json = dict[str, Any]

COMPILED = inline.compile_marks(
    "🎉 [Alva Brandt|PERSON #alva wikidata=Q1] and [Idris Kole|PERSON #idris] [spoke|phone_call #call ?=alva,day"
    ' participant=idris medium=video status=reported note="or met?"] on [Monday|TIME #day value=2025-03-03]. The'
    " [call|=call] was [denied|press_denial #no denied_claim=it denies=call speaker=she] by [her|=alva #she]:"
    " [no call|CLAIM #it].",
    SCHEMA,
)
TASK: Json = {
    "id": 3,
    "project": 2,
    "data": {
        "doc_id": "harbour-call",
        "text": COMPILED.text,
        "text_sha256": sha256(COMPILED.text),
        "title": "A call",
        "publisher": "Harbour Herald",
        "published_at": "2025-03-04",
        "schema_version": SCHEMA.version,
        "guideline_version": "1.0",
        "findings": "",
    },
    "meta": {"source": {"url": None, "language": "en", "license": "CC0-1.0", "synthetic": True}},
    "annotations": [
        {
            "id": 7,
            "completed_by": {"id": 1, "email": "a@example.org"},
            "was_cancelled": False,
            "ground_truth": False,
            "lead_time": 3.5,
            "parent_prediction": None,
            "result": COMPILED.results,
        },
        {"id": 8, "completed_by": 2, "was_cancelled": True, "result": []},
    ],
    "drafts": [{"id": 1, "result": []}],
    "predictions": [{"id": 2, "result": []}],
}
USUAL = ["I827", "W808"]  # the draft, and the skipped annotation


def in_result(path: Path) -> bool:
    return len(path) > 4 and path[2] == "result"


RESULTS = [path for path in paths(TASK) if in_result(path)]


def read(task: Json) -> tuple[list[Document], list[Finding]]:
    """The records and all findings; every finding can be rendered and every record written."""
    read_ = convert.read_task(task, SCHEMA)
    found = list(read_.findings)
    for document, tainted in zip(read_.documents, read_.tainted, strict=True):
        found += checks.check(document, SCHEMA, tainted, read_.findings)
        json.dumps(to_builtins(document))
    for finding in findings.order(found):
        assert findings.as_text(finding)
        assert findings.as_github(finding)
    json.loads(findings.as_json(found))
    return read_.documents, found


def submitted(task: Json) -> list[Json]:
    given = task.get("annotations")
    return [a for a in given or [] if isinstance(a, dict) and not a.get("was_cancelled")]


def test_the_task_itself_is_read_whole() -> None:
    (document,), found = read(TASK)
    assert sorted(f.code for f in found) == USUAL
    assert accounting.compare(COMPILED.results, document) == []


@settings(max_examples=MANY, deadline=None)
@given(mutated(TASK))
def test_any_node_gone_or_of_any_type_never_raises(task: Json) -> None:
    documents, found = read(task)
    if not findings.has_errors(found):
        drawn = submitted(task)
        assert len(documents) == len(drawn)
        for document, annotation in zip(documents, drawn, strict=True):
            assert accounting.compare(annotation["result"], document) == []


@settings(max_examples=MANY, deadline=None)
@given(mutated(TASK, 2, in_result))
def test_no_result_is_lost_without_an_error(task: Json) -> None:
    """The accounting, written apart from the reader, finds nothing missing where the reader reports no error."""
    documents, found = read(task)
    if not findings.has_errors(found):
        (document,), (annotation,) = documents, submitted(task)
        assert accounting.compare(annotation["result"], document) == []


LOSSES = [
    ("data", "title"),
    ("data", "publisher"),
    ("data", "published_at"),
    ("data", "schema_version"),
    ("data", "guideline_version"),
    ("data", "text_sha256"),
    ("meta",),
    ("meta", "source"),
    ("meta", "source", "url"),
    ("meta", "source", "language"),
    ("meta", "source", "license"),
    ("meta", "source", "synthetic"),
    ("drafts",),
    ("predictions",),
    ("annotations",),
    ("annotations", 0),
    ("annotations", 0, "ground_truth"),
    ("annotations", 0, "lead_time"),
    ("annotations", 0, "result"),
    *(
        path
        for path in RESULTS
        if (path[-1] != "to_name" and len(path) == 5) or path[-1] in ("labels", "choices", "start", "end")
    ),
]


@pytest.mark.parametrize("path", LOSSES, ids=lambda path: "/".join(map(str, path)))
def test_a_value_of_another_type_is_lost_with_a_finding(path: Path) -> None:
    task = copy.deepcopy(TASK)
    parent: Any = task
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = 7 if isinstance(parent[path[-1]], dict) else {"an": ["object"]}
    _, found = read(task)
    assert sorted(f.code for f in found) != USUAL


@settings(max_examples=MANY, deadline=None)
@given(st.data())
def test_any_record_gives_records_or_findings(data: Any) -> None:
    (document,), _ = read(TASK)
    plain = data.draw(mutated(json.loads(json.dumps(to_builtins(document)))))
    item = reading._item(sources.Raw("input.json", 1, json.dumps(plain).encode(), True), SCHEMA)
    assert item.documents or findings.has_errors(item.findings)
    json.loads(findings.as_json(item.findings))
