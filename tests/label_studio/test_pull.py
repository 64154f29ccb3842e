"""Three ways into one: what changed where, and what is never lost."""

import csv

import pytest
from workbench import Bench, call, region

from dateline import people
from dateline.label_studio import projects

pytestmark = pytest.mark.slow


@pytest.fixture
def pulled(bench: Bench) -> tuple[Bench, int]:
    """An article that one person annotated, pulled."""
    bench.article("d")
    bench.push()
    number = bench.submit("d", call(), lead_time=12.5)
    bench.pull()
    return bench, number


def test_an_annotation_is_stored_without_what_changes_by_itself(pulled: tuple[Bench, int]) -> None:
    bench, number = pulled
    task = bench.file("d")
    (annotation,) = task["annotations"]
    (project,) = bench.projects()
    assert "findings" not in task["data"]
    assert list(annotation) == [
        *("id", "task", "project", "origin", "base", "completed_by", "was_cancelled", "ground_truth"),
        *("lead_time", "guideline_version", "result"),
    ]
    assert (annotation["id"], annotation["project"], annotation["lead_time"]) == (number, project.id, 12.5)
    assert sorted(map(str, annotation["result"])) == sorted(map(str, call()))


def test_a_second_pull_changes_no_byte(pulled: tuple[Bench, int]) -> None:
    bench, _ = pulled
    before = bench.bytes()
    done = bench.pull()
    assert (done.written, done.changes, bench.bytes()) == ([], [], before)


def test_people_are_pseudonyms(pulled: tuple[Bench, int], user: int) -> None:
    bench, _ = pulled
    bench.submit("d", [], completed_by=user)
    bench.pull()
    assert [a["completed_by"] for a in bench.file("d")["annotations"]] == ["a1", "a2"]
    assert b"@" not in b"".join(bench.bytes().values())
    path = bench.annotations / people.FILE
    assert path.stat().st_mode & 0o077 == 0
    rows = list(csv.reader(path.open()))
    assert rows[0] == ["email", "annotator"]
    assert [row[1] for row in rows[1:]] == ["a1", "a2"]


def test_an_account_whose_name_the_map_gives_to_another_gets_a_new_one(pulled: tuple[Bench, int]) -> None:
    bench, _ = pulled
    path = bench.annotations / people.FILE
    path.write_text("email,annotator\nann@news.example,a1\n")
    done = bench.pull()
    assert done.renamed == {("a1", "a2")}
    assert [a["completed_by"] for a in bench.file("d")["annotations"]] == ["a2"]
    assert [row[1] for row in csv.reader(path.open())] == ["annotator", "a1", "a2"]
    assert bench.pull().renamed == set()


def test_a_lost_map_is_learnt_from_the_files(pulled: tuple[Bench, int], user: int) -> None:
    bench, _ = pulled
    bench.submit("d", [], completed_by=user)
    bench.pull()
    before = bench.bytes()
    (bench.annotations / people.FILE).unlink()
    bench.pull()
    assert bench.bytes() == before


def test_a_change_on_the_server_is_taken_and_what_went_is_told(pulled: tuple[Bench, int]) -> None:
    bench, number = pulled
    bench.client.update_annotation(number, {"result": [*call()[:3], region("c", "Acme", "ORG")]})
    (change,) = bench.pull().changes
    assert change.kind == "taken"
    assert change.gained == ("ORG «Acme» [51:55]",)
    assert [line.split(" [")[0] for line in change.lost] == ["phone_call «phoned»", "phone_call «phoned»"]
    assert len(bench.file("d")["annotations"][0]["result"]) == 4


@pytest.mark.parametrize("side", [None, "ours", "theirs"])
def test_a_change_on_both_sides_is_a_conflict(pulled: tuple[Bench, int], side: str | None) -> None:
    bench, number = pulled
    task = bench.file("d")
    task["annotations"][0]["result"].append(region("c", "Acme", "ORG"))
    bench.write("d", task)
    bench.client.update_annotation(number, {"result": call()[:3]})
    before = bench.bytes()
    done = bench.pull(side)
    here = len(bench.file("d")["annotations"][0]["result"])
    if side is None:
        (finding,) = done.findings
        assert (finding.code, finding.doc_id) == ("E822", "d")
        assert finding.file == str(bench.annotations / bench.batch / "d.json")
        assert "Only here: " in finding.message
        assert "ORG «Acme»" in finding.message
        assert bench.bytes() == before
    elif side == "ours":
        assert (here, [c.kind for c in done.changes]) == (6, ["kept"])
        assert bench.push().counts["annotations changed"] == 1
        assert len(bench.tasks()["d"]["annotations"][0]["result"]) == 6
    else:
        assert (here, [c.kind for c in done.changes]) == (3, ["taken"])
    if side:
        assert bench.pull().findings == []


