"""The training itself: read, train both taggers, score them beside the baselines, write all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import __version__, files, score, sources
from dateline.train import baselines, card, decode, examples, models
from dateline.train import data as reading
from dateline.train.align import Example
from dateline.train.data import SPLITS, Data, Row
from dateline.train.errors import TrainError, require
from dateline.train.outcome import CEILING, LEXICON, MODEL, Outcome
from dateline.train.pace import Pace, Tell, silent
from dateline.train.plan import Plan
from dateline.train.tagger import Cut, Tagger

MARKER = "metrics.json"
PREDICTIONS = "predictions"
VIEWS = ("triggers", "arguments")


@dataclass(frozen=True)
class _Gold:
    """A split to score against: its values, and its articles' texts."""

    values: Sequence[Any]
    texts: Mapping[str, str]


@dataclass
class _Trained:
    """Both taggers, and how rows become what they read. `cut` adds up what did not fit."""

    taggers: Mapping[str, Tagger]
    allowed: examples.Roles
    context: int | None
    cut: dict[str, Cut] = field(default_factory=lambda: dict.fromkeys(VIEWS, Cut()))

    def triggers(self, rows: Sequence[Row]) -> list[list[str]]:
        return self._tag("triggers", [examples.sentence(row) for row in rows])

    def arguments(self, rows: Sequence[Row]) -> list[list[str]]:
        tags = self._tag("arguments", [examples.marked(row, self.allowed, self.context) for row in rows])
        return [examples.unmarked(row, own, self.context) for row, own in zip(rows, tags, strict=True)]

    def _tag(self, view: str, made: list[Example]) -> list[list[str]]:
        tags, cut = self.taggers[view].tag(made)
        self.cut[view] += cut
        return tags


def train(plan: Plan, tell: Tell = silent) -> Outcome:
    """Train both taggers, score them on every split beside the baselines, and write all of it to `plan.out`.

    `tell` takes a line now and then: what is done, and how far it is. There will be `triggers/` and
    `arguments/` (the models), `predictions/` (records: for each split a file of the model's and one of the
    lexicon's), metrics.json, and README.md, the card: all or nothing. The same plan on the same machine gives
    the same predictions. Raises TrainError for data or a model that cannot be used, files.FileError where
    nothing can be written.
    """
    require()
    data = reading.load(plan.data)
    golds = {split: _gold(plan.data, split) for split in SPLITS if split in data.triggers}
    with files.new_folder(plan.out, marker=MARKER) as folder:  # first: who cannot write need not train
        trained, losses = _train(plan, data, tell)
        scores = {}
        for split, gold in golds.items():
            tell(f"{split}: tagging and scoring {len(data.triggers[split]):,} sentences")
            scores[split] = _scores(plan, data, split, gold, trained, folder)
        for view, tagger in trained.taggers.items():
            tagger.save(folder / view)
        pieces = {view: tagger.limit for view, tagger in trained.taggers.items()}
        outcome = Outcome(plan, scores, losses, trained.cut, pieces, _versions())
        files.write_text(folder / "README.md", card.text(outcome))
        said = json.dumps(outcome.as_json(), ensure_ascii=False, indent=1)
        files.write_text(folder / MARKER, said + "\n")
    return outcome


def _gold(folder: Path, split: str) -> _Gold:
    try:
        values = list(score.load(folder, split))
    except sources.SourceError as error:
        raise TrainError(f"gold of {split} cannot be read: {error}", "make the export anew") from error
    rows = [v.value for v in values if isinstance(v, score.Given) and isinstance(v.value, Mapping)]
    return _Gold(values, {row["doc_id"]: row["text"] for row in rows if row.get("text") is not None})


def _train(plan: Plan, data: Data, tell: Tell) -> tuple[_Trained, dict[str, list[float]]]:
    rows = {"triggers": data.triggers["train"], "arguments": data.arguments.get("train", [])}
    allowed = examples.roles(rows["arguments"])
    made = {
        "triggers": [examples.sentence(row) for row in rows["triggers"]],
        "arguments": [examples.marked(row, allowed, plan.reach) for row in rows["arguments"]],
    }
    texts = [row.tokens for row in rows["triggers"]]
    taggers: dict[str, Tagger] = {}
    losses: dict[str, list[float]] = {}
    for view in VIEWS:
        recipe = plan.recipe(view)
        tell(f"{view}: learning from {len(made[view]):,} rows, {recipe.epochs} epochs")
        taggers[view] = models.tagger(plan, examples.labels(rows[view]), texts)
        pace = Pace(view, recipe.epochs, tell)
        taggers[view].fit(made[view], recipe, pace.learnt)
        losses[view] = pace.losses
    return _Trained(taggers, allowed, plan.reach), losses


def _scores(
    plan: Plan, data: Data, split: str, gold: _Gold, trained: _Trained, folder: Path
) -> dict[str, score.Scores]:
    """The scores of every system on a split; the predictions of the model and the lexicon are written."""
    rows = data.triggers[split]
    systems: dict[str, tuple[decode.Tag, decode.Tag]] = {
        MODEL: (trained.triggers, trained.arguments),
        **baselines.baselines(data.triggers["train"], data.arguments.get("train", [])),
        CEILING: decode.gold(rows, data.arguments.get(split, []), plan.reach),
    }
    found = {name: decode.records(rows, *taggers, gold.texts) for name, taggers in systems.items()}
    for name, path in ((MODEL, f"{split}.jsonl"), (LEXICON, f"{LEXICON}-{split}.jsonl")):
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in found[name])
        files.write_text(folder / PREDICTIONS / path, "".join(lines))
    try:
        return {name: score.score(gold.values, records) for name, records in found.items()}
    except score.GoldError as error:
        raise TrainError(f"{plan.data}: {error}", "make the export anew") from error


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"dateline": __version__} | {
        name: version(name) for name in ("torch", "transformers", "tokenizers")
    }
