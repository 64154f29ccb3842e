"""The baselines know what they were shown, and nothing else."""

from dateline.train import baselines
from dateline.train.data import Row


def row(text, tags, type_="", first=0, last=0):
    words = tuple(text.split())
    return Row("d", words, (), (), tuple(tags.split()), type_, first, last)


TRAIN = [
    row("they spoke by phone today", "O B-phone_call I-phone_call I-phone_call O"),
    row("He spoke", "O B-statement"),
    row("he spoke", "O O"),
    row("a phone call", "O O B-statement"),
    row("a call", "O B-phone_call"),
    row("the call", "O O"),
    row("no call", "O B-phone_call"),
    row("call me", "O O"),
    row("never call", "O O"),
]


def tags(phrases, text):
    return " ".join(phrases.tags(text.split()))


def test_what_is_a_trigger_in_half_of_its_places_is_one_everywhere():
    phrases = baselines.learn(TRAIN)
    assert tags(phrases, "we SPOKE at last") == "O B-statement O O"
    assert tags(phrases, "they spoke by phone") == "O B-phone_call I-phone_call I-phone_call"
    assert tags(phrases, "one call only") == "O B-phone_call O", "3 of 6 places; more often phone_call"
    assert tags(baselines.learn([*TRAIN, row("call off", "O O")]), "one call") == "O O", "3 of 7 places"
    assert tags(phrases, "") == ""


def test_roles_are_those_of_the_type():
    arguments = [
        row("Ada phoned Bo", "B-caller O B-participant", "phone_call", 1, 2),
        row("Ada said it", "B-speaker O O", "statement", 1, 2),
        row("Bo said it", "B-speaker O O", "statement", 1, 2),
    ]
    known = baselines.baselines(TRAIN, arguments)
    asked = [
        row("Ada met Bo", "", "phone_call", 1, 2),
        row("Ada met Bo", "", "statement", 1, 2),
        row("Ada", "", "sanction"),
    ]
    lexicon, majority = known["lexicon"][1], known["majority"][1]
    assert lexicon(asked) == [["B-caller", "O", "B-participant"], ["B-speaker", "O", "B-speaker"], ["O"]]
    assert majority(asked) == [["B-speaker", "O", "B-speaker"], ["B-speaker", "O", "B-speaker"], ["O"]]


def test_the_majority_has_one_type():
    majority = baselines.baselines(TRAIN, [])["majority"][0]
    assert majority([row("he spoke by phone : spoke , call", "")]) == [
        ["O", "B-phone_call", "I-phone_call", "I-phone_call", "O", "B-phone_call", "O", "B-phone_call"]
    ]


def test_the_order_of_the_rows_changes_nothing():
    assert baselines.learn(TRAIN).by_first == baselines.learn(TRAIN[::-1]).by_first
