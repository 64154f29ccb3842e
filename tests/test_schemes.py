"""`scripts/export.py --split`: what each scheme writes, remembers and says."""

import json
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, call, run, write
from test_export import ids
from test_load import card

from dateline import audit, store

DATES = {"old": "2025-04-01", "mid": "2025-05-10", "new": "2025-06-01", "none": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four articles, three of them dated."""
    tasks = (call(doc_id, published_at=day) for doc_id, day in DATES.items())
    return write(tmp_path / "annotations", "b", *tasks, title="A call", publisher="Herald", license="CC0-1.0")


def exported(folder: Path, *options: object, cwd: Path | None = None) -> tuple[int, str, Path]:
    out = folder.parent / "exports"
    done = run(
        "--annotations", folder, "--schema", ROOT / "schema", "--out", out, *options, cwd=cwd or folder.parent
    )
    return done.returncode, done.stdout + done.stderr, out / "b"


def test_by_time(folder: Path) -> None:
    days = ("--split", "time", "--test-from", "2025-06-01", "--validation-from", "2025-05-01")
    code, said, path = exported(folder, *days)
    assert code == 0, said
    assert ids(path) == {"train": ["old"], "validation": ["mid"], "test": ["new"]}
    assert "W914 left out: it has no date of publication" in said
    assert "held back: none: it has no date of publication" in said
    assert not (folder / store.LEDGER).exists()
    ledger = folder / "splits-time-2025-05-01-to-2025-06-01.csv"
    assert ledger.read_text().splitlines()[1:] == ["mid,mid,validation", "new,new,test", "old,old,train"]
    told = json.loads((path / "manifest.json").read_bytes())["splits"]
    assert (told["strategy"], told["ledger"], told["test_from"]) == ("time", ledger.name, "2025-06-01")
    assert "test begins on 2025" in card(path)[1]
    assert audit.check_export(folder, path, SCHEMA) == []


def test_another_day_is_another_division_and_the_hash_keeps_its_own(folder: Path) -> None:
    exported(folder)
    ledger = (folder / store.LEDGER).read_bytes()
    first = ids(exported(folder, "--split", "time", "--test-from", "2025-06-01")[2])
    second = ids(exported(folder, "--split", "time", "--test-from", "2025-05-01")[2])
    assert first == {"train": ["mid", "old"], "test": ["new"]}
    assert second == {"train": ["old"], "test": ["mid", "new"]}
    assert (folder / store.LEDGER).read_bytes() == ledger


def test_as_a_file_says(folder: Path) -> None:
    (folder.parent / "official.csv").write_text(
        "doc_id,split\nnew,train\nold,test\nnone,test\nelsewhere,test\n"
    )
    code, said, path = exported(folder, "--split", "given", "--split-file", "official.csv")
    assert code == 0, said
    assert ids(path) == {"train": ["new"], "test": ["none", "old"]}
    assert "held back: mid: the file of splits does not name it" in said
    assert "official.csv: W915 elsewhere is in none of the batches" in said
    assert sorted(p.name for p in folder.iterdir()) == ["articles", "b"]
    assert "as the file official.csv says" in card(path)[1]


def test_the_configuration_decides_and_an_option_overrides_it(folder: Path) -> None:
    (folder.parent / "dateline.toml").write_text(
        '[splits]\nstrategy = "time"\ntest_from = 2025-06-01\nshares = [0.0, 0.0, 1.0]\n'
    )
    assert ids(exported(folder)[2]) == {"train": ["mid", "old"], "test": ["new"]}
    assert ids(exported(folder, "--test-from", "2025-04-01")[2]) == {"test": ["mid", "new", "old"]}
    assert ids(exported(folder, "--split", "hash")[2]) == {"test": ["mid", "new", "none", "old"]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--split", "time"], "needs the day that test begins"),
        (["--split", "given"], "needs its file"),
        (["--split", "given", "--split-file", "gone.csv"], "gone.csv: cannot be read"),
        (["--test-from", "2025-06-01"], "--test-from belongs to --split time, and the split is hash"),
        (["--split", "time", "--split-file", "x.csv"], "--split-file belongs to --split given"),
        (["--config", "pyproject.toml"], "similarity"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(options: list[str], said: str, folder: Path) -> None:
    (folder.parent / "pyproject.toml").write_text("[splits]\nsimilarity = 0.2\n")
    code, told, path = exported(folder, *options)
    assert (code, path.exists()) == (2, False)
    assert said in told
    assert "Traceback" not in told
