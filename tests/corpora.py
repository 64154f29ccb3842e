"""The public corpora of hostile input, and tasks made of them."""

import json
from pathlib import Path

import pytest
from articles import SCHEMA, Json, annotation, task

from dateline.inline import compile_marks

SHARED = Path(__file__).parents[2] / "shared" / "corpora"
SUITE = sorted((SHARED / "JSONTestSuite").glob("test_*/*.json"))
_NAUGHTY = SHARED / "big-list-of-naughty-strings" / "blns.json"
CALL = "[Ann Lee|PERSON #a] [phoned|phone_call #c participant=a,b medium=telephone] [Bo Ek|PERSON #b]."
MARKS = compile_marks(CALL, SCHEMA)


def suite() -> list[Path]:
    """Every file of JSONTestSuite."""
    if not SUITE:
        pytest.skip(f"JSONTestSuite is not at {SHARED}")
    return SUITE


def naughty() -> list[str]:
    """Every string of the big list, once."""
    if not _NAUGHTY.exists():
        pytest.skip(f"the big list of naughty strings is not at {SHARED}")
    return list(dict.fromkeys(json.loads(_NAUGHTY.read_text("utf-8"))))


def planted(number: int, words: str, text: str) -> Json:
    """A sound task about `text`, with these words wherever words of somebody else may stand."""
    names = {id_: f"{id_}{words[:100]}" for id_ in "abc"}  # a region's id has at most 200 characters
    results = [
        {
            key: names.get(value, value) if key in ("id", "from_id", "to_id") else value
            for key, value in r.items()
        }
        for r in MARKS.results
    ]
    note = {
        "id": names["a"],
        "from_name": "note",
        "to_name": "text",
        "type": "textarea",
        "value": {"text": [words]},
    }
    who = words if words and "@" not in words else "a1"
    made = annotation([*results, *([note] if words.strip() else [])], who, id=number)
    whole = f"{MARKS.text}\n{text}"
    return task(
        words or f"empty-{number}", whole, made, title=words, publisher=words, published_at="2025-03-07"
    )
