"""`validate.py --fix`: what is broken in a known way comes back as it was, and nothing else is touched."""

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from articles import SCHEMA
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import mutated, records
from test_hostile_tasks import TASK

from dateline import files, fix, offsets, reading, store
from dateline.label_studio import write
from dateline.model import Document

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"
SAMPLE = sorted((ROOT / "annotations" / "sample").glob("*.json"))
Json = dict[str, Any]
MENDED = [
    *(
        "E201-trimmed",
        "E205-bytes",
        "E205-carriage-returns-added",
        "E205-carriage-returns-lost",
        "E205-shifted",
    ),
    *("W206-space-at-the-end", "E804-utf-16", "E805-role-drawn-backwards"),
]


def stored(path: Path) -> Json:
    task: Json = json.loads(path.read_bytes())
    return task


def remapped(task: Json, move: Any) -> Json:
    """The task with every offset put through `move`, words as they are."""
    broken = copy.deepcopy(task)
    for annotation in broken["annotations"]:
        for result in annotation["result"]:
            value = result.get("value", {})
            if "start" in value:
                value["start"], value["end"] = move(value["start"]), move(value["end"])
    return broken


def units(text: str, size: Any) -> list[int]:
    """How many units stand before each character, and before the end."""
    found = [0]
    for n, _ in enumerate(text):
        found.append(found[-1] + size(text, n))
    return found


UNITS = {
    "utf-16": lambda text, n: 2 if text[n] > "\uffff" else 1,
    "utf-8": lambda text, n: len(text[n].encode()),
    "carriage returns lost": lambda text, n: 0 if text[n : n + 2] == "\r\n" else 1,
    "carriage returns added": lambda text, n: 2 if text[n] == "\n" else 1,
}


def spans_of(task: Json) -> list[list[tuple[int, int]]]:
    return [
        [(r["value"]["start"], r["value"]["end"]) for r in a["result"] if "value" in r]
        for a in task["annotations"]
    ]


@pytest.mark.parametrize("how", UNITS)
def test_sample_articles_counted_otherwise_come_back(how: str) -> None:
    broken = 0
    for path in SAMPLE:
        task = stored(path)
        text = task["data"]["text"]
        count = units(text, UNITS[how])
        other = remapped(task, count.__getitem__)
        moved = [a != b for a, b in zip(spans_of(task), spans_of(other), strict=True)]
        fixed, mended, left = fix.fix_task(other, SCHEMA)
        if how.startswith("carriage returns added") and "\r" in text:
            continue  # then the text has them, and nothing was added
        assert fixed == task, (path.name, mended, left)
        assert len(mended) == sum(moved)
        broken += any(moved)
    assert broken, "no article that this would break"


@given(st.sampled_from(SAMPLE), st.integers(-30, 30))
def test_a_sample_article_that_is_shifted_comes_back(path: Path, by: int) -> None:
    task = stored(path)
    spans = [span for of_one in spans_of(task) for span in of_one]
    assume(by and spans and min(spans)[0] + by >= 0)
    other = remapped(task, lambda offset: offset + by)
    fixed, mended, left = fix.fix_task(other, SCHEMA)
    if len(spans_of(task)[0]) > 1 and not left:
        assert fixed == task
        assert fix.fix_task(fixed, SCHEMA) == (task, [], [])
        assert all(f"{by:+d}" in line for line in mended)
    else:
        assert fixed == other


@given(st.sampled_from(SAMPLE), st.data())
def test_white_space_that_is_drawn_in_comes_off_again(path: Path, data: st.DataObject) -> None:
    task = stored(path)
    broken = copy.deepcopy(task)
    annotation = broken["annotations"][data.draw(st.integers(0, len(broken["annotations"]) - 1))]
    text = task["data"]["text"]
    wide = {}
    for result in annotation["result"]:
        value = result.get("value")
        if value and result["type"] == "labels":
            start, end = value["start"], value["end"]
            left = len(text[:start]) - len(text[:start].rstrip())
            right = len(text[end:]) - len(text[end:].lstrip())
            wide[result["id"]] = data.draw(st.integers(0, left)), data.draw(st.integers(0, right))
    for result in annotation["result"]:
        value = result.get("value")
        if value and result["id"] in wide:
            before, after = wide[result["id"]]
            value["start"], value["end"] = value["start"] - before, value["end"] + after
            if isinstance(value.get("text"), str):
                value["text"] = text[value["start"] : value["end"]]
    fixed, mended, left = fix.fix_task(broken, SCHEMA)
    assert (fixed, left) == (task, [])
    assert len(mended) == sum(any(sides) for sides in wide.values())
    assert fix.fix_task(fixed, SCHEMA) == (task, [], [])


