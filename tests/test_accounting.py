"""Nothing is lost without a word: take one thing away, on either side, and the accounting says so."""

import copy
import json
import random
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from articles import CALL, ROOT, SAMPLE, SCHEMA, Json, call, made, marked, write

from dateline import accounting, audit, files, splits, views
from dateline import rows as rows_
from dateline.label_studio import convert
from dateline.model import Document, Event, Filler
from dateline.reading import Item
from dateline.views import documents, features

TASK: Json = json.loads(SAMPLE.read_bytes())
DOC_ID = TASK["data"]["doc_id"]
LEDGER = [splits.Row(DOC_ID, DOC_ID, "train")]
ANNOTATORS = [a["completed_by"] for a in TASK["annotations"]]


@cache
def sample() -> audit.Tables:
    """The rows of the sample article's export."""
    return rows_of(TASK)[0]


def rows_of(plain: Json) -> tuple[audit.Tables, list[Any]]:
    """What an export of this task alone holds, and what the accounting finds on the way."""
    reading = convert.read_task(plain, SCHEMA, "calitoday")
    item = Item("x.json", 1, reading.doc_id, reading.documents, reading.findings, plain=plain)
    return audit.tables([item], SCHEMA, LEDGER, views.NAMES)


def without(n: int, taken: list[int]) -> Json:
    """The sample task with its nth annotation alone, less some of its results."""
    annotation = TASK["annotations"][n]
    kept = [r for k, r in enumerate(annotation["result"]) if k not in taken]
    return {**TASK, "annotations": [{**annotation, "result": kept}]}


def hanging(results: list[Json], at: int) -> list[int]:
    """The result and, for a region, all that hangs on it: its answers and its relations."""
    if results[at]["type"] != "labels":
        return [at]
    id_ = results[at]["id"]
    return [k for k, r in enumerate(results) if id_ in (r.get("id"), r.get("from_id"), r.get("to_id"))]


def test_the_sample_has_something_to_lose() -> None:
    sizes = [accounting.size(a["result"]) for a in TASK["annotations"]]
    assert len(sizes) == 3
    assert all(size["regions"] > 80 and size["answers"] > 30 and size["relations"] > 100 for size in sizes)
    assert rows_of(TASK)[1] == []


# The input loses something, the export stays


@pytest.mark.parametrize("n", range(3), ids=ANNOTATORS)
def test_taking_away_any_result_of_the_input_is_noticed(n: int) -> None:
    results = TASK["annotations"][n]["result"]
    exported = rows_of(without(n, []))[0]
    missed = []
    for at in range(len(results)):
        hangs = hanging(results, at)
        for taken in ([at], hangs) if len(hangs) > 1 else ([at],):
            wanted, findings = rows_of(without(n, taken))
            if not findings and not audit.compare(wanted, exported, "x"):
                missed.append(results[at])
    assert missed == []


def test_taking_away_a_whole_annotation_or_its_skipping_is_noticed() -> None:
    for n in range(3):
        annotations = [a for k, a in enumerate(TASK["annotations"]) if k != n]
        assert audit.compare(rows_of({**TASK, "annotations": annotations})[0], sample(), "x")
        skipped = [{**a, "was_cancelled": k == n} for k, a in enumerate(TASK["annotations"])]
        assert audit.compare(rows_of({**TASK, "annotations": skipped})[0], sample(), "x")


# A record loses something, the annotation stays: what the exporter itself asks


@pytest.mark.parametrize("n", range(3), ids=ANNOTATORS)
def test_a_record_does_not_stand_for_fewer_or_other_results(n: int) -> None:
    document = convert.read_task(TASK, SCHEMA).documents[n]
    results = TASK["annotations"][n]["result"]
    assert accounting.compare(results, document) == []
    missed = []
    for at in range(len(results)):
        taken = hanging(results, at)
        if not accounting.compare([r for k, r in enumerate(results) if k not in taken], document):
            missed.append(results[at])
    assert missed == []


