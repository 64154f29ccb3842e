"""A new event type is one new file and nothing else: from the interface to the loaded dataset."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from dateline import checks, inline, store
from dateline import schema as schemas
from dateline.label_studio import config, convert
from dateline.model import Article, Document, Source, sha256, to_builtins
from dateline.schema import Schema

Json = dict[str, Any]

FILLERS = {"$ref": "../common.schema.json#/$defs/fillers"}
SUMMIT: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://dateline.example/v1/events/summit.schema.json",
    "title": "summit",
    "description": "A meeting of leaders face to face.",
    "properties": {
        "arguments": {
            "type": "object",
            "additionalProperties": False,
            "required": ["attendee"],
            "properties": {
                "attendee": {**FILLERS, "description": "who meets", "x-labels": ["PERSON", "GPE"]},
                "host": {**FILLERS, "description": "who invites", "x-labels": ["GPE"], "x-max-entities": 1},
                "time": {**FILLERS, "description": "when", "x-labels": ["TIME"]},
            },
        },
        "attributes": {
            "type": "object",
            "required": ["outcome"],
            "properties": {
                "outcome": {
                    "enum": ["treaty", "talks_only"],
                    "default": "talks_only",
                    "description": "what came of it",
                }
            },
        },
    },
    "x-expected-roles": ["host"],
    "x-default-role": {"PERSON": "attendee", "TIME": "time"},
    "x-guideline": {"mark": "the noun or verb that names the meeting", "not": "talks by phone"},
    "x-ui": {"color": "#123456", "hotkey": "9"},
}
STORY = (
    "[Alva Brandt|PERSON #alva] and [Idris Kole|PERSON #idris] [met|summit #summit ?=alva,idris,day host=norland"
    " outcome=treaty status=disputed] on [Monday|TIME #day value=2025-03-03] in [Norland|GPE #norland], where they"
    " [spoke by phone|phone_call participant=alva,idris subevent_of=summit] too. "
    "[Lena Orth|PERSON #lena] [denied|press_denial speaker=lena denies=summit] it. The"
    " [dinner|summit #dinner attendee=alva host=norland in_response_to=summit] was cold."
)
CALL = (
    "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call ?=a,b] again, and again."
)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the schema with the one new file."""
    copy = shutil.copytree(root / "schema", tmp_path_factory.mktemp("summit") / "schema")
    (copy / "events/summit.schema.json").write_text(json.dumps(SUMMIT), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def extended(folder: Path) -> Schema:
    return schemas.load(folder)


def task_of(doc_id: str, source: str, schema: Schema) -> Json:
    compiled = inline.compile_marks(source, schema, f"{doc_id}-")
    return {
        "data": {"doc_id": doc_id, "text": compiled.text, "text_sha256": sha256(compiled.text)},
        "annotations": [{"completed_by": "a1", "ground_truth": False, "result": compiled.results}],
    }


def read(extended: Schema) -> Document:
    reading = convert.read_task(task_of("story", STORY, extended), extended)
    (document,) = reading.documents
    assert [*reading.findings, *checks.check(document, extended)] == []
    return document


def test_one_file_is_all_that_changes(root: Path, folder: Path, extended: Schema) -> None:
    before, after = contents(root / "schema"), contents(folder)
    assert set(after) - set(before) == {"events/summit.schema.json"}
    assert {name: after[name] for name in before} == before
    assert "summit" in extended.types


def test_it_is_in_the_labeling_config(extended: Schema, schema: Schema) -> None:
    # parsed here: our own output, no entities
    tree = ET.fromstring(config.xml(extended))
    (label,) = tree.findall(".//Labels[@name='trigger']/Label[@value='summit']")
    assert (label.get("background"), label.get("hotkey")) == ("#123456", "9")
    relations = [relation.get("value") for relation in tree.findall(".//Relation")]
    assert {"attendee", "host", "time"} <= set(relations)
    assert len(relations) == len(set(relations))
    (question,) = tree.findall(".//Choices[@name='summit__outcome']")
    assert question.get("whenLabelValue") == "summit"
    assert [choice.get("value") for choice in question.findall("Choice")] == ["treaty", "talks_only"]
    assert "summit" not in config.xml(schema)


def test_it_is_read_with_default_roles_denied_and_related(extended: Schema) -> None:
    document = read(extended)
    events = {event.triggers[0].text: event for event in document.events}
    summit, words = events["met"], {m.id: m.text for m in document.mentions}
    filled = {
        role: [(words[f.mention], f.via) for f in fillers] for role, fillers in summit.arguments.items()
    }
    assert filled == {
        "attendee": [("Alva Brandt", "default"), ("Idris Kole", "default")],
        "host": [("Norland", "drawn")],
        "time": [("Monday", "default")],
    }
    assert summit.attributes == {"status": "disputed", "polarity": "positive", "outcome": "treaty"}
    assert events["dinner"].attributes["outcome"] == "talks_only"
    assert "outcome" in events["dinner"].defaulted
    ids = {name: event.id for name, event in events.items()}
    assert {(r.type, r.head, r.tail) for r in document.relations} == {
        ("denies", ids["denied"], ids["met"]),
        ("subevent_of", ids["spoke by phone"], ids["met"]),
        ("in_response_to", ids["dinner"], ids["met"]),
    }
    assert list(extended.validator.iter_errors(to_builtins(document))) == []


def test_it_is_judged_like_any_other(extended: Schema, schema: Schema) -> None:
    def codes(source: str, by: Schema) -> list[str]:
        reading = convert.read_task(task_of("story", source, extended), by)
        return [f.code for d in reading.documents for f in (*reading.findings, *checks.check(d, by))]

    met = "[Norland|GPE #n] [met|summit attendee=n host=n] [Verania|GPE #v]."
    assert codes(met.replace("attendee=n", "attendee=v"), extended) == []
    assert codes(met.replace("attendee=n ", ""), extended) == ["E403", "W307"]
    assert codes(met.replace(" host=n]", ",v]"), extended) == ["W419"]
    assert codes(met.replace("host=n]", "host=n,v]"), extended) == ["E404"]
    assert codes(met.replace("attendee=n", "attendee=v outcome=war"), extended) == ["E407"]
    assert codes(met.replace("attendee=n", "attendee=v"), schema) == ["E401"]


def run(cwd: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(cwd / "hf"), "COLUMNS": "200"}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


def batch(annotations: Path, sources: dict[str, str], schema: Schema) -> None:
    for doc_id, source in sources.items():
        task = task_of(doc_id, source, schema)
        text = task["data"]["text"]
        article = Article(doc_id=doc_id, text=text, text_sha256=sha256(text), source=Source(title=doc_id))
        for path, written in (
            (store.article_path(annotations, doc_id), store.article_text(article)),
            (store.task_path(annotations, "march", doc_id), store.task_text(task)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")


LOAD = """
import json, sys, datasets
found = {}
for name in ("with", "without"):
    for view in ("documents", "events", "annotations"):
        loaded = datasets.load_dataset(f"{name}/march", view, split="train")
        found[f"{name}/{view}"] = [repr(loaded.features), json.loads(json.dumps(loaded.to_list(), default=str))]
print(json.dumps(found))
"""


def test_it_is_exported_and_loaded_and_no_column_changes(
    root: Path, folder: Path, extended: Schema, tmp_path: Path
) -> None:
    batch(tmp_path / "annotations", {"story": STORY, "call": CALL}, extended)
    batch(tmp_path / "plain", {"call": CALL}, extended)
    for place in ("annotations", "plain"):
        rows = "doc_id,group,split\n" + "".join(f"{name},{name},train\n" for name in ("call", "story"))
        (tmp_path / place / store.LEDGER).write_text(rows)
    script = root / "scripts" / "export.py"
    checked = run(tmp_path, root / "scripts" / "validate.py", "annotations", "--schema", folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "found: 0 errors, 0 warnings, 0 info" in checked.stdout
    done = run(tmp_path, script, "--schema", folder, "--out", "with")
    assert done.returncode == 0, done.stdout + done.stderr
    other = run(tmp_path, script, "--schema", root / "schema", "--annotations", "plain", "--out", "without")
    assert other.returncode == 0, other.stdout + other.stderr
    loaded = run(tmp_path, "-c", LOAD)
    assert loaded.returncode == 0, loaded.stderr
    found = json.loads(loaded.stdout.splitlines()[-1])
    for view in ("documents", "events", "annotations"):
        assert found[f"with/{view}"][0] == found[f"without/{view}"][0]
    rows = found["with/events"][1]
    assert sorted(row["type"] for row in rows) == [
        "phone_call",
        "phone_call",
        "press_denial",
        "summit",
        "summit",
    ]
    summit = next(row for row in rows if "met" in json.dumps(row["triggers"]))
    assert {(a["role"], a["text"], a["via"]) for a in summit["arguments"]} == {
        ("attendee", "Alva Brandt", "default"),
        ("attendee", "Idris Kole", "default"),
        ("host", "Norland", "drawn"),
        ("time", "Monday", "default"),
    }
    exported = json.loads((tmp_path / "with" / "march" / "schema.json").read_text(encoding="utf-8"))
    assert "summit" in exported["$defs"]
