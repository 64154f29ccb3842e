"""A tagger: a token classifier of `transformers`, its tokenizer, and the loop that trains it.

Plain PyTorch: the Trainer of `transformers` would bring another package (accelerate) for what is forty lines
here. On one machine, with one number of threads, one seed gives one model.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from dateline.train.align import IGNORED, Example, Window, merge, taught, windows

_BUCKET = 16  # batches whose windows are put together by length, so that little is padding
_WARM_UP = 0.1  # of all steps


@dataclass(frozen=True)
class Recipe:
    """How a tagger is trained; `seed` decides about new weights, order and dropout."""

    epochs: int
    rate: float
    batch: int
    seed: int
    dropped: float = 0.0  # share of the words whose first piece is masked while training

    def as_json(self) -> dict[str, float]:
        """The choices by name."""
        return asdict(self)


@dataclass(frozen=True)
class Cut:
    """Of `rows` that were tagged, those that were read in several windows, and words that the tokenizer drops."""

    rows: int = 0
    windowed: int = 0
    wordless: int = 0

    def __add__(self, other: Cut) -> Cut:
        return Cut(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


class Tagger:
    """Tags words. `model` and `tokenizer` are of `transformers`; labels are those of the model's config."""

    def __init__(self, model: Any, tokenizer: Any, limit: int) -> None:
        self.model, self.tokenizer, self.limit = model, tokenizer, limit
        self.ids: dict[str, int] = {name: int(n) for name, n in model.config.label2id.items()}
        self.labels = [name for name, _ in sorted(self.ids.items(), key=lambda item: item[1])]

    def fit(self, examples: Sequence[Example], recipe: Recipe, step: Callable[[float], None]) -> None:
        """Train on tagged examples; `step` is called after each epoch with its mean loss."""
        import torch

        made = []
        for example in examples:
            parts = windows(self.tokenizer, example, self.limit)
            tags = taught(parts, example.tags)
            made += [(window, window.labels(tags, self.ids)) for window in parts]
        if not made:
            return
        order = random.Random(recipe.seed)  # noqa: S311, not for secrets
        torch.manual_seed(recipe.seed)
        per_epoch = -(-len(made) // recipe.batch)
        optimizer, schedule = self._optimizer(recipe, per_epoch * recipe.epochs)
        self.model.train()
        for _ in range(recipe.epochs):
            losses = [
                self._learn([made[n] for n in batch], optimizer, schedule, recipe.dropped)
                for batch in _batches([len(w) for w, _ in made], recipe.batch, order)
            ]
            step(sum(losses) / len(losses))
        self.model.eval()

    def _optimizer(self, recipe: Recipe, steps: int) -> tuple[Any, Any]:
        """AdamW, its rate rising over the first tenth of the steps and falling to nothing at the last."""
        import torch

        optimizer = torch.optim.AdamW(self.model.parameters(), lr=recipe.rate, weight_decay=0.01)
        warm = max(1, round(steps * _WARM_UP))

        def rate(step: int) -> float:
            return min((step + 1) / warm, (steps - step) / max(1, steps - warm))

        return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)

    def _learn(
        self, batch: list[tuple[Window, list[int]]], optimizer: Any, schedule: Any, dropped: float
    ) -> float:
        import torch

        inputs = self._inputs([w for w, _ in batch])
        width = inputs["input_ids"].shape[1]
        labels = torch.tensor([ls + [IGNORED] * (width - len(ls)) for _, ls in batch])
        if dropped:
            hidden = (torch.rand(labels.shape) < dropped) & (labels != IGNORED)
            inputs["input_ids"][hidden.to(self.model.device)] = self.tokenizer.mask_token_id
        loss = self.model(**inputs, labels=labels.to(self.model.device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        return float(loss.detach())

    def _inputs(self, batch: Sequence[Window]) -> dict[str, Any]:
        """The windows as tensors, padded to the longest."""
        padded = self.tokenizer.pad(
            {name: [w.inputs[name] for w in batch] for name in batch[0].inputs}, return_tensors="pt"
        )
        return {name: tensor.to(self.model.device) for name, tensor in padded.items()}

    def tag(self, examples: Sequence[Example], batch: int = 32) -> tuple[list[list[str]], Cut]:
        """For each example a tag for each word; and what did not fit."""
        made = [windows(self.tokenizer, example, self.limit) for example in examples]
        flat = [(w, e.allowed) for e, ws in zip(examples, made, strict=True) for w in ws]
        answers = iter(self._answers(flat, batch))
        merged = [
            merge([(w, next(answers)) for w in ws], len(e.words))
            for e, ws in zip(examples, made, strict=True)
        ]
        cut = Cut(len(made), sum(len(ws) > 1 for ws in made), sum(lost for _, lost in merged))
        return [tags for tags, _ in merged], cut

    def _answers(self, flat: Sequence[tuple[Window, frozenset[str] | None]], batch: int) -> list[list[str]]:
        """The tag of every piece of every window."""
        import torch

        answers: list[list[str]] = [[] for _ in flat]
        order = sorted(range(len(flat)), key=lambda n: len(flat[n][0]))
        with torch.inference_mode():
            for at in range(0, len(order), batch):
                part = order[at : at + batch]
                logits = self.model(**self._inputs([flat[n][0] for n in part])).logits
                logits = logits + self._barred([flat[n][1] for n in part]).to(logits.device)
                for n, row in zip(part, logits.argmax(-1).tolist(), strict=True):
                    answers[n] = [self.labels[label] for label in row[: len(flat[n][0])]]
        return answers

    def _barred(self, allowed: Sequence[frozenset[str] | None]) -> Any:
        """Minus infinity where a label may not be answered: windows x 1 x labels."""
        import torch

        rows = [
            [0.0 if a is None or tag == "O" or tag[2:] in a else float("-inf") for tag in self.labels]
            for a in allowed
        ]
        return torch.tensor(rows).unsqueeze(1)

    def save(self, folder: Path) -> None:
        """Write model and tokenizer so that `AutoModelForTokenClassification.from_pretrained` reads them."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def _batches(lengths: Sequence[int], size: int, order: random.Random) -> Iterator[list[int]]:
    """Numbers of windows in batches of about equal length; the windows in random order, then the batches."""
    shuffled = list(range(len(lengths)))
    order.shuffle(shuffled)
    chunk = size * _BUCKET
    buckets = (
        sorted(shuffled[n : n + chunk], key=lengths.__getitem__) for n in range(0, len(shuffled), chunk)
    )
    numbers = list(chain.from_iterable(buckets))
    batches = [numbers[n : n + size] for n in range(0, len(numbers), size)]
    order.shuffle(batches)
    return iter(batches)