def poorer(record: Document) -> Iterator[tuple[str, Document]]:
    """The record less one thing that was drawn, or with it said differently."""
    change = msgspec.structs.replace
    for n, mention in enumerate(record.mentions):
        others = [*record.mentions[:n], *record.mentions[n + 1 :]]
        events = [change(e, arguments=_emptied(e.arguments, mention.id)) for e in record.events]
        yield f"without {mention.id}", change(record, mentions=others, events=events)
        elsewhere = next(e.id for e in record.entities if e.id != mention.entity)
        said = {"label": "X", "start": 0, "end": 1, "region": "x", "note": "x", "entity": elsewhere}
        for name, value in said.items():
            other = [*record.mentions[:n], change(mention, **{name: value}), *record.mentions[n + 1 :]]
            yield f"{mention.id} with another {name}", change(record, mentions=other)
    for n, entity in enumerate(record.entities):
        other = [*record.entities[:n], change(entity, wikidata="Q0"), *record.entities[n + 1 :]]
        yield f"{entity.id} with another item", change(record, entities=other)
    for n, relation in enumerate(record.relations):
        kept = [*record.relations[:n], *record.relations[n + 1 :]]
        yield f"without {relation}", change(record, relations=kept)
        turned = change(relation, head=relation.tail, tail=relation.head)
        yield f"turned {relation}", change(record, relations=[*kept, turned])
    for n, event in enumerate(record.events):
        for what, other in _poorer_event(event):
            yield (
                f"{event.id} {what}",
                change(record, events=[*record.events[:n], other, *record.events[n + 1 :]]),
            )


def _emptied(arguments: dict[str, list[Filler]], mention: str) -> dict[str, list[Filler]]:
    return {role: [f for f in fillers if f.mention != mention] for role, fillers in arguments.items()}


def _poorer_event(event: Event) -> Iterator[tuple[str, Event]]:
    change = msgspec.structs.replace
    yield "of another type", change(event, type="x")
    for n, trigger in enumerate(event.triggers):
        if len(event.triggers) > 1:
            yield (
                f"without trigger {n}",
                change(event, triggers=[*event.triggers[:n], *event.triggers[n + 1 :]]),
            )
        for name, value in {"start": 0, "end": 1, "region": "x", "note": "x"}.items():
            other = [*event.triggers[:n], change(trigger, **{name: value}), *event.triggers[n + 1 :]]
            yield f"trigger {n} with another {name}", change(event, triggers=other)
    for role, fillers in event.arguments.items():
        for n, filler in enumerate(fillers):
            for what, instead in (("no", []), ("a default", [change(filler, via="default")])):
                other_ = {**event.arguments, role: [*fillers[:n], *instead, *fillers[n + 1 :]]}
                yield f"with {what} {role} {n}", change(event, arguments=other_)
    for name in event.attributes.keys() - set(event.defaulted):
        less = {k: v for k, v in event.attributes.items() if k != name}
        yield f"without {name}", change(event, attributes=less)
        yield f"with another {name}", change(event, attributes={**less, name: "x"})
        yield f"with {name} as a default", change(event, defaulted=[*event.defaulted, name])


@pytest.mark.parametrize("n", range(3), ids=ANNOTATORS)
def test_a_record_that_lost_or_changed_anything_is_noticed(n: int) -> None:
    results = TASK["annotations"][n]["result"]
    variants = dict(poorer(convert.read_task(TASK, SCHEMA).documents[n]))
    assert len(variants) > 700
    assert [what for what, record in variants.items() if not accounting.compare(results, record)] == []


# The export loses something, the input stays


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value that holds no other; an empty list is one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not value or not isinstance(value, dict | list):
        yield path
    for key, part in inner:
        yield from leaves(part, (*path, key))


def items(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every element of every list."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, list):
            yield (*path, key)
        if isinstance(part, dict | list):
            yield from items(part, (*path, key))


def other(leaf: Any) -> Any:
    """A value of the same type that is not this one."""
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int | float):
        return leaf + 1
    return [None] if isinstance(leaf, list) else f"{leaf}x"


def changed(value: Any, path: tuple[Any, ...], how: Any) -> Any:
    """A copy with one leaf changed by `how`, all that is not on the way to it shared."""
    if not path:
        return how(value)
    out = copy.copy(value)
    out[path[0]] = changed(value[path[0]], path[1:], how)
    return out


