"""Every kind of conflict by hand: what is asked, and what each decision makes."""

import pytest
from adjudicating import annotations, as_side, planned, said
from articles import SCHEMA

from dateline.adjudication.merged import merged
from dateline.adjudication.words import questions

A = "[Ann Lee|PERSON #a]"
B = "[Bo Ek|PERSON #b]"
CALL = f"{A} [phoned|phone_call participant=a,b] {B} on [Monday|TIME #t], and she said so. They talked on."

# name: the readings of a1 and a2, the kinds of the conflicts, and what both readings of the first say
CASES = {
    "trigger span": (
        f"{A} [spoke|phone_call participant=a,b] by phone to {B}.",
        f"{A} [spoke by phone|phone_call participant=a,b] to {B}.",
        ["trigger"],
        {"«spoke»", "«spoke by phone»"},
    ),
    "type": (
        "[Acme|ORG #a] [denied|press_denial speaker=a] it.",
        "[Acme|ORG #a] [denied|statement speaker=a] it.",
        ["type"],
        {"press_denial «denied»", "statement «denied»"},
    ),
    "missing event": (
        f"{A} [phoned|phone_call participant=a,b] {B}, who [denied|press_denial speaker=b] it.",
        f"{A} [phoned|phone_call participant=a,b] {B}, who denied it.",
        ["event"],
        {"press_denial «denied»", "no such event"},
    ),
    "one event against two": (
        f"{A} [phoned|phone_call #c participant=a,b] {B}. The [talk|phone_call =c] was short.",
        f"{A} [phoned|phone_call participant=a,b] {B}. The [talk|phone_call participant=b] was short.",
        ["event"],
        {"phone_call «talk»", "no such event; its words are in phone_call «phoned»"},
    ),
    "role swapped": (
        "[Norland|GPE #n] [sanctioned|sanction imposer=n target=o] [Ostia|GPE #o].",
        "[Norland|GPE #n] [sanctioned|sanction imposer=o target=n] [Ostia|GPE #o].",
        ["argument", "argument"],
        {"imposer «Norland»", "target «Norland»"},
    ),
    "two roles against one": (
        f"{A} [phoned|phone_call caller=a participant=a,b] {B}.",
        f"{A} [phoned|phone_call participant=a,b] {B}.",
        ["argument"],
        {"caller and participant «Ann Lee»", "participant «Ann Lee»"},
    ),
    "missing argument": (
        CALL.replace("participant=a,b", "participant=a,b time=t"),
        CALL,
        ["argument"],
        {"time «Monday»", "no role"},
    ),
    "argument on a mention that only one has": (
        CALL.replace("participant=a,b", "participant=a,b time=t"),
        CALL.replace("[Monday|TIME #t]", "Monday"),
        ["argument"],
        {"time «Monday»", "no role"},
    ),
    "attribute": (
        CALL.replace("participant=a,b", "participant=a,b medium=video"),
        CALL.replace("participant=a,b", "participant=a,b medium=telephone"),
        ["answer"],
        {"video", "telephone"},
    ),
    "attribute against its default": (
        CALL.replace("participant=a,b", "participant=a,b status=denied"),
        CALL,
        ["answer"],
        {"denied", "asserted (by default)"},
    ),
    "label": (
        CALL,
        CALL.replace("[Ann Lee|PERSON #a]", "[Ann Lee|ORG #a]"),
        ["form"],
        {"PERSON «Ann Lee»", "ORG «Ann Lee»"},
    ),
    "extent of a mention": (
        CALL,
        CALL.replace("[Ann Lee|PERSON #a]", "Ann [Lee|PERSON #a]"),
        ["form"],
        {"PERSON «Ann Lee»", "PERSON «Lee»"},
    ),
    "mention that fills no role": (
        CALL,
        CALL.replace("she", "[she|PERSON]"),
        ["mention"],
        {"not marked", "PERSON «she»"},
    ),
    "value": (
        CALL.replace("TIME #t", "TIME #t value=2025-11-24"),
        CALL.replace("TIME #t", "TIME #t value=2025-11-25"),
        ["value"],
        {"2025-11-24", "2025-11-25"},
    ),
    "entity joined or not": (
        CALL.replace("she", "[she|PERSON =a]"),
        CALL.replace("she", "[she|PERSON]"),
        ["entity"],
        {"«Ann Lee» = «she»", "«Ann Lee» | «she»"},
    ),
    "relation missing": (
        "[Acme|ORG #a] [denied|press_denial #d speaker=a denies=r] the [report|media_report #r publisher=h] of the [Herald|MEDIA #h].",
        "[Acme|ORG #a] [denied|press_denial #d speaker=a] the [report|media_report #r publisher=h] of the [Herald|MEDIA #h].",
        ["relation"],
        {"denies", "no relation"},
    ),
    "relation different": (
        "[Acme|ORG #a] [denied|press_denial #d speaker=a denies=r] the [report|media_report #r publisher=h] of the [Herald|MEDIA #h].",
        "[Acme|ORG #a] [denied|press_denial #d speaker=a in_response_to=r] the [report|media_report #r publisher=h] of the [Herald|MEDIA #h].",
        ["relation"],
        {"denies", "in_response_to"},
    ),
    "another mention of the entity": (
        f"{A} [phoned|phone_call participant=a,b] {B}. [Lee|PERSON =a] was well.",
        f"[Ann Lee|PERSON #a] [phoned|phone_call participant=c,b] {B}. [Lee|PERSON #c =a] was well.",
        ["argument"],
        {"participant «Ann Lee»", "participant «Lee»"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_asked(name: str) -> None:
    one, two, kinds, readings = CASES[name]
    found = questions(planned(one, two))
    assert [question.kind for question in found] == kinds
    assert {r.says if r.says in readings else r.says.partition(":")[0] for r in found[0].readings} == readings
    assert "⟦" in found[0].context


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", CASES)
def test_deciding_as_an_annotator_has_it_gives_their_annotation(name: str, side: int) -> None:
    found = planned(*CASES[name][:2])
    assert said(as_side(found, side).document) == said(found.clusters.sides[side].document)


@pytest.mark.parametrize("name", CASES)
def test_what_is_open_is_not_decided(name: str) -> None:
    found = planned(*CASES[name][:2])
    agreed = merged(found, found.choices, SCHEMA)
    assert {origin.how for origin in agreed.origins.values()} <= {"agreed"}
    for ref, origin in agreed.origins.items():
        assert set(origin.names) == {"a1", "a2"}, ref


# Policies

VIDEO, PHONE = (
    CALL.replace("participant=a,b", f"participant=a,b medium={m}") for m in ("video", "telephone")
)
TIMED = CALL.replace("participant=a,b", "participant=a,b time=t")


def test_two_of_three_settle_what_one_sees_differently() -> None:
    found = planned(TIMED, TIMED, CALL, policy="majority")
    assert found.conflicts == []
    one = merged(found, found.choices, SCHEMA)
    assert one.document.events[0].arguments["time"]
    (told,) = [o for o in one.origins.values() if o.how == "majority"]
    assert told.names == ("a1", "a2")


def test_two_are_no_majority() -> None:
    assert len(planned(TIMED, CALL, policy="majority").conflicts) == 1


def test_a_tie_is_a_conflict() -> None:
    assert [c.kind for c in planned(TIMED, TIMED, CALL, CALL, policy="majority").conflicts] == ["argument"]


def test_three_readings_are_a_conflict_with_three() -> None:
    other = CALL.replace("participant=a,b", "participant=a,b caller=a")
    third = CALL.replace("participant=a,b", "participant=b caller=a")
    (conflict,) = planned(CALL, other, third, policy="majority").conflicts
    assert sorted(map(len, conflict.sides)) == [1, 1, 1]


def test_unanimous_leaves_two_of_three_open() -> None:
    assert [c.kind for c in planned(TIMED, TIMED, CALL).conflicts] == ["argument"]


@pytest.mark.parametrize("policy", ["unanimous", "majority", "prefer a3"])
def test_answers_go_by_majority_under_every_policy(policy: str) -> None:
    found = planned(VIDEO, VIDEO, PHONE, policy=policy)
    assert found.conflicts == []
    assert merged(found, found.choices, SCHEMA).document.events[0].attributes["medium"] == "video"


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("who", ["a1", "a2"])
def test_prefer_settles_everything_as_one_has_it(name: str, who: str) -> None:
    found = planned(*CASES[name][:2], policy=f"prefer {who}")
    assert found.conflicts == []
    side = found.clusters.names.index(who)
    one = merged(found, found.choices, SCHEMA)
    assert said(one.document) == said(found.clusters.sides[side].document)


def test_prefer_decides_nothing_where_that_annotator_was_not_at_work() -> None:
    assert len(planned(TIMED, CALL, policy="prefer a9").conflicts) == 1


def test_what_the_majority_does_not_see_raises_no_question() -> None:
    event = f"{A} [phoned|phone_call participant=a,b] {B}, who [denied|press_denial speaker=b] it."
    other = event.replace("speaker=b", "speaker=b strength=hedged")
    bare = f"{A} [phoned|phone_call participant=a,b] {B}, who denied it."
    found = planned(event, other, bare, bare, bare, policy="majority")
    assert found.conflicts == []
    assert len(merged(found, found.choices, SCHEMA).document.events) == 1


def test_equal_annotations_have_no_conflict() -> None:
    found = planned(TIMED, TIMED, TIMED)
    assert found.conflicts == []
    assert said(as_side(found, 0).document) == said(annotations(TIMED)[0])


def test_somebody_who_keeps_apart_what_a_chain_joins_is_heard() -> None:
    joined = f"{A} [phoned|phone_call participant=a,b] {B}. [Lee|PERSON =a] said [she|PERSON =a] would."
    apart = f"{A} [phoned|phone_call participant=a,b] {B}. Lee said [she|PERSON] would."
    assert "entity" in [c.kind for c in planned(joined, joined, apart, policy="unanimous").conflicts]
