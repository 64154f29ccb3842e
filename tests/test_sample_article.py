"""The sample article from end to end: what its dataset holds, as `load_dataset` gives it."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from articles import ROOT, SAMPLE, Json, made
from test_load import loaded

TEXT = "00af4a0c82c1bceaba5e679944dfdcddc8f1b61a5876755d514d3dbd9588dd51"  # of the seed, as it came
TYPES = {
    "media_report": 3,
    "phone_call": 2,
    "press_denial": 1,
    "sanction": 3,
    "statement": 9,
    "travel_warning": 1,
}
COUNTS = {"mentions": 59, "entities": 24, "events": 19, "relations": 10}
TRIGGERS, ARGUMENTS = 41, 69


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """The committed annotations' dataset: rows by view."""
    tmp_path = tmp_path_factory.mktemp("sample")
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    path = made(tmp_path / "annotations", tmp_path / "exports", SAMPLE.parent.name).path
    assert path is not None
    (views,) = loaded(tmp_path, path)
    return {view: [row for part in views[view].values() for row in part["rows"]] for view in views if view}


def spans(value: Any) -> Iterator[Json]:
    """Every struct with offsets, however deep."""
    if isinstance(value, dict) and {"start", "end", "text"} <= value.keys():
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from spans(inner)


@pytest.mark.parametrize(("view", "least"), [("documents", 160), ("events", 120), ("annotations", 480)])
def test_every_span_is_the_text_at_its_offsets(view: str, least: int, sample: Json) -> None:
    checked = 0
    for row in sample[view]:
        for span in spans(row):
            assert row["text"][span["start"] : span["end"]] == span["text"] != ""
            checked += 1
    assert checked > least


@pytest.mark.parametrize("view", ["documents", "events", "annotations"])
def test_the_text_is_the_seed_byte_for_byte(view: str, sample: Json) -> None:
    assert {hashlib.sha256(row["text"].encode()).hexdigest() for row in sample[view]} == {TEXT}


def test_its_source_says_whose_text_it_is(sample: Json) -> None:
    (row,) = sample["documents"]
    assert row["source"] == {
        "title": 'Tokyo Firmly Rejects Reports of Trump Warning PM Takaichi on "Provoking China" Over Taiwan',
        "publisher": "CaliToday",
        "url": None,
        "published_at": "2025-11-30",
        "language": "en",
        "license": "NOASSERTION",
        "synthetic": False,
    }


def test_two_blind_passes_and_the_ground_truth_made_of_them(sample: Json) -> None:
    rows = sample["annotations"]
    told = [(r["annotation"]["annotator"], r["annotation"]["ground_truth"], r["chosen"]) for r in rows]
    assert told == [("machine-a", False, False), ("machine-b", False, False), ("machine-c", True, True)]
    assert [r["annotation"]["from"] for r in rows] == [[], [], ["machine-a", "machine-b"]]
    marked = [{m["region"] for m in r["mentions"]} for r in rows]
    assert not marked[0] & marked[1]
    said = [str([(m["start"], m["end"], m["label"]) for m in r["mentions"]]) for r in rows]
    assert len(set(said)) == 3
    assert [r["drawn"]["regions"] for r in rows] == [
        len(r["mentions"]) + sum(len(e["triggers"]) for e in r["events"]) for r in rows
    ]


def test_counts(sample: Json) -> None:
    (row,) = sample["documents"]
    assert {name: len(row[name]) for name in COUNTS} == COUNTS
    assert Counter(e["type"] for e in sample["events"]) == TYPES
    assert sum(len(e["triggers"]) for e in sample["events"]) == TRIGGERS
    assert sum(len(e["arguments"]) for e in sample["events"]) == ARGUMENTS
    assert [e["event_id"] for e in sample["events"]] == [f"e{n}" for n in range(1, COUNTS["events"] + 1)]


def told(event: Json) -> Json:
    """What an event says, in short."""
    return {
        "type": event["type"],
        "status": event["status"],
        "polarity": event["polarity"],
        "trigger": event["trigger"]["text"],
        "triggers": [t["text"] for t in event["triggers"]],
        "arguments": [(a["role"], a["text"]) for a in event["arguments"]],
        "attributes": {a["name"]: a["value"] for a in event["attributes"]},
        "defaulted": event["defaulted"],
        "relations": [(r["type"], r["tail"], r["tail_type"]) for r in event["relations"]],
    }


def test_the_first_event(sample: Json) -> None:
    assert told(sample["events"][0]) == {
        "type": "press_denial",
        "status": "asserted",
        "polarity": "positive",
        "trigger": "dismissed",
        "triggers": ["Rejects", "denial", "dismissed", "no truth", "countering"],
        "arguments": [
            ("speaker", "Minoru Kihara"),
            ("on_behalf_of", "Japanese government"),
            ("denied_claim", "President Trump asked Japan to avoid angering Beijing"),
            ("venue", "press conference"),
            ("time", "morning of November 27"),
            (
                "quote",
                "There is absolutely no truth to the report that President Trump asked Japan to avoid angering Beijing",
            ),
        ],
        "attributes": {
            "strength": "categorical",
            "scope": "whole_claim",
            "channel": "press_conference",
            "directness": "direct_quote",
        },
        "defaulted": ["status", "polarity"],
        "relations": [("denies", "e2", "media_report"), ("in_response_to", "e2", "media_report")],
    }


def test_a_middle_event(sample: Json) -> None:
    assert told(sample["events"][9]) == {
        "type": "statement",
        "status": "reported",
        "polarity": "positive",
        "trigger": "praise",
        "triggers": ["praise", "describing", "characterized", "emphasized"],
        "arguments": [
            ("speaker", "Trump"),
            ("topic", "personal rapport"),
            ("about", "Japanese Prime Minister"),
            ("quote", "excellent"),
            ("quote", "Very smart"),
            ("quote", "Very tough"),
            ("quote", "Destined to be a great leader"),
            ("quote", "close friend"),
        ],
        "attributes": {"act": "praise", "channel": "private_call"},
        "defaulted": ["polarity"],
        "relations": [("subevent_of", "e3", "phone_call")],
    }


def test_the_last_event(sample: Json) -> None:
    assert told(sample["events"][-1]) == {
        "type": "statement",
        "status": "asserted",
        "polarity": "positive",
        "trigger": "note",
        "triggers": ["note"],
        "arguments": [
            ("speaker", "Observers"),
            ("content", "this incident highlights the resilience of the U.S.-Japan partnership"),
        ],
        "attributes": {"act": "assess", "channel": "unspecified"},
        "defaulted": ["status", "polarity", "channel"],
        "relations": [],
    }


def test_the_committed_folder_is_what_a_clone_exports(tmp_path: Path) -> None:
    """Exporting changes nothing in `annotations/`: its ledger holds every article already."""
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    before = {p: p.read_bytes() for p in sorted((tmp_path / "annotations").rglob("*")) if p.is_file()}
    outcome = made(tmp_path / "annotations", tmp_path / "exports", SAMPLE.parent.name)
    assert {p: p.read_bytes() for p in sorted((tmp_path / "annotations").rglob("*")) if p.is_file()} == before
    assert [f for f in outcome.findings if f.severity != "info"] == []
    assert (outcome.held_back, dict(outcome.reasons)) == ([], {"ground truth": 1})
