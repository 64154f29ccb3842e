"""From paths to raw records: every form gives the same values, every fault a finding at its line."""

import errno
import gzip
import io
import json
import os
import pickle
import random
import re
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.findings import Finding
from dateline.sources import Raw, SourceError, load, parse, read
from dateline.strict_json import BadJson

RECORD = st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text()), min_size=1)
RECORDS = st.lists(RECORD, min_size=2)
GOOD = [
    {"id": n, "text": f'“Nº {n}”\n{{[,\\"', "result": [{"id": "a"}, {"id": "b", "to": []}]} for n in range(5)
]


def packed(data: bytes) -> dict[str, bytes]:
    zst = pyarrow.compress(data, codec="zstd", asbytes=True)
    half = pyarrow.compress(data[: len(data) // 2], codec="zstd", asbytes=True)
    rest = pyarrow.compress(data[len(data) // 2 :], codec="zstd", asbytes=True)
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    return {"plain": data, "gz": gzip.compress(data, mtime=0), "zst": zst, "frames": skippable + half + rest}


def run(data: bytes, **limits: int) -> list[Raw | Finding]:
    return list(read(["-"], stdin=io.BytesIO(data), **limits))


def outcome(data: bytes, **limits: int) -> list[Any]:
    """Decoded values as they are, findings as (code, line)."""
    items = [parse(item) if isinstance(item, Raw) else item for item in run(data, **limits)]
    return [(item.code, item.line) if isinstance(item, Finding) else item for item in items]


def lines(items: list[Raw | Finding]) -> list[int | None]:
    return [item.line for item in items]


def jsonl(values: list[Any], end: str = "\n") -> bytes:
    return "".join(json.dumps(v, ensure_ascii=False) + end for v in values).encode()


# Forms


@given(RECORDS, st.sampled_from([None, 0, 1, 4]), st.booleans(), st.sampled_from(["", "\n", " \r\n\t"]))
def test_a_list_gives_its_elements(values: list[Any], indent: int | None, ascii_only: bool, gap: str) -> None:
    data = (gap + json.dumps(values, indent=indent, ensure_ascii=ascii_only) + gap).encode()
    items = run(data)
    assert [load(item) for item in items if isinstance(item, Raw)] == values
    at = 0
    for item in items:
        assert isinstance(item, Raw)
        assert not item.whole
        at = data.index(item.data, at)
        assert item.line == data.count(b"\n", 0, at) + 1
        at += len(item.data)


@given(RECORDS, st.booleans(), st.lists(st.integers(0, 3), min_size=60, max_size=60))
def test_jsonl_gives_its_lines(values: list[Any], final: bool, blanks: list[int]) -> None:
    rows = [json.dumps(v, ensure_ascii=False) for v in values]
    text = "\n".join("\n" * blank + row for blank, row in zip(blanks, rows, strict=False)) + "\n" * final
    items = run(text.encode())
    wanted = [n for n, row in enumerate(text.split("\n"), 1) if row]
    assert lines(items) == wanted[: len(items)]
    assert len(items) == min(len(values), 60)
    assert [load(item) for item in items if isinstance(item, Raw)] == values[:60]


@given(RECORD, st.sampled_from([None, 0, 2]), st.sampled_from(["", "\n\n", "\r\n "]))
def test_one_object_is_one_record(value: Any, indent: int | None, before: str) -> None:
    data = before + json.dumps(value, indent=indent) + "\n"
    [item] = run(data.encode())
    assert isinstance(item, Raw)
    assert item.whole
    assert load(item) == value
    assert item.line == before.count("\n") + 1
    assert item.data.strip() == item.data


@pytest.mark.parametrize("form", ["plain", "gz", "zst", "frames"])
@pytest.mark.parametrize("data", [json.dumps(GOOD, indent=2).encode(), jsonl(GOOD)], ids=["list", "jsonl"])
def test_packing_is_seen_in_the_bytes_whatever_the_name(form: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_bytes(packed(data)[form])
    items = list(read([path]))
    assert [load(item) for item in items if isinstance(item, Raw)] == GOOD
    assert lines(items) == lines(run(data))
    assert {item.file for item in items} == {str(path)}
    assert outcome(packed(data)[form]) == GOOD


def test_only_a_line_feed_ends_a_line() -> None:
    values = [{"a": "x\u2028y\u2029z\x85\v\f"}, {"b": 1}]
    assert outcome(jsonl(values)) == values


def test_an_empty_list_holds_nothing() -> None:
    assert run(b" [ \n] ") == []


def test_a_value_that_is_no_object_comes_through() -> None:
    assert outcome(b"17") == [17]
    assert outcome(b'[1, "a", null]') == [1, "a", None]


# Bytes


def test_a_byte_order_mark_is_a_warning() -> None:
    for data in (json.dumps(GOOD).encode(), jsonl(GOOD)):
        assert outcome(b"\xef\xbb\xbf" + data) == [("W007", 1), *GOOD]
    [mark, item] = run(b'\xef\xbb\xbf\n{"a":\n 1}')
    assert mark.line == 1
    assert item == Raw("<stdin>", 2, b'{"a":\n 1}', whole=True)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_encoding_is_one_finding(coding: str) -> None:
    for data in (json.dumps(GOOD, indent=1), jsonl(GOOD).decode(), '{\n"a": 1\n}'):
        assert outcome(data.encode(coding)) == [("E001", 1)]


@pytest.mark.parametrize(
    "data", [b"", b" \n\r\n\t", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0), gzip.compress(b"\n", mtime=0)]
)
def test_nothing_is_a_finding(data: bytes) -> None:
    assert outcome(data)[-1] == ("E002", 1)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_carriage_returns_are_one_warning_a_file(end: str) -> None:
    assert outcome(jsonl(GOOD, end)) == [("W009", 1), *GOOD]
    assert lines(run(jsonl(GOOD, end)))[1:] == [1, 2, 3, 4, 5]


def test_carriage_returns_around_a_list_are_white_space() -> None:
    assert outcome(json.dumps(GOOD, indent=1).replace("\n", "\r\n").encode()) == GOOD


@pytest.mark.parametrize("form", ["gz", "zst", "frames"])
def test_packed_data_that_is_cut_off_or_damaged_is_one_finding(form: str) -> None:
    whole = packed(jsonl(GOOD) * 50)[form]
    for broken in (whole[:-3], whole[: len(whole) // 2], whole + b"garbage", whole[:-4] + b"oops"):
        [item] = run(broken)
        assert isinstance(item, Finding)
        assert item.code == "E002"
        assert "compressed" in item.message


def test_limits_are_findings() -> None:
    long = {"text": "x" * 100}
    assert outcome(jsonl([{"a": 1}, long, {"b": 2}]), max_value_bytes=60) == [{"a": 1}, ("E008", 2), {"b": 2}]
    rows = json.dumps([{"a": 1}, long, {"b": 2}], indent=1).encode()
    assert outcome(rows, max_value_bytes=60) == [{"a": 1}, ("E008", 5), {"b": 2}]
    assert outcome(json.dumps(long).encode(), max_value_bytes=60) == [("E008", 1)]
    assert outcome(jsonl(GOOD), max_file_bytes=60) == [("E008", None)]
    assert outcome(jsonl(GOOD), max_file_bytes=len(jsonl(GOOD))) == GOOD
    assert outcome(gzip.compress(b"{}", mtime=0), max_file_bytes=10) == [("E008", None)]


def test_a_stream_without_end_is_a_finding() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"0," * (size // 2)

    stream = Endless()
    [item] = read(["-"], stdin=cast(BinaryIO, stream), max_file_bytes=2**22)
    assert isinstance(item, Finding)
    assert item.code == "E008"
    assert stream.given < 2**24


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("character", [b" ", b"[", b"0,"])
def test_a_bomb_is_a_finding_in_little_memory(kind: str, character: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bomb.json"
    path.write_bytes(packed(b"[" + character * 2**26)[kind])
    tracemalloc.start()
    assert [(f.code, f.line) for f in read([path], max_file_bytes=2**25) if isinstance(f, Finding)] == [
        ("E008", None)
    ]
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()


def test_a_list_of_very_many_small_values_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_bytes(b"[" + b"0," * 50_000 + b"0]")
    tracemalloc.start()
    assert sum(1 for _ in read([path])) == 50_001
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_broken_value_over_the_limit_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_bytes(b"[" * 2**22)
    tracemalloc.start()
    assert [f.code for f in read([path], max_value_bytes=1000) if isinstance(f, Finding)] == ["E003"]
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


# Faults


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1',
        '{"a": 1,',
        '{"a": [1, 2}',
        '{"a": "x}',
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        '{"a": 1}}',
        '{"a": 1},',
        "garbage",
        "<<<<<<< HEAD",
        '"a": 1}',
        "]",
    ],
)
@pytest.mark.parametrize("at", [0, 2, 5])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_broken_line_costs_that_line_only(line: str, at: int, end: str) -> None:
    rows = [json.dumps(v) for v in GOOD]
    rows.insert(at, line)
    found = outcome(end.join(rows).encode())
    codes = [x for x in found if isinstance(x, tuple) and x[0] != "W009"]
    assert [x for x in found if isinstance(x, dict)] == GOOD
    assert len(codes) == 1
    assert codes[0][1] == at + 1


def test_many_broken_lines_are_a_finding_each() -> None:
    rows = ['{"a": 1', "x", '{"b": 2}', '{"c": tru}', '{"d": 4}', "", '{"e": 5}']
    found = outcome("\n".join(rows).encode())
    assert found == [("E002", 1), ("E002", 2), {"b": 2}, ("E002", 4), {"d": 4}, {"e": 5}]


@pytest.mark.parametrize("indent", [0, 1, 2])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_broken_object_is_one_finding(indent: int, end: str) -> None:
    rows = json.dumps(GOOD[0] | {"more": GOOD}, indent=indent).split("\n")
    for at in range(1, len(rows)):
        for changed in (rows[:at] + rows[at + 1 :], rows[:at], [*rows[:at], "oops", *rows[at:]]):
            [item] = run(end.join(changed).encode())
            if isinstance(item, Raw):
                assert item.whole


def test_one_broken_object_with_an_object_on_each_line_is_one_finding() -> None:
    rows = ['{"id": 1, "result": [', *[f'  {{"id": {n}}},' for n in range(9)], '  {"id": 9}', "]"]
    assert outcome("\n".join(rows).encode()) == [("E002", 12)]
    missing = "\n".join(rows).replace("},\n", "}\n")
    assert outcome(missing.encode()) == [("E002", 3)]
    at_the_margin = [row.strip() for row in rows]
    assert outcome("\n".join(at_the_margin).encode()) == [("E002", 12)]


@pytest.mark.parametrize("first", ['{"a": [', '{"a": 1,', "{", "x"])
def test_one_whole_line_after_a_broken_one_makes_it_jsonl(first: str) -> None:
    assert outcome(f'{first}\n{{"b": 2}}\n'.encode()) == [("E002", 1), {"b": 2}]


def test_a_page_of_text_is_one_finding() -> None:
    assert outcome(b"<html>\n<body>\nLogin\n</body>\n</html>\n") == [("E002", 1)]
    assert outcome(b'an article\n\nin plain text, "quoted"\n') == [("E002", 1)]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ('{"a": NaN}', "E005"),
        ('{"a": 1, "a": 2}', "E004"),
        ('{"a": "\\ud800"}', "E006"),
        ('{"a": tru}', "E002"),
        ('{"a": {"b": 1,}}', "E002"),
        ("[" * 70 + "]" * 70, "E003"),
        ("[" * 5000 + "]" * 5000, "E003"),
        ("'x'", "E002"),
        (r"{\"a\": 1}", "E002"),
        ('{"a": "tab\tin it"}', "E002"),
        ("", "E002"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", " "])
def test_a_broken_element_costs_that_element_only(broken: str, code: str, gap: str) -> None:
    rows = [json.dumps(v) for v in GOOD]
    for at in range(len(rows) + 1):
        data = "[" + f",{gap}".join([*rows[:at], broken, *rows[at:]]) + "]"
        found = outcome(data.encode())
        assert [x for x in found if isinstance(x, dict)] == GOOD
        assert [x for x in found if isinstance(x, tuple)] == [(code, at + 1 if gap == "\n" else 1)]


@pytest.mark.parametrize(
    "broken", ['{"a": [1}', '{"a": [1}]', '{"a": "x}', '{"a": 1', '{"a": 1}}', '"a": 1}']
)
def test_where_an_element_has_no_clear_end_the_list_ends_with_a_finding(broken: str) -> None:
    rows = [json.dumps(v) for v in GOOD]
    for at in range(len(rows) + 1):
        data = "[" + ",\n".join([*rows[:at], broken, *rows[at:]]) + "\n]"
        *before, (code, line) = outcome(data.encode())
        assert before == GOOD[:at]
        assert code == "E002"
        assert line in (at + 1, at + 2)


def test_an_object_in_a_list_bracket_is_one_finding() -> None:
    data = "[" + json.dumps(GOOD[0], indent=1)[1:]
    assert outcome(data.encode()) == [("E002", 2)]


@pytest.mark.parametrize("shift", [-1, 1, 1000])
def test_what_msgspec_says_is_a_hint_only(shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = msgspec.json.decode

    def other(data: memoryview, *, type: Any) -> Any:
        try:
            return real(data, type=type)
        except msgspec.DecodeError as error:
            message = re.sub(r"[0-9]+", lambda m: str(int(m[0]) + shift), str(error))
            raise msgspec.DecodeError(message) from None

    monkeypatch.setattr(msgspec.json, "decode", other)
    for values in ([[[1]], [[2]], [3]], GOOD):
        assert outcome(json.dumps(values).encode()) == values


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_a_list_that_is_cut_off_gives_what_came_before(cut: int) -> None:
    data = json.dumps(GOOD).encode()
    *before, last = outcome(data[:-cut])
    assert before == GOOD[: len(before)]
    assert last == ("E002", 1)
    assert len(before) == (5 if cut == 1 else 4)


def test_what_follows_a_list_is_a_finding() -> None:
    assert outcome(b'[{"a": 1}]\n\n{"b": 2}') == [{"a": 1}, ("E002", 3)]
    assert outcome(b'[{"a": 1}\n{"b": 2}, {"c": 3}]') == [("E002", 2), {"c": 3}]


def test_a_finding_points_into_the_file() -> None:
    data = b'[\n{"a": 1},\n{\n "b": [1,\n  NaN]}\n]'
    [good, raw] = run(data)
    assert isinstance(raw, Raw)
    assert (good.line, raw.line) == (2, 3)
    found = parse(raw)
    assert isinstance(found, Finding)
    assert (found.file, found.line, found.code) == ("<stdin>", 5, "E005")
    assert found.message == "NaN is not JSON (column 3)"
    assert found.hint
    with pytest.raises(BadJson) as caught:
        load(raw)
    assert (caught.value.line, caught.value.column) == (5, 3)


MAKERS: dict[str, Callable[[], bytes]] = {
    "list": lambda: json.dumps(GOOD).encode(),
    "tall": lambda: json.dumps(GOOD, indent=1).encode(),
    "jsonl": lambda: jsonl(GOOD),
    "object": lambda: json.dumps(GOOD[0], indent=1).encode(),
    "gz": lambda: gzip.compress(jsonl(GOOD), mtime=0),
    "zst": lambda: packed(jsonl(GOOD))["zst"],
}


@pytest.mark.parametrize("form", MAKERS)
def test_changed_bytes_never_crash_it(form: str) -> None:
    rng = random.Random(form)
    for _ in range(300):
        data = bytearray(MAKERS[form]())
        for _ in range(rng.choice([1, 1, 3])):
            at = rng.randrange(len(data))
            data[at : at + rng.choice([0, 1, 5])] = rng.choice(
                [b"", b'"', b"\\", b"}", b"[", b"\n", rng.randbytes(2)]
            )
        found = outcome(bytes(data), max_value_bytes=2000, max_file_bytes=4000)
        assert found or bytes(data).strip() == b"[]"


@pytest.mark.parametrize("form", ["list", "tall", "jsonl"])
def test_a_changed_byte_loses_no_record_without_a_word(form: str) -> None:
    data, rng = MAKERS[form](), random.Random(form)
    for _ in range(300):
        at = rng.randrange(len(data))
        found = outcome(
            data[:at] + rng.choice([b'"', b"}", b"{", b",", b"[", b"\xff", b"0"]) + data[at + 1 :]
        )
        records = [x for x in found if isinstance(x, dict)]
        assert len(records) == len(GOOD) or any(isinstance(x, tuple) for x in found)
        assert sum(r in GOOD for r in records) >= len(records) - 1


@given(st.binary())
def test_any_bytes_give_values_or_findings(data: bytes) -> None:
    for item in outcome(data):
        assert item != ()


# Paths


def test_a_folder_stands_for_its_json_files(tmp_path: Path) -> None:
    names = [
        "b.json",
        "a/z.JSONL",
        "a/b.ndjson.zst",
        "a.json.gz",
        ".hidden.json",
        ".git/c.json",
        "a/notes.txt",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"name": name}))
    items = list(read([tmp_path]))
    wanted = ["a.json.gz", "a/b.ndjson.zst", "a/z.JSONL", "b.json"]
    assert [item.file for item in items] == [str(tmp_path / name) for name in wanted]
    assert [load(item) for item in items if isinstance(item, Raw)] == [{"name": name} for name in wanted]


def test_paths_are_named_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.json").write_text("{}")
    items = list(read(["in/a.json", "./in", "-", Path("in")], stdin=io.BytesIO(b"{}")))
    assert [item.file for item in items] == ["in/a.json", "./in/a.json", "<stdin>", "in/a.json"]


def test_a_folder_without_json_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("{}")
    [item] = read([tmp_path])
    assert isinstance(item, Finding)
    assert (item.code, item.file, item.line) == ("E002", str(tmp_path), None)


def test_a_missing_path_stops_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(SourceError, match=r"gone\.json: No such file") as caught:
        read([tmp_path / "a.json", tmp_path / "gone.json"])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.path, again.reason) == (str(tmp_path / "gone.json"), "No such file or directory")
    (tmp_path / "link.json").symlink_to(tmp_path / "gone.json")
    with pytest.raises(SourceError, match=r"link\.json"):
        read([tmp_path])
    with pytest.raises(SourceError, match="null"):
        read(["a\0b"])


def test_a_path_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_text("{}")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    for path in (tmp_path, tmp_path / "a.json"):
        with pytest.raises(SourceError, match="permission"):
            read([path])


def test_a_file_that_vanishes_is_a_source_error(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    items = read([path])
    path.unlink()
    with pytest.raises(SourceError, match="No such file"):
        list(items)


def test_a_name_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.json"
    try:
        Path(os.fsdecode(path)).write_text("{}")
    except OSError:
        pytest.skip("this file system refuses the name")
    [item] = read([tmp_path])
    assert item.file == f"{tmp_path}/\\xff.json"


def test_a_pipe_is_read_to_its_end() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, jsonl(GOOD))
    os.close(theirs)
    with os.fdopen(ours, "rb") as stream:
        assert [load(item) for item in read(["-"], stdin=stream) if isinstance(item, Raw)] == GOOD


def test_standard_input_is_read_from_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"a heading\n" + jsonl(GOOD))
    with (tmp_path / "in").open("rb") as stream:
        stream.readline()
        assert [load(item) for item in read(["-"], stdin=stream) if isinstance(item, Raw)] == GOOD


def test_no_temporary_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert outcome(packed(jsonl(GOOD))["gz"]) == GOOD
    assert list(tmp_path.iterdir()) == []


# Room


class Full(io.BytesIO):
    """A temporary file on a disk without room."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", ["gz", "zst"])
def test_a_full_folder_for_temporary_files_is_named_and_not_the_input(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "input.json.gz").write_bytes(packed(json.dumps(GOOD).encode())[name])
    monkeypatch.setattr(tempfile, "tempdir", "/elsewhere")
    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(SourceError, match=r"temporary files, /elsewhere: No space left .* TMPDIR") as caught:
        list(read([tmp_path]))
    assert "input" not in str(caught.value)


def test_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "TemporaryFile", nowhere)
    with pytest.raises(SourceError, match=r"temporary files.*: No usable temporary directory"):
        run(b"{}")
