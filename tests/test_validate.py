"""`scripts/validate.py` as people run it: exit codes, forms, choices, and inputs that are broken on purpose."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dateline import register, sources, validation
from dateline.schema import Schema

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"
GOOD = CASES / "valid" / "emoji" / "input.json"
Json = dict[str, Any]
# what json.loads gives for a finding has at least these keys
KEYS = {
    *("code", "severity", "message", "hint", "file", "line", "doc_id", "event_id"),
    *("region", "role", "start", "end", "url"),
}


def validate(*words: str | Path, cwd: Path = ROOT, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    given = () if "--schema" in words else ("--schema", ROOT / "schema")
    command = [sys.executable, ROOT / "scripts" / "validate.py", *words, *given]
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, env=environment, timeout=60)
    assert b"Traceback" not in done.stderr
    return done


def found(done: subprocess.CompletedProcess[bytes]) -> list[Json]:
    rows: list[Json] = json.loads(done.stdout)
    assert all(set(row) >= KEYS for row in rows)
    return rows


def case(name: str) -> Path:
    (path,) = (CASES / "invalid" / name).glob("input.*")
    return path


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an error, a warning and an info in three files, and one file without findings."""
    folder = tmp_path_factory.mktemp("mixed")
    for name in ("E403-no-participant", "W207-half-a-word", "I815-not-annotated"):
        shutil.copy(case(name), folder / f"{name[:4]}.json")
    shutil.copy(GOOD, folder / "good.json")
    return folder


# Exit codes


def test_exit_0_without_errors_also_with_warnings(mixed: Path) -> None:
    done = validate(GOOD, mixed / "W207.json", mixed / "I815.json")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == "found: 0 errors, 1 warning, 1 info"


def test_exit_1_with_an_error_and_all_is_read(mixed: Path) -> None:
    """Errors come last, where they are not buried; JSON and GitHub keep the order of the files."""
    done = validate(".", cwd=mixed)
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    heads = [line.split()[:2] for line in lines if line[0] != " "]
    assert heads[:3] == [["./I815.json:1:", "I815"], ["./W207.json:11:", "W207"], ["./E403.json:12:", "E403"]]
    assert lines[-1] == "found: 1 error, 1 warning, 1 info"
    assert lines[-2].startswith("read: 4 tasks, 3 annotations")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.json"], "error: nowhere.json: No such file or directory"),
        ([str(GOOD), "nowhere"], "error: nowhere: No such file or directory"),
        ([str(GOOD), "--schema", "nowhere"], "error: nowhere: there is no such folder"),
        ([str(GOOD), "--format", "xml"], "xml"),
        ([str(GOOD), "--strict"], "No such option"),
        ([], "error: annotations: No such file or directory"),
    ],
)
def test_exit_2_for_bad_use_with_one_reason_and_no_output(
    words: list[str], said: str, tmp_path: Path
) -> None:
    done = validate(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert done.stdout == b""


def test_exit_2_for_a_schema_that_cannot_be_used(tmp_path: Path) -> None:
    schema = shutil.copytree(ROOT / "schema", tmp_path / "schema")
    broken = schema / "events" / "sanction.schema.json"
    broken.write_text('{\n "title": "sanction",\n "title": "sanction"\n}')
    done = validate(GOOD, "--schema", schema)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"error: {broken}:3: the key “title” stands twice")


def test_exit_2_for_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)  # refused to everybody; without permission root would still read it
    done = validate(loop)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"error: {loop}")


