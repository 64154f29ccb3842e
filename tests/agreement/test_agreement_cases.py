"""Small cases with the numbers worked out by hand."""

import pytest
from agreement_build import SCHEMA, note, values

from dateline import agreement

CALL, TALK, DENIAL = "phone_call", "statement", "press_denial"


def pairs(a, b, **how):
    return agreement.align(a, b, **how).events


def test_nested_and_overlapping_triggers_go_to_their_like():
    one = note("a1", [CALL, (0, 20)], [TALK, (5, 10)], [DENIAL, (15, 30)])
    two = note("a2", [TALK, (6, 11)], [DENIAL, (14, 30)], [CALL, (0, 21)])
    assert pairs(one, two) == [(0, 2), (1, 0), (2, 1)]
    found = values([one, two])
    assert found["trigger_identification", "f1_exact"] == 0
    assert found["trigger_identification", "f1_overlap"] == 1
    assert found["trigger_classification", "f1_overlap"] == 1


def test_the_assignment_is_optimal_and_not_greedy():
    """Greedy takes (0, 0), the largest overlap (16 of 20), and leaves the rest alone; both crossed is more."""
    one = note("a1", [CALL, (0, 20)], [CALL, (20, 40)])
    two = note("a2", [CALL, (4, 28)], [CALL, (0, 4)])
    assert pairs(one, two) == [(0, 1), (1, 0)]


def test_one_event_against_two():
    """One event with both triggers; the other makes two of them: one is left, the triggers are all there."""
    one = note("a1", [CALL, (0, 4), (10, 16), {"participant": [(50, 55), (60, 65)]}])
    two = note(
        "a2", [CALL, (0, 4), {"participant": [(50, 55)]}], [CALL, (10, 16), {"participant": [(60, 65)]}]
    )
    assert pairs(one, two) == [(0, 1)]  # the longer trigger weighs more
    found = values([one, two])
    assert found["trigger_identification", "f1_exact"] == 1
    assert found["argument_role", "f1_exact"] == 0.5  # 1 of 2 against 1 of 2
    # B³: each of a's triggers shares 1 of its cluster of 2 (1/2), each of b's all of its own (1): F = 2/3
    assert found["events", "bcubed_exact"] == pytest.approx(2 / 3, abs=1e-6)
    kinds = [d.kind for d in agreement.measure([[one, two]], SCHEMA, resamples=0).disagreements]
    assert kinds == ["event", "argument"]


