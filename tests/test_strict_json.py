"""The strict reader: every code at its place, the public suite, and nothing but BadJson on any bytes."""

import json
import math
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.strict_json import BadJson, decode, foreign_encoding

SUITE = Path(__file__).parents[2] / "shared" / "corpora" / "JSONTestSuite" / "test_parsing"
FILES = sorted(SUITE.glob("*.json"))
STRICTER = {"y_object_duplicated_key.json": "E004", "y_object_duplicated_key_and_value.json": "E004"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

CASES = [  # bytes, code, line, column
    (b'["\xff"]', "E001", 1, 3),
    (b'["\xc0\xaf"]', "E001", 1, 3),
    (b'["\xe0\x80\xaf"]', "E001", 1, 3),
    (b'["\xf0\x82\x82\xac"]', "E001", 1, 3),
    (b'[1,\n"\x80"]', "E001", 2, 2),
    (b'["\xed\xa0\x80"]', "E001", 1, 3),
    (b'["\xf4\x90\x80\x80"]', "E001", 1, 3),
    (b'["\xe9t\xe9"]', "E001", 1, 3),
    (b'"\xe2\x82', "E001", 1, 2),
    ('{"a": 1}'.encode("utf-16"), "E001", 1, 1),
    ('{"a": 1}'.encode("utf-16-le"), "E001", 1, 1),
    ('{"a": 1}'.encode("utf-16-be"), "E001", 1, 1),
    ('{"a": 1}'.encode("utf-32"), "E001", 1, 1),
    ('{"a": 1}'.encode("utf-32-be"), "E001", 1, 1),
    (b"", "E002", 1, 1),
    (b" \n ", "E002", 2, 1),
    (b'{"a": 1', "E002", 1, 7),
    (b'{"a": 1,}', "E002", 1, 9),
    (b'{"a": 1}\n{"a": 2}', "E002", 2, 1),
    (b"{'a': 1}", "E002", 1, 2),
    (b"[True]", "E002", 1, 2),
    (b"[1.]", "E002", 1, 2),
    (b"[-01]", "E002", 1, 2),
    (b'{"a" 1}', "E002", 1, 6),
    (b'["a" "b"]', "E002", 1, 6),
    (b'["a\\x"]', "E002", 1, 5),
    (b'["a\nb"]', "E002", 1, 4),
    (b"\xef\xbb\xbf[1]", "E002", 1, 1),
    ('["é“", x]'.encode(), "E002", 1, 8),
    (b"[" * 65 + b"]" * 65, "E003", 1, 65),
    (b'{"[":' * 65 + b"1" + b"}" * 65, "E003", 1, 64 * 5 + 1),
    (b"[" * 100_000, "E003", 1, 65),
    (b'{"a":1,\n"b":[],"a":2}', "E004", 2, 8),
    (b'{"b":{"a":1,"a"\n:\n\n{}}}', "E004", 1, 13),
    (b'{"\\u0061":1,"a":2}', "E004", 1, 13),
    (b'{"\\"\\\\":1, "\\"\\\\":2}', "E004", 1, 12),
    (b"[NaN]", "E005", 1, 2),
    (b"Infinity", "E005", 1, 1),
    (b"[1, -Infinity]", "E005", 1, 5),
    (b"1e999", "E005", 1, 1),
    (b'{"1e999": ["1e999", 1.5,\n -1E400]}', "E005", 2, 2),
    (b"[" * 64 + b"1e400" + b"]" * 64, "E005", 1, 65),
    (b"[" + b"9" * 400 + b".5]", "E005", 1, 2),
    (b'["\\ud800"]', "E006", 1, 3),
    (b'["\\udc00\\ud800"]', "E006", 1, 3),
    (b'["\\\\ud800 \\ud83d\\ude00 \\uD83D\\u0041"]', "E006", 1, 24),
    (b'{"\\ud800": 1}', "E006", 1, 3),
    (b"[1, " + b"1" * 4301 + b"]", "E008", 1, 5),
    (b"-" + b"1" * 5000, "E008", 1, 1),
]


def outcome(data: bytes) -> object:
    """The value, or the BadJson."""
    try:
        return decode(data)
    except BadJson as bad:
        return bad


def fault(data: bytes) -> BadJson:
    with pytest.raises(BadJson) as caught:
        decode(data)
    return caught.value


@pytest.mark.parametrize(("data", "code", "line", "column"), CASES)
def test_a_fault_has_its_code_and_place(data: bytes, code: str, line: int, column: int) -> None:
    bad = fault(data)
    assert (bad.code, bad.line, bad.column) == (code, line, column)
    assert bad.message
    assert bad.hint
    assert bad.message.isprintable()
    assert len(bad.message) <= 120


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 64 + b"1.5" + b"]" * 64,
        b'["[[[[' + b"[" * 99 + b'"]',
        b'["1e999", "NaN", "\\\\ud800", 1e-999, 1e0000001]',
        b"1" * 4300,
        b"-" + b"1" * 4300,
        b"0." + b"1" * 4301,
        '["\u2028", "\\ud83d\\ude00", "\x7f"]'.encode(),
        b' \r\n\t{"a": {"a": [{"a": null}]}} \r\n',
    ],
)
def test_near_a_limit_it_is_json(data: bytes) -> None:
    assert decode(data) == json.loads(data)