def test_what_is_gone_from_the_server_is_kept_and_reported(pulled: tuple[Bench, int]) -> None:
    bench, number = pulled
    before = bench.bytes()
    bench.client.delete_annotation(number)
    assert [f.code for f in bench.pull().findings] == ["W824"]
    bench.client.delete_task(bench.tasks()["d"]["id"])
    assert [f.code for f in bench.pull().findings] == ["W824"]
    assert bench.bytes() == before


def test_somebody_elses_annotation_is_a_finding(bench: Bench, user: int) -> None:
    bench.article("d")
    bench.push(annotators=("a1", "a2"))
    for who in ("a1", "a2"):
        bench.submit("d", call(), project_of=who)
    bench.submit("d", [], project_of="a1", completed_by=user)
    findings = bench.pull().findings
    assert {f.code for f in findings} == {"E810"}
    assert (
        len(findings) == 2
    )  # the account is a1: it has no place in the project of a2, nor the other user in a1's
    assert {a.get("meant_for") for a in bench.file("d")["annotations"]} == {None, "a1", "a2"}


def test_several_projects_of_one_article_are_one_file(bench: Bench) -> None:
    bench.article("d")
    bench.push(annotators=("a1", "a2"))
    for who in ("a1", "a2"):
        bench.submit("d", call(), project_of=who)
    bench.pull()
    annotations = bench.file("d")["annotations"]
    known = projects.addresses(bench.annotations)
    links = {projects.link(a, known) for a in annotations}
    assert links == {
        projects.task_url(bench.client.url, p.id, bench.tasks(p.annotator)["d"]["id"])
        for p in bench.projects()
    }


def test_another_servers_numbers_are_not_taken_for_ours(pulled: tuple[Bench, int]) -> None:
    bench, number = pulled
    task = bench.file("d")
    task["annotations"][0] |= {"origin": "0123456789ab", "completed_by": "b7"}
    bench.write("d", task)
    done = bench.pull()
    assert [c.kind for c in done.changes] == ["new"]
    assert [(a["completed_by"], a["id"]) for a in bench.file("d")["annotations"]] == [
        ("a1", number),
        ("b7", number),
    ]


def test_a_text_that_is_not_the_articles_is_not_taken(pulled: tuple[Bench, int]) -> None:
    bench, number = pulled
    before = bench.bytes()
    task = bench.tasks()["d"]
    bench.client.update_task(task["id"], data={**task["data"], "text": "Other words"})
    bench.client.update_annotation(number, {"result": []})
    assert [f.code for f in bench.pull().findings] == ["E821"]
    assert bench.bytes() == before


def test_an_article_twice_on_the_server_is_a_finding(pulled: tuple[Bench, int]) -> None:
    bench, _ = pulled
    (project,) = bench.projects()
    task = bench.tasks()["d"]
    bench.client.import_tasks(project.id, [{"data": task["data"]}])
    assert [f.code for f in bench.pull().findings] == ["E823"]
    assert [f.code for f in bench.push().findings] == ["E823"]


def test_a_project_made_by_hand_can_be_pulled(bench: Bench) -> None:
    from dateline import pull

    made = bench.client.create_project(
        title="by hand", label_config="<View><Text name='text' value='$text'/></View>"
    )
    (task,) = bench.client.import_tasks(made["id"], [{"data": {"text": "Ann Lee phoned."}}])
    bench.client.create_annotation(task, {"result": []})
    source = projects.by_id(bench.client, made["id"], bench.batch)
    pull.pull(bench.client, bench.annotations, bench.batch, [source])
    (name,) = bench.bytes()
    assert name == f"task-{source.key}-{task}.json"


def test_broken_results_are_stored_as_they_are(bench: Bench) -> None:
    bench.article("d")
    bench.push()
    odd = [{"foo": 1}, {"id": "x", "type": "labels"}, {"type": "relation", "from_id": "x", "to_id": "gone"}]
    bench.submit("d", odd)
    bench.pull()
    kept = bench.file("d")["annotations"][0]["result"]
    assert len(kept) == len(odd)
    assert all(result in kept for result in odd)
    before = bench.bytes()
    bench.pull()
    assert bench.bytes() == before