def test_a_duplicated_event():
    """The same event twice against once: one stays alone. Triggers 1 of 2 and 1 of 1, so F1 = 2/3."""
    event = [CALL, (0, 4), {"participant": [(50, 55)]}]
    one, two = note("a1", event, event), note("a2", event)
    assert len(pairs(one, two)) == 1
    found = values([one, two])
    for layer in ("trigger_identification", "trigger_classification", "argument_role"):
        assert found[layer, "f1_exact"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["events", "bcubed_exact"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["type", "raw"] == 1


def test_a_duplicate_goes_to_the_event_with_its_arguments():
    one = note("a1", [CALL, (0, 4), {"participant": [(50, 55)]}], [CALL, (0, 4), {"participant": [(60, 65)]}])
    two = note("a2", [CALL, (0, 4), {"participant": [(60, 65)]}], [CALL, (0, 4), {"participant": [(50, 55)]}])
    assert pairs(one, two) == [(0, 1), (1, 0)]
    assert values([one, two])["events", "bcubed_exact"] == 1


def test_a_swapped_role():
    """The same two mentions in the two roles, swapped: all identified, none in its role."""
    one = note("a1", [TALK, (0, 4), {"speaker": [(50, 55)], "audience": [(60, 65)]}])
    two = note("a2", [TALK, (0, 4), {"speaker": [(60, 65)], "audience": [(50, 55)]}])
    found = values([one, two])
    assert found["argument_identification", "f1_exact"] == 1
    assert found["argument_role", "f1_exact"] == 0
    shown = agreement.measure([[one, two]], SCHEMA, resamples=0).disagreements
    assert [d.kind for d in shown] == ["role", "role"]


def test_a_missing_argument():
    """2 arguments against 1 of them: 2 · 1 / 3."""
    one = note("a1", [TALK, (0, 4), {"speaker": [(50, 55)], "time": [(60, 65)]}])
    two = note("a2", [TALK, (0, 4), {"speaker": [(50, 55)]}])
    found = values([one, two])
    for layer in ("argument_identification", "argument_role", "mention_identification"):
        assert found[layer, "f1_exact"] == pytest.approx(2 / 3, abs=1e-6)


def test_arguments_belong_to_their_event():
    """The same filler in the same role of another event is not the same argument."""
    one = note("a1", [TALK, (0, 4), {"speaker": [(50, 55)]}], [TALK, (100, 104)])
    two = note("a2", [TALK, (0, 4)], [TALK, (100, 104), {"speaker": [(50, 55)]}])
    found = values([one, two])
    assert found["argument_role", "f1_overlap"] == 0
    assert found["mention_label", "f1_exact"] == 1


def test_one_extent_differs():
    one = note("a1", [TALK, (0, 4), {"speaker": [(50, 55)]}])
    two = note("a2", [TALK, (0, 4), {"speaker": [(50, 60)]}])
    found = values([one, two])
    assert found["argument_role", "f1_exact"] == 0
    assert found["argument_role", "f1_overlap"] == 1


def test_two_types_for_one_event():
    one, two = note("a1", [CALL, (0, 4)]), note("a2", [TALK, (0, 4)])
    found = values([one, two])
    assert found["trigger_identification", "f1_exact"] == 1
    assert found["trigger_classification", "f1_exact"] == 0
    assert found["type", "raw"] == 0
    assert found["type", "alpha"] == 0  # n = 2, each value once: 1 - 1 · 2 / (4 - 2)


def test_a_mention_inside_a_longer_one_is_another():
    one, two = note("a1", mentions=[(0, 5, "PERSON")]), note("a2", mentions=[(0, 40, "CLAIM")])
    assert values([one, two])["mention_identification", "f1_overlap"] == 0
    two = note("a2", mentions=[(0, 40, "PERSON")])
    assert values([one, two])["mention_identification", "f1_overlap"] == 1


def test_relations_follow_their_events():
    one = note(
        "a1",
        [DENIAL, (0, 4)],
        [CALL, (10, 14)],
        [TALK, (20, 24)],
        relations=[("denies", 0, 1), ("subevent_of", 2, 1)],
    )
    two = note(
        "a2",
        [CALL, (10, 14)],
        [DENIAL, (0, 4)],
        [TALK, (20, 24)],
        relations=[("denies", 1, 0), ("in_response_to", 2, 0)],
    )
    found = values([one, two])
    assert found["relations", "f1_exact"] == 0.5  # 1 of 2 against 1 of 2


def test_status_by_alpha_and_raw_agreement():
    """Four events, answers aa ab bb bb: raw 3/4; a thrice, b five times of 8: 1 - 7 · 2 / (64 - 9 - 25) = 8/15."""
    answers = [("asserted", "asserted"), ("asserted", "denied"), ("denied", "denied"), ("denied", "denied")]
    one, two = (
        note(name, *([CALL, (n * 10, n * 10 + 4), {"status": said[k]}] for n, said in enumerate(answers)))
        for k, name in enumerate(("a1", "a2"))
    )
    found = values([one, two])
    assert found["status", "raw"] == 0.75
    assert found["status", "alpha"] == pytest.approx(8 / 15, abs=1e-6)
    assert found["polarity", "raw"] is None


def test_an_answer_that_only_one_gives_is_a_disagreement():
    one, two = note("a1", [CALL, (0, 4), {"medium": "video"}]), note("a2", [CALL, (0, 4)])
    assert values([one, two])["phone_call.medium", "raw"] == 0


def test_entities_as_clusters():
    """Mentions 1 2 3 4, a: {1 2 3} {4}, b: {1 2} {3 4}.

    a's items: 2/3, 2/3, 1/3, 1, mean 2/3; b's: 1, 1, 1/2, 1/2, mean 3/4; F = 2 · 2/3 · 3/4 / (17/12) = 12/17.
    """
    spans = [(0, 5), (10, 15), (20, 25), (30, 35)]
    marked = [(*span, "PERSON") for span in spans]
    one = note("a1", mentions=marked, entities=[spans[:3], spans[3:]])
    two = note("a2", mentions=marked, entities=[spans[:2], spans[2:]])
    assert values([one, two])["entities", "bcubed_exact"] == pytest.approx(12 / 17, abs=1e-6)
    kinds = [d.kind for d in agreement.measure([[one, two]], SCHEMA, resamples=0).disagreements]
    assert kinds == ["entity", "entity"]


def test_mentions_that_neither_joins_are_no_entities():
    one, two = (note(name, mentions=[(0, 5, "TIME")]) for name in ("a1", "a2"))
    assert values([one, two])["entities", "bcubed_exact"] is None


def test_without_what_was_defaulted():
    """`time` is a default on one side and drawn on the other: it counts on neither."""
    one = note(
        "a1",
        [
            TALK,
            (0, 4),
            {"speaker": [(50, 55)], "time": [(60, 65, "default")]},
            {"status": "asserted*", "polarity": "positive"},
        ],
    )
    two = note(
        "a2",
        [
            TALK,
            (0, 4),
            {"speaker": [(50, 55)], "venue": [(60, 65)]},
            {"status": "asserted", "polarity": "negative"},
        ],
    )
    rows = agreement.measure([[one, two]], SCHEMA, resamples=0).rows
    at = {(r.layer, r.measure, r.defaults): r for r in rows if not r.by and r.pre_annotated == "with"}
    assert (at["argument_role", "f1_exact", "with"].value, at["argument_role", "f1_exact", "with"].n) == (
        0.5,
        4,
    )
    assert (
        at["argument_role", "f1_exact", "without"].value,
        at["argument_role", "f1_exact", "without"].n,
    ) == (1, 2)
    assert (at["status", "raw", "without"].value, at["status", "raw", "without"].n) == (None, 0)
    assert at["polarity", "raw", "without"].value == 0


def test_without_pre_annotated():
    one = note("a1", [TALK, (0, 4)])
    rows = agreement.measure(
        [[one, note("a2", [TALK, (0, 4)], pre_annotated=True)]], SCHEMA, resamples=0
    ).rows
    at = {
        r.pre_annotated: r.value
        for r in rows
        if (r.layer, r.measure, r.by) == ("trigger_identification", "f1_exact", "")
    }
    assert at == {"with": 1, "without": None}


def test_three_annotators_each_pair_and_the_mean():
    """a1 and a2 agree on 1 of 1; a3 has one more: 2 · 1 / 3 with each. Mean 7/9; pooled 6 hits of 8 items."""
    first, second = [CALL, (0, 4)], [CALL, (20, 24)]
    notes = [note("a1", first), note("a2", first), note("a3", first, second)]
    rows = agreement.measure([notes], SCHEMA, resamples=0).rows
    found = {
        r.group: r.value
        for r in rows
        if r.by == "pair" and (r.layer, r.measure) == ("trigger_identification", "f1_exact")
    }
    assert found == pytest.approx({"a1 · a2": 1, "a1 · a3": 2 / 3, "a2 · a3": 2 / 3, "mean": 7 / 9}, abs=1e-6)
    assert values(notes)["trigger_identification", "f1_exact"] == 0.75


def test_by_type_batch_and_month():
    articles = [
        [note(a, [CALL, (0, 4)], doc_id="d1") for a in ("a1", "a2")],
        [
            note("a1", [TALK, (0, 4)], doc_id="d2", batch="b2", published="2025-12-01"),
            note("a2", doc_id="d2", batch="b2"),
        ],
    ]
    rows = agreement.measure(articles, SCHEMA, resamples=0).rows
    found = {
        (r.by, r.group): r.value
        for r in rows
        if (r.layer, r.measure) == ("trigger_classification", "f1_exact")
    }
    assert found["type", CALL] == found["batch", "b1"] == found["month", "2025-11"] == 1
    assert found["type", TALK] == found["batch", "b2"] == found["month", "2025-12"] == 0


def test_ground_truth_and_repeated_annotations_take_no_part():
    notes = [
        note("a1", [CALL, (0, 4)], annotation=2),
        note("a1", [TALK, (90, 94)], annotation=1),
        note("a2", [CALL, (0, 4)], annotation=3),
        note("a3", [TALK, (40, 44)], ground_truth=True),
    ]
    found = agreement.measure([notes], SCHEMA, resamples=0)
    assert values(notes)["trigger_identification", "f1_exact"] == 1
    assert list(found.counts.values()) == [1, 1, 1, 1, 1]


def test_nothing_to_measure_is_null():
    for articles in ([], [[note("a1", [CALL, (0, 4)])]], [[note("a1"), note("a2")]]):
        found = agreement.measure(articles, SCHEMA, resamples=20)
        assert {(row.value, row.low, row.high, row.n) for row in found.rows} == {(None, None, None, 0)}


def test_one_value_throughout_leaves_alpha_undefined():
    notes = [note(name, [CALL, (0, 4), {"status": "asserted"}]) for name in ("a1", "a2")]
    found = values(notes)
    assert found["status", "alpha"] is None
    assert found["status", "raw"] == 1


def test_two_texts_are_refused():
    import msgspec

    one, two = note("a1"), msgspec.structs.replace(note("a2"), text_sha256="0")
    with pytest.raises(ValueError, match="d1"):
        agreement.align(one, two)
