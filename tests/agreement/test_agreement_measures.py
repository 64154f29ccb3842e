"""The parts: assignment, spans, formulas, bootstrap."""

import itertools

import krippendorff
import numpy as np
import pytest
from agreement_build import SCHEMA, note
from agreement_corpus import articles
from hypothesis import given
from hypothesis import strategies as st

from dateline import agreement
from dateline.agreement import bootstrap, layers, measures, spans
from dateline.agreement.assignment import best, hungarian

MATRICES = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=1, max_size=5)
)


@given(MATRICES)
def test_no_assignment_is_better(weight):
    rows, columns = len(weight), len(weight[0])
    edges = [(i, j) for i in range(rows) for j in range(columns) if weight[i][j]]
    found = best(edges, lambda i, j: weight[i][j], lambda i: i, lambda j: j)
    wide = weight if rows <= columns else [list(line) for line in zip(*weight, strict=True)]
    most = max(
        sum(wide[i][j] for i, j in enumerate(p))
        for p in itertools.permutations(range(len(wide[0])), len(wide))
    )
    assert sum(weight[i][j] for i, j in found) == most
    assert set(found) <= set(edges)


def test_a_large_component_is_solved_in_reasonable_time():
    cost = [[-((i * 7919 + j * 104729) % 1000) for j in range(120)] for i in range(120)]
    assert sorted(hungarian(cost)) == list(range(120))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))),
)
def test_overlapping_finds_what_a_plain_loop_finds(left, right):
    right = sorted(right)
    plain = [(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a[0] < b[1] and b[0] < a[1]]
    assert sorted(spans.overlapping(left, right)) == plain


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_alpha_is_that_of_the_library(pairs):
    values = sorted({value for pair in pairs for value in pair})
    given_ = [[pair.count(value) for pair in pairs] for value in values]
    sums = np.array(
        [[len(pairs)], [sum(a == b for a, b in pairs)], *([sum(row)] for row in given_)], dtype=float
    )
    found = measures.alpha(sums)[0]
    if len(values) == 1:
        assert np.isnan(found)
    else:
        counts = np.array(given_).T
        assert found == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def test_bcubed_of_the_paper():
    """Bagga and Baldwin 1998, their example: the key {1-5} {6 7} {8-C}, a response that joins the last two.

    Items 1-5 have precision 1, 6 and 7 have 2/7, 8-C have 5/7: 16/21 in the mean; recall is 1.
    """
    key = [*"aaaaabbccccc"]
    response = [*"xxxxxyyyyyyy"]
    both = [(n, n) for n in range(12)]
    precision, recall = layers.bcubed(response, key, both)
    assert sum(precision) / 12 == pytest.approx(16 / 21)
    assert sum(recall) / 12 == 1


def test_an_item_without_a_twin_scores_nothing_and_keeps_its_place():
    assert layers.bcubed(["x", "x"], ["y"], [(0, 0)]) == ([0.5, 0.0], [1.0])


def test_weights_are_seeded_and_count_articles():
    one, two, other = (bootstrap.weights(7, 30, seed) for seed in (1, 1, 2))
    assert (one == two).all()
    assert (one != other).any()
    assert (one[:, 0] == 1).all()
    assert (one.sum(axis=0) == 7).all()


def test_intervals_hold_the_value_and_need_two_articles():
    found = agreement.measure(articles(12, 6), SCHEMA, resamples=200)
    rows = [row for row in found.rows if row.low is not None]
    assert len(rows) > 100
    assert all(row.low <= row.high for row in rows)
    whole = [row for row in rows if not row.by and row.measure == "f1_exact"]
    assert all(row.low <= row.value <= row.high for row in whole)
    one = agreement.measure(articles(1, 6), SCHEMA, resamples=200)
    assert {row.low for row in one.rows} == {None}


def test_the_same_seed_gives_the_same_intervals():
    found = [agreement.measure(articles(5, 4), SCHEMA, resamples=50, seed=seed).rows for seed in (3, 3, 4)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_more_than_one_article_weighs_by_its_items():
    """Article 1: 1 of 1 trigger on each side; article 2: 0 of 3 on each. Pooled: 2 hits of 8 items."""
    pair = [note(a, ["statement", (0, 4)]) for a in ("a1", "a2")]
    other = [
        note(a, *(["statement", (at + 10 * n, at + 10 * n + 4)] for n in range(3)), doc_id="d2")
        for a, at in (("a1", 0), ("a2", 200))
    ]
    rows = agreement.measure([pair, other], SCHEMA, resamples=0).rows
    assert next(r.value for r in rows if r.measure == "f1_exact") == 0.25


def test_the_list_keeps_the_worst():
    every = agreement.measure(articles(6, 8), SCHEMA, resamples=0, limit=0)
    few = agreement.measure(articles(6, 8), SCHEMA, resamples=0, limit=3)
    assert len(every.disagreements) == every.total == few.total
    assert few.disagreements == every.disagreements[:3]
    assert [d.weight for d in every.disagreements] == sorted(
        (d.weight for d in every.disagreements), reverse=True
    )
    assert all("⟦" in d.readings[0].text + d.readings[1].text for d in every.disagreements)
    assert {d.layer for d in every.disagreements} <= set(layers.names(SCHEMA))


def test_links_lead_to_the_task():
    where = {"project": 3, "task": 7}
    notes = [note("a1", ["statement", (0, 4)], **where), note("a2", **where)]
    found = agreement.measure([notes], SCHEMA, resamples=0, server="http://localhost:8080/")
    assert found.disagreements[0].url == "http://localhost:8080/projects/3/data?task=7"
    assert agreement.measure([notes], SCHEMA, resamples=0).disagreements[0].url is None
