"""Typed marks become an annotation of the batch, in place of the same annotator's older one."""

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
        (MARKED.replace("?=a,b,t", ""), 1, "E403"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(folder, marked, code, said):
    done = mark(folder, marked, "--annotator", "a1", "--batch", "march")
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert not (folder / "march").exists()
