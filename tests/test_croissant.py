"""The Croissant description: `mlcroissant` validates it and reads the records that the Parquet files hold."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from articles import ROOT, SCHEMA, call, files_of, write

from dateline import export, manifest, shards, views
from dateline.settings import DatasetSettings
from dateline.views.features import Type

READER = """
import json, logging, socket, sys

def refuse(*args, **kwargs):
    raise OSError("no network")

socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import mlcroissant

def plain(value, prefix):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {key.removeprefix(prefix): plain(inner, key + "/") for key, inner in value.items()}
    if hasattr(value, "item"):
        return value.item()
    return [plain(item, prefix) for item in value] if isinstance(value, list) else value

folder, *wanted = sys.argv[1:]
dataset = mlcroissant.Dataset(folder + "/croissant.json")
issues = dataset.metadata.ctx.issues
found = {"": {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings)}}
for records in dataset.metadata.record_sets:
    if not wanted or records.id in wanted:
        found[records.id] = [plain(record, records.id + "/") for record in dataset.records(records.id)]
print(json.dumps(found))
"""
ABOUT = DatasetSettings(
    creators=("Ann Lee", 'The "Times" {of} Köln'),
    version="1.2.0",
    published=date(2026, 1, 2),
    url="https://example.org/d",
)


def read(folder: Path, *wanted: str) -> "subprocess.CompletedProcess[str]":
    """`mlcroissant` in a process without a network, without Dateline's folder, with a home of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-c", READER, str(folder), *wanted],
        cwd=folder.parent, env={"PATH": "", "HOME": str(folder.parent)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def records(folder: Path, *wanted: str) -> dict[str, Any]:
    done = read(folder, *wanted)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def exported(tmp_path: Path, text: Any = "keep", **keys: Any) -> Path:
    """All our articles as one dataset."""
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    plan = export.Plan(
        tmp_path / "annotations", ("calitoday", "sample"), tmp_path / "out", "d", text=text, **keys
    )
    path = export.export(plan, SCHEMA).path
    assert path is not None
    return path


def described(value: Any, type_: Type, lists: int = 0) -> Any:
    """A value as far as the format can tell of it: without lists of structs in a list of structs."""
    if isinstance(type_, list):
        return [described(item, type_[0], lists + 1) for item in value]
    if isinstance(type_, str):
        return value
    return {
        key: None if value is None else described(value[key], inner, lists)
        for key, inner in type_.items()
        if not (lists and isinstance(inner, list) and isinstance(inner[0], dict))
    }


def rows(folder: Path, view: str, split: str) -> list[Any]:
    """What the Parquet files of a split hold, as the record set should give it."""
    files = sorted((folder / view).glob(f"{split}-*.parquet"))
    found = [row for file in files for row in pq.read_table(file).to_pylist()]
    return [{**beside(described(row, views.COLUMNS[view])), "split": split} for row in found]


def beside(row: dict[str, Any]) -> dict[str, Any]:
    """`mlcroissant` gives a struct in a list of structs as a struct of lists, beside the list."""
    if "event_mentions" not in row:
        return row
    triggers = [mention.pop("trigger") for mention in row["event_mentions"]]
    keys = views.COLUMNS["sentences"]["event_mentions"][0]["trigger"]  # type: ignore[index]
    return {**row, "event_mentions/trigger": {key: [t[key] for t in triggers] for key in keys}}


def compare(folder: Path, found: dict[str, Any]) -> None:
    said = json.loads((folder / "manifest.json").read_bytes())
    sets = {f"{file['view']}/{file['split']}" for file in said["files"].values()}
    assert sets | {"", "splits"} == set(found)
    for name in sets:
        assert found[name] == rows(folder, *name.split("/")), name


@pytest.mark.parametrize("text", ["keep", "omit"])
def test_records_are_the_rows_of_the_files(tmp_path: Path, text: str) -> None:
    folder = exported(tmp_path, text, about=ABOUT)
    found = records(folder)
    assert found[""] == {"errors": [], "warnings": []}
    assert [row["name"] for row in found["splits"]] == ["train", "validation", "test"]
    compare(folder, found)


def test_several_shards_of_a_split_are_one_record_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards.plan, "__defaults__", (100_000,))
    folder = exported(tmp_path, views=("documents", "events"))
    assert len(list((folder / "events").glob("train-*"))) > 2
    found = records(folder)
    assert found[""]["errors"] == []
    compare(folder, found)


def test_a_file_that_has_changed_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    folder = exported(tmp_path, views=("events",))
    assert read(folder, "events/test").returncode == 0
    shutil.copy(folder / "events/train-00000-of-00001.parquet", folder / "events/test-00000-of-00001.parquet")
    done = read(folder, "events/test")
    assert done.returncode != 0
    assert "is not identical with the reference" in done.stderr


def test_every_file_is_described_with_its_size_and_hash(tmp_path: Path) -> None:
    folder = exported(tmp_path)
    said = json.loads((folder / "croissant.json").read_bytes())
    objects = {o["contentUrl"]: o for o in said["distribution"] if o["@type"] == "cr:FileObject"}
    assert set(objects) == set(files_of(folder)) - {"README.md", "croissant.json", "manifest.json"}
    for path, told in objects.items():
        assert told["sha256"] == manifest.digest(folder / path)
        assert told["contentSize"] == f"{(folder / path).stat().st_size} B"
    assert said["isLiveDataset"] is False
    assert said["temporalCoverage"] == "2024-09-10/2025-11-30"
    licences = ["https://spdx.org/licenses/CC-BY-4.0.html", "https://spdx.org/licenses/CC0-1.0.html"]
    assert said["license"] == [
        *licences,
        {"@type": "sc:CreativeWork", "name": "licence of texts: NOASSERTION"},
    ]
    assert len([key for key in said if key.startswith("rai:")]) == 16
    # what nobody has said is not made up
    assert not {"datePublished", "version", "url", "creator", "citeAs"} & set(said)


def test_what_the_project_says_is_in_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("one"))
    plan = export.Plan(folder, ("b",), tmp_path / "out", "d", about=ABOUT)
    path = export.export(plan, SCHEMA).path
    assert path is not None
    said = json.loads((path / "croissant.json").read_bytes())
    assert (said["datePublished"], said["version"], said["url"]) == (
        "2026-01-02",
        "1.2.0",
        "https://example.org/d",
    )
    assert [one["name"] for one in said["creator"]] == list(ABOUT.creators)
    assert "year = {2026}" in said["citeAs"]
    assert records(path)[""] == {"errors": [], "warnings": []}


def test_hostile_words_and_addresses_stay_words(tmp_path: Path) -> None:
    words = '"}],\n</script> ann@example.org @id \u202e'
    folder = write(tmp_path / "annotations", "b", call("one", publisher=words), license=words)
    plan = export.Plan(folder, ("b",), tmp_path / "out", "d")
    path = export.export(plan, SCHEMA).path
    assert path is not None
    assert b"ann@example.org" not in (path / "croissant.json").read_bytes()
    found = records(path, "documents/train", "documents/validation", "documents/test")
    assert found.pop("")["errors"] == []
    (row,) = [row for some in found.values() for row in some]
    assert row["source"]["publisher"] == row["source"]["license"] == words
