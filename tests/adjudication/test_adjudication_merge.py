"""From files to ground truth: what is written, what is left alone, and that doing it again changes nothing."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from adjudicating import BATCH, bytes_of, folder, stored_task
from articles import ROOT, SCHEMA, Json, made, marked

from dateline import adjudication, agreement, reading, resolve, store, stored_batch
from dateline.adjudication import truth
from dateline.adjudication.merge import merge
from dateline.adjudication.origins import refs
from dateline.adjudication.policy import parse

CALL = "[Ann Lee|PERSON #a] [phoned|phone_call participant=a,b{}] [Bo Ek|PERSON #b] on [Monday|TIME #t]."
PLAIN, TIMED = CALL.format(""), CALL.format(" time=t")
SAMPLE = ROOT / "annotations" / "sample"


def run(home: Path, policy: str = "majority", **how: Any) -> adjudication.Merging:
    return merge(home, BATCH, SCHEMA, parse(policy), **how)


def test_what_the_policy_settles_becomes_ground_truth_beside_the_others(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    before = stored_task(home)["annotations"]
    done = run(home)
    assert (done.counts, done.written, done.findings) == ({"settled": 1}, ["d1"], [])
    *others, made_ = stored_task(home)["annotations"]
    assert others == before
    assert made_["ground_truth"] and made_["completed_by"] == "merge" and made_["from"] == ["a1", "a2", "a3"]
    items = [ref for group in made_["adjudication"]["items"] for ref in group["items"]]
    assert sorted(items) == sorted(ref for result in made_["result"] for ref in refs(result))
    (settled,) = [group for group in made_["adjudication"]["items"] if group["how"] == "majority"]
    assert settled["from"] == ["a1", "a2"] and settled["items"][0].endswith(" time")


def test_a_second_merge_changes_no_byte(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    run(home)
    before = bytes_of(home)
    assert (run(home).written, bytes_of(home)) == ([], before)


def test_the_order_of_the_annotations_changes_no_byte(tmp_path: Path) -> None:
    task = marked("d1", TIMED, PLAIN, TIMED)
    turned = {**task, "annotations": task["annotations"][::-1]}
    found = []
    for n, one in enumerate((task, turned)):
        home = folder(tmp_path / str(n), one)
        run(home)
        found.append(bytes_of(home))
    assert found[0] == found[1]


def test_a_dry_run_writes_nothing_and_says_what_it_would(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    before = bytes_of(home)
    assert run(home, dry_run=True).written == ["d1"]
    assert bytes_of(home) == before


def test_equal_annotations_need_no_ground_truth(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED))
    before = bytes_of(home)
    assert run(home).counts == {"agreed": 1}
    assert bytes_of(home) == before


def test_conflicts_are_listed_with_both_readings_and_nothing_is_written(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, PLAIN), marked("d2", PLAIN))
    done = run(home)
    assert done.counts == {"open": 1, "single": 1} and done.written == []
    (question,) = done.articles[0].questions
    assert {r.says: done.articles[0].behind(r) for r in question.readings} == {
        "time «Monday»": ["a1"],
        "no role": ["a2"],
    }


def with_errors(path: Path, doc_id: str = "d1") -> Path:
    """A batch whose one article has two annotations, of which one is not sound."""
    task = marked(doc_id, TIMED, PLAIN)
    task["annotations"][1]["result"][0]["value"]["text"] = "other words"
    return folder(path, task)


def test_for_articles_with_errors_the_command_that_shows_them_is_said(tmp_path: Path) -> None:
    home = with_errors(tmp_path)
    command = [sys.executable, "scripts/adjudicate.py", "merge", BATCH, "--annotations", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"make validate ARGS={home / BATCH} says which" in done.stdout
    assert "1 article is left out and not settled" in done.stdout


def test_a_push_knows_the_articles_that_nobody_is_asked_about(tmp_path: Path) -> None:
    class NoProjects:
        def projects(self) -> list[Json]:
            return []

    client: Any = NoProjects()
    done = adjudication.push(client, with_errors(tmp_path), BATCH, SCHEMA, parse("unanimous"))
    assert (done.conflicts, done.left_out, done.project) == (0, ["d1"], None)


def with_truth(path: Path, **keys: Any) -> Path:
    task = marked("d1", TIMED, TIMED, PLAIN)
    person = {**task["annotations"][2], "completed_by": "a9", "ground_truth": True, **keys}
    return folder(path, {**task, "annotations": [*task["annotations"], person]})


def test_a_persons_ground_truth_stays_unless_told(tmp_path: Path) -> None:
    home = with_truth(tmp_path, id=7, origin="abc", base="def")
    before = bytes_of(home)
    assert run(home).counts == {"decided": 1}
    assert bytes_of(home) == before
    assert run(home, replace=True).written == ["d1"]
    (made_,) = [a for a in stored_task(home)["annotations"] if a["ground_truth"]]
    assert made_["completed_by"] == "merge"
    assert [made_[key] for key in ("id", "origin", "base")] == [7, "abc", "def"]


def test_a_merged_ground_truth_that_somebody_mended_stays(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    run(home)
    task = stored_task(home)
    task["annotations"][-1]["result"].pop()
    folder(tmp_path, task)
    done = run(home)
    assert (done.counts, [f.code for f in done.findings]) == ({"decided": 1}, ["W832"])
    assert stored_task(home) == task


def test_a_merge_goes_with_its_annotations(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    run(home)
    task = stored_task(home)
    fresh = marked("d1", PLAIN, PLAIN, TIMED)["annotations"]
    folder(tmp_path, {**task, "annotations": [*fresh, task["annotations"][-1]]})
    assert run(home).written == ["d1"]
    assert not any("time" in r.get("labels", ()) for r in stored_task(home)["annotations"][-1]["result"])


def test_a_merge_that_is_no_longer_settled_is_told(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    run(home)
    assert [f.code for f in run(home, "unanimous").findings] == ["W830"]


def test_an_annotation_with_errors_is_left_out_and_named(tmp_path: Path) -> None:
    task = marked("d1", TIMED, PLAIN)
    task["annotations"][1]["result"][0]["value"]["labels"] = ["NOBODY"]
    done = run(folder(tmp_path, task))
    assert [(a.state, a.names) for a in done.articles] == [("with errors", ("a2",))]


def test_what_would_not_pass_the_checks_is_not_written(tmp_path: Path) -> None:
    """Three see three speakers: of each, two of three say that it is none, and a denial needs one."""
    text = "[Ann|PERSON #a], [Bo|PERSON #b] and [Cy|PERSON #c] [denied|press_denial speaker={} denied_claim=x strength=plain] [it|CLAIM #x]."
    home = folder(tmp_path, marked("d1", *(text.format(x) for x in "abc")))
    before = bytes_of(home)
    done = run(home)
    assert done.counts == {"not sound when merged": 1} and [f.code for f in done.findings] == ["E833"]
    assert "E403" in done.findings[0].message and "speaker" in done.findings[0].message
    assert bytes_of(home) == before


def test_the_export_takes_what_was_merged(tmp_path: Path) -> None:
    home = folder(tmp_path / "annotations", marked("d1", TIMED, TIMED, PLAIN), marked("d2", PLAIN, PLAIN))
    run(home)
    outcome = made(home, tmp_path / "exports", BATCH)
    assert dict(outcome.reasons) == {resolve.GROUND_TRUTH: 1, resolve.EQUAL: 1}


def test_agreement_takes_no_notice_of_what_was_merged(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))

    def measured() -> list[Any]:
        items = reading.read([home / BATCH], SCHEMA)
        return agreement.measure((item.documents for item in items), SCHEMA, resamples=20).rows

    before = measured()
    run(home)
    assert measured() == before


# The corpus


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus without its ground truths."""
    home = tmp_path_factory.mktemp("bare")
    shutil.copytree(ROOT / "annotations" / "articles", home / "articles")
    for path in SAMPLE.glob("*.json"):
        task = stored_batch.read_task(path)
        task["annotations"] = [a for a in task["annotations"] if not a["ground_truth"]]
        target = home / "sample" / path.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(store.task_text(task), encoding="utf-8")
    return home


