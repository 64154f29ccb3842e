"""Findings: their order, their choice, and what of them reaches a terminal, a program and a pull request."""

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import findings
from dateline.findings import Finding

FIELDS = (
    *("code", "severity", "message", "hint", "file", "line", "doc_id", "event_id"),
    *("region", "role", "start", "end", "url"),
)
# what an article or a doc_id may hold, and a terminal or a log would obey or show wrongly
EVIL = "\x1b[31mred\x1b[0m \x9b2J \u202egnp.exe\u202c \u2066x\u2069 \r\n::error::boo\x07 \ud83d \u200b\u2028 \0 \x7f"
RAW = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def full(**changes: object) -> Finding:
    known = {
        "code": "E201",
        "message": "other words",
        "hint": "mark again",
        "file": "a/b.json",
        "line": 3,
        "doc_id": "harbour-call",
        "annotator": "a1",
        "event_id": "e2",
        "region": "r7",
        "role": "speaker",
        "start": 4,
        "end": 9,
        "url": "http://127.0.0.1:8080/projects/1/data?task=2",
        "place": "press_denial e2 «denied», role speaker",
    }
    return Finding(**{**known, **changes})  # type: ignore[arg-type]


def test_the_letter_is_the_severity() -> None:
    assert [Finding(code=f"{x}101", message="").severity for x in "EWI"] == ["error", "warning", "info"]


ORDERED = [
    Finding(code="E101", message="no file"),
    Finding(code="W999", message="x", file="a", line=2),
    Finding(code="E101", message="x", file="a", line=10),
    Finding(code="E101", message="x", file="a", line=10, doc_id="d"),
    Finding(code="E101", message="x", file="a", line=10, doc_id="d", annotator="a1"),
    Finding(code="W999", message="x", file="a", line=10, doc_id="d", annotator="a1", start=2, end=3),
    Finding(code="W999", message="x", file="a", line=10, doc_id="d", annotator="a1", start=2, end=30),
    Finding(code="E101", message="x", file="a", line=10, doc_id="d", annotator="a1", start=10, end=11),
    Finding(code="E102", message="a", file="a", line=10, doc_id="d", annotator="a1", start=10, end=11),
    Finding(code="E102", message="b", file="a", line=10, doc_id="d", annotator="a1", start=10, end=11),
    Finding(code="E101", message="x", file="b", line=1),
]


@given(st.randoms(use_true_random=False))
def test_order_is_by_file_line_article_annotator_offsets_code_and_message(chance: random.Random) -> None:
    shuffled = list(ORDERED)
    chance.shuffle(shuffled)
    assert findings.order(shuffled) == ORDERED


@pytest.mark.parametrize(
    ("chosen", "ignored", "left"),
    [
        ((), (), ["E201", "E403", "W206", "I815"]),
        (("E",), (), ["E201", "E403"]),
        (("E2", "I815"), (), ["E201", "I815"]),
        ((), ("W", "E4"), ["E201", "I815"]),
        (("E",), ("E201",), ["E403"]),
        (("X",), (), []),
    ],
)
def test_select_takes_codes_and_beginnings(
    chosen: tuple[str, ...], ignored: tuple[str, ...], left: list[str]
) -> None:
    given = [Finding(code=code, message="") for code in ("E201", "E403", "W206", "I815")]
    assert [f.code for f in findings.select(given, chosen, ignored)] == left


def test_counts_name_every_severity_and_only_errors_are_errors() -> None:
    found = [Finding(code=code, message="") for code in ("W206", "W207", "I815")]
    assert findings.counts(found) == {"error": 0, "warning": 2, "info": 1}
    assert not findings.has_errors(found)
    assert findings.has_errors([*found, Finding(code="E101", message="")])
    assert findings.counts([]) == {"error": 0, "warning": 0, "info": 0}


def test_json_is_a_list_of_objects_with_every_field() -> None:
    rows = json.loads(findings.as_json([full(), Finding(code="W007", message="a byte order mark")]))
    assert all(set(FIELDS) <= set(row) for row in rows)
    assert {key: rows[0][key] for key in FIELDS} == {
        **{key: getattr(full(), key) for key in FIELDS if key != "severity"},
        "severity": "error",
    }
    assert list(rows[0])[:4] == ["code", "severity", "message", "hint"]
    assert [rows[1][key] for key in FIELDS] == ["W007", "warning", "a byte order mark", *[None] * 10]
    assert findings.as_json([]) == "[]"


def test_json_takes_any_text_that_a_file_can_hold() -> None:
    words = EVIL.replace("\ud83d", "")
    (row,) = json.loads(findings.as_json([full(message=words)]))
    assert row["message"] == words


def test_text_has_the_place_to_click_first() -> None:
    assert findings.as_text(full()).splitlines() == [
        "a/b.json:3: E201 other words",
        "    in   harbour-call, annotator a1, press_denial e2 «denied», role speaker, region r7",
        "    mend mark again",
        "    open http://127.0.0.1:8080/projects/1/data?task=2",
    ]
    assert findings.as_text(Finding(code="E101", message="x")) == "-: E101 x"
    assert findings.as_text(Finding(code="E101", message="x", file="a", line=0)) == "a:0: E101 x"


EVERYWHERE = ("message", "hint", "file", "doc_id", "annotator", "region", "url", "place")


@pytest.mark.parametrize("field", EVERYWHERE)
def test_nothing_in_the_data_commands_a_terminal(field: str) -> None:
    text = findings.as_text(full(**{field: EVIL}))
    assert RAW.search(text.replace("\n", "")) is None
    assert len(text.splitlines()) == 4
    assert r"\x1b[31mred" in text


@pytest.mark.parametrize("field", ["message", "hint", "file", "place"])
def test_nothing_in_the_data_is_a_workflow_command(field: str) -> None:
    line = findings.as_github(full(**{field: EVIL}))
    assert RAW.search(line) is None
    assert line.startswith("::error file=")
    assert "%0D%0A" in line


def test_github_form_and_its_escapes() -> None:
    found = full(file="a,b:c%.json", message="50% off:\r\nsee, there", hint=None, place=None)
    assert findings.as_github(found) == (
        "::error file=a%2Cb%3Ac%25.json,line=3,title=E201::50%25 off:%0D%0Asee, there"
    )
    assert findings.as_github(Finding(code="W007", message="m")) == "::warning title=W007::m"
    assert findings.as_github(Finding(code="I815", message="m", place="p", hint="h")) == (
        "::notice title=I815::p | m | h"
    )


@given(st.text(st.characters()))
def test_printable_leaves_nothing_that_is_not_seen_and_keeps_the_rest(text: str) -> None:
    shown = findings.printable(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text
