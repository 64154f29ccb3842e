"""The manifest of an exported folder: what it was made of, what is in it, and what was held back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dateline import __version__
from dateline.addresses import ADDRESS
from dateline.findings import counts
from dateline.outcome import Facts, Outcome

NAME = "manifest.json"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text(facts: Facts, outcome: Outcome) -> str:
    """The manifest as JSON. It holds no time, no path and no e-mail address; the same input gives the same bytes."""
    import pyarrow

    said: dict[str, Any] = {
        "name": facts.name,
        "batches": list(facts.batches),
        "dateline": __version__,
        "pyarrow": pyarrow.__version__,
        "schema_version": facts.schema.version,
        "guideline_version": facts.schema.guideline_version,
        "read": dict(sorted(outcome.counts.items())),
        "findings": counts(outcome.findings),
        "chosen_by": dict(sorted(outcome.reasons.items())),
        "held_back": [asdict(h) for h in sorted(outcome.held_back, key=lambda h: h.doc_id)],
        "rows": facts.rows,
        "empty_splits": facts.empty,
        "files": {
            w.path: {"view": w.view, "split": w.split, "rows": w.rows, "bytes": w.bytes} for w in facts.files
        },
        "inputs": facts.inputs,
    }
    return ADDRESS.sub("…", json.dumps(said, ensure_ascii=False, indent=1)) + "\n"
