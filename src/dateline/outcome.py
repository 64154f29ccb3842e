"""What an export made and what it left out: told by the card, the manifest and the command."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dateline.findings import Finding
from dateline.parquet import Written
from dateline.schema import Schema
from dateline.views.loss import Loss


@dataclass(frozen=True)
class Facts:
    """What card and manifest both tell: `rows` by view and split, `inputs` with their SHA-256."""

    name: str
    batches: tuple[str, ...]
    schema: Schema
    files: tuple[Written, ...]
    rows: dict[str, dict[str, int]]
    inputs: dict[str, str]

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


@dataclass
class Outcome:
    """What an export did. `path` is None where nothing was written: then `findings` holds errors."""

    path: Path | None = None
    findings: list[Finding] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