def human(doc_id: str) -> Json:
    return truth.existing(stored_batch.read_task(SAMPLE / f"{doc_id}.json")) or {}


def places(results: list[Json]) -> set[tuple[Any, ...]]:
    """What results say, by place in the text in place of region ids."""
    at = {
        r["id"]: (r["value"]["start"], r["value"]["end"], *r["value"]["labels"])
        for r in results
        if r["type"] == "labels"
    }
    found: set[tuple[Any, ...]] = set(at.values())
    for r in results:
        if r["type"] == "relation":
            found |= {(at[r["from_id"]], at[r["to_id"]], label) for label in r.get("labels", [None])}
    return found


def test_nearly_all_that_both_agree_on_stands_in_the_adjudicated_annotation(bare: Path) -> None:
    """The adjudicator may overrule both, and did so for one mark; more would mean that the merge makes things up."""
    done = merge(bare, "sample", SCHEMA, parse("unanimous"), dry_run=True)
    assert done.counts == {"open": 18, "single": 36}
    total = kept = 0
    for article in done.articles:
        if article.plan is not None:
            agreed = adjudication_of(article.plan)
            spans = {p for p in places(agreed) if not isinstance(p[0], tuple)}
            total += len(spans)
            kept += len(spans & places(human(article.doc_id)["result"]))
    assert kept / total > 0.99, (kept, total)


