"""A config on the server that is not the schema's: named, with what an update would orphan."""

import shutil
from pathlib import Path

import pytest
from workbench import Bench, call, region

from dateline import drift, push, schema
from dateline.label_studio import config

OLD = """<View><Labels name="trigger" toName="text"><Label value="phone_call"/><Label value="chat"/></Labels>
<Choices name="status" toName="text"><Choice value="asserted"/></Choices><Text name="text" value="$text"/></View>"""
NEW = OLD.replace('<Label value="chat"/>', '<Label value="talk"/>').replace('"status"', '"state"')


def test_what_differs_is_named() -> None:
    found = drift.compare(OLD, NEW)
    assert found.lost == [("trigger", "chat"), ("status", None)]
    assert found.new == [("trigger", "talk"), ("state", None)]
    assert not drift.compare(OLD, OLD)
    assert drift.compare(OLD, OLD.replace('value="chat"', 'value="chat" background="red"')).cosmetic


def test_what_an_update_would_orphan_is_counted() -> None:
    found = drift.compare(OLD, NEW)
    status = {"id": "x", "from_name": "status", "type": "choices", "value": {"choices": ["asserted"]}}
    task = {
        "id": 3,
        "data": {"doc_id": "d"},
        "annotations": [{"id": 7, "result": [status, status, {"foo": 1}]}],
    }
    drift.count_uses(found, [task])
    assert found.uses == {("status", None, "d", 7): 2}
    (orphans, rest) = drift.findings(found, "p")
    assert (orphans.code, orphans.doc_id, "d (annotation 7): 2" in orphans.message) == ("E825", "d", True)
    assert (rest.code, "trigger=chat" in rest.message, "trigger=talk" in rest.message) == ("W826", True, True)


@pytest.mark.parametrize("text", ["", "<View", '<!DOCTYPE x [<!ENTITY a "b">]><View/>'])
def test_what_is_no_config_has_no_controls(text: str) -> None:
    assert drift.controls(text) == {}


def renamed(bench: Bench, tmp_path: Path, root: Path) -> schema.Schema:
    """The schema without the event type phone_call, with one called talk in its place."""
    folder = tmp_path / "schema"
    shutil.copytree(root / "schema", folder)
    old = folder / "events/phone_call.schema.json"
    text = (
        old.read_text()
        .replace("events/phone_call", "events/talk")
        .replace('"title": "phone_call"', '"title": "talk"')
    )
    (folder / "events/talk.schema.json").write_text(text)
    old.unlink()
    return schema.load(folder)


@pytest.mark.slow
def test_update_config_changes_what_loses_nothing_and_refuses_the_rest(
    bench: Bench, tmp_path: Path, root: Path
) -> None:
    bench.article("d")
    bench.push()
    old, bench.schema = bench.schema, renamed(bench, tmp_path, root)
    assert [f.code for f in bench.push().findings] == ["W826"]
    assert bench.push(update_config=True).counts["configs updated"] == 1
    assert bench.push(update_config=True).findings == []
    bench.schema = old
    bench.push(update_config=True)
    number = bench.submit("d", call())
    bench.schema = renamed(bench, tmp_path / "again", root)
    done = bench.push(update_config=True)
    (project,) = done.projects
    assert {f.code for f in done.findings} == {"E825", "W826"}
    assert f"d (annotation {number}): 1" in next(f.message for f in done.findings if f.code == "E825")
    assert drift.compare(project.config, config.xml(old)).lost == []
    assert bench.client.project(project.id)["label_config"] == project.config
    bench.client.update_annotation(number, {"result": [region("a", "Acme", "ORG")]})
    assert push.check_config(bench.client, bench.schema, bench.projects()[0]).loses is False
