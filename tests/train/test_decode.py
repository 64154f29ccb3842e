"""Tags become records with exact offsets, and gold's own tags lose what the views say they lose, no more."""

import json

import pytest

from dateline import score
from dateline.train import data, decode


@pytest.fixture(scope="module")
def loaded(ten):
    return data.load(ten)


@pytest.fixture(scope="module")
def gold(ten):
    """By split the values to score against and the articles' texts."""
    found = {split: list(score.load(ten, split)) for split in data.SPLITS}
    return {
        split: (values, {v.value["doc_id"]: v.value["text"] for v in values})
        for split, values in found.items()
    }


def through_the_views(loaded, gold, split, context=None):
    taggers = decode.gold(loaded.triggers[split], loaded.arguments[split], context)
    return decode.records(loaded.triggers[split], *taggers, gold[split][1])


@pytest.mark.parametrize("split", data.SPLITS)
def test_every_span_holds_its_words(loaded, gold, split):
    records = through_the_views(loaded, gold, split)
    texts = gold[split][1]
    assert [r["doc_id"] for r in records] == sorted(texts)
    spans = [
        (r["doc_id"], span)
        for r in records
        for event in r["events"]
        for span in (*event["triggers"], *(a for fillers in event["arguments"].values() for a in fillers))
    ]
    assert len(spans) > 50
    for doc_id, span in spans:
        assert texts[doc_id][span["start"] : span["end"]] == span["text"]
        assert span["text"] == span["text"].strip() != ""


@pytest.mark.parametrize("split", data.SPLITS)
def test_gold_through_the_views_is_nearly_gold(loaded, gold, split):
    """A window that is built otherwise than the view's, or an offset one off, would find next to nothing."""
    scores = score.score(gold[split][0], through_the_views(loaded, gold, split))
    assert scores["TC"].f1 > 0.97
    assert scores["AC"].precision > 0.97
    assert scores["AC"].f1 > 0.93
    assert not scores.missing
    assert not scores.extra
    assert not scores.findings


def test_no_trigger_is_lost_but_those_that_the_manifest_counts(ten, loaded, gold):
    losses = json.loads((ten / "manifest.json").read_text())["losses"]["triggers"]
    lost = sum(losses[kind]["count"] for kind in ("off_tokens", "across_sentences", "overlap"))
    found = [score.score(gold[s][0], through_the_views(loaded, gold, s))["TC"] for s in data.SPLITS]
    assert sum(tc.gold - tc.right for tc in found) == lost


def test_less_context_loses_arguments_and_no_triggers(loaded, gold):
    whole, near = (
        score.score(gold["train"][0], through_the_views(loaded, gold, "train", c)) for c in (None, 5)
    )
    assert near["TC"] == whole["TC"]
    assert near["AC"].predicted < whole["AC"].predicted
    assert near["AC"].precision >= whole["AC"].precision


def test_the_windows_around_triggers_are_those_of_the_view(loaded):
    for split, rows in loaded.triggers.items():
        asked = {
            (r.doc_id, r.type, r.starts, r.first, r.last) for r in decode.asked(rows, [r.tags for r in rows])
        }
        view = {(r.doc_id, r.type, r.starts, r.first, r.last) for r in loaded.arguments[split]}
        assert asked <= view


def test_events_stand_in_the_order_of_the_text(loaded, gold):
    for record in through_the_views(loaded, gold, "train"):
        starts = [event["triggers"][0]["start"] for event in record["events"]]
        assert starts == sorted(starts)
        assert [event["id"] for event in record["events"]] == [f"e{n}" for n in range(1, len(starts) + 1)]


def test_an_article_without_triggers_has_a_record(loaded, gold):
    nothing = lambda rows: [["O"] * len(row.tokens) for row in rows]  # noqa: E731
    records = decode.records(loaded.triggers["test"], nothing, nothing, gold["test"][1])
    assert [r["events"] for r in records] == [[]] * 2
    assert score.score(gold["test"][0], records)["TC"].recall == 0
