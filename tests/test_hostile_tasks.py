"""Whatever stands in a task, reading never raises, and what is lost has a finding."""

import copy
import json
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import accounting, checks, findings, inline, reading, sources
from dateline import schema as schemas
from dateline.findings import Finding
from dateline.label_studio import convert
from dateline.model import Document, sha256, to_builtins

MANY = int(os.environ.get("DATELINE_EXAMPLES", "50"))  # a thousand before a release
SCHEMA = schemas.load(pathlib.Path(__file__).parents[1] / "schema")
Json = dict[str, Any]
Path = tuple[str | int, ...]

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

names = st.sampled_from(
    (
        *("call", "alva", "day", "gone", "trigger", "mention", "status", "value", "phone_call__medium"),
        *("PERSON", "phone_call", "sanction", "participant", "denies", "same_event", "same_entity"),
        *("left", "bi", "relation"),
    )
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 80),
    st.sampled_from([2**31, 2**63, 2**70, -(2**64), 1e300, 0.5]),
    st.text(max_size=3),
    names,
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2) | names, inner, max_size=2)
    ),
    max_leaves=4,
)


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*here, key))


PATHS = [path for path in paths(TASK) if path]
RESULTS = [path for path in PATHS if len(path) > 4 and path[2] == "result"]


def mutated(data: Any, where: list[Path], most: int) -> Json:
    task = copy.deepcopy(TASK)
    for _ in range(data.draw(st.integers(1, most))):
        path = data.draw(st.sampled_from(where))
        parent: Any = task
        for key in path[:-1]:
            if not (isinstance(parent, list) and isinstance(key, int) and key < len(parent)) and not (
                isinstance(parent, dict) and key in parent
            ):
                break
            parent = parent[key]
        else:
            _replace(data, parent, path[-1])
    return task


def _replace(data: Any, parent: Any, key: Any) -> None:
    if not isinstance(parent, dict | list) or (
        isinstance(parent, list) and not (isinstance(key, int) and key < len(parent))
    ):
        return
    action = data.draw(st.sampled_from(["delete", "replace", "replace", "twice"]))
    if action == "delete":
        if isinstance(parent, list) or key in parent:
            del parent[key]
    elif action == "twice" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[key] = data.draw(anything)


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
@given(st.data())
def test_any_node_gone_or_of_any_type_never_raises(data: Any) -> None:
    task = mutated(data, PATHS, 3)
    documents, found = read(task)
    if not findings.has_errors(found):
        drawn = submitted(task)
        assert len(documents) == len(drawn)
        for document, annotation in zip(documents, drawn, strict=True):
            assert accounting.compare(annotation["result"], document) == []


@settings(max_examples=MANY, deadline=None)
@given(st.data())
def test_no_result_is_lost_without_an_error(data: Any) -> None:
    """The accounting, written apart from the reader, finds nothing missing where the reader reports no error."""
    task = mutated(data, RESULTS, 2)
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
    plain: Any = json.loads(json.dumps(to_builtins(document)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([p for p in paths(plain) if p]))
        parent = plain
        for key in path[:-1]:
            parent = parent[key]
        _replace(data, parent, path[-1])
    item = reading._item(sources.Raw("input.json", 1, json.dumps(plain).encode(), True), SCHEMA)
    assert item.documents or findings.has_errors(item.findings)
    json.loads(findings.as_json(item.findings))
