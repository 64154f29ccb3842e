"""What has broken once: each was found by a corpus, by fuzzing or by measuring, and is kept here."""

import io
import json
import random
import re
import signal
from collections.abc import Iterator
from itertools import pairwise

import pytest
from articles import SCHEMA, annotation, task

from dateline import dates, offsets, reading, sources
from dateline.addresses import ADDRESS
from dateline.checks.relations import _circles
from dateline.collector import Collector
from dateline.score import values
from dateline.strict_json import decode

PATIENCE = 30  # seconds; each of these once took minutes, or had no end


@pytest.fixture(autouse=True)
def _no_end() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "value",
    ["Y17E9999999", "Y-17E9999999S3", "2004/Y1E99999999", "~9921S31,", "[~9921S31]", "{.." + "1," * 30],
)
def test_a_date_that_made_its_library_hang_or_raise(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dates.NotADate):
        dates.bounds(value)
    assert capsys.readouterr().out == "", "nothing is printed, whatever the library thinks of it"


def test_a_year_with_an_exponent_is_a_date() -> None:
    assert dates.bounds("Y17E7").earliest.year == 9999


def test_any_date_is_bounds_or_no_date() -> None:
    chance = random.Random(5)
    atoms = [
        "Y",
        "E",
        "S",
        "-",
        "/",
        "..",
        ",",
        "{",
        "}",
        "[",
        "]",
        "?",
        "~",
        "%",
        "X",
        "19",
        "2004",
        "06",
        "9",
        "T10:00:00Z",
    ]
    for _ in range(300):
        value = "".join(chance.choices(atoms, k=chance.randint(1, 8)))
        try:
            dates.bounds(value)
        except dates.NotADate as error:
            assert str(error)


@pytest.mark.parametrize(
    "text", ["東京の外務省は" * 50_000, "a@" * 150_000, "a." * 150_000, "a@" + "b-" * 150_000]
)
def test_a_text_without_spaces_is_searched_for_addresses_once(text: str) -> None:
    assert ADDRESS.search(text) is None


def test_addresses_are_the_same_ones_as_before() -> None:
    plain, chance = re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+\.[A-Za-z]{2,}"), random.Random(1)
    for _ in range(5000):
        text = "".join(chance.choices("a@b.c, d", k=chance.randint(1, 14)))
        assert ADDRESS.sub("#", text) == plain.sub("#", text)


def test_an_answer_of_line_breaks_has_no_fence() -> None:
    with pytest.raises(values.Unreadable):
        values._answer("```" + "\n" * 100_000 + "x")


def test_a_fence_is_taken_off() -> None:
    for answer in ('```json\n{"a": 1}\n```', '```\n\n{"a": 1}```  \n', ' ```json \n{"a": 1}\n\n``` '):
        fenced = values._FENCE.fullmatch(answer)
        assert fenced and decode(fenced[1].encode()) == {"a": 1}


def test_a_list_of_nothing_but_brackets() -> None:
    data = b'[{"a": 1}, ' + b"[" * 2**24
    raw = list(sources.read(["-"], stdin=io.BytesIO(data)))
    assert raw[-1].code == "E003"  # type: ignore[union-attr]


def test_a_chain_of_events_has_no_circle_and_a_ring_has_one() -> None:
    names = [f"e{n:05d}" for n in range(20_000)]
    chain = set(pairwise(names))
    assert _circles(chain) == []
    (circle,) = _circles(chain | {(names[-1], names[0])})
    assert circle == names


def test_circles_are_the_same_ones_as_before() -> None:
    chance = random.Random(3)
    for _ in range(500):
        pairs = {(f"e{chance.randrange(7)}", f"e{chance.randrange(7)}") for _ in range(chance.randint(0, 10))}
        pairs = {(head, tail) for head, tail in pairs if head != tail}
        assert _circles(pairs) == slow_circles(pairs)


def slow_circles(pairs: set[tuple[str, str]]) -> list[list[str]]:
    """The same by its definition."""
    while pairs and (
        loose := {p for p in pairs if p[0] not in {t for _, t in pairs} or p[1] not in {h for h, _ in pairs}}
    ):
        pairs = pairs - loose
    after = {head: min(t for h, t in pairs if h == head) for head, _ in sorted(pairs)}
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in after:
        walk: dict[str, None] = {}
        at = start
        while at not in walk and at not in seen:
            walk[at] = None
            at = after[at]
        if at in walk:
            steps = list(walk)
            found.append(steps[steps.index(at) :])
        seen |= walk.keys()
    return found


def test_many_spans_outside_a_text() -> None:
    spans = [offsets.Span(10 + n, 20 + n, None, f"r{n}", "") for n in range(20_000)]
    collect = Collector()
    assert len(offsets.report("short", spans, collect)) == len(collect.findings) == 20_000


def test_a_megabyte_of_findings_finds_its_lines() -> None:
    results = [
        {"id": f"r{n}", "from_name": "mention", "to_name": "text", "type": "labels",
         "value": {"start": n, "end": n + 1, "text": "?", "labels": ["PERSON"]}}
        for n in range(9000)
    ]  # fmt: skip
    data = json.dumps(task("d", "a" * 9001, annotation(results)), indent=1).encode()
    (item,) = reading.items([sources.Raw("x.json", 1, data, True)], SCHEMA)
    lines = [f.line for f in item.findings if f.code == "E201"]
    assert len(lines) == 9000
    assert sorted(set(lines)) == sorted(lines)


NAMES = ["hasOwnProperty", "constructor", "toString", "__proto__", "valueOf"]
LONG = ["\U0001f468\u200d\U0001f469\u200d\U0001f466 " * 9, "\U0001d413\U0001d421\U0001d41e " * 20]
ODD = ["a\x01b", "a\x00b", "a\u2028b", "a\u2029b", "a\x7fb", "a\x1bb", "a\uffffb"]


@pytest.mark.parametrize("name", [*NAMES, *LONG, *ODD], ids=ascii)
def test_a_name_that_broke_a_chart_or_ended_the_process(name: str) -> None:
    from dateline.report import svg

    order = {"field": "who", "type": "nominal", "sort": [name, "b"]}
    spec = {
        "data": {"values": [{"who": who, "articles": 1} for who in (name, "b")]},
        "mark": "bar",
        "encoding": {"y": order, "x": {"field": "articles", "type": "quantitative"}},
    }
    assert "<svg" in svg.draw(spec, "c", "a chart")
