"""What holds of any gold and any predictions."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from score_build import Json, anything, article, event, single

from dateline import score

HOW = st.fixed_dictionaries({"mode": st.sampled_from(("event", "mention")), "coreference": st.booleans()})


def shuffled(doc: Json, seed: int) -> Json:
    """The same said in another order."""
    chance = random.Random(seed)
    turned = json.loads(json.dumps(doc))
    for one in turned["events"]:
        chance.shuffle(one["triggers"])
        arguments = list(one["arguments"].items())
        chance.shuffle(arguments)
        one["arguments"] = {role: chance.sample(fillers, len(fillers)) for role, fillers in arguments}
    for name in ("events", "relations", "mentions"):
        chance.shuffle(turned[name])
    return turned


def plain(scores: score.Scores) -> dict[str, Any]:
    return scores.as_json()


@given(anything(), HOW)
def test_gold_predicted_as_it_is_has_all_right(doc, how):
    found = score.score([doc], [json.loads(json.dumps(doc))], **how)
    for table in (found.table, found.overlap, *found.by_type.values()):
        assert all(one.gold == one.predicted == one.right for one in table.values())
        assert all(one.f1 in (None, 1.0) for one in table.values())


@given(anything(), anything(), HOW)
def test_nothing_is_right_twice(gold, predicted, how):
    found = score.score([gold], [predicted], **how)
    for table in (found.table, found.overlap, *found.by_type.values()):
        assert all(0 <= one.right <= min(one.gold, one.predicted) for one in table.values())


@given(anything(), anything(), HOW, st.integers())
def test_order_changes_nothing(gold, predicted, how, seed):
    one = score.score([gold, article(doc_id="z")], [predicted], **how)
    two = score.score([article(doc_id="z"), shuffled(gold, seed)], [shuffled(predicted, seed)], **how)
    assert plain(one) == plain(two)


@given(anything(), anything())
def test_overlap_forgives_and_never_takes(gold, predicted):
    found = score.score([gold], [predicted])
    assert all(found.overlap[m].right >= found[m].right for m in ("TI", "TC", "AI", "AC"))


@given(single(), anything(), st.integers(2, 5))
def test_repeating_everything_never_gains(gold, predicted, copies):
    once, often = score.score([gold], [predicted]), score.score([gold], [predicted] * copies)
    for measure in score.SIX:
        assert often[measure].right == once[measure].right
        assert (often[measure].f1 or 0) <= (once[measure].f1 or 0)


@given(anything(), anything())
def test_types_add_up(gold, predicted):
    found = score.score([gold], [predicted])
    for measure in ("TC", "AI", "AC", "AI+", "AC+"):
        parts = [table[measure] for table in found.by_type.values()]
        assert tuple(found[measure]) == tuple(sum(one[n] for one in parts) for n in range(3))


def test_documents_add_up():
    gold = [article(event("sanction", (0, 4), target=[(8, 9)]), doc_id=f"d{n}") for n in range(3)]
    found = score.score(gold, gold[1:])
    assert sum(table["AC+"].right for table in found.by_document.values()) == found["AC+"].right == 2
    assert found.by_document["d0"]["AC+"].recall == 0
