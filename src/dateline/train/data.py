"""What is trained on: rows of the views `triggers` and `arguments` of an exported folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dateline.train.errors import TrainError

SPLITS = ("train", "validation", "test")
_MAKE = "make it with: make export"


@dataclass(frozen=True)
class Row:
    """Tokens of an article, their code points in it, and a tag for each (empty where unknown).

    A row of `triggers` is a sentence. One of `arguments` is a window of sentences around one event's trigger:
    it has the event's `type`, and `first` and `last` are the trigger's tokens, half-open.
    """

    doc_id: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[str, ...] = ()
    type: str = ""
    first: int = 0
    last: int = 0

    def around(self, context: int | None) -> slice:
        """The tokens at most `context` away from the trigger; all of them for None."""
        if context is None:
            return slice(0, len(self.tokens))
        return slice(max(0, self.first - context), min(len(self.tokens), self.last + context))

    def place(self, first: int, last: int) -> tuple[int, int]:
        """The code points of tokens first to last, half-open."""
        return self.starts[first], self.ends[last - 1]


@dataclass(frozen=True)
class Data:
    """The rows by split; a split that the folder does not have is not there."""

    folder: Path
    triggers: Mapping[str, list[Row]]
    arguments: Mapping[str, list[Row]]


def load(folder: Path) -> Data:
    """Read an exported folder with `load_dataset`. TrainError where it is none, or has nothing to train on."""
    if not folder.is_dir():
        raise TrainError(f"there is no folder {folder}", _MAKE)
    triggers, arguments = (_view(folder, name) for name in ("triggers", "arguments"))
    data = Data(
        folder,
        {split: [_row(r) for r in rows] for split, rows in triggers.items()},
        {split: [_asked(r) for r in rows] for split, rows in arguments.items()},
    )
    if not any(tag != "O" for row in data.triggers.get("train", ()) for tag in row.tags):
        raise TrainError(f"{folder} has no trigger in the split train", "there must be events to learn from")
    return data


def _view(folder: Path, name: str) -> Mapping[str, Any]:
    import datasets

    datasets.disable_progress_bars()
    try:
        found = datasets.load_dataset(str(folder), name)
        return {str(split): rows for split, rows in found.items()}
    except (ValueError, OSError, datasets.exceptions.DatasetsError) as error:
        there = sorted(p.name for p in folder.iterdir() if p.is_dir())
        reason = f"{folder} has no view {name} that can be loaded"
        known = f" (there are: {', '.join(there)})" if there else ""
        hint = _MAKE if name not in there else " ".join(str(error).split())[:200]
        raise TrainError(reason + known, hint) from error


def _row(row: Mapping[str, Any]) -> Row:
    if None in (row["tokens"] or [None]):
        raise TrainError(
            f"the words of {row['doc_id']} were left out of the export", "put them back: scripts/rehydrate.py"
        )
    tokens, starts, ends, tags = (tuple(row[name]) for name in ("tokens", "starts", "ends", "tags"))
    return Row(row["doc_id"], tokens, starts, ends, tags)


def _asked(row: Mapping[str, Any]) -> Row:
    return replace(_row(row), type=row["type"], first=row["trigger_first"], last=row["trigger_last"])
