"""The corpus of our own holds what it is there for."""

import re
from collections import Counter

import pytest

from dateline import reading, splits

CORE = ("phone_call", "press_denial", "sanction", "travel_warning")


@pytest.fixture(scope="module")
def items(root, schema):
    return list(reading.read([root / "annotations/sample"], schema))


@pytest.fixture(scope="module")
def counting(items):
    """The annotation that counts, for each article."""
    return [next((d for d in i.documents if d.annotation.ground_truth), i.documents[0]) for i in items]


def test_it_is_ours_to_give_away_and_without_errors(items):
    assert len(items) == 54
    assert {d.source.license for i in items for d in i.documents} == {"CC0-1.0"}
    assert all(d.source.synthetic for i in items for d in i.documents)
    assert [f for i in items for f in i.findings if f.severity == "error"] == []


def test_lengths_dates_and_publishers(counting):
    words = [len(d.text.split()) for d in counting]
    assert (min(words) >= 120, max(words) <= 610) == (True, True)
    months = {d.source.published_at[:7] for d in counting}
    assert len(months) == 12
    assert len({d.source.publisher for d in counting}) >= 6


def test_every_type_status_role_answer_and_relation_occurs(counting, schema):
    articles = Counter(t for d in counting for t in {e.type for e in d.events})
    assert all(articles[t] >= 16 for t in CORE)
    status = Counter(e.attributes["status"] for d in counting for e in d.events)
    assert all(status[value] >= 4 for value in schema.common["status"].values)
    seen = {(e.type, role) for d in counting for e in d.events for role in e.arguments}
    seen |= {
        (e.type, name, value) for d in counting for e in d.events for name, value in e.attributes.items()
    }
    for type_ in schema.types.values():
        assert {(type_.name, role) for role in type_.roles} <= seen
        assert {(type_.name, a.name, v) for a in type_.attributes.values() for v in a.values} <= seen
    assert {r.type for d in counting for r in d.relations} == set(schema.relations)
    assert any(len(e.triggers) > 2 for d in counting for e in d.events)
    assert sum(not d.events for d in counting) == 4


def test_a_third_was_annotated_twice_and_adjudicated(items):
    twice = [i for i in items if len(i.documents) > 1]
    assert len(twice) == 18
    for item in twice:
        made = {d.annotation.annotator: d for d in item.documents}
        assert set(made) == {"machine-a", "machine-b", "machine-c"}
        truth = made["machine-c"].annotation
        assert (truth.ground_truth, truth.from_) == (True, ["machine-a", "machine-b"])
        assert not made["machine-a"].annotation.ground_truth


@pytest.mark.parametrize(
    "pattern",
    [
        "\u200d[\U0001f300-\U0001faff]",  # an emoji of several code points
        "[a-zA-Z][\u0300-\u036f]",  # a letter with a combining mark
        "\r\n",
        "\u00a0",
        "[\u0590-\u05ff]",
        "[\u0600-\u06ff]",
        "[\u4e00-\u9fff]",
        "\t",
        "\u200c",
        "[^\n]{2000}",
    ],
)
def test_difficult_texts_are_among_them(counting, pattern):
    assert any(re.search(pattern, d.text) for d in counting)


def test_the_reprints_stay_together(root):
    split = {row.doc_id: row for row in splits.read_ledger(root / "annotations/splits.csv")}
    story = [
        row
        for id_, row in split.items()
        if re.search("brenmark-package|hjelmstad-freezes|leave-zahrestan", id_)
    ]
    assert len(story) == 3
    assert len({(row.group, row.split) for row in story}) == 1


def test_every_split_has_articles(root):
    rows = splits.read_ledger(root / "annotations/splits.csv")
    assert {row.split for row in rows if row.doc_id.startswith("sample-")} == set(splits.SPLITS)
