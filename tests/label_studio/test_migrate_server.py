"""A schema that changes under annotations on a server: migrate here, push, and nothing is orphaned or left behind."""

import pytest
from schema_edits import edited, rename_attribute, rename_label, rename_role, rename_type
from workbench import TEXT, Bench, call, region

from dateline import push, schema, store
from dateline.label_studio import config
from dateline.migration import plan
from dateline.migration.moves import Moves, Renames

MOVES = Moves(
    rename=Renames(
        type={"phone_call": "call"},
        role={"phone_call.participant": "side"},
        attribute={"phone_call.medium": "channel"},
        label={"ORG": "BODY"},
    )
)


@pytest.fixture
def new() -> schema.Schema:
    return edited(
        "2.0.0",
        rename_type("phone_call", "call"),
        rename_role("call", "participant", "side"),
        rename_attribute("call", "medium", "channel"),
        rename_label("ORG", "BODY"),
    )


def answered() -> list[dict]:
    value = {"start": TEXT.index("phoned"), "end": TEXT.index("phoned") + 6, "choices": ["video"]}
    answer = {
        "id": "t",
        "from_name": "phone_call__medium",
        "to_name": "text",
        "type": "choices",
        "value": value,
    }
    return [*call(), answer, region("o", "Acme", "ORG")]


def migrated(bench: Bench, new: schema.Schema) -> plan.Plan:
    made = plan.plan(bench.schema, new, MOVES, bench.annotations)
    plan.write(made)
    bench.schema = new
    return made


@pytest.mark.slow
def test_migrate_then_push_brings_annotations_and_config(bench: Bench, new: schema.Schema) -> None:
    bench.article("d")
    bench.article("untouched")
    bench.push()
    number = bench.submit("d", answered())
    bench.pull()
    assert migrated(bench, new).counts() == {"moved": 1}
    done = bench.push(update_config=True)
    assert done.findings == []
    assert done.counts["annotations changed"] == 1
    assert done.counts["configs updated"] == 1
    (project,) = bench.projects()
    assert bench.client.project(project.id)["label_config"].split() == config.xml(new).split()
    there = bench.tasks()
    (annotation,) = there["d"]["annotations"]
    assert annotation["id"] == number
    said = {r.get("from_name") for r in annotation["result"]}
    assert "call__channel" in said and "phone_call__medium" not in said
    assert {task["data"]["schema_version"] for task in there.values()} == {"2.0.0"}
    before = bench.bytes()
    assert (bench.pull().changes, bench.bytes()) == ([], before)
    again = bench.push(update_config=True)
    assert (again.findings, set(again.counts)) == ([], {"tasks unchanged"})
    assert store.task_path(bench.annotations, bench.batch, "d").exists()


@pytest.mark.slow
def test_what_comes_under_the_old_screen_meanwhile_is_moved_by_the_next_run(
    bench: Bench, new: schema.Schema
) -> None:
    bench.article("d")
    bench.push()
    bench.submit("d", answered())
    bench.pull()
    old = bench.schema
    migrated(bench, new)
    bench.submit("d", call())  # somebody else, on the screen that is still the old one
    refused = bench.push(update_config=True)
    assert {f.code for f in refused.findings} == {"E825", "W826"}
    bench.pull()
    bench.schema = old
    assert migrated(bench, new).counts() == {"moved": 1}
    done = bench.push(update_config=True)
    assert (done.findings, done.counts["configs updated"]) == ([], 1)
    (project,) = bench.projects()
    assert push.check_config(bench.client, new, project).loses is False
