"""Articles become tasks, once; what was changed here reaches the server."""

import subprocess
import sys

import pytest
from workbench import TEXT, Bench, call, region

from dateline import people, push, store
from dateline.label_studio import convert
from dateline.model import content

pytestmark = pytest.mark.slow


def test_pushing_twice_makes_each_task_once(bench: Bench) -> None:
    for n in range(3):
        bench.article(f"d{n}", title=f"Story {n}")
    assert bench.push().counts == {"tasks created": 3}
    assert bench.push().counts == {"tasks unchanged": 3}
    tasks = bench.tasks()
    assert sorted(tasks) == ["d0", "d1", "d2"]
    assert tasks["d1"]["data"]["title"] == "Story 1"
    assert tasks["d1"]["data"]["text"] == TEXT


def test_text_comes_back_unchanged(bench: Bench) -> None:
    text = (
        "\ufeff  A\r\nB\u00a0C\tD 👩‍👩‍👧 e\u0301 \u05e9\u05dc\u05d5\u05dd\u202e s3://bucket/key <b>&amp;\n\n"
    )
    bench.article("odd", text)
    bench.push()
    assert bench.tasks()["odd"]["data"]["text"] == text


def test_corrected_metadata_reaches_the_task(bench: Bench) -> None:
    bench.article("d", title="Wrong")
    bench.push()
    bench.article("d", title="Right")
    assert bench.push().counts == {"tasks updated": 1}
    assert bench.tasks()["d"]["data"]["title"] == "Right"


