"""Planted cases, each with the numbers that it must have."""

import pytest
from score_build import article, event, f1, shares

from dateline import score

CALL = event("phone_call", (0, 4), participant=[(10, 13), (20, 23)], time=[(30, 36)])
GOLD = article(CALL)


def test_perfect_is_one_on_all():
    gold = article(CALL, event("press_denial", (40, 46)), relations=(("denies", 1, 0),))
    assert set(f1(gold, gold).values()) == {1.0}


def test_five_copies_of_one_right_prediction():
    found = score.score([GOLD], [article(*[CALL] * 5)])
    assert {name: one.precision for name, one in found.table.items()} == {
        **dict.fromkeys(score.SIX, 0.2),
        "relations": None,
    }
    assert all(found[name].recall == 1 for name in score.SIX)


def test_a_trigger_and_an_argument_repeated_within_an_event():
    twice = event("phone_call", (0, 4), (0, 4), participant=[(10, 13), (10, 13), (20, 23)], time=[(30, 36)])
    found = score.score([GOLD], [article(twice)])
    assert tuple(found["TC"]) == (1, 2, 1)
    assert tuple(found["AC+"]) == tuple(found["AI"]) == (3, 4, 3)


def test_the_right_type_at_the_wrong_place():
    found = f1(GOLD, article({**CALL, "triggers": [{"start": 50, "end": 54}]}))
    assert (found["TI"], found["TC"], found["AI+"], found["AC+"]) == (0, 0, 0, 0)
    assert (found["AI"], found["AC"]) == (1, 1), "the arguments of a phone_call, as TextEE counts them"


def test_the_wrong_type_at_the_right_place():
    found = f1(GOLD, article({**CALL, "type": "sanction"}))
    assert found == {**dict.fromkeys(score.SIX, 0.0), "TI": 1.0, "relations": None}


def test_a_swapped_role():
    swapped = event("phone_call", (0, 4), participant=[(10, 13), (30, 36)], time=[(20, 23)])
    found = f1(GOLD, article(swapped))
    assert found["AI"] == found["AI+"] == 1
    assert found["AC"] == found["AC+"] == pytest.approx(1 / 3)


def test_an_argument_under_the_wrong_trigger():
    gold = article(
        event("sanction", (0, 4), target=[(10, 13)]), event("sanction", (50, 54), target=[(60, 63)])
    )
    crossed = article(
        event("sanction", (0, 4), target=[(60, 63)]), event("sanction", (50, 54), target=[(10, 13)])
    )
    found = f1(gold, crossed)
    assert [found[name] for name in score.SIX] == [1, 1, 1, 1, 0, 0]


def test_two_events_run_together_are_half_wrong():
    gold = article(
        event("sanction", (0, 4), target=[(10, 13)]), event("sanction", (50, 54), target=[(60, 63)])
    )
    merged = article(event("sanction", (0, 4), (50, 54), target=[(10, 13), (60, 63)]))
    assert [f1(gold, merged)[name] for name in score.SIX] == [1, 1, 1, 1, 0.5, 0.5]


class TestSeveralTriggers:
    GOLD = article(event("phone_call", (0, 4), (50, 54), participant=[(10, 13), (60, 63)]))

    def test_found_through_any_of_them(self):
        for at in ((0, 4), (50, 54)):
            found = shares(
                score.score([self.GOLD], [article(event("phone_call", at, participant=[(10, 13), (60, 63)]))])
            )
            assert found["TI"] == found["TC"] == (1, 0.5)
            assert found["AI+"] == found["AC+"] == (1, 1)

    def test_found_in_pieces(self):
        pieces = [
            event("phone_call", (0, 4), participant=[(10, 13)]),
            event("phone_call", (50, 54), participant=[(60, 63)]),
        ]
        assert all(f1(self.GOLD, article(*pieces))[name] == 1 for name in score.SIX)

    def test_its_arguments_count_once(self):
        pieces = [event("phone_call", at, participant=[(10, 13), (60, 63)]) for at in ((0, 4), (50, 54))]
        found = score.score([self.GOLD], [article(*pieces)])
        assert tuple(found["AC+"]) == (2, 4, 2)
        assert f1(self.GOLD, article(*pieces), mode="mention")["AC+"] == 1

    def test_by_mention_each_trigger_has_the_arguments(self):
        one = article(event("phone_call", (0, 4), participant=[(10, 13), (60, 63)]))
        found = score.score([self.GOLD], [one], mode="mention")
        assert tuple(found["AC+"]) == (4, 2, 2)
        assert tuple(found["TC"]) == (2, 1, 1)


