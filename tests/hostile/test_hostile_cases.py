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


def test_circles_lie_in_knots_and_no_knot_is_without() -> None:
    chance = random.Random(3)
    several = 0
    for _ in range(2000):
        size, drawn = chance.randint(2, 9), chance.randint(0, 14)
        pairs = {(f"e{chance.randrange(size)}", f"e{chance.randrange(size)}") for _ in range(drawn)}
        pairs = {(head, tail) for head, tail in pairs if head != tail}
        found, wanted = _circles(pairs), knots(pairs)
        for circle in found:
            assert {*zip(circle, circle[1:] + circle[:1], strict=True)} <= pairs
            assert any(knot.issuperset(circle) for knot in wanted)
        named = [name for circle in found for name in circle]
        assert len(named) == len(set(named))
        assert all(knot & set(named) for knot in wanted), (pairs, found)
        several += len(wanted) > 1 and len(pairs) > sum(map(len, wanted))
    assert several > 30, "there were some with a way from one knot to another"


def knots(pairs: set[tuple[str, str]]) -> set[frozenset[str]]:
    """By the transitive closure (Warshall): what can be reached from each other, where that is more than one."""
    names = sorted({name for pair in pairs for name in pair})
    reached = set(pairs)
    for middle in names:
        reached |= {(a, b) for a in names for b in names if (a, middle) in reached and (middle, b) in reached}
    both = {a: frozenset(b for b in names if (a, b) in reached and (b, a) in reached) for a in names}
    return {knot for knot in both.values() if knot}


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
