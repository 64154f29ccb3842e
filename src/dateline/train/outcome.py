"""What came of a training: scores by split and system, and what they say in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dateline.score import SIX, Difference, Scores, compare
from dateline.train.plan import Plan
from dateline.train.tagger import Cut

MODEL, LEXICON, MAJORITY, CEILING = "model", "lexicon", "majority", "ceiling"
SYSTEMS = (MODEL, LEXICON, MAJORITY, CEILING)
MEANING = {
    MODEL: "the two taggers",
    LEXICON: "the words that were a trigger or an argument in the training set, looked up",
    MAJORITY: "the same places, all with the most frequent type and role",
    CEILING: "gold as the views hold it, decoded in the same way: what is left where every tag is right",
}
_JUDGED = ("TC", "AC")
_LEVEL = 0.05  # of the p-value


@dataclass(frozen=True)
class Outcome:
    """What was trained, and how good it is.

    `scores` by split and system, `losses` the mean loss of each epoch and `windows` how many windows were
    learnt from, by tagger; `cut` what did not fit when the splits were tagged, `pieces` how much the models
    take at once, `versions` of the libraries.
    """

    plan: Plan
    scores: Mapping[str, Mapping[str, Scores]]
    losses: Mapping[str, list[float]]
    cut: Mapping[str, Cut]
    pieces: Mapping[str, int]
    versions: Mapping[str, str]

    @property
    def unseen(self) -> str | None:
        """The split that tells most about new articles: test, else validation, else None."""
        return next((split for split in ("test", "validation") if split in self.scores), None)

    @cached_property
    def verdict(self) -> str:
        """Whether the model beats looking words up, on articles that it has not seen.

        It does where a paired bootstrap over these articles (`score.compare`) says that the difference is no
        luck: its interval lies above 0, and p is at most 0.05.
        """
        if self.unseen is None:
            return "There is no test split: nothing is known of new articles."
        found = self.scores[self.unseen]
        differences = compare(found[MODEL], found[LEXICON])
        said = [_compared(measure, found[MODEL], found[LEXICON], differences[measure]) for measure in _JUDGED]
        n = found[MODEL].counts["gold documents"]
        return f"On {self.unseen} ({n} article{'s' * (n != 1)}) {'; '.join(said)}."

    def f1(self, split: str, system: str) -> list[float | None]:
        """F1 of the six measures."""
        return [self.scores[split][system][measure].f1 for measure in SIX]

    def as_json(self) -> dict[str, Any]:
        """Everything but the scores of single articles; no path, no time."""
        plan = self.plan
        return {
            "data": plan.data.resolve().name,
            "model": plan.named,
            "seed": plan.seed,
            "context": plan.reach,
            "recipes": {view: plan.recipe(view).as_json() for view in self.pieces},
            "pieces": dict(self.pieces),
            "versions": dict(self.versions),
            "losses": {view: [round(loss, 6) for loss in losses] for view, losses in self.losses.items()},
            "cut": {view: cut.as_json() for view, cut in self.cut.items()},
            "verdict": self.verdict,
            "scores": {
                split: {name: _plain(scores) for name, scores in systems.items()}
                for split, systems in self.scores.items()
            },
        }


def _plain(scores: Scores) -> dict[str, Any]:
    return {name: value for name, value in scores.as_json().items() if name != "by_document"}


def _compared(measure: str, model: Scores, lexicon: Scores, difference: Difference) -> str:
    ours, theirs = model[measure].f1 or 0.0, lexicon[measure].f1 or 0.0
    if ours <= theirs:
        beats = "does not beat"
    else:
        beats = "beats" if _is_real(difference) else "is not clearly better than"
    low, high = difference.low, difference.high
    interval = (
        "" if low is None or high is None else f", 95 % interval of the difference {low:+.3f} to {high:+.3f}"
    )
    return f"the model {beats} the lexicon in {measure} (F1 {ours:.3f} against {theirs:.3f}{interval})"


def _is_real(difference: Difference) -> bool:
    """Whether the first is better, and not by luck."""
    low, p = difference.low, difference.p
    return low is not None and p is not None and low > 0 and p <= _LEVEL
