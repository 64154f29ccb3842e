"""Every form in which gold and predictions may come says the same."""

import json
import random

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from score_build import article, event

from dateline import score, sources
from dateline.model import Document
from dateline.views.documents import document_of

CALL = event("phone_call", (0, 4), participant=[(10, 13)])


def values(path, **how):
    return list(score.load(path, **how))


def write(path, lines):
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def records(exported) -> list[Document]:
    rows = (row for file in (exported / "documents").iterdir() for row in pq.read_table(file).to_pylist())
    return [document_of(row) for row in rows]


def all_right(scores):
    return (
        all(one.gold == one.predicted == one.right > 0 for one in scores.table.values())
        and not scores.findings
    )


@pytest.mark.parametrize("coreference", [False, True])
def test_records_and_rows_of_both_views_say_the_same(exported, sample, records, tmp_path, coreference):
    lines = [msgspec.to_builtins(record) for record in records]
    random.Random(0).shuffle(lines)
    array = tmp_path / "records.json"
    array.write_text(json.dumps(lines), encoding="utf-8")
    for predictions in (records, values(write(tmp_path / "records.jsonl", lines)), values(array)):
        assert all_right(score.score(sample, predictions, coreference=coreference))
    rows = values(exported, config="events")
    random.Random(0).shuffle(rows)
    found = score.score(rows, values(exported, config="events"))
    assert all_right(found)
    assert found["AC+"] == score.score(sample, records)["AC+"]


def test_the_rows_of_events_as_json_lines_and_as_one_file(exported, tmp_path):
    rows = values(exported, config="events", split="test")
    lines = write(tmp_path / "events.jsonl", [row.value for row in rows])
    file = next((exported / "events").glob("test-*.parquet"))
    assert all_right(score.score(values(file), values(lines)))


def test_articles_without_events_are_known_to_the_view_documents_only(exported):
    whole = score.score(values(exported), values(exported, config="events"))
    assert len(whole.missing) == 4
    assert whole["AC+"].f1 == 1
    turned = score.score(values(exported, config="events"), values(exported))
    assert (len(turned.extra), turned["AC+"].f1) == (4, 1)


def test_a_split_is_chosen(exported):
    found = score.score(values(exported, split="test"), values(exported, split="validation"))
    assert found["TC"].right == 0
    assert len(found.missing) == 4


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"split": "dev"}, "no split 'dev'; there are: test"),
        ({"config": "x"}, "no config 'x'; there are: ann"),
    ],
)
def test_what_the_folder_does_not_have_is_said(exported, how, words):
    with pytest.raises(sources.SourceError, match=words):
        values(exported, **how)


def test_a_minimal_prediction_needs_no_more_than_spans(sample):
    minimal = [
        {
            "doc_id": row["doc_id"],
            "events": [
                {
                    "type": one["type"],
                    "triggers": [{"start": t["start"], "end": t["end"]} for t in one["triggers"]],
                    "arguments": [{k: a[k] for k in ("role", "start", "end")} for a in one["arguments"]],
                }
                for one in row["events"]
            ],
        }
        for row in sample
    ]
    found = score.score(sample, minimal)
    assert all(found[name].f1 == 1 for name in score.SIX)
    assert found["relations"].recall == 0


def test_a_predicted_span_in_other_units_is_told(sample):
    row = next(r for r in sample if len(r["text"]) > 400)
    shift = 3
    moved = [
        {
            **e,
            "triggers": [{**t, "start": t["start"] + shift, "end": t["end"] + shift} for t in e["triggers"]],
        }
        for e in row["events"]
    ]
    far = {"type": "statement", "triggers": [{"start": 10**6, "end": 10**6 + 3}, {"start": 9, "end": 2}]}
    found = score.score([row], [{"doc_id": row["doc_id"], "events": [*moved, far]}])
    assert [f.code for f in found.findings] == ["W936"]


def test_a_relation_to_an_event_that_is_not_there_is_wrong():
    gold = article(CALL, event("sanction", (20, 24)), relations=(("denies", 0, 1),))
    stray = {**gold, "relations": [{"type": "denies", "head": "e0", "tail": "e9"}]}
    assert tuple(score.score([gold], [stray])["relations"]) == (1, 1, 0)


def test_one_bad_prediction_spares_the_others(tmp_path):
    file = tmp_path / "p.jsonl"
    good = json.dumps(article(CALL))
    file.write_text(
        f'{good}\n{{"doc_id": "d2", "events": [\n{{"events": []}}\n7\n{{"doc_id": "d4"}}\n', encoding="utf-8"
    )
    found = score.score([article(CALL), article(CALL, doc_id="d2"), article(CALL, doc_id="d4")], values(file))
    assert found["TC"] == (3, 1, 1)
    assert [(f.code, f.line) for f in found.findings] == [
        ("W930", None), ("E002", 2), ("W933", 3), ("W933", 4), ("W933", 5)
    ]  # fmt: skip
    assert "d2" in found.findings[0].message
    assert "d4" not in found.findings[0].message, "its own finding explains it"


@pytest.mark.parametrize(
    ("gold", "words"),
    [
        ([], "no article"),
        ([article(CALL), article(CALL)], "stands twice"),
        ([{"doc_id": "d1"}], "neither a record"),
        ([article({**CALL, "triggers": [{"start": 5, "end": 5}]})], "empty, runs backwards"),
        ([article(CALL, text="short")], "past the text"),
        ([article({"type": "a", "trigger": "x"}, text="abc")], "not in the text: x"),
        ([article({"type": "a", "trigger": {"mention": "m1"}})], "no mention 'm1'"),
        ([{**article(CALL), "relations": [{"type": "denies", "head": "e0", "tail": "e9"}]}], "not there"),
    ],
)
def test_gold_must_be_whole(gold, words):
    with pytest.raises(score.GoldError, match=words) as error:
        score.score(gold, [])
    assert [f.code for f in error.value.findings] == ["E937"]


def test_an_article_predicted_twice_is_told_and_its_repetitions_are_wrong():
    found = score.score([article(CALL)], [article(CALL), article(CALL)])
    assert [f.code for f in found.findings] == ["W932"]
    assert found["TC"] == (1, 2, 1)


def test_a_file_of_something_else_is_refused():
    with pytest.raises(score.PredictionsError, match="predictions cannot be used: there is no doc_id"):
        score.score([article(CALL)], [{"data": {}, "annotations": []}])
    assert score.score([article(CALL)], [])["TC"] == (1, 0, 0)


def test_numbers_of_numpy_are_numbers():
    place = {"start": np.int64(0), "end": np.int64(4)}
    found = score.score(
        [article(CALL)], [{"doc_id": "d1", "events": [{"type": "phone_call", "trigger": place}]}]
    )
    assert found["TC"].right == 1
