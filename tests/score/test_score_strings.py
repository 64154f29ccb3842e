"""Answers in words: where they are taken to stand, and what is said of those that do not."""

import itertools
import json

import pytest
from score_build import article, event

from dateline import score
from dateline.score.strings import occurrences

TEXT = "Trump spoke by phone with Xi. Later Trump spoke by phone with Abe, Trump said."
CALL = {"type": "phone_call", "trigger": "spoke by phone"}
FIRST = event("phone_call", (6, 20), participant=[(0, 5), (26, 28)])
SECOND = event("phone_call", (42, 56), participant=[(36, 41), (62, 65)])
GOLD = article(FIRST, SECOND, text=TEXT)
WITH_XI = {**CALL, "arguments": {"participant": ["Trump", "Xi"]}}
WITH_ABE = {**CALL, "arguments": {"participant": ["Trump", "Abe"]}}


def answered(*events, **more):
    return score.score([GOLD], [{"doc_id": "d1", "events": list(events), **more}])


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("he called, so-called calls, call", "call", [(28, 32)]),
        ("recall", "call", [(2, 6)]),
        ("a\n b, a b", "a b", [(6, 9)]),
        ("spoke\n by  phone", "spoke by phone", [(0, 16)]),
        ("東京の電話", "東京", [(0, 2)]),
        ("aaa", "aa", [(0, 2), (1, 3)]),
        ("e\u0301l e\u0301l", "e\u0301l", [(0, 3), (4, 7)]),
        ("[a] (b)", "(b)", [(4, 7)]),
        ("nothing", "anything", []),
        ("nothing", "  ", []),
    ],
)
def test_where_words_stand(text, words, places):
    assert occurrences(text, words) == places


def test_ambiguous_words_go_to_the_nearest_place_whatever_the_order():
    for events in itertools.permutations((WITH_XI, WITH_ABE)):
        found = answered(*events)
        assert all(found[name].f1 == 1 for name in score.SIX)
    assert (found.counts["strings"], found.counts["ambiguous strings"]) == (6, 4)
    assert [f.code for f in found.findings] == ["I935"]


def test_equal_strings_take_places_that_are_free_and_repeat_when_none_is_left():
    assert tuple(answered(CALL, CALL)["TC"]) == (2, 2, 2)
    assert tuple(answered(*[CALL] * 5)["TC"]) == (2, 5, 2)


def test_who_says_more_chooses_first_whatever_the_order():
    known = {**CALL, "arguments": {"participant": ["Xi"]}}
    one, two = answered(known, CALL), answered(CALL, known)
    assert one.as_json() == two.as_json()
    assert (one["TC"].right, one["AC+"].right) == (2, 1)


def test_words_that_are_not_there_are_wrong_and_counted():
    found = answered(
        {**WITH_XI, "arguments": {"participant": ["Donald Trump", "Xi"]}}, {**CALL, "trigger": "rang"}
    )
    assert found.counts["unaligned strings"] == 2
    assert tuple(found["TC"]) == (2, 2, 1)
    assert tuple(found["AC+"]) == (4, 2, 1)
    message = next(f.message for f in found.findings if f.code == "W934")
    assert "«Donald Trump» (d1)" in message
    assert "«rang» (d1)" in message
    assert answered({**CALL, "trigger": ""})["TI"] == (2, 1, 0)


def test_two_unaligned_words_are_two_wrong_predictions_and_overlap_nothing():
    found = answered({**CALL, "triggers": ["rang", "dialled", "rang"]})
    assert tuple(found["TI"]) == tuple(found.overlap["TI"]) == (2, 3, 0)


BODY = {
    "events": [{**WITH_XI, "triggers": ["spoke by phone"]}, WITH_ABE],
    "relations": [{"type": "denies", "head": 1, "tail": 0}],
}
WRAPPED = {
    "plain": BODY,
    "answer": {"answer": json.dumps(BODY)},
    "answer as an object": {"answer": BODY},
    "answer in a fence": {"answer": f"```json\n{json.dumps(BODY, indent=1)}\n```\n"},
    "messages": {
        "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": json.dumps(BODY)}]
    },
}


@pytest.mark.parametrize("form", WRAPPED)
def test_an_answer_in_each_of_its_wrappings(form):
    gold = article(FIRST, SECOND, text=TEXT, relations=(("denies", 1, 0),))
    found = score.score([gold], [{"doc_id": "d1", **WRAPPED[form]}])
    assert {one.f1 for one in found.table.values()} == {1.0}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("I cannot help with that.", "not JSON"),
        ('{"events": [', "not JSON"),
        ("[]", "should be an object, not a list"),
        ('{"events": {}}', "events should be a list"),
        ('{"events": [7]}', "event 0 should be an object"),
        ('{"events": [{"type": null}]}', "type should be text"),
        ('{"events": [{"type": "a", "arguments": [7]}]}', "an argument should be an object"),
        ('{"events": [{"type": "a", "trigger": {"start": 1.5, "end": 2}}]}', "whole numbers"),
        ('{"events": [{"type": "a", "trigger": {"start": true, "end": 2}}]}', "whole numbers"),
        ('{"events": [{"type": "a", "trigger": {}}]}', "without start and end"),
        ('{"events": [], "relations": [{"type": "denies", "head": [], "tail": 0}]}', "ids or positions"),
    ],
)
def test_an_answer_that_cannot_be_read_is_no_prediction(answer, words):
    found = score.score([GOLD], [{"doc_id": "d1", "answer": answer}])
    assert [f.code for f in found.findings] == ["W933"]
    assert words in found.findings[0].message
    assert found["TC"] == (2, 0, 0)
    assert found.missing == ["d1"]


def test_null_and_single_values_are_taken_as_meant():
    events = [
        {"type": "phone_call", "trigger": "spoke by phone", "arguments": {"participant": "Xi", "time": None}}
    ]
    assert tuple(answered(*events)["AC+"]) == (4, 1, 1)
    assert tuple(score.score([GOLD], [{"doc_id": "d1", "events": None}])["TC"]) == (2, 0, 0)


def test_an_event_without_a_trigger_has_no_attached_arguments():
    found = answered({"type": "phone_call", "arguments": {"participant": ["Xi"]}})
    assert found["TC"] == (2, 0, 0)
    assert found["AC"].right == 1
    assert found["AC+"] == (4, 1, 0)


def test_without_a_text_all_words_are_wrong_and_it_is_said():
    gold = article(FIRST, SECOND)
    found = score.score([gold], [{"doc_id": "d1", **BODY}])
    assert found["TC"].right == 0
    assert any("whose text nobody gave" in f.message for f in found.findings)


def test_the_sample_in_words_is_found_again_nearly_everywhere(sample):
    """What the policy costs: an answer that is all right is not read as all right."""
    found = score.score(sample, [in_words(row) for row in sample])
    assert found.counts["unaligned strings"] == 0
    assert found["TC"].f1 > 0.98
    assert found["AC+"].f1 > 0.94


def in_words(row):
    place = {event["id"]: n for n, event in enumerate(row["events"])}
    events = [
        {
            "type": event["type"],
            "triggers": [t["text"] for t in event["triggers"]],
            "arguments": {
                role: [a["text"] for a in event["arguments"] if a["role"] == role]
                for role in {a["role"] for a in event["arguments"]}
            },
        }
        for event in row["events"]
    ]
    relations = [{**r, "head": place[r["head"]], "tail": place[r["tail"]]} for r in row["relations"]]
    return {"doc_id": row["doc_id"], "answer": json.dumps({"events": events, "relations": relations})}