@given(st.sampled_from(SAMPLE), st.data())
def test_roles_that_are_drawn_backwards_are_turned_again(path: Path, data: st.DataObject) -> None:
    task = stored(path)
    broken = copy.deepcopy(task)
    triggers = {
        r["id"]
        for a in task["annotations"]
        for r in a["result"]
        if r.get("from_name") == "trigger" and "id" in r
    }
    turned = 0
    for annotation in broken["annotations"]:
        for result in annotation["result"]:
            role = (
                result["type"] == "relation"
                and result["from_id"] in triggers
                and result["to_id"] not in triggers
            )
            if role and data.draw(st.booleans()):
                turned += 1
                if data.draw(st.booleans()):
                    result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
                else:
                    result["direction"] = "left"
    fixed, mended, left = fix.fix_task(broken, SCHEMA)
    assert (fixed, len(mended), left) == (task, turned, [])


@given(records())
def test_what_is_whole_is_left_alone(record: Document) -> None:
    """Also where the texts are as odd as can be; white space may be taken off, and never a word."""
    task: Json = {
        "data": {"doc_id": "d", "text": record.text},
        "annotations": [write.annotation_of(record, SCHEMA)],
    }
    fixed, _, _ = fix.fix_task(task, SCHEMA)
    again, mended, _ = fix.fix_task(fixed, SCHEMA)
    assert (again, mended) == (fixed, []), "mending twice is mending once"
    for before, after in zip(
        task["annotations"][0]["result"], fixed["annotations"][0]["result"], strict=True
    ):
        if "value" in before:
            old, new = (record.text[r["value"]["start"] : r["value"]["end"]] for r in (before, after))
            assert new == old or new == old.strip()
        else:
            assert before == after


# Never guessed


def task_with(text: str, *spans: tuple[int, int, str]) -> Json:
    results = [
        {
            "id": f"r{n}",
            "from_name": "mention",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "text": words, "labels": ["PERSON"]},
        }
        for n, (start, end, words) in enumerate(spans)
    ]
    return {"data": {"doc_id": "d", "text": text}, "annotations": [{"completed_by": "a1", "result": results}]}


def unmended(task: Json) -> list[str]:
    before = copy.deepcopy(task)
    fixed, mended, left = fix.fix_task(task, SCHEMA)
    assert (fixed, mended) == (before, [])
    assert task == before, "the input is not touched"
    return left


def test_two_shifts_that_fit_are_not_chosen_between() -> None:
    (left,) = unmended(task_with("Ann Bo, Ann Bo, Ann Bo.", (5, 8, "Ann"), (9, 11, "Bo")))
    assert "causes would explain them" in left
    assert "+5" in left


def test_a_span_without_words_proves_nothing() -> None:
    task = task_with("   Ann phoned Bo.", (0, 3, "Ann"), (11, 13, "Bo"), (4, 10, "phoned"))
    del task["annotations"][0]["result"][2]["value"]["text"]
    (left,) = unmended(task)
    assert "r2 has no words" in left


def test_one_span_at_the_wrong_place_is_not_moved() -> None:
    assert unmended(task_with("Ann phoned Bo. Ann slept.", (1, 4, "Ann"), (11, 13, "Bo"))) == []


def test_white_space_stays_where_the_words_are_marked_already() -> None:
    (left,) = unmended(task_with("Ann phoned.", (0, 3, "Ann"), (0, 4, "Ann ")))
    assert "r1 would stand where another one is" in left


def test_a_region_of_white_space_only_stays() -> None:
    assert unmended(task_with("Ann  phoned.", (3, 5, "  "))) == []


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (["denies"], "fits no role"),
        (["time"], "fits no role"),
        (["participant", "time"], "fits no role"),
        ([], ""),
    ],
)
def test_only_a_role_that_fits_is_turned(labels: list[str], why: str) -> None:
    path = CASES / "invalid" / "E805-role-drawn-backwards" / "input.json"
    task = stored(path)
    relations = [r for r in task["annotations"][0]["result"] if r["type"] == "relation"]
    relations[-1].update(from_id="alva", to_id="call", labels=labels)
    fixed, mended, left = fix.fix_task(task, SCHEMA)
    if why:
        assert (fixed, mended) == (task, [])
        assert why in left[0]
    else:  # the schema has a default role for a PERSON
        assert (len(mended), left) == (1, [])


def test_a_relation_between_events_that_points_both_ways_is_left_to_people() -> None:
    assert unmended(stored(CASES / "invalid" / "E805-both-ways" / "input.json")) == []


def test_nothing_of_a_skipped_annotation_or_of_one_of_another_shape_is_touched() -> None:
    task = task_with("Ann phoned Bo.", (0, 4, "Ann "))
    task["annotations"][0]["was_cancelled"] = True
    task["annotations"] += [
        7,
        {"result": None},
        {"result": [3]},
        {"result": [{"type": "relation"}, {"value": 3}]},
    ]
    assert unmended(task) == []
    for value in ({}, {"data": 3, "annotations": 4}, {"data": {"text": 5}, "annotations": []}):
        assert fix.fix_task(value, SCHEMA) == (value, [], [])


