"""What a change of the schema is said to be: its level, its version, what hangs on it; and the command that says it."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import articles
import pytest
from schema_edits import (
    Edit,
    change,
    change_common,
    edited,
    remove_relation,
    remove_role,
    rename_attribute,
    rename_label,
    rename_relation,
    rename_role,
    rename_type,
    rename_value,
    written,
)

from dateline import views
from dateline.label_studio import convert
from dateline.migration import changes, known, plan, uses, versions
from dateline.migration.moves import Moves, Removals, Renames
from dateline.schema import Schema
from dateline.views.relations import NONE
from dateline.views.sheet import Sheet

ROOT = articles.ROOT
Json = dict[str, Any]


def roles(spec: Json) -> Json:
    return spec["properties"]["arguments"]["properties"]


def questions(spec: Json) -> Json:
    return spec["properties"]["attributes"]["properties"]


def added(spec: Json, name: str = "rank_of_line", required: bool = False, **more: str) -> None:
    questions(spec)[name] = {"enum": ["a", "b"], **more}
    spec["properties"]["attributes"].setdefault("required", []).extend([name] if required else [])


CHANGES: list[tuple[str, Edit, str, str]] = [
    ("a new role", change("sanction", lambda s: roles(s).update(cost={**roles(s)["reason"]})), "minor", "role sanction.cost: added"),
    ("a new question", change("sanction", added), "minor", "attribute sanction.rank_of_line: added"),
    ("a new question to answer", change("sanction", lambda s: added(s, required=True)), "major", "added, and to be answered"),
    ("the same with a default", change("sanction", lambda s: added(s, required=True, default="a")), "minor", "added"),
    ("a new answer", change("sanction", lambda s: questions(s)["stage"]["enum"].append("mooted")), "minor", "value sanction.stage.mooted: added"),
    ("a wider role", change("sanction", lambda s: roles(s)["target"]["x-labels"].append("MEDIA")), "minor", "takes MEDIA, too"),
    ("a narrower role", change("sanction", lambda s: roles(s)["target"]["x-labels"].remove("PERSON")), "major", "takes no PERSON any more"),
    ("a required role", change("sanction", lambda s: s["properties"]["arguments"].update(required=["target"])), "major", "sanction.target: required"),
    ("a role no longer required", change("travel_warning", lambda s: s["properties"]["arguments"].update(required=[])), "minor", "not required any more"),
    ("fewer entities", change("sanction", lambda s: roles(s)["target"].update({"x-max-entities": 2})), "major", "at most 2 entities"),
    ("more entities", change("sanction", lambda s: roles(s)["time_end"].pop("x-max-entities")), "minor", "at most any number of entities"),
    ("at least two", change("sanction", lambda s: roles(s)["target"].update({"x-min-entities": 2})), "minor", "at least 2 entities"),
    ("another default", change("sanction", lambda s: questions(s)["stage"].update(default="lifted")), "major", "no answer means lifted (in_force before)"),
    ("a default less", change("sanction", lambda s: questions(s)["formality"].pop("default")), "major", "no answer means none"),
    ("another default role", change("sanction", lambda s: s["x-default-role"].update(TIME="time_end")), "major", "means time_end (time before)"),
    ("a new default role", change("sanction", lambda s: s["x-default-role"].update(PRODUCT="restricted_item")), "minor", "a PRODUCT means restricted_item"),
    ("a default role less", change("sanction", lambda s: s["x-default-role"].pop("TIME")), "major", "means nothing (time before)"),
    ("an expected role less", change("sanction", lambda s: s["x-expected-roles"].remove("target")), "minor", "not expected any more"),
    ("no claim", change("statement", lambda s: s.pop("x-claim")), "major", "x-claim"),
    ("an asked field less", change_common(lambda c: label(c, "TIME").update(asks=[])), "major", "asks no value any more"),
    ("an asked field more", change_common(lambda c: label(c, "LAW").update(asks=["wikidata", "value"])), "minor", "asks value, too"),
    ("an entity only when joined", change_common(lambda c: label(c, "LAW").update(entity="joined")), "major", "an entity only where joined"),
    ("a narrower relation", change_common(lambda c: relation(c, "in_response_to").update(tail=["sanction"])), "major", "joins fewer types (tail)"),
    ("a wider relation", change_common(lambda c: relation(c, "denies").update(head=["*"])), "minor", "joins more types (head)"),
    ("circles", change_common(lambda c: relation(c, "denies").update(acyclic=False)), "minor", "may run in a circle"),
    ("a colour", change("sanction", lambda s: s["x-ui"].update(color="#123456")), "patch", "colour #123456"),
    ("a hotkey", change_common(lambda c: label(c, "LAW")["x-ui"].update(hotkey="z")), "patch", "hotkey z (w before)"),
    ("words", change("sanction", lambda s: s.update(description="Other words.")), "patch", "another description"),
    ("an order", change("sanction", lambda s: questions(s)["stage"]["enum"].reverse()), "patch", "another order of answers"),
    ("a record's property", lambda c: c.files["document.schema.json"]["properties"].update(mood={"type": "string"}), "minor", "record /properties/mood"),
    ("a record's limit", lambda c: c.files["document.schema.json"]["properties"]["doc_id"].update(maxLength=5), "major", "record /properties/doc_id/maxLength"),
    ("a role removed", remove_role("sanction", "reason"), "major", "role sanction.reason: removed"),
    ("a relation removed", remove_relation("denies"), "major", "relation denies: removed"),
]  # fmt: skip


def label(common: Json, name: str) -> Json:
    return common["mention_label"]["x-mention-labels"][name]


def relation(common: Json, name: str) -> Json:
    return common["relation_type"]["x-relations"][name]


@pytest.mark.parametrize(("what", "edit", "level", "said"), CHANGES, ids=[row[0] for row in CHANGES])
def test_each_change_has_its_level(what: str, edit: Edit, level: str, said: str, schema: Schema) -> None:
    new = edited("1.0.0", edit)
    found = changes.compare(schema, new, Moves())
    lines = [f"{c.kind} {c.name}: {c.said}" for c in found if c.level == level]
    assert changes.needed(found) == level
    assert any(said in line for line in lines), lines
    assert [f.code for f in versions.check(schema, new, level, ROOT / "schema")] == ["E106"]


def test_nothing_differs_from_itself(schema: Schema) -> None:
    assert changes.compare(schema, edited("1.0.0"), Moves()) == []


@pytest.mark.parametrize(
    ("before", "after", "level", "enough"),
    [
        ("1.0.0", "1.0.1", "patch", True),
        ("1.0.0", "1.0.1", "minor", False),
        ("1.0.0", "1.1.0", "minor", True),
        ("1.9.9", "1.10.0", "minor", True),
        ("1.0.0", "1.1.0", "major", False),
        ("1.0.0", "2.0.0", "major", True),
        ("1.0.0", "1.0.0", None, True),
        ("1.0.0", "1.0.0", "patch", False),
        ("1.0.0", "1.5.0", "patch", True),
        ("2.0.0", "1.0.0", "patch", False),
        ("0.1.0", "0.2.0", "major", True),
        ("0.1.0", "0.1.1", "major", False),
        ("0.1.0", "0.1.1", "minor", True),
        ("0.9.0", "1.0.0", "major", True),
    ],
)
def test_the_version_rises_as_far_as_the_changes_ask(
    before: str, after: str, level: str | None, enough: bool
) -> None:
    found = versions.check(edited(before), edited(after), level, ROOT / "schema")
    assert (found == []) is enough
    if not enough and before < after:
        bumped = versions.bumped(before, str(level))
        assert bumped in str(found[0].hint)
        assert versions.check(edited(before), edited(bumped), level, ROOT / "schema") == []


# Columns


MOVED: list[tuple[str, str, Edit, Moves]] = [
    ("type", "sanction", rename_type("sanction", "penalty"), Moves(rename=Renames(type={"sanction": "penalty"}))),
    ("role", "statement.speaker", rename_role("statement", "speaker", "who"), Moves(rename=Renames(role={"statement.speaker": "who"}))),
    ("label", "GROUP", rename_label("GROUP", "SET"), Moves(rename=Renames(label={"GROUP": "SET"}))),
    ("attribute", "sanction.formality", rename_attribute("sanction", "formality", "form"), Moves(rename=Renames(attribute={"sanction.formality": "form"}))),
    ("value", "statement.channel.unspecified", rename_value("statement", "channel", "unspecified", "na"), Moves(rename=Renames(value={"statement.channel.unspecified": "na"}))),
    ("value", "status.reported", rename_value(None, "status", "reported", "told"), Moves(rename=Renames(value={"status.reported": "told"}))),
    ("relation", "in_response_to", rename_relation("in_response_to", "after"), Moves(rename=Renames(relation={"in_response_to": "after"}))),
]  # fmt: skip


def rows(tasks: list[Json], schema: Schema) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {name: [] for name in views.NAMES}
    for task in tasks:
        document = convert.read_task(task, schema).documents[-1]
        for name in views.NAMES:
            found[name] += [
                row for row in views.rows(name, Sheet(document, schema, True)) if not _drawn(name, row)
            ]
    return found


@cache
def corpus() -> tuple[list[Json], dict[str, list[Json]]]:
    """Some articles of the sample corpus, and the rows that they give."""
    paths = sorted((ROOT / "annotations" / "sample").glob("*.json"))[:25]
    tasks = [json.loads(path.read_bytes()) for path in paths]
    return tasks, rows(tasks, articles.SCHEMA)


def _drawn(view: str, row: Json) -> bool:
    """The pairs without a relation are drawn by what their events are: another name draws others."""
    return view == "relations" and row["label"] == NONE


def differing(one: Any, other: Any, at: str) -> set[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        inner = {key: f"{at}.{key}" if at else key for key in {**one, **other}}
        return {d for key, where in inner.items() for d in differing(one.get(key), other.get(key), where)}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return {d for a, b in zip(one, other, strict=True) for d in differing(a, b, f"{at}[]")}
    return set() if one == other else {at}


@pytest.mark.parametrize(
    ("kind", "name", "edit", "given"), MOVED, ids=[f"{row[0]} {row[1]}" for row in MOVED]
)
def test_the_columns_that_are_named_hold_all_that_changes(
    kind: str, name: str, edit: Edit, given: Moves, schema: Schema, tmp_path: Path
) -> None:
    new = edited("2.0.0", edit)
    march = tmp_path / "annotations" / "march"
    march.mkdir(parents=True)
    before, old_rows = corpus()
    for task in before:
        (march / f"{task['data']['doc_id']}.json").write_text(json.dumps(task), encoding="utf-8")
    plan.write(plan.plan(schema, new, given, tmp_path / "annotations"))
    after = [json.loads(p.read_bytes()) for p in sorted(march.glob("*.json"))]
    new_rows = rows(after, new)
    found = {
        f"{view}.{column}"
        for view in views.NAMES
        for a, b in zip(old_rows[view], new_rows[view], strict=True)
        for column in differing(a, b, "")
    }
    named = set(uses.columns(kind, name)) | {"documents.schema_version", "annotations.schema_version"}
    assert found <= named
    # what no row of these articles shows: the parties of a claim where none of them has the name
    assert {column for column in named - found if not column.startswith("claims.")} == set()


def test_names_that_the_code_knows_are_told(schema: Schema) -> None:
    """A string in the source that is a name of the schema: whoever renames that must look there."""
    of_kind = {
        "type": {name: name for name in schema.types},
        "label": {name: name for name in schema.labels},
        "relation": {name: name for name in schema.relations},
        "value": {value: f"{a.name}.{value}" for a in schema.common.values() for value in a.values},
    }
    found: dict[str, set[str]] = {kind: set() for kind in of_kind}
    for path in (ROOT / "src" / "dateline").rglob("*.py"):
        if {"reasons", "migration"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for kind, names in of_kind.items():
                    found[kind] |= {names[node.value]} if node.value in names else set()
    assert found == {kind: set(names) for kind, names in known.NAMES.items()}, "tell it in migration/known.py"
    given = Moves(rename=Renames(label={"CLAIM": "SAID"}))
    told = changes.compare(schema, edited("2.0.0", rename_label("CLAIM", "SAID")), given)
    assert any(c.name == "CLAIM" and known.NOTE in c.said for c in told)


# The command


def run(*args: object, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "scripts" / "migrate.py"), *map(str, args)]
    return subprocess.run(command, cwd=cwd, env={**os.environ}, capture_output=True, text=True, check=False)


def test_the_command_says_it_first_and_writes_when_asked(tmp_path: Path, schema: Schema) -> None:
    written(tmp_path / "schema", "2.0.0", rename_role("phone_call", "participant", "side"))
    (tmp_path / "moves.toml").write_text('[rename.role]\n"phone_call.participant" = "side"\n')
    annotations = articles.write(
        tmp_path / "annotations", "march", articles.call("d", schema_version="1.0.0")
    )
    before = articles.files_of(annotations)
    dry = run(ROOT / "schema", "--moves", "moves.toml", cwd=tmp_path)
    assert (dry.returncode, articles.files_of(annotations)) == (0, before)
    assert "major  role phone_call.participant: renamed to side" in dry.stdout
    assert "2 uses in 1 annotation of 1 file" in dry.stdout
    assert "events arguments[].role" in dry.stdout
    plain = json.loads(run(ROOT / "schema", "--moves", "moves.toml", "--format", "json", cwd=tmp_path).stdout)
    assert [use["annotator"] for use in plain["changes"][0]["uses"]] == ["a1", "a1"]
    wet = run(ROOT / "schema", "--moves", "moves.toml", "--write", cwd=tmp_path)
    assert (wet.returncode, "1 files written" in wet.stdout) == (0, True)
    assert b'"side"' in articles.files_of(annotations)["march/d.json"]
    again = run(ROOT / "schema", "--moves", "moves.toml", "--write", cwd=tmp_path)
    assert (again.returncode, "0 files written" in again.stdout) == (0, True)


def test_the_command_refuses_a_version_that_is_not_raised(tmp_path: Path) -> None:
    written(tmp_path / "schema", "1.1.0", rename_role("phone_call", "participant", "side"))
    annotations = articles.write(
        tmp_path / "annotations", "march", articles.call("d", schema_version="1.0.0")
    )
    before = articles.files_of(annotations)
    done = run(ROOT / "schema", "--write", cwd=tmp_path)
    assert (done.returncode, articles.files_of(annotations)) == (1, before)
    assert "E106" in done.stdout
    assert "make x-schema-version 2.0.0" in done.stdout


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"$defs": 3}', b'{"$defs": {"event": {}}}', b"\xff", b'{"a":1,"a":2}']
)
def test_what_is_no_schema_is_refused_with_the_reason(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_bytes(content)
    done = run("old.json", ROOT / "schema", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: old.json")
    assert "Traceback" not in done.stderr
    assert run("nothing", ROOT / "schema", cwd=tmp_path).returncode == 2


def test_what_came_under_the_old_screen_meanwhile_is_moved_too(tmp_path: Path, schema: Schema) -> None:
    """Somebody submits on the server between the migration here and the push: pull brings old names home."""
    new = edited("2.0.0", rename_role("phone_call", "participant", "side"))
    given = Moves(rename=Renames(role={"phone_call.participant": "side"}), remove=Removals())
    annotations = articles.write(
        tmp_path / "annotations", "march", articles.call("d", schema_version="1.0.0")
    )
    plan.write(plan.plan(schema, new, given, annotations))
    path = annotations / "march" / "d.json"
    task = json.loads(path.read_text())
    late = {**articles.call("d")["annotations"][0], "completed_by": "a2"}
    path.write_text(json.dumps({**task, "annotations": [*task["annotations"], late]}))
    made = plan.plan(schema, new, given, annotations)
    assert made.counts() == {plan.MOVED: 1}
    plan.write(made)
    assert '"participant"' not in path.read_text()
    assert plan.plan(schema, new, given, annotations).counts() == {plan.DONE: 1}
