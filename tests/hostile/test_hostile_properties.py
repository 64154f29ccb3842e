"""What must hold for any task and any record, from its bytes to the rows of a dataset."""

import json
import os
import random
from typing import Any

from articles import SCHEMA, Json
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import mutated, records

from dateline import accounting, findings, making, portion, reading, sources, views
from dateline.findings import Finding
from dateline.inline import compile_marks
from dateline.label_studio import write
from dateline.model import Document, sha256, to_builtins
from dateline.reading import Item
from dateline.views import Sheet

properties = settings(
    max_examples=int(os.environ.get("DATELINE_EXAMPLES", "40")),
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
BY_OFFSET = ("documents", "events", "claims", "relations")  # the others count tokens, or show a window


def read(value: Any) -> Item:
    raw = sources.Raw(
        "input.json", 1, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), True
    )
    (item,) = reading.items([raw], SCHEMA)
    return item


def task_of(*documents: Document) -> Json:
    found: Json = json.loads(json.dumps(write.task_of(documents, SCHEMA)))
    return found


def rows(item: Item) -> list[Json]:
    """The rows of every view, made as an export makes them, of what no error is about."""
    made = []
    for document in item.documents:
        if item.sound(document):
            sheet = Sheet(document, SCHEMA, True, accounting.recorded(document))
            made += [{view: making.made(view, sheet, False)[0]} for view in views.NAMES]
    return made


def told(found: list[Finding]) -> list[str]:
    return [findings.as_text(f) for f in findings.order(found)]


@properties
@given(records().flatmap(lambda record: mutated(task_of(record), 4)))
def test_a_changed_task_is_read_checked_and_made_into_rows(task: Json) -> None:
    item = read(task)
    told(item.findings)
    for document, plain in portion.pairs(item):
        if item.sound(document):
            assert accounting.compare(plain["result"], document) == []
    rows(item)
    for document in item.documents:
        assert all(document.text[m.start : m.end] == m.text for m in document.mentions)


@properties
@given(records().flatmap(lambda record: mutated(json.loads(json.dumps(to_builtins(record))), 4)))
def test_a_changed_record_is_read_checked_and_made_into_rows(record: Json) -> None:
    item = read(record)
    told(item.findings)
    rows(item)


@properties
@given(records())
def test_a_record_that_is_read_is_the_record(record: Document) -> None:
    assert read(json.loads(json.dumps(to_builtins(record)))).documents == [record]


@properties
@given(records(), st.integers(1, 60))
def test_text_before_it_shifts_findings_and_rows(record: Document, by: int) -> None:
    plain = task_of(record)
    moved = json.loads(json.dumps(plain))
    text = "P" * by + "\n\n" + record.text
    moved["data"] |= {"text": text, "text_sha256": sha256(text)}
    for result in moved["annotations"][0]["result"]:
        if "start" in result.get("value", {}):
            result["value"]["start"] += by + 2
            result["value"]["end"] += by + 2
    before, after = read(plain), read(moved)
    assert sorted(placed(before.findings, 0)) == sorted(placed(after.findings, by + 2))
    for old, new in zip(before.documents, after.documents, strict=True):
        for view in BY_OFFSET:
            made = [making.made(view, Sheet(d, SCHEMA, True), False)[0] for d in (old, new)]
            assert [shifted(row, by + 2) for row in related(made[0])] == [
                shifted(r, 0) for r in related(made[1])
            ]


def placed(found: list[Finding], by: int) -> list[tuple[object, ...]]:
    """Findings without their words, which name offsets; those about the whole have no place."""
    return [
        (f.code, f.region or "", f.event_id or "", f.role or "", (f.start or 0) - by * (f.start is not None))
        for f in found
    ]


def related(made: list[Json]) -> list[Json]:
    return [row for row in made if row.get("label") != "none"]  # which pairs are drawn hangs on the offsets


def shifted(value: Any, by: int) -> Any:
    """A row with its offsets moved, and without the texts."""
    if isinstance(value, list):
        return [shifted(inner, by) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner + by if key.endswith(("start", "end")) and isinstance(inner, int) else shifted(inner, by)
        for key, inner in value.items()
        if key not in ("text", "text_sha256") or len(value) < 5
    }


@properties
@given(records().flatmap(lambda record: mutated(task_of(record), 2)), st.randoms(use_true_random=False))
def test_order_of_results_keys_and_annotations_does_not_matter(task: Json, chance: random.Random) -> None:
    mixed = shuffled(task, chance)
    one, other = read(task), read(mixed)
    if any(f.code == "E101" for f in one.findings):  # says where in its list the misshapen part stands
        assert findings.has_errors(other.findings)
    else:
        assert told(one.findings) == told(other.findings)
        assert by_annotator(one) == by_annotator(other)


KNOWN = ((), ("data",), ("annotations",), ("annotations", "result"), ("annotations", "result", "value"))


def shuffled(value: Any, chance: random.Random, at: tuple[str, ...] = ()) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        if at in KNOWN:  # what is foreign there is shown as it stands
            chance.shuffle(keys)
        return {key: shuffled(value[key], chance, (*at, key)) for key in keys}
    if isinstance(value, list):
        values = [shuffled(inner, chance, at) for inner in value]
        if at in (("annotations",), ("annotations", "result")):
            chance.shuffle(values)
        return values
    return value


def by_annotator(item: Item) -> list[str]:
    return sorted(json.dumps(to_builtins(document), sort_keys=True) for document in item.documents)


@properties
@given(records().flatmap(lambda record: mutated(task_of(record), 3)))
def test_the_same_input_is_told_the_same_twice(task: Json) -> None:
    one, other = read(task), read(json.loads(json.dumps(task)))
    assert (one.findings, one.documents, one.counts) == (other.findings, other.documents, other.counts)


def test_the_lines_of_many_regions_are_those_of_each_alone() -> None:
    compiled = compile_marks(" ".join(f"[Ann|PERSON #p{n}]" for n in range(40)), SCHEMA)
    task = {
        "data": {"doc_id": "d", "text": compiled.text},
        "annotations": [{"completed_by": "a1", "result": compiled.results}],
    }
    raw = sources.Raw("x.json", 5, json.dumps(task, indent=1).encode(), True)
    (item,) = reading.items([raw], SCHEMA)
    regions = {f.region: f.line for f in item.findings if f.region}
    assert len(regions) == 40
    for region, line in regions.items():
        assert line is not None
        assert f'"{region}"' in json.dumps(task, indent=1).split("\n")[line - 5]