def test_what_it_names() -> None:
    assert "UTF-16" in fault('{"a": 1}'.encode("utf-16")).message
    assert "UTF-32" in fault('{"a": 1}'.encode("utf-32")).message
    assert "overlong" in fault(b'"\xc0\xaf"').message
    assert "continuation" in fault(b'"\x80"').message
    assert "“a”" in fault(b'{"a":1,"a":2}').message
    assert r"\ud800" in fault(b'"\\ud800"').message
    assert "1e999" in fault(b"[1e999]").message
    assert "U+0000" in fault(b'"a\x00"').message
    assert "quotes" in fault(b"{'a': 1}").hint


@pytest.mark.parametrize("key", ["k" * 10_000, "\u202e\x7f" * 40, "😀" * 1000])
def test_a_message_echoes_little_and_nothing_unprintable(key: str) -> None:
    data = json.dumps(key, ensure_ascii=False).encode()
    for text in (b"{" + data + b":1," + data + b":2}", b"[" + data[1:-1] + b"]", b"[" + b"1" * 400 + b".0]"):
        bad = fault(text)
        assert len(bad.message) <= 120
        assert bad.message.isprintable()


def test_the_exception_travels_between_processes() -> None:
    bad = pickle.loads(pickle.dumps(fault(b'{"a":1,\n"a":2}')))
    assert (bad.code, bad.line, bad.column) == ("E004", 2, 1)
    assert str(bad).startswith("E004 line 2, column 1: ")


def test_a_view_of_bytes_is_read_too() -> None:
    assert decode(memoryview(b'x{"a": 1}')[1:]) == {"a": 1}


def test_encodings_by_their_first_bytes() -> None:
    assert foreign_encoding(b'{"a"') is None
    assert foreign_encoding(b"") is None
    assert foreign_encoding(b"\xff\xfe") == "UTF-16"
    assert foreign_encoding(b"\xff\xfe\0\0") == "UTF-32"


def test_the_public_suite_is_whole() -> None:
    if not FILES:
        pytest.skip(f"JSONTestSuite is not at {SUITE}")
    assert [sum(f.name.startswith(kind) for f in FILES) for kind in ("y_", "n_", "i_")] == [95, 188, 35]


@pytest.mark.skipif(not FILES, reason=f"JSONTestSuite is not at {SUITE}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_public_suite(path: Path) -> None:
    data = path.read_bytes()
    found = outcome(data)
    if not isinstance(found, BadJson):
        assert not path.name.startswith("n_")
        assert path.name not in STRICTER
        assert found == json.loads(data)
    elif path.name.startswith("y_"):
        assert found.code == STRICTER[path.name]


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_what_python_writes_is_read_back(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert decode(text.encode()) == value


@given(st.binary() | st.text().map(str.encode) | st.text('[]{}",:\\ud80eE+-.019NaI \n').map(str.encode))
def test_any_bytes_are_json_or_bad_json(data: bytes) -> None:
    found = outcome(data)
    if isinstance(found, BadJson):
        assert 1 <= found.line <= data.count(b"\n") + 1
        assert found.message.isprintable()
        assert len(found.message) <= 120
    else:
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()


@given(JSON, st.data())
def test_one_changed_byte_is_json_or_bad_json(value: Any, draw: st.DataObject) -> None:
    data = bytearray(json.dumps(value, ensure_ascii=False, indent=1).encode())
    data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    found = outcome(bytes(data))
    if isinstance(found, BadJson):
        assert found.code in {"E001", "E002", "E003", "E004", "E005", "E006", "E008"}
    else:
        assert found == json.loads(data)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_exact(number: float) -> None:
    again = decode(repr(number).encode())
    assert again == number
    assert math.copysign(1, number) == math.copysign(1, float(str(again)))