def test_the_best_assignment_is_taken_where_there_is_a_choice():
    gold = article(
        event("sanction", (0, 4), target=[(10, 13)]),
        event("sanction", (0, 4), target=[(20, 23)], time=[(30, 33)]),
    )
    turned = article(gold["events"][1], gold["events"][0])
    assert all(f1(gold, turned)[name] == 1 for name in score.SIX)


def test_the_assignment_is_the_best_of_all_not_the_first_that_fits():
    whole = event("sanction", (0, 4), target=[(10, 13), (20, 23)])
    gold = article(event("sanction", (0, 4), target=[(10, 13)]), whole)
    assert all(f1(gold, gold)[name] == 1 for name in score.SIX)


def test_a_piece_goes_to_the_event_to_which_it_adds():
    gold = article(
        event("sanction", (0, 4), target=[(10, 13), (20, 23)]), event("sanction", (0, 4), time=[(30, 33)])
    )
    pieces = event("sanction", (0, 4), target=[(10, 13)]), event("sanction", (0, 4), target=[(20, 23)])
    assert tuple(score.score([gold], [article(*pieces)])["AC+"]) == (3, 2, 2)


def test_an_event_without_a_trigger_is_wrong_by_mention_too():
    found = score.score([GOLD], [article({**CALL, "triggers": []})], mode="mention")
    assert tuple(found["AC+"]) == (3, 3, 0)


def test_nested_spans_are_different_spans():
    gold = article(event("sanction", (0, 4), target=[(10, 30), (12, 18)]))
    found = score.score([gold], [article(event("sanction", (0, 4), target=[(12, 18), (11, 30)]))])
    assert tuple(found["AC+"]) == (2, 2, 1)
    assert tuple(found.overlap["AC+"]) == (2, 2, 2)


def test_overlap_is_one_to_one():
    gold = article(event("sanction", (0, 10)))
    found = score.score([gold], [article(event("sanction", (0, 4)), event("sanction", (5, 9)))])
    assert tuple(found["TC"]) == (1, 2, 0)
    assert tuple(found.overlap["TC"]) == (1, 2, 1)
    assert f1(gold, article(event("sanction", (10, 14))))["TI"] == 0, "to touch is not to overlap"


def test_a_relation_is_right_between_the_right_events_in_the_right_direction():
    events = event("media_report", (0, 4)), event("press_denial", (10, 14))
    gold = article(*events, relations=(("denies", 1, 0),))
    for relations, right in (
        ((("denies", 1, 0),), 1),
        ((("denies", 0, 1),), 0),
        ((("subevent_of", 1, 0),), 0),
    ):
        assert score.score([gold], [article(*events, relations=relations)])["relations"].right == right
    twice = score.score([gold], [article(*events, relations=(("denies", 1, 0),) * 2)])
    assert tuple(twice["relations"]) == (1, 2, 1)
    moved = article(events[0], event("press_denial", (20, 24)), relations=(("denies", 1, 0),))
    assert tuple(score.score([gold], [moved])["relations"]) == (1, 1, 0)


def test_a_measure_without_data_has_no_number():
    nothing = score.score([article()], [article()])
    assert all(one.precision is one.recall is one.f1 is None for one in nothing.table.values())
    silent = score.score([GOLD], [article()])["TC"]
    assert (silent.precision, silent.recall, silent.f1) == (None, 0, 0)
    invented = score.score([article()], [GOLD])["TC"]
    assert (invented.precision, invented.recall, invented.f1) == (0, None, 0)


def test_missing_and_extra_articles_are_named():
    found = score.score([GOLD, article(CALL, doc_id="d2")], [GOLD, article(CALL, doc_id="d3")])
    assert (found.missing, found.extra) == (["d2"], ["d3"])
    assert [(f.code, f.message.rpartition(" ")[2]) for f in found.findings] == [
        ("W930", "d2"),
        ("W931", "d3"),
    ]
    assert tuple(found["TC"]) == (2, 2, 1)
    left_out = score.score([GOLD], [GOLD, article(CALL, doc_id="d3")], ignore_extra=True)
    assert left_out["TC"].precision == 1
    assert left_out.extra == ["d3"]