def test_a_full_folder_for_temporary_files_is_told(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(
        register.Register, "add", add
    )  # the command says it as it says that a file is missing
    with pytest.raises(sources.SourceError, match=r"temporary files: .* is full; .* TMPDIR"):
        validation.validate([GOOD], schema)


def test_an_empty_folder_is_an_error_not_a_success(tmp_path: Path) -> None:
    done = validate(tmp_path, "--format", "json")
    assert done.returncode == 1
    assert [row["code"] for row in found(done)] == ["E002"]


# Forms


def test_json_is_one_list_and_nothing_else(mixed: Path) -> None:
    done = validate(mixed, "--format", "json")
    assert done.returncode == 1
    error, info, warning = found(done)
    assert {
        key: error[key] for key in ("code", "severity", "line", "doc_id", "event_id", "role", "region")
    } == {
        "code": "E403",
        "severity": "error",
        "line": 12,
        "doc_id": "harbour-call",
        "event_id": "e1",
        "role": "participant",
        "region": "call",
    }
    assert (error["file"], error["start"], error["end"]) == (str(mixed / "E403.json"), 20, 34)
    assert [info["severity"], warning["severity"]] == ["info", "warning"]


def test_github_is_one_command_a_line(mixed: Path) -> None:
    lines = validate(mixed, "--format", "github").stdout.decode().splitlines()
    heads = [line.partition("::")[2].partition("::")[0] for line in lines]
    assert [head.split()[0] for head in heads] == ["error", "notice", "warning"]
    assert heads[0] == f"error file={mixed / 'E403.json'},line=12,title=E403"


def test_text_is_what_the_cases_expect() -> None:
    folder = CASES / "invalid" / "E405-time-as-participant"
    done = validate("input.json", cwd=folder)
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert (
        done.stdout.decode() == f"{expected}read: 1 task, 1 annotation\nfound: 1 error, 0 warnings, 0 info\n"
    )


@pytest.mark.parametrize(
    ("choice", "codes", "exit_code"),
    [
        (["--select", "E4"], ["E403"], 1),
        (["--select", "W,", "--select", "i815"], ["I815", "W207"], 0),
        (["--select", "E,I", "--ignore", "E403,I"], [], 0),
    ],
)
def test_select_and_ignore(mixed: Path, choice: list[str], codes: list[str], exit_code: int) -> None:
    done = validate(mixed, "--format", "json", *choice)
    assert [row["code"] for row in found(done)] == codes
    assert done.returncode == exit_code


def test_a_code_that_does_not_exist_is_refused_and_not_taken_for_a_clean_run(mixed: Path) -> None:
    for option in ("--select", "--ignore"):
        done = validate(mixed, option, "E4,X9")
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"'X9'" in done.stderr


# Sources


def test_standard_input_plain_and_packed() -> None:
    record = next((CASES / "valid" / "records-gzip").glob("input.*"))
    done = validate("-", stdin=record.read_bytes())
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, b"read: 2 annotations")
    done = validate("-", "--format", "json", stdin=case("E201-moved").read_bytes())
    assert [(row["code"], row["file"], row["line"]) for row in found(done)] == [("E201", "<stdin>", 12)]


def test_a_folder_is_read_with_all_that_lies_below_it() -> None:
    done = validate(CASES / "valid")
    assert done.returncode == 0
    read, counted = done.stdout.decode().splitlines()
    assert counted == "found: 0 errors, 0 warnings, 0 info"
    articles, tasks, annotations = (int(part.split()[0]) for part in read.removeprefix("read: ").split(", "))
    assert articles == 1
    assert tasks < annotations < 2 * tasks, "records count as annotations"


# Broken on purpose: name, bytes, code, line


def task(**changes: Any) -> bytes:
    """The emoji case, with a change to the trigger `call`, a line a result."""
    given: Json = json.loads(GOOD.read_bytes())
    for result in given["annotations"][0]["result"]:
        if result.get("id") == "call":
            result["value"] |= changes
    rows = ",\n".join(json.dumps(result) for result in given["annotations"][0]["result"])
    data = json.dumps(given["data"])
    return f'{{"data": {data}, "annotations": [{{"completed_by": "a1", "result": [\n{rows}\n]}}]}}'.encode()


