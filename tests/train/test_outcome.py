"""What is said of a training, by the way and at the end, without a model."""

from pathlib import Path

import pytest

from dateline import score
from dateline.score import Given
from dateline.train.outcome import LEXICON, MODEL, Outcome
from dateline.train.pace import Pace
from dateline.train.plan import Plan

TEXT = "abcdefgh"


def record(number: int, found: int) -> dict[str, object]:
    """An article in which so many of eight triggers are found."""
    events = [
        {"id": f"e{n}", "type": "t", "triggers": [{"start": n, "end": n + 1}], "arguments": {}}
        for n in range(found)
    ]
    return {"doc_id": f"d{number}", "events": events}


def verdict(model: list[int], lexicon: list[int]) -> str:
    def given(found: list[int]) -> list[Given]:
        return [Given(record(n, number)) for n, number in enumerate(found)]

    gold = given([len(TEXT)] * len(model))
    scores = {MODEL: score.score(gold, given(model)), LEXICON: score.score(gold, given(lexicon))}
    return Outcome(Plan(Path("d"), "small", Path("m")), {"test": scores}, {}, {}, {}, {}).verdict


@pytest.mark.parametrize(
    ("model", "lexicon", "said"),
    [
        ([8] * 20, [4] * 20, "the model beats the lexicon in TC (F1 1.000 against 0.667"),
        ([4, 4, 4, 5], [4, 4, 5, 3], "the model is not clearly better than the lexicon in TC"),
        ([8], [1], "the model is not clearly better than the lexicon in TC"),
        ([4] * 20, [4] * 20, "the model does not beat the lexicon in TC"),
        ([1] * 20, [8] * 20, "the model does not beat the lexicon in TC"),
    ],
)
def test_it_beats_the_lexicon_only_where_that_is_no_luck(model, lexicon, said):
    assert said in verdict(model, lexicon)


def test_every_tenth_epoch_is_told_and_every_half_minute():
    times, lines = iter(range(0, 100)), []
    quick = Pace("triggers", 25, lines.append, lambda: next(times))
    for _ in range(25):
        quick.learnt(0.5)
    assert [line.split(",")[0] for line in lines] == [f"triggers: epoch {n} of 25" for n in (1, 10, 20, 25)]
    assert quick.losses == [0.5] * 25
    minutes, lines = iter(range(0, 6000, 60)), []
    slow = Pace("arguments", 4, lines.append, lambda: next(minutes))
    for _ in range(4):
        slow.learnt(0.25)
    assert len(lines) == 4
    assert lines[-1] == "arguments: epoch 4 of 4, loss 0.250, 240 s"