def dropped(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy without one element of a list."""
    return changed(value, path[:-1], lambda inner: [x for k, x in enumerate(inner) if k != path[-1]])


MOST = 4000  # so many places of a view are tried, drawn the same each time
NARROW = {
    "claims": (400, 50),
    "relations": (200, 10),
    "instruct": (5, 3),
}  # at least so many values and elements


def some(paths: Iterator[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    found = list(paths)
    return random.Random(0).sample(found, min(len(found), MOST))


@pytest.mark.parametrize("view", views.NAMES)
def test_changing_any_value_of_the_export_is_noticed(view: str) -> None:
    rows = sample()[view, "train"]
    paths = some(leaves(rows))
    assert len(paths) > NARROW.get(view, (1000, 200))[0]
    missed = []
    for path in paths:
        variants = [changed(rows, path, other)]
        if changed(rows, path, lambda _: None) != rows:
            variants.append(changed(rows, path, lambda _: None))
        found = [{**sample(), (view, "train"): variant} for variant in variants]
        if not all(audit.compare(sample(), tables, "x") for tables in found):
            missed.append(path)
    assert missed == []


@pytest.mark.parametrize("view", views.NAMES)
def test_dropping_any_element_of_the_export_is_noticed(view: str) -> None:
    rows = sample()[view, "train"]
    paths = some(items(rows))
    assert len(paths) > NARROW.get(view, (1000, 200))[1]
    missed = []
    for path in paths:
        found = {**sample(), (view, "train"): dropped(rows, path)}
        if not audit.compare(sample(), found, "x"):
            missed.append(path)
    assert missed == []


def test_rows_in_another_order_twice_or_in_another_split_are_noticed() -> None:
    rows = sample()["events", "train"]
    for variant in (rows[::-1], [*rows, rows[0]], []):
        assert audit.compare(sample(), {**sample(), ("events", "train"): variant}, "x")
    moved = {**sample(), ("events", "test"): rows}
    del moved["events", "train"]
    assert len(audit.compare(sample(), moved, "x")) == 2 * len(rows)


# The same on real folders


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed annotations' dataset."""
    folder = tmp_path_factory.mktemp("audit")
    shutil.copytree(ROOT / "annotations", folder / "annotations")
    assert made(folder / "annotations", folder / "exports", "calitoday").path is not None
    return folder


def audited(folder: Path) -> list[str]:
    found = audit.check_export(folder / "annotations", folder / "exports" / "calitoday", SCHEMA)
    assert {f.code for f in found} <= {"E807"}
    return [f.message for f in found]


def copied(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


def test_a_fresh_export_is_what_its_annotations_say(exported: Path) -> None:
    assert audited(exported) == []


def test_an_answer_less_in_the_input_is_found_in_the_folder(exported: Path, tmp_path: Path) -> None:
    folder = copied(exported, tmp_path)
    path = folder / "annotations" / "calitoday" / SAMPLE.name
    plain = json.loads(path.read_bytes())
    results = plain["annotations"][2]["result"]
    results.remove(next(r for r in results if r.get("from_name") == "phone_call__medium"))
    path.write_text(json.dumps(plain))
    assert [m.partition(": ")[0] for m in audited(folder)] == [
        "calitoday/annotations/train",
        "calitoday/documents/train",
        "calitoday/events/train",
        "calitoday/instruct/train",
    ]


def kinds(columns: features.Type, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every column that holds values, through structs; a list ends it."""
    if isinstance(columns, dict):
        for name, inner in columns.items():
            yield from kinds(inner, (*path, name))
    else:
        yield path


@pytest.mark.parametrize("view", views.NAMES)
def test_a_changed_parquet_value_is_found_in_every_column(view: str, exported: Path, tmp_path: Path) -> None:
    file = copied(exported, tmp_path) / "exports" / "calitoday" / view / "train-00000-of-00001.parquet"
    folder = file.parents[1]
    wanted = audit.stored(folder)
    rows = pq.read_table(file).to_pylist()
    for path in kinds(views.COLUMNS[view]):
        row = next((n for n, row in enumerate(rows) if _at(row, path) not in (None, [])), 0)
        how = _unlike(_at(rows[row], path), _at(views.COLUMNS[view], path))
        variant = changed(rows, (row, *path), how)
        pq.write_table(rows_.table(view, variant, views.COLUMNS[view]), file)
        assert len(audit.compare(wanted, audit.stored(folder), "x")) == 1, path


def _unlike(value: Any, column: features.Type) -> Callable[[Any], Any]:
    """What makes another value of the column's type of this one."""
    if value is None or value == []:
        return lambda _: _any(column)
    if isinstance(value, list):
        return lambda _: value[:-1]
    return other


def _any(column: features.Type) -> Any:
    """Some value of the column's type."""
    if isinstance(column, list):
        return [_any(column[0])]
    if isinstance(column, dict):
        return {name: _any(inner) for name, inner in column.items()}
    return {"string": "x", "int64": 1, "float64": 1.5, "bool": True}[str(column)]


def _at(row: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        row = row[key]
    return row


def test_missing_and_foreign_files_and_columns_are_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("one"))
    data = made(folder, tmp_path / "exports").path
    assert data is not None
    events = data / "events" / "train-00000-of-00001.parquet"
    table = pq.read_table(events)
    pq.write_table(table, data / "events" / "test-00000-of-00001.parquet")
    assert any("in events/test" in f.message for f in audit.check_export(folder, data, SCHEMA))
    (data / "events" / "test-00000-of-00001.parquet").unlink()
    pq.write_table(table.replace_schema_metadata({}), events)
    assert [f.message for f in audit.check_export(folder, data, SCHEMA)] == [
        f"b/events/{events.name}: its columns are not those of a view events"
    ]
    events.unlink()
    assert any("tells of" in f.message for f in audit.check_export(folder, data, SCHEMA))


def test_held_back_articles_stay_accounted_for(tmp_path: Path) -> None:
    """Those whose annotations differ are in the annotations view only; a broken one brings nothing."""
    differ = marked("differ", "[Ann|PERSON #a] [rang|phone_call participant=a].", "[Ann|PERSON] rang.")
    broken = call("broken")
    broken["annotations"][0]["result"][0]["value"]["end"] = 9999
    half = marked("half", CALL.format("half"), CALL.format("half"))
    half["annotations"][1]["result"][0]["value"]["labels"] = ["NONSENSE"]
    folder = write(tmp_path / "annotations", "b", call("fine"), differ, broken, half)
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert outcome.path is not None
    assert sorted(h.doc_id for h in outcome.held_back) == ["broken", "differ", "half"]
    assert audit.check_export(folder, outcome.path, SCHEMA) == []
    rows = [
        row
        for (view, _), found in audit.stored(outcome.path).items()
        if view == "annotations"
        for row in found
    ]
    assert [(r["doc_id"], r["annotation"]["annotator"], r["chosen"]) for r in sorted(rows, key=str)] == [
        ("differ", "a1", False),
        ("differ", "a2", False),
        ("fine", "a1", True),
        ("half", "a1", False),
    ]


# Half-readable annotations do not bring the exporter down


@pytest.mark.parametrize("broken", [None, 1, [7], [None], ["x"], [{"type": "labels"}]])
def test_unreadable_results_are_findings_and_no_crash(broken: Any, tmp_path: Path) -> None:
    bad = marked("bad", CALL.format("bad"), CALL.format("bad"))
    bad["annotations"][0]["result"] = broken
    folder = write(tmp_path / "annotations", "b", bad, call("fine"))
    assert made(folder, tmp_path / "exports").path is None
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert outcome.path is not None
    assert "bad" in [h.doc_id for h in outcome.held_back]
    assert audit.check_export(folder, outcome.path, SCHEMA) == []


def test_the_documents_view_gives_back_the_record(tmp_path: Path) -> None:
    for n, row in enumerate(sample()["annotations", "train"]):
        record: Document = convert.read_task(TASK, SCHEMA, "calitoday").documents[n]
        row = {k: v for k, v in row.items() if k in documents.COLUMNS}
        files.write_text(tmp_path / "row.json", json.dumps(row))
        assert documents.document_of(json.loads((tmp_path / "row.json").read_text())) == record
