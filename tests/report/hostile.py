"""An article in which every string tries to become something else, as a record file gives it."""

import json
from pathlib import Path
from typing import Any

from dateline.model import sha256

PLANTED = [
    "<script>planted=1;alert(1)</script>",
    "</script><script>planted=2;alert(2)</script>",
    '<img src="x" onerror="planted=3;alert(3)">',
    '"><svg onload=alert(4)>',
    "' onmouseover='alert(5)' x='",
    "[a link](javascript:alert(6))",
    "<!--<script>",
    "--- !!python/object/apply:os.system ['true']",
    "\u202eturned round\u2066 \u200b",
    "{{7*7}} ${alert(7)} &lt;b&gt; &amp;",
    "</title></textarea></style><iframe src=https://example.com/>",
    "line \u2028 separators \u2029 and \x00 a null",
    "👩‍👩‍👧 🇻🇳 beyond the plane: 𝔘𝔫𝔦",
]
TEXT = "\n\n".join(["𝒜n article 😀", *PLANTED, "The minister phoned the envoy. He denied it."])
NAMES = "__proto__", "constructor"  # what every JavaScript object has


def write(folder: Path, number: int = 2) -> Path:
    """A file of records: the article as some annotators see it."""
    path = folder / "hostile.jsonl"
    records = [_record(f"{PLANTED[n]} {NAMES[n % 2]}", n) for n in range(number)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_sound(folder: Path) -> Path:
    """Two annotations of the same text that no rule refuses, and that differ in a span and in an answer."""
    path = folder / "sound.jsonl"
    path.write_text("".join(json.dumps(_sound(n)) + "\n" for n in range(2)), encoding="utf-8")
    return path


def _sound(number: int) -> dict[str, Any]:
    said, none = (
        {"entity": None, "attributes": {}, "note": PLANTED[number]},
        {"entity": None, "attributes": {}},
    )
    topic = PLANTED[0][: len(PLANTED[0]) - number]
    people = [("The minister", "n1"), ("the envoy", "n2")]
    mentions = [{"id": "m1", "label": "CONTENT", **_span(topic), **said, "region": "q"}]
    mentions += [
        {"id": f"m{n}", "label": "PERSON", **_span(words), **none, "entity": entity, "region": f"p{n}"}
        for n, (words, entity) in enumerate(people, 2)
    ]
    answers = {"status": "asserted", "polarity": "positive", "medium": ("telephone", "video")[number]}
    event = {
        "id": "e1",
        "type": "phone_call",
        "triggers": [{**_span("phoned"), "main": True, "region": f"r{number}", "note": PLANTED[number]}],
        "arguments": {
            "participant": [{"mention": "m2", "via": "drawn"}, {"mention": "m3", "via": "default"}],
            "topic": [{"mention": "m1", "via": "drawn"}],
        },
        "attributes": {**answers, "rank": "unspecified"},
        "defaulted": [],
    }
    places = {"project": None, "task": None, "annotation": None, "pre_annotated": False}
    made = {"annotator": PLANTED[number], "batch": None, "ground_truth": False, "from": [], **places}
    return {
        **_record(PLANTED[number], number),
        "doc_id": "hostile",
        "source": {**_record("", 0)["source"], "url": None},
        "mentions": mentions,
        "entities": [{"id": entity, "wikidata": None} for _, entity in people],
        "events": [event],
        "relations": [],
        "annotation": {**made, "guideline_version": "1.2", "lead_time": None},
    }


def _record(annotator: str, number: int) -> dict[str, Any]:
    mentions = [_mention(n, words) for n, words in enumerate(PLANTED)]
    mentions += [_mention(50, "The minister", "PERSON"), _mention(51, "the envoy", "PERSON")]
    return {
        "schema_version": "1.0.0",
        "doc_id": '"><img src=x onerror=alert(8)>/../%2e',
        "text": TEXT,
        "text_sha256": sha256(TEXT),
        "source": {
            "title": PLANTED[1],
            "publisher": PLANTED[2],
            "url": "javascript:alert(9)",
            "published_at": "2025-03-07",
            "language": "en",
            "license": PLANTED[3],
            "synthetic": True,
        },
        "mentions": mentions,
        "entities": [{"id": "n1", "wikidata": PLANTED[2]}],
        "events": [
            _event("e1", "phone_call", "phoned", PLANTED[number]),
            _event("e2", PLANTED[2], "denied", PLANTED[1]),
            _event("e3", NAMES[number % 2], "denied it", PLANTED[4]),
        ],
        "relations": [{"type": PLANTED[0], "head": "e2", "tail": "e1"}],
        "annotation": {"batch": PLANTED[0], "annotator": annotator, "from": [], "ground_truth": False},
    }


def _mention(number: int, words: str, label: str | None = None) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "label": label or (PLANTED[number], *NAMES)[number % 3],
        **_span(words),
        "entity": "n1",
        "attributes": {"value": PLANTED[number % len(PLANTED)], NAMES[0]: PLANTED[0]},
        "region": PLANTED[0],
        "note": PLANTED[number % len(PLANTED)],
    }


def _event(id_: str, type_: str, words: str, said: str) -> dict[str, Any]:
    fillers = [{"mention": "m50", "via": "drawn"}, {"mention": "m51", "via": "default"}]
    return {
        "id": id_,
        "type": type_,
        "triggers": [{**_span(words), "main": True, "region": said, "note": said}],
        "arguments": {said: fillers, "caller": fillers[:1], "participant": fillers},
        "attributes": {"status": "disputed", "polarity": said, NAMES[0]: said},
        "defaulted": [],
    }


def _span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}
