"""Typed marks become an annotation of the batch, in place of the same annotator's older one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dateline import reading, store
from dateline.model import Article, Source, sha256

ROOT = Path(__file__).parents[1]
TEXT = "Alva Brandt and Idris Kole spoke by phone on Monday."
MARKED = (
    "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call ?=a,b,t] "
    "on [Monday|TIME #t value=2025-03-03]."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    article = Article(doc_id="call-1", text=TEXT, text_sha256=sha256(TEXT), source=Source(license="CC0-1.0"))
    path = store.article_path(tmp_path, "call-1")
    path.parent.mkdir()
    path.write_text(store.article_text(article))
    return tmp_path


def mark(folder: Path, marked: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = folder / "marked.txt"
    path.write_text(marked)
    article = store.article_path(folder, "call-1")
    command = [sys.executable, ROOT / "scripts/marks.py", path, "--article", article, "--annotations", folder]
    command += ["--schema", ROOT / "schema", *arguments]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def stored(folder: Path, schema: object) -> dict[str, list[str]]:
    (item,) = reading.read([folder / "march"], schema)  # type: ignore[arg-type]
    assert item.findings == []
    return {d.annotation.annotator: [e.main.text for e in d.events] for d in item.documents}


def test_annotations_stand_beside_each_other_and_a_newer_one_replaces_its_own(folder, schema):
    for who in ("a1", "a2"):
        assert mark(folder, MARKED, "--annotator", who, "--batch", "march").returncode == 0
    assert stored(folder, schema) == {"a1": ["spoke by phone"], "a2": ["spoke by phone"]}
    shorter = MARKED.replace("[spoke by phone|", "[spoke|").replace("] on [", "] by phone on [")
    assert mark(folder, shorter, "--annotator", "a1", "--batch", "march").returncode == 0
    assert stored(folder, schema) == {"a1": ["spoke"], "a2": ["spoke by phone"]}


def test_without_a_batch_it_only_shows(folder):
    done = mark(folder, MARKED, "--annotator", "a1")
    assert done.returncode == 0
    assert (
        "phone_call [«spoke by phone»] participant: Alva Brandt*, Idris Kole*; time: Monday*" in done.stdout
    )
    assert not (folder / "march").exists()


@pytest.mark.parametrize(
    ("marked", "code", "said"),
    [
        (MARKED.replace("Monday|", "Tuesday|"), 2, "the text differs from the article at its line 1"),
        (MARKED.replace("?=a,b", "?=a,z"), 2, "there is no mark #z"),
        (MARKED.replace("?=a,b,t", ""), 1, "marked.txt: E403"),
        (MARKED.replace("?=a,b,t", ""), 1, "error: nothing was stored: mend the errors in "),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(folder, marked, code, said):
    done = mark(folder, marked, "--annotator", "a1", "--batch", "march")
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert not (folder / "march").exists()


def march(folder: Path) -> Path:
    return store.task_path(folder, "march", "call-1")


def edited(folder: Path, **data: object) -> dict[str, object]:
    """The stored task, changed as a server or an older schema would have it."""
    task = json.loads(march(folder).read_bytes())
    task |= {"id": 7, "project": 3, "predictions": [{"result": []}]}
    task["meta"]["more"] = "kept"
    task["data"] |= {"own": "kept", **data}
    (annotation,) = task["annotations"]
    annotation |= {"id": 9, "task": 7, "project": 3, "origin": "0123456789ab", "base": "0123456789abcdef"}
    march(folder).write_text(store.task_text(task), encoding="utf-8")
    return task


@pytest.mark.parametrize("who", ["a1", "a2"])
def test_nothing_of_the_stored_task_is_lost(folder, who):
    assert mark(folder, MARKED, "--annotator", "a1", "--batch", "march").returncode == 0
    before = edited(folder)
    assert mark(folder, MARKED, "--annotator", who, "--batch", "march").returncode == 0
    after = json.loads(march(folder).read_bytes())
    assert {**after, "annotations": 0} == {**before, "annotations": 0}
    own = after["annotations"][0]
    assert [own[key] for key in ("id", "task", "project", "origin", "base")] == [
        *(9, 7, 3),
        *("0123456789ab", "0123456789abcdef"),
    ]
    assert len(after["annotations"]) == (1 if who == "a1" else 2)


def test_a_ground_truth_stands_beside_the_same_persons_own_annotation(folder):
    for more in ((), ("--ground-truth", "--from", "a1,a2")):
        assert mark(folder, MARKED, "--annotator", "a1", "--batch", "march", *more).returncode == 0
    found = json.loads(march(folder).read_bytes())["annotations"]
    assert [a["ground_truth"] for a in found] == [False, True]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"schema_version": "0.9.0"}, "others have annotated there by schema 0.9.0, and this is"),
        ({"text": TEXT + " "}, "others have annotated another text there"),
    ],
)
def test_annotations_of_another_schema_or_text_are_not_mixed(folder, data, said):
    assert mark(folder, MARKED, "--annotator", "a1", "--batch", "march").returncode == 0
    edited(folder, **data)
    before = march(folder).read_bytes()
    done = mark(folder, MARKED, "--annotator", "a2", "--batch", "march")
    assert (done.returncode, march(folder).read_bytes()) == (2, before)
    assert said in done.stderr and "Traceback" not in done.stderr
    assert mark(folder, MARKED, "--annotator", "a1", "--batch", "march").returncode == 0, "only their own"
    assert json.loads(march(folder).read_bytes())["data"]["text"] == TEXT


def test_two_by_the_same_annotator_are_not_replaced_by_one(folder):
    assert mark(folder, MARKED, "--annotator", "a1", "--batch", "march").returncode == 0
    task = json.loads(march(folder).read_bytes())
    task["annotations"] *= 2
    march(folder).write_text(store.task_text(task), encoding="utf-8")
    done = mark(folder, MARKED, "--annotator", "a1", "--batch", "march")
    assert done.returncode == 2 and "holds 2 annotations by a1" in done.stderr


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"data": {}, "annotations": 0}', '{"data": {}, "annotations": [1]}']
)
def test_what_is_no_stored_task_is_left_alone(folder, content):
    march(folder).parent.mkdir()
    march(folder).write_text(content, encoding="utf-8")
    done = mark(folder, MARKED, "--annotator", "a1", "--batch", "march")
    assert done.returncode == 2 and done.stderr.startswith("error: ") and "Traceback" not in done.stderr
    assert march(folder).read_text(encoding="utf-8") == content
