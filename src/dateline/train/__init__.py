"""Training on an exported folder: two taggers, their scores beside two baselines, predictions, a card.

Triggers and arguments have a model each, not one with two heads: each is then an ordinary token classifier
that `transformers` loads by itself, with its own labels, input and training. Nothing else of Dateline
imports this package, and PyTorch is imported when training begins.
"""

from dateline.score import SIX
from dateline.train.card import shown
from dateline.train.errors import INSTALL, TrainError, require
from dateline.train.outcome import SYSTEMS, Outcome
from dateline.train.plan import SEED, SMALL, Plan
from dateline.train.run import MARKER, PREDICTIONS, train

__all__ = [
    "INSTALL",
    "MARKER",
    "PREDICTIONS",
    "SEED",
    "SIX",
    "SMALL",
    "SYSTEMS",
    "Outcome",
    "Plan",
    "TrainError",
    "require",
    "shown",
    "train",
]
