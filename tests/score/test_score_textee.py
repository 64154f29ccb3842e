"""Where every event has one trigger and nothing is repeated, the six measures are those of TextEE.

Its definitions, written down anew: sets of keys by document; what is in both sets is right.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from score_build import Json, single

from dateline import score


def keys(doc: Json, measure: str) -> set[tuple[Any, ...]]:
    found = set()
    for one in doc["events"]:
        trigger = (one["triggers"][0]["start"], one["triggers"][0]["end"])
        if measure in ("TI", "TC"):
            found.add((doc["doc_id"], *trigger, one["type"] if measure == "TC" else ""))
            continue
        for role, fillers in one["arguments"].items():
            for filler in fillers:
                attached = trigger if measure.endswith("+") else ()
                named = (role,) if measure.startswith("AC") else ()
                place = (filler["start"], filler["end"])
                found.add((doc["doc_id"], *attached, one["type"], *place, *named))
    return found


def by_sets(gold: list[Json], predicted: list[Json], measure: str) -> tuple[int, int, int]:
    have = set().union(*(keys(doc, measure) for doc in gold))
    given_ = set().union(*(keys(doc, measure) for doc in predicted))
    return len(have), len(given_), len(have & given_)


def near(doc: Json, draw: Any) -> Json:
    """A prediction with a part of gold in it, else two random articles have hardly anything in common."""
    events = [one for one in doc["events"] if draw(st.booleans())]
    more = draw(single())["events"]
    known = {(e["type"], *e["triggers"][0].values()) for e in events}
    events += [e for e in more if (e["type"], *e["triggers"][0].values()) not in known]
    return {**doc, "events": events}


@given(st.data())
def test_the_six_are_textees(data):
    gold = [{**data.draw(single()), "doc_id": f"d{n}"} for n in range(data.draw(st.integers(1, 3)))]
    predicted = [near(doc, data.draw) for doc in gold]
    found = score.score(gold, predicted)
    for measure in score.SIX:
        assert tuple(found[measure]) == by_sets(gold, predicted, measure), measure


@given(single(), single())
def test_mentions_are_events_where_each_has_one(gold, predicted):
    assert score.score([gold], [predicted]).table == score.score([gold], [predicted], mode="mention").table