def test_changed_text_is_refused_where_somebody_annotated(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    bench.submit("d", call())
    bench.article("d", "Another text")
    (finding,) = bench.push().findings
    assert (finding.code, finding.doc_id) == ("E821", "d")
    assert finding.url
    assert bench.tasks()["d"]["data"]["text"] == TEXT


def test_changed_text_replaces_a_task_that_nobody_touched(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    bench.article("d", "Another text")
    assert bench.push().counts == {"tasks replaced": 1, "tasks created": 1}
    assert bench.tasks()["d"]["data"]["text"] == "Another text"


def test_records_go_along_as_predictions(bench: Bench) -> None:
    bench.article("d")
    task = {"data": {"doc_id": "d", "text": TEXT}, "annotations": [{"completed_by": "m1", "result": call()}]}
    bench.push(records=tuple(convert.read_task(task, bench.schema).documents))
    (prediction,) = bench.tasks()["d"]["predictions"]
    assert prediction["model_version"] == "m1"
    again = {**task, "annotations": [{"completed_by": "m1", "result": prediction["result"]}]}
    before, after = (convert.read_task(t, bench.schema).documents[0] for t in (task, again))
    assert content(before) == content(after)


def test_each_annotator_gets_a_project_without_the_others_work(bench: Bench) -> None:
    bench.article("d")
    made = [{"completed_by": who, "result": [region("x", "Acme", "ORG")]} for who in ("a1", "a2")]
    bench.write("d", {"data": {"doc_id": "d", "text": TEXT}, "annotations": made})
    bench.push(annotators=("a1", "a2"), with_annotations=True)
    assert [p.annotator for p in bench.projects()] == ["a1", "a2"]
    assert [len(bench.tasks(who)["d"]["annotations"]) for who in ("a1", "a2")] == [1, 1]
    bench.pull()
    assert {a["completed_by"]: a["project"] for a in bench.file("d")["annotations"]} == {
        p.annotator: p.id for p in bench.projects()
    }
    assert bench.push().counts["tasks unchanged"] == 2


def test_a_local_change_is_kept_by_pull_and_brought_by_push(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    bench.submit("d", call())
    bench.pull()
    task = bench.file("d")
    task["annotations"][0]["result"].append(region("c", "Acme", "ORG"))
    bench.write("d", task)
    done = bench.pull()
    assert [change.kind for change in done.changes] == ["waiting"]
    assert len(bench.file("d")["annotations"][0]["result"]) == len(call()) + 1
    assert bench.push().counts["annotations changed"] == 1
    assert len(bench.tasks()["d"]["annotations"][0]["result"]) == len(call()) + 1
    before = bench.bytes()
    assert (bench.pull().changes, bench.bytes()) == ([], before)
    assert "annotations changed" not in bench.push().counts


def test_push_does_not_overwrite_what_changed_on_the_server(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    number = bench.submit("d", call())
    bench.pull()
    task = bench.file("d")
    task["annotations"][0]["result"].append(region("c", "Acme", "ORG"))
    bench.write("d", task)
    bench.client.update_annotation(number, {"result": call()[:3]})
    (finding,) = bench.push().findings
    assert (finding.code, finding.file) == ("E822", str(bench.annotations / bench.batch / "d.json"))
    assert len(bench.tasks()["d"]["annotations"][0]["result"]) == 3


def test_new_local_annotations_go_when_asked_for_and_once(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    new = {"completed_by": "judge", "ground_truth": True, "from": ["a1", "a2"], "guideline_version": "0.9"}
    bench.write("d", {"data": {"doc_id": "d", "text": TEXT}, "annotations": [{**new, "result": call()}]})
    assert "annotations created" not in bench.push().counts
    assert bench.push(with_annotations=True).counts["annotations created"] == 1
    assert "annotations created" not in bench.push(with_annotations=True).counts
    (there,) = bench.tasks()["d"]["annotations"]
    assert there["ground_truth"] is True
    bench.write("d", {"data": {"doc_id": "d", "text": TEXT}, "annotations": []})
    bench.pull()  # the server knows who made it, whatever became of the file
    (back,) = bench.file("d")["annotations"]
    assert {key: back[key] for key in new} == new


def test_of_two_new_annotations_by_one_annotator_one_goes(bench: Bench) -> None:
    bench.article("d")
    made = [{"completed_by": "m1", "result": result} for result in (call(), call()[:2])]
    bench.write("d", {"data": {"doc_id": "d", "text": TEXT}, "annotations": made})
    for _ in range(2):
        assert [f.code for f in bench.push(with_annotations=True).findings] == ["W828"]
        assert len(bench.tasks()["d"]["annotations"]) == 1
    bench.pull()
    assert sorted(len(a["result"]) for a in bench.file("d")["annotations"]) == [2, 5]


def test_a_new_article_has_one_home(bench: Bench) -> None:
    for name in ("old", "new"):
        bench.article(name)
    bench.write("old", {"data": {"doc_id": "old", "text": TEXT}, "annotations": []})

    def planned(batch: str | None = None) -> dict[str, list[str]]:
        return {name: [a.doc_id for a in arts] for name, arts in push.plan(bench.annotations, batch).items()}

    assert planned() == {bench.batch: ["new", "old"]}
    second = bench.annotations / "second"
    second.mkdir()
    assert planned() == {bench.batch: ["old"], "main": ["new"], "second": []}
    assert planned("second") == {"second": ["new"]}


def test_what_another_batch_has_on_the_server_is_not_pushed_twice(bench: Bench) -> None:
    bench.article(f"sent-{bench.batch}")
    bench.push()
    bench.article(f"new-{bench.batch}")
    (bench.annotations / "first").mkdir()
    (bench.annotations / "second").mkdir()

    def planned(batch: str | None = None) -> dict[str, list[str]]:
        there = push.listing(bench.client, bench.annotations, batch)
        found = push.plan(bench.annotations, batch, there)
        return {name: [a.doc_id.partition("-")[0] for a in articles] for name, articles in found.items()}

    assert planned() == {bench.batch: ["sent"], "main": ["new"], "first": [], "second": []}
    assert planned("second") == {"second": ["new"]}
    assert planned(bench.batch) == {bench.batch: ["new", "sent"]}


def test_without_articles_no_project_and_no_folder_is_made(bench: Bench) -> None:
    done = bench.push()
    assert (done.projects, done.counts, bench.projects()) == ([], {}, [])
    bench.article("d")
    bench.push()
    bench.pull()
    assert not (bench.annotations / bench.batch).exists(), "nobody has annotated anything yet"


@pytest.mark.parametrize(
    ("batch", "articles", "new", "said"),
    [
        (
            "calitodya",
            0,
            False,
            r"no batch 'calitodya'; did you mean 'calitoday'\? \(there is: calitoday, spring; no",
        ),
        ("calitodya", 0, True, "no article is left"),
        ("summer", 1, False, r"no batch 'summer' \(.*; --new makes it, with 1 article that no batch has"),
        ("main", 0, False, "no batch 'main'"),
        ("articles", 1, True, "no name for a batch"),
        ("summer", 1, True, None),
        ("main", 1, False, None),
        ("calitoday", 0, False, None),
        ("spring", 0, False, None),
    ],
)
def test_a_batch_that_there_is_not(tmp_path, batch: str, articles: int, new: bool, said: str | None) -> None:
    """One is here, the other on the server."""
    (tmp_path / "calitoday").mkdir()
    order = push.Order(batch, new=new)
    if said is None:
        push.check_known(tmp_path, order, ["spring"], articles)
    else:
        with pytest.raises(store.StoreError, match=said):
            push.check_known(tmp_path, order, ["spring"], articles)


def test_the_command_makes_a_new_batch_only_when_asked_to(
    bench: Bench, label_studio, root, monkeypatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", bench.client.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", label_studio.access.token)
    bench.article(f"only-{bench.batch}")
    (bench.annotations / people.FILE).write_text("email,annotator\nann@b.c,a1\n")

    def pushed(*given: str) -> subprocess.CompletedProcess[str]:
        places = ["--annotations", bench.annotations, "--schema", root / "schema"]
        command = [sys.executable, root / "scripts/push.py", bench.batch, *given, *places]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=120)

    refused = pushed()
    assert (refused.returncode, "--new makes it, with 1 article" in refused.stderr) == (2, True), refused
    assert bench.projects() == []
    done = pushed("--new", "--annotators", "a1,a3")
    assert (done.returncode, f"{bench.batch}: 2 tasks created" in done.stdout) == (0, True), done
    (note,) = done.stderr.splitlines()
    assert note.endswith("people.csv does not say who is a3: add it before anything is pulled")
    assert pushed().stdout.endswith(f"{bench.batch}: 2 tasks unchanged\n"), "the server has it now"


def test_everything_in_annotations_makes_the_round_trip(sample: Bench) -> None:
    before = {p.stem: sample.file(p.stem) for p in (sample.annotations / sample.batch).iterdir()}
    sample.push(with_annotations=True)
    for doc_id in before:  # the server is the only one left who knows
        store_path = sample.annotations / sample.batch / f"{doc_id}.json"
        store_path.unlink()
    sample.pull()
    for doc_id, task in before.items():
        old = convert.read_task(task, sample.schema).documents
        new = convert.read_task(sample.file(doc_id), sample.schema).documents
        assert [d.annotation.annotator for d in old] == [d.annotation.annotator for d in new]
        for one, other in zip(old, new, strict=True):
            assert content(one) == content(other)
            assert [m.region for m in one.mentions] == [m.region for m in other.mentions]
            assert one.source == other.source
            for key in ("ground_truth", "from_", "pre_annotated", "guideline_version", "lead_time"):
                assert getattr(one.annotation, key) == getattr(other.annotation, key), key