def adjudication_of(found: Any) -> list[Json]:
    from dateline.adjudication.merged import merged

    return merged(found, found.choices, SCHEMA).results


def test_preferring_an_annotator_settles_the_whole_corpus(bare: Path, tmp_path: Path) -> None:
    home = tmp_path / "annotations"
    shutil.copytree(bare, home)
    done = merge(home, "sample", SCHEMA, parse("prefer machine-b"))
    assert done.counts == {"settled": 18, "single": 36} and done.findings == []
    again = {p.name: p.read_bytes() for p in (home / "sample").iterdir()}
    assert merge(home, "sample", SCHEMA, parse("prefer machine-b")).written == []
    assert {p.name: p.read_bytes() for p in (home / "sample").iterdir()} == again
    outcome = made(home, tmp_path / "exports", "sample")
    assert dict(outcome.reasons) == {resolve.GROUND_TRUTH: 18, resolve.ONLY: 36}


# The command


def command(*args: object) -> "subprocess.CompletedProcess[str]":
    script = [sys.executable, str(ROOT / "scripts" / "adjudicate.py"), *map(str, args)]
    return subprocess.run(
        [*script, "--schema", str(ROOT / "schema")], capture_output=True, text=True, check=False
    )


def test_the_command_lists_and_writes(tmp_path: Path) -> None:
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN), marked("d2", TIMED, PLAIN))
    done = command("merge", BATCH, "--policy", "majority", "--annotations", home)
    assert done.returncode == 0, done.stderr
    assert "d2: 1 conflict\n" in done.stdout and "role of «Monday» in phone_call «phoned»" in done.stdout
    assert "b1, majority: 1 open, 1 settled" in done.stdout and "written: d1" in done.stdout
    assert done.stdout.startswith("\nd2: ") and "\\" not in done.stdout


ODD = [
    None,
    "by",
    [1],
    {},
    {"items": None},
    {"items": {"how": 1}},
    {"items": [None, {"how": "x"}, {"items": [1]}]},
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_how_a_ground_truth_came_about_may_be_out_of_shape(tmp_path: Path, odd: Any) -> None:
    """It is then nobody's but the hand's that wrote it: kept, unless it is to be made anew."""
    home = folder(tmp_path, marked("d1", TIMED, TIMED, PLAIN))
    run(home)
    task = stored_task(home)
    (made_,) = [a for a in task["annotations"] if a["ground_truth"]]
    made_[truth.KEY] = odd
    path = store.task_path(home, BATCH, "d1")
    path.write_text(store.task_text(task), encoding="utf-8")
    before = bytes_of(home)
    assert truth.summary(made_) == {}
    done = run(home)
    assert (done.counts, done.items, bytes_of(home)) == ({"decided": 1}, {}, before)
    assert {f.code for f in done.findings} == ({"W832"} if isinstance(odd, dict) else set())
    assert run(home, replace=True).written == ["d1"]
    assert truth.summary(truth.existing(stored_task(home)) or {})["majority"] == 1


@pytest.mark.parametrize("args", [("--policy", "coin"), ("--policy", "prefer")])
def test_an_unknown_policy_is_told_with_what_is_known(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = command("merge", BATCH, *args, "--annotations", folder(tmp_path, marked("d1", PLAIN)))
    assert done.returncode == 2 and "unanimous, majority, or prefer NAME" in done.stderr


def test_an_unknown_batch_is_told(tmp_path: Path) -> None:
    done = command("merge", "nowhere", "--annotations", folder(tmp_path, marked("d1", PLAIN)))
    assert done.returncode == 2 and done.stderr.startswith("error:") and "nowhere" in done.stderr
