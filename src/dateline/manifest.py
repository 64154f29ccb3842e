"""The manifest of an exported folder: what it was made of, what is in it, and what was held back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from dateline import __version__, store
from dateline.addresses import ADDRESS
from dateline.findings import counts
from dateline.outcome import Extra, Facts, Outcome
from dateline.shards import Written
from dateline.store import NewerError

__all__ = ["FORMAT", "NAME", "NewerError", "about", "digest", "dumped", "other", "read", "text", "told"]

NAME = store.MANIFEST
FORMAT = 1  # of the manifest and of the folder that it describes; a manifest without a number has the first


def read(folder: Path) -> dict[str, Any]:
    """The manifest of an exported folder.

    Raises OSError, ValueError for what is no manifest, and NewerError for one of a later format.
    """
    said = json.loads((folder / NAME).read_bytes())
    if not isinstance(said, dict):
        raise ValueError("is not a manifest: it holds no object")
    try:
        store.check_format(said, FORMAT)
    except NewerError as error:
        raise NewerError(f"{error}: use a newer one, or export again") from None
    return said


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text(facts: Facts, outcome: Outcome) -> str:
    """The manifest as JSON. It holds no time, no path and no e-mail address; the same input gives the same bytes."""
    import pyarrow

    said: dict[str, Any] = {
        "format": FORMAT,
        "name": facts.name,
        "batches": list(facts.batches),
        "dateline": __version__,
        "pyarrow": pyarrow.__version__,
        "about": about(facts),
        "schema_version": facts.schema_version,
        "guideline_version": facts.guideline_version,
        "read": dict(sorted(outcome.counts.items())),
        "findings": counts(outcome.findings),
        "chosen_by": dict(sorted(outcome.reasons.items())),
        "articles": outcome.standing,
        "held_back": [asdict(h) for h in sorted(outcome.held_back, key=lambda h: h.doc_id)],
        "rows": facts.rows,
        "empty_splits": facts.empty,
        "splits": _splits(outcome),
        "files": told(facts.files),
        "extras": {path: other(value) for path, value in facts.extras.items()},
        "losses": facts.losses,
        "text": {"kept": facts.left_out is None, "views_left_out": list(facts.left_out or ())},
        "inputs": facts.inputs,
    }
    return dumped(said)


def dumped(said: dict[str, Any]) -> str:
    """The manifest's file: no e-mail address is in it, whatever the loss report quotes."""
    return ADDRESS.sub("…", json.dumps(said, ensure_ascii=False, indent=1)) + "\n"


def told(files: tuple[Written, ...]) -> dict[str, dict[str, Any]]:
    """The Parquet files as the manifest lists them."""
    return {
        w.path: {"view": w.view, "split": w.split, "rows": w.rows, "bytes": w.bytes, "sha256": w.sha256}
        for w in files
    }


def other(value: Extra) -> dict[str, Any]:
    """Another file as the manifest lists it."""
    return {key: item for key, item in asdict(value).items() if item is not None}


def about(facts: Facts) -> dict[str, Any]:
    """What the project says of the dataset, as far as it says it."""
    return {key: value for key, value in msgspec.to_builtins(facts.about).items() if value}


def _splits(outcome: Outcome) -> dict[str, Any]:
    """The scheme that placed the articles, the groups of near-duplicates, and the types that a split lacks."""
    found = outcome.splits
    if found is None:
        return {}
    return {**found.scheme, "groups": found.together, "lacking": found.lacking, "near": found.near}
