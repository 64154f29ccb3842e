"""Columns and rows of the views: what Arrow, the YAML and `datasets` make of them is one."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from articles import SCHEMA
from hypothesis import HealthCheck, given, settings
from strategies import records

from dateline import views
from dateline.label_studio import convert
from dateline.model import Document
from dateline.rows import RowsDifferError, table
from dateline.views import Sheet, documents, events, features, parts

datasets = pytest.importorskip("datasets")
properties = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def as_features(columns: features.Type) -> Any:
    """The columns in the library's own words."""
    if isinstance(columns, str):
        return datasets.Value(columns)
    if isinstance(columns, list):
        return datasets.List(as_features(columns[0]))
    return {name: as_features(inner) for name, inner in columns.items()}


@pytest.mark.parametrize("view", views.NAMES)
def test_arrow_schema_metadata_and_yaml_are_those_of_datasets(view: str) -> None:
    wanted = datasets.Features(as_features(views.COLUMNS[view]))
    ours = features.arrow_schema(views.COLUMNS[view])
    assert ours.equals(wanted.arrow_schema)
    assert ours.metadata == wanted.arrow_schema.metadata
    assert features.yaml_list(views.COLUMNS[view]) == wanted._to_yaml_list()
    assert datasets.Features._from_yaml_list(features.yaml_list(views.COLUMNS[view])) == wanted
    assert datasets.Features.from_arrow_schema(ours) == wanted


def test_folder_and_table_name_the_same_views() -> None:
    folder = Path(views.__file__).parent
    shared = {"__init__", "bio", "features", "loss", "parts", "placing", "sheet", "words"}
    assert {p.stem for p in folder.glob("*.py")} - shared == set(views.NAMES)
    assert views.DEFAULT in views.NAMES


def keys(row: Any, columns: features.Type, at: str = "") -> list[str]:
    """Where a row has other keys than its columns; Arrow would drop or fill them without a word."""
    if isinstance(columns, dict) and isinstance(row, dict):
        wrong = [at] if list(row) != list(columns) else []
        return wrong + [w for k in columns for w in keys(row.get(k), columns[k], f"{at}/{k}")]
    if isinstance(columns, list) and isinstance(row, list):
        return [w for n, inner in enumerate(row) for w in keys(inner, columns[0], f"{at}/{n}")]
    return [at] if isinstance(row, dict | list) else []


@properties
@given(records())
def test_rows_have_the_keys_of_their_columns_and_survive_arrow(record: Document) -> None:
    for view in views.NAMES:
        rows = list(
            views.rows(view, Sheet(record, SCHEMA, True, {"regions": 1, "answers": 2, "relations": 3}))
        )
        assert [wrong for row in rows for wrong in keys(row, views.COLUMNS[view])] == []
        table = pa.Table.from_pylist(rows, schema=features.arrow_schema(views.COLUMNS[view]))
        assert table.to_pylist() == rows


@properties
@given(records())
def test_the_documents_view_loses_nothing(record: Document) -> None:
    (row,) = documents.rows(Sheet(record, SCHEMA))
    assert documents.document_of(row) == record


@properties
@given(records())
def test_the_events_view_says_what_the_record_says(record: Document) -> None:
    rows = list(events.rows(Sheet(record, SCHEMA)))
    assert [row["event_id"] for row in rows] == [e.id for e in record.events]
    for row, event in zip(rows, record.events, strict=True):
        main = next(t for t in event.triggers if t.main)
        assert row["trigger"] == {"start": main.start, "end": main.end, "text": main.text}
        assert [(a["role"], a["mention"], a["via"]) for a in row["arguments"]] == [
            (role, f.mention, f.via) for role, fillers in event.arguments.items() for f in fillers
        ]
        mentions = {m.id: m for m in record.mentions}
        for argument in row["arguments"]:
            mention = mentions[argument["mention"]]
            assert (argument["label"], argument["entity"]) == (mention.label, mention.entity)
        assert row["defaulted"] == event.defaulted
        answers = {a["name"]: a["value"] for a in row["attributes"]}
        common = {name: row[name] for name in parts.COMMON if row[name] is not None}
        assert {**common, **answers} == event.attributes
        assert [(r["type"], r["tail"]) for r in row["relations"]] == [
            (r.type, r.tail) for r in record.relations if r.head == event.id
        ]
        types = {e.id: e.type for e in record.events}
        assert all(r["tail_type"] == types[r["tail"]] for r in row["relations"])
        for span in (row["trigger"], *row["triggers"], *row["arguments"]):
            assert row["text"][span["start"] : span["end"]] == span["text"]


@properties
@given(records())
def test_only_the_chosen_one_is_in_documents_and_events(record: Document) -> None:
    drawn = {"regions": 0, "answers": 0, "relations": 0}
    assert list(views.rows("documents", Sheet(record, SCHEMA, False, drawn))) == []
    assert list(views.rows("events", Sheet(record, SCHEMA, False, drawn))) == []
    (row,) = views.rows("annotations", Sheet(record, SCHEMA, False, drawn))
    assert row["chosen"] is False


def test_an_unknown_role_or_answer_adds_no_column() -> None:
    """A new event type changes no column: roles and answers are rows in lists."""
    names = {name for type_ in SCHEMA.types.values() for name in (*type_.roles, *type_.attributes)}
    assert not names & set(views.COLUMNS["documents"])
    assert set(views.COLUMNS["events"]) & names <= {"publisher"}  # the article's, not the role


def test_what_the_columns_do_not_hold_is_refused_not_dropped(tmp_path: Any) -> None:
    columns: features.Columns = {"a": "string", "b": [{"c": "int64"}]}
    for rows in ([{"a": "x", "b": [], "z": 1}], [{"a": "x"}], [{"a": "x", "b": [{"c": 1, "d": 2}]}]):
        with pytest.raises(RowsDifferError):
            table("v", rows, columns)
    assert list(tmp_path.iterdir()) == []


def test_reading_an_empty_annotation_gives_a_document_without_events() -> None:
    plain = {"data": {"doc_id": "d", "text": "Nothing."}, "annotations": [{"result": []}]}
    (record,) = convert.read_task(plain, SCHEMA).documents
    assert list(events.rows(Sheet(record, SCHEMA))) == []
    assert next(documents.rows(Sheet(record, SCHEMA)))["events"] == []