@given(mutated(TASK))
def test_whatever_a_task_holds_is_mended_or_left_and_never_raises(broken: Any) -> None:
    before = copy.deepcopy(broken)
    fixed, _, _ = fix.fix_task(broken, SCHEMA)
    assert broken == before
    assert fix.fix_task(fixed, SCHEMA)[:2] == (fixed, [])


def test_two_spans_that_would_become_one_are_not_both_mended() -> None:
    task = task_with("Ann  phoned.", (0, 4, "Ann "), (0, 5, "Ann  "))
    fixed, mended, left = fix.fix_task(task, SCHEMA)
    assert (len(mended), len(left)) == (1, 1)
    assert fix.fix_task(fixed, SCHEMA)[1] == []


def test_explain_and_explanations_agree() -> None:
    text = "Ann Bo, Ann Bo, Ann Bo."
    spans = [offsets.Span(5, 8, "Ann", "a", ""), offsets.Span(9, 11, "Bo", "b", "")]
    found = list(offsets.explanations(text, spans, spans))
    first = offsets.explain(text, spans, spans)
    assert first is not None
    assert (first.message, len(found)) == (found[0].message, 3)


# The command


def validate(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts" / "validate.py", *words, "--schema", ROOT / "schema"]
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, timeout=60)


@pytest.mark.parametrize("name", MENDED)
def test_a_case_is_shown_then_mended_then_sound(name: str, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    shutil.copy(CASES / "invalid" / name / "input.json", path)
    before = path.read_bytes()
    shown = validate("--fix", "input.json", cwd=tmp_path)
    assert (shown.returncode, path.read_bytes()) == (1, before)
    assert shown.stdout.startswith("--- input.json\n+++ input.json\n@@")
    assert shown.stdout.splitlines()[-1] == "1 file could be mended; --write does it"
    done = validate("--fix", "--write", "input.json", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 file mended")
    assert done.stdout.splitlines()[:-1] == shown.stdout.splitlines()[:-1]
    assert [f for item in reading.read([path], SCHEMA) for f in item.findings] == []
    after = path.read_bytes()
    again = validate("--fix", "--write", "input.json", cwd=tmp_path)
    assert (again.returncode, again.stdout, path.read_bytes()) == (0, "0 files mended\n", after)
    assert [p.name for p in tmp_path.iterdir()] == ["input.json"], "nothing stays behind"


def test_what_binds_an_annotation_to_a_server_stays(tmp_path: Path) -> None:
    folder = tmp_path / "annotations"
    shutil.copytree(ROOT / "annotations" / "calitoday", folder / "calitoday")
    (folder / "articles").mkdir()
    (path,) = (folder / "calitoday").glob("*.json")
    task = stored(path)
    for n, annotation in enumerate(task["annotations"]):
        annotation |= {"id": n, "task": 5, "project": 6, "origin": "key", "base": "0123456789abcdef"}
        value = next(r["value"] for r in annotation["result"] if r["type"] == "labels")
        value["end"] += 1
        value["text"] = task["data"]["text"][value["start"] : value["end"]]
    path.write_text(store.task_text(task))
    (found,) = fix.fix([folder], SCHEMA)
    assert found.write()
    after = stored(path)
    kept = ("id", "task", "project", "origin", "base", "completed_by", "ground_truth")
    for old, new in zip(task["annotations"], after["annotations"], strict=True):
        assert {key: old.get(key) for key in kept} == {key: new.get(key) for key in kept}
    assert all(line[0] in "-+@" for line in found.diff())
    assert {line[:2] for line in found.diff()[2:] if line[0] != "@"} == {"- ", "+ "}


def test_only_files_with_one_task_are_written(tmp_path: Path) -> None:
    task = stored(CASES / "invalid" / "W206-space-at-the-end" / "input.json")
    (tmp_path / "two.json").write_text(json.dumps([task, task]))
    (tmp_path / "lines.jsonl").write_text(json.dumps(task) + "\n")
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    done = validate("--fix", "--write", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("left: only a file with one task in it") == 2
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_offsets_prove_nothing_where_the_text_has_changed(tmp_path: Path) -> None:
    task = stored(CASES / "invalid" / "E205-shifted" / "input.json")
    task["data"]["text_sha256"] = "0" * 64
    (tmp_path / "input.json").write_text(json.dumps(task))
    assert list(fix.fix([tmp_path / "input.json"], SCHEMA)) == []


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    shutil.copy(CASES / "invalid" / "W206-space-at-the-end" / "input.json", path)
    (found,) = fix.fix([path], SCHEMA)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(files.FileError, match="has changed since it was read"):
        found.write()


def test_the_project_s_own_annotations_need_no_mending() -> None:
    assert list(fix.fix([ROOT / "annotations"], SCHEMA)) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--write"], "--write belongs to --fix"),
        (["--fix", "-"], "standard input"),
        (["--fix", "no.json"], "no.json"),
    ],
)
def test_bad_use(words: list[str], said: str, tmp_path: Path) -> None:
    done = validate(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
