"""The loss report: what the views leave out is counted by view and kind, and listed item by item."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, call, made, marked, run, write
from test_claims import chosen
from test_load import DISPUTE, card

from dateline import loss_report, making, views
from dateline.views import Loss, Sheet

TWICE = "[Ann Lee|PERSON #a] [phoned|phone_call participant=a,b] [Bo Ek|PERSON #b]. Ann Lee is well, [Al|PERSON] too: {}."


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A dataset of two calls, in one of which a name stands twice and another name has no role."""
    tasks = [marked("twice", TWICE.format("twice")), call("once"), marked("dispute", DISPUTE.format("it"))]
    path = made(write(tmp_path / "annotations", "b", *tasks), tmp_path / "exports").path
    assert path is not None
    return path


def test_manifest_card_and_list_tell_the_same(exported: Path) -> None:
    said = json.loads((exported / "manifest.json").read_bytes())
    listed = [json.loads(line) for line in (exported / "losses.jsonl").read_text("utf-8").splitlines()]
    counted = Counter((loss["view"], loss["kind"]) for loss in listed)
    kinds = {(view, kind): one for view, kinds in said["losses"].items() for kind, one in kinds.items()}
    assert {place: one["count"] for place, one in kinds.items() if one["count"]} == dict(counted)
    assert {view: list(one) for view, one in said["losses"].items()} == {
        view.name: list(view.policies) for view in views.VIEWS.values() if view.policies
    }
    body = card(exported)[1]
    for (view, kind), one in kinds.items():
        assert f"| {view} | {kind.replace('_', '_')} | {one['count']} |" in body
        of_kind = [loss for loss in listed if (loss["view"], loss["kind"]) == (view, kind)]
        assert [{"view": view, "kind": kind, **item} for item in one["first"]] == of_kind[: loss_report.FIRST]
    assert kinds["instruct", "place"]["first"] == [
        {"doc_id": "twice", "event": "e1", "role": "participant", "mention": "m1", "start": 0, "end": 7,
         "text": "Ann Lee"}
    ]  # fmt: skip
    assert [item["text"] for item in kinds["instruct", "mention"]["first"]] == ["Al"]


def test_every_other_file_is_in_the_manifest_with_its_hash_and_lines(exported: Path) -> None:
    said = json.loads((exported / "manifest.json").read_bytes())
    there = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()}
    assert there == {*said["files"], *said["extras"], "manifest.json"}
    texts = {"README.md", "croissant.json", "schema.json", "instruct/schema.json", "losses.jsonl"}
    assert texts == set(said["extras"])
    for name, told in said["extras"].items():
        data = (exported / name).read_bytes()
        assert (told["bytes"], told["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert told.get("rows") == (data.count(b"\n") if name.endswith(".jsonl") else None)


def test_a_dataset_that_loses_nothing_has_no_list(tmp_path: Path) -> None:
    path = made(write(tmp_path / "annotations", "b", call("once")), tmp_path / "exports").path
    assert path is not None
    said = json.loads((path / "manifest.json").read_bytes())
    assert not (path / "losses.jsonl").exists()
    assert loss_report.totals(said["losses"]) == {}


def test_the_command_says_the_totals_in_a_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", marked("twice", TWICE.format("twice")))
    done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", tmp_path / "exports")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("not in a view: ")]
    assert "instruct 2" in line
    assert "losses.jsonl" in line


def test_every_loss_of_the_corpus_is_of_a_stated_kind_and_has_the_words_of_its_place() -> None:
    for document in chosen("sample"):
        sheet = Sheet(document, SCHEMA)
        for view in views.NAMES:
            _, losses = making.made(view, sheet)
            assert {loss.kind for loss in losses} <= set(views.VIEWS[view].policies)
            assert {(loss.view, loss.doc_id) for loss in losses} <= {(view, document.doc_id)}
            for loss in losses:
                assert loss.start is None or document.text[loss.start : loss.end] == loss.text
        assert sheet.losses == []  # a sheet can be worked on again and gives the same


def test_lines_are_read_back_and_the_manifest_stays_small() -> None:
    losses = [Loss(view="v", kind="k", doc_id=f"d{n}", start=n, end=n + 1, text="\u2028é") for n in range(99)]
    assert loss_report.read(loss_report.lines(losses)) == losses
    told = loss_report.report(losses, {"v": {"k": "policy", "other": "another"}, "w": {}})
    assert {kind: one["count"] for kind, one in told["v"].items()} == {"k": 99, "other": 0}
    assert (list(told), len(told["v"]["k"]["first"])) == (["v"], loss_report.FIRST)