HEAD = b'{\n"data": {"doc_id": "d",\n"text": '
BROKEN = {
    "broken-offset": (task(start=999, end=1010), "E202", 4),
    "unknown-role": (case("E402-role-of-another-type").read_bytes(), "E402", 12),
    "missing-required-role": (case("E403-no-participant").read_bytes(), "E403", 12),
    "duplicate-keys": (HEAD + b'"a",\n"text": "b"}}', "E004", 4),
    "invalid-utf-8": (HEAD + b'"caf\xe9"}}', "E001", 3),
    "overlong-utf-8": (HEAD + b'"\xc0\xaf"}}', "E001", 3),
    "utf-16": ('{"data": {"text": "a"}}'.encode("utf-16"), "E001", 1),
    "nested-brackets": (HEAD + b"[" * 100_000, "E003", 3),
    "nested-and-closed": (HEAD + b"[" * 100_000 + b"]" * 100_000 + b"}}", "E003", 3),
    "nested-objects": (b"\n" + b'{"a":' * 100_000, "E003", 2),
    "nan": (HEAD + b'"a", "score": NaN}}', "E005", 3),
    "minus-infinity": (HEAD + b'"a",\n"score": -Infinity}}', "E005", 4),
    "overflow": (HEAD + b'"a", "score": 1e999}}', "E005", 3),
    "lone-surrogate": (HEAD + b'"\\ud83d"}}', "E006", 3),
    "encoded-surrogate": (HEAD + b'"\xed\xa0\xbd"}}', "E001", 3),
    "long-number": (b'{"id":\n' + b"1" * 10_000 + b"}", "E008", 2),
    "empty": (b"", "E002", 1),
    "a-number": (b"\n7", "E101", 2),
    "broken-line-of-jsonl": (b'{"a": 1}\n{"a": \n{"a": 3}\n', "E002", 2),
    "not-json": (b"<html>\n</html>", "E002", 1),
    "damaged-gzip": (b"\x1f\x8b\x08\0\0\0\0\0\0\3damaged", "E002", None),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Json]]:
    """The findings on each file, by name: all are read in one run, and none keeps another from being read."""
    folder = tmp_path_factory.mktemp("broken")
    for name, (content, *_) in BROKEN.items():
        (folder / f"{name}.json").write_bytes(content)
    done = validate(folder, "--format", "json")
    assert done.returncode == 1
    rows = found(done)
    return {name: [row for row in rows if row["file"] == str(folder / f"{name}.json")] for name in BROKEN}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_finding_with_file_line_and_code(broken: dict[str, list[Json]], name: str) -> None:
    _, code, line = BROKEN[name]
    assert (code, line) in [(row["code"], row["line"]) for row in broken[name]]
    if name != "broken-line-of-jsonl":
        assert len(broken[name]) == 1


@pytest.mark.parametrize("name", ["nested-brackets", "unknown-role"])
def test_a_broken_file_alone_ends_with_1(name: str, tmp_path: Path) -> None:
    (tmp_path / "input.json").write_bytes(BROKEN[name][0])
    done = validate("input.json", cwd=tmp_path)
    _, code, line = BROKEN[name]
    assert done.returncode == 1
    assert done.stdout.decode().startswith(f"input.json:{line}: {code} ")
    assert done.stderr == b""


def test_nothing_of_a_file_reaches_the_terminal_raw(tmp_path: Path) -> None:
    """Its name, keys, ids, words and answers hold what a terminal obeys."""
    evil = "\x1b[2J\u202e\x07\x9b"
    text = f"Alva {evil} spoke."
    value = {"start": 0, "end": 4, "text": f"Alvo{evil}", "labels": [f"PERSON{evil}"]}
    results = [
        {"id": f"r{evil}", "from_name": "mention", "type": "labels", "value": value},
        {"id": "r2", "from_name": f"mood{evil}", "type": "choices", "value": {"choices": [evil]}},
        {"type": "relation", "from_id": f"x{evil}", "to_id": "y", "direction": "right"},
    ]
    given = {
        "data": {"doc_id": f"d{evil}", "text": text},
        "annotations": [{"completed_by": f"a{evil}", "result": results}],
    }
    name = tmp_path / f"in{evil}put.json"
    name.write_text(json.dumps(given))
    (tmp_path / "keys.json").write_text('{"a\\u001b[2J": 1, "a\\u001b[2J": 2}')
    for form in ("text", "github"):
        done = validate(tmp_path, "--format", form)
        assert done.returncode == 1
        shown = done.stdout.decode()
        assert shown.count("\n") > 3
        assert not set(evil) & set(shown) - set("[2J")
    done = validate(tmp_path / f"no{evil}where")
    assert not set(evil) & set(done.stderr.decode()) - set("[2J")
