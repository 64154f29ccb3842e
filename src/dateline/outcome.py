"""What an export made and what it left out: told by the card, the manifest and the command."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import resolve
from dateline.findings import Finding
from dateline.loss_report import Report
from dateline.settings import DatasetSettings
from dateline.shards import Written


@dataclass(frozen=True)
class Extra:
    """A file of the dataset that is no Parquet: its size, its SHA-256, and its lines where it has records."""

    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Facts:
    """What card and manifest both tell: `rows` by view and split, `inputs` with their SHA-256.

    `left_out` are the views that a dataset without the articles' words cannot have; None for one with them.
    `about` is what the project says of it.
    """

    name: str
    batches: tuple[str, ...]
    schema_version: str
    guideline_version: str
    files: tuple[Written, ...]
    rows: dict[str, dict[str, int]]
    inputs: dict[str, str]
    extras: dict[str, Extra] = field(default_factory=dict)
    losses: Report = field(default_factory=dict)
    left_out: tuple[str, ...] | None = None
    about: DatasetSettings = field(default_factory=DatasetSettings)

    @property
    def empty(self) -> dict[str, list[str]]:
        """For each view the splits without rows: they have no file."""
        return {view: [s for s, n in by_split.items() if not n] for view, by_split in self.rows.items()}


@dataclass(frozen=True)
class HeldBack:
    """An article that is not in the dataset, and why."""

    doc_id: str
    reason: str
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Division:
    """How the articles were divided: the scheme with its options, groups of several, and what splits lack.

    `together` has the articles of each group of near-duplicates, `lacking` the event types by split, `near`
    counts the texts that are nearly equal to one of another split (equal ones are left out).
    """

    scheme: dict[str, Any]
    together: list[list[str]]
    lacking: dict[str, list[str]]
    near: int = 0


@dataclass
class Outcome:
    """What an export did. `path` is None where nothing was written: then `findings` holds errors."""

    path: Path | None = None
    findings: list[Finding] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    splits: Division | None = None
    losses: Report = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, int]:
        """How many articles were adjudicated, have annotations that agree, have one only, and are held back."""
        names = {"adjudicated": resolve.GROUND_TRUTH, "agreed": resolve.EQUAL, "single": resolve.ONLY}
        chosen = {name: self.reasons[reason] for name, reason in names.items()}
        return {**chosen, "held back": len(self.held_back)}
