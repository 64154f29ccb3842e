"""What to train and how: the choices, with defaults for each kind of model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dateline.train.tagger import Recipe

SEED = 13
SMALL = "small"
_CONTEXT = 40  # tokens on either side of a trigger: nine arguments in ten of the sample corpus

_SMALL = {"triggers": Recipe(20, 5e-4, 8, SEED, 0.2), "arguments": Recipe(20, 1e-3, 16, SEED)}
_PRETRAINED = {"triggers": Recipe(10, 5e-5, 16, SEED), "arguments": Recipe(10, 5e-5, 16, SEED)}


@dataclass(frozen=True)
class Plan:
    """A training to do: from an exported folder, with a model, into the folder `out`.

    `model` is a folder, a name on the Hub, or "small". None stands for the default of the kind of model:
    `context` is how many tokens on either side of a trigger are read for its arguments (a pre-trained model
    reads the whole row), `epochs`, `rate` and `batch` go for both taggers. `device` is one of PyTorch's, or
    "auto".
    """

    data: Path
    model: str
    out: Path
    seed: int = SEED
    epochs: int | None = None
    rate: float | None = None
    batch: int | None = None
    context: int | None = None
    device: str = "auto"

    def recipe(self, view: str) -> Recipe:
        """How the tagger of this view is trained."""
        kind = _SMALL if self.model == SMALL else _PRETRAINED
        given = {"epochs": self.epochs, "rate": self.rate, "batch": self.batch}
        chosen = {name: value for name, value in given.items() if value is not None}
        return replace(kind[view], seed=self.seed, **chosen)  # type: ignore[arg-type]

    @property
    def reach(self) -> int | None:
        """The context that is used; None for the whole row."""
        return _CONTEXT if self.context is None and self.model == SMALL else self.context

    @property
    def named(self) -> str:
        """The model for a card: no path of this machine."""
        if self.model == SMALL:
            return "small, made from a config, with a tokenizer trained on the training set"
        return Path(self.model).name if Path(self.model).is_dir() else self.model