class TestCoreference:
    MENTIONS = tuple(
        {"id": f"m{n}", "start": start, "end": start + 3, "entity": entity}
        for n, (start, entity) in enumerate([(10, "n1"), (20, "n1"), (30, "n2"), (40, "n1")])
    )
    GOLD = article(event("phone_call", (0, 4), participant=[(10, 13), (30, 33)]), mentions=list(MENTIONS))

    def test_another_mention_is_right_only_when_asked_for(self):
        other = article(event("phone_call", (0, 4), participant=[(20, 23), (30, 33)]))
        assert f1(self.GOLD, other)["AC+"] == 0.5
        assert f1(self.GOLD, other, coreference=True)["AC+"] == 1

    def test_two_mentions_of_an_entity_in_a_role(self):
        both = article(event("phone_call", (0, 4), participant=[(10, 13), (20, 23), (30, 33)]))
        assert tuple(score.score([self.GOLD], [both])["AC+"]) == (2, 3, 2)
        assert tuple(score.score([self.GOLD], [both], coreference=True)["AC+"]) == (2, 2, 2)
        again = article(event("phone_call", (0, 4), participant=[(10, 13), (10, 13), (30, 33)]))
        assert tuple(score.score([self.GOLD], [again], coreference=True)["AC+"]) == (2, 3, 2)

    def test_a_span_that_means_two_entities_goes_to_the_one_that_fills_the_role(self):
        two = [
            {"id": "m8", "start": 1, "end": 3, "entity": "n0"},
            {"id": "m9", "start": 20, "end": 23, "entity": "n0"},
        ]
        gold = {**self.GOLD, "mentions": [*self.MENTIONS, *two]}
        other = article(event("phone_call", (0, 4), participant=[(20, 23), (30, 33)]))
        assert f1(gold, other, coreference=True)["AC+"] == 1

    def test_what_gold_does_not_know_is_wrong(self):
        other = article(event("phone_call", (0, 4), participant=[(50, 53)]))
        assert f1(self.GOLD, other, coreference=True)["AC"] == 0


class TestBootstrap:
    GOLD = tuple(article(CALL, doc_id=f"d{n:02}") for n in range(30))
    WORSE = tuple(article(*[CALL] * (n % 3 == 0), doc_id=f"d{n:02}") for n in range(30))

    def test_better_is_better(self):
        found = score.bootstrap(self.GOLD, self.GOLD, self.WORSE, resamples=500)["TC"]
        assert found.difference == pytest.approx(0.5)
        assert found.p is not None
        assert found.p < 0.01
        assert found.low is not None
        assert found.low > 0

    def test_equal_systems_differ_by_nothing(self):
        found = score.bootstrap(self.GOLD, self.WORSE, self.WORSE, resamples=100)
        assert found["TC"][:4] == (0, 0, 0, 1)
        assert found["relations"] == (None, None, None, None, 0)

    def test_a_seed_gives_one_result_and_sides_mirror(self):
        one, again, other = (
            score.bootstrap(self.GOLD, self.GOLD, self.WORSE, resamples=200, seed=seed)["AC"]
            for seed in (1, 1, 2)
        )
        assert one == again != other
        turned = score.bootstrap(self.GOLD, self.WORSE, self.GOLD, resamples=200, seed=1)["AC"]
        assert (turned.difference, turned.low, turned.high) == pytest.approx(
            (-one.difference, -one.high, -one.low)
        )

    def test_one_article_says_nothing_about_chance(self):
        found = score.bootstrap(self.GOLD[:1], self.GOLD[:1], [], resamples=100)["TC"]
        assert found == (1.0, None, None, None, 1)

    def test_two_scorings_of_different_things_are_refused(self):
        one, two = score.score([GOLD], [GOLD]), score.score([GOLD], [GOLD], mode="mention")
        with pytest.raises(ValueError, match="not in the same way"):
            score.compare(one, two)


def test_which_of_two_equal_events_a_relation_joins_does_not_matter():
    same = event("media_report", (0, 4))
    gold = article(
        event("media_report", (0, 3)), event("media_report", (2, 5)), relations=(("subevent_of", 0, 0),)
    )
    for end in (0, 1):
        found = score.score([gold], [article(same, same, relations=(("subevent_of", end, end),))])
        assert tuple(found.overlap["relations"]) == (1, 1, 1)
