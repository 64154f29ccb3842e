"""A review on a real server: what is brought there, whose decisions come home, and what is never taken."""

from collections.abc import Iterable
from typing import Any

import pytest
from workbench import TEXT, Bench, Json, call, link, region

from dateline import adjudication, people, store, stored_batch
from dateline.adjudication import project, screen, truth
from dateline.adjudication.policy import parse
from dateline.label_studio import projects

pytestmark = pytest.mark.slow


def untimed() -> list[Json]:
    """A phone call that passes the checks, beside a date that fills no role."""
    where = {"start": TEXT.index("phoned"), "end": TEXT.index("phoned") + 6}
    medium = {"id": "t", "from_name": "phone_call__medium", "to_name": "text", "type": "choices"}
    return [*call(), {**medium, "value": {**where, "choices": ["telephone"]}}, region("m", "Monday", "TIME")]


def timed() -> list[Json]:
    return [*untimed(), link("t", "m", "time")]


@pytest.fixture
def pair(bench: Bench) -> Bench:
    """An article that two people annotated differently, each in a project of their own, pulled."""
    bench.article("d")
    bench.push(annotators=("a1", "a2"))
    (bench.annotations / people.FILE).write_text(
        "email,annotator\n" + "".join(f"{address(who)},{who}\n" for who in ("a1", "a2")), encoding="utf-8"
    )
    bench.submit("d", timed(), project_of="a1", completed_by=person(bench, "a1"))
    bench.submit("d", untimed(), project_of="a2", completed_by=person(bench, "a2"))
    assert bench.pull().findings == []
    return bench


def address(who: str) -> str:
    return f"{who}@news.example"


def person(bench: Bench, who: str) -> int:
    """An account of the server; made once."""
    known = {email: number for number, email in bench.client.emails().items()}
    if address(who) in known:
        return known[address(who)]
    fields = {"email": address(who), "username": address(who), "first_name": who}
    return int(bench.client._object("POST", "api/users/", fields)["id"])


def send_(bench: Bench, policy: str = "unanimous", **how: Any) -> adjudication.Sent:
    return adjudication.push(bench.client, bench.annotations, bench.batch, bench.schema, parse(policy), **how)


def fetch(bench: Bench, **how: Any) -> adjudication.Fetched:
    return adjudication.pull(bench.client, bench.annotations, bench.batch, bench.schema, **how)


def review(bench: Bench, doc_id: str = "d") -> Json:
    found = project.find(bench.client, bench.batch)
    assert found is not None
    return next(t for t in bench.client.tasks(found.id) if t["data"]["doc_id"] == doc_id)


def letter(task: Json, words: str, n: int = 0) -> str:
    """The letter of the reading of conflict `n` that says this."""
    readings = task["data"][screen.CONFLICTS][n]["readings"]
    return next(r["alias"] for r in readings if words in r["value"])


def decide(bench: Bench, task: Json, letters: Iterable[str], result: list[Json] | None = None) -> None:
    """What Update sends after a reviewer has clicked."""
    (start,) = task["annotations"]
    clicked = [
        {
            "id": f"c{n}",
            "from_name": f"{screen.DECISION}{n}",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [x]},
        }
        for n, x in enumerate(letters)
        if x
    ]
    marks = start["result"] if result is None else result
    bench.client.update_annotation(start["id"], {"result": [*marks, *clicked], "lead_time": 9.5})


def truth_of(bench: Bench, doc_id: str = "d") -> Json | None:
    return truth.existing(bench.file(doc_id))


def labels(annotation: Json | None) -> set[str]:
    assert annotation is not None
    return {label for r in annotation["result"] if r["type"] == "relation" for label in r.get("labels", ())}


# What is brought there


def test_the_review_shows_both_readings_and_no_name(pair: Bench) -> None:
    done = send_(pair)
    assert (dict(done.counts), done.conflicts, done.findings) == ({"sent": 1}, 1, [])
    task = review(pair)
    (conflict,) = task["data"][screen.CONFLICTS]
    assert conflict["asks"] == "1. role of «Monday» in phone_call «phoned»"
    said = sorted(r["value"].partition(": ")[2] for r in conflict["readings"][:-1])
    assert said == ["no role", "time «Monday»"]
    assert [r["alias"] for r in conflict["readings"]] == ["A", "B", screen.AS_MARKED]
    assert "a1" not in str(task["data"]) + str(task["meta"]) + str(task["annotations"][0]["result"])
    (start,) = task["annotations"]
    assert {"participant", "time"} <= labels(start)


def test_names_are_shown_where_asked_for(pair: Bench) -> None:
    send_(pair, names=True)
    values = [r["value"] for r in review(pair)["data"][screen.CONFLICTS][0]["readings"][:-1]]
    assert {value[3:5] for value in values} == {"a1", "a2"}


def test_a_second_push_changes_nothing_and_pull_does_not_see_the_project(pair: Bench) -> None:
    send_(pair)
    before = review(pair)
    assert dict(send_(pair).counts) == {"unchanged": 1}
    assert review(pair) == before
    here = pair.bytes()
    pair.pull()
    assert pair.bytes() == here
    assert {p.annotator for p in projects.of_batch(pair.client, pair.batch)} == {"a1", "a2"}


def test_a_review_that_nobody_began_follows_its_annotations(pair: Bench) -> None:
    send_(pair)
    task = pair.file("d")
    task["annotations"][1]["result"].append(link("t", "a", "caller"))
    pair.write("d", task)
    assert dict(send_(pair).counts) == {"replaced": 1, "sent": 1}
    assert len(review(pair)["data"][screen.CONFLICTS]) == 2
    task["annotations"][1]["result"] = task["annotations"][0]["result"]
    pair.write("d", task)
    assert dict(send_(pair).counts) == {"withdrawn": 1}


# Decisions


@pytest.mark.parametrize(("words", "there"), [("time «Monday»", True), ("no role", False)])
def test_a_decision_comes_home_as_ground_truth(pair: Bench, words: str, there: bool) -> None:
    send_(pair)
    task = review(pair)
    decide(pair, task, [letter(task, words)])
    done = fetch(pair)
    assert (dict(done.counts), done.written, done.findings) == ({"decided": 1}, ["d"], [])
    made = truth_of(pair)
    assert ("time" in labels(made)) is there
    assert made is not None and made["from"] == ["a1", "a2"] and made["lead_time"] == 9.5
    assert made["completed_by"] not in ("merge", "unknown") and "@" not in made["completed_by"]
    hows = {group["how"]: group["from"] for group in made["adjudication"]["items"]}
    assert hows == ({"agreed": ["a1", "a2"], "review": ["a1"]} if there else {"agreed": ["a1", "a2"]})
    assert not any(r.get("from_name", "").startswith(screen.DECISION) or "meta" in r for r in made["result"])
    before = pair.bytes()
    assert fetch(pair).written == []
    assert pair.bytes() == before
    assert dict(send_(pair).counts) == {}  # decided: it is no longer in question, and its task stays


def test_what_is_not_decided_is_told_and_not_taken(pair: Bench) -> None:
    send_(pair)
    done = fetch(pair)
    assert (dict(done.counts), done.findings, truth_of(pair)) == ({"not begun": 1}, [], None)
    decide(pair, review(pair), ["Q"])
    done = fetch(pair)
    assert [f.code for f in done.findings] == ["W831"] and "time «Monday»" in done.findings[0].message
    assert truth_of(pair) is None


def test_one_of_two_decisions_is_not_enough(pair: Bench) -> None:
    task = pair.file("d")
    task["annotations"][1]["result"].append(link("t", "a", "caller"))
    pair.write("d", task)
    send_(pair)
    decide(pair, review(pair), ["A", ""])
    done = fetch(pair)
    assert [f.code for f in done.findings] == ["W831"] and truth_of(pair) is None


def test_a_reviewer_may_mend_the_marks_by_hand(pair: Bench) -> None:
    send_(pair)
    task = review(pair)
    start = [r for r in task["annotations"][0]["result"] if "time" not in r.get("labels", ())]
    monday = next(r["id"] for r in start if r.get("value", {}).get("labels") == ["TIME"])
    trigger = next(r["id"] for r in start if r.get("from_name") == "trigger")
    decide(
        pair, task, [screen.AS_MARKED], [*start, link(trigger, monday, "topic"), region("own", "Acme", "ORG")]
    )
    done = fetch(pair)
    if done.findings:  # a TIME is no topic: the checks speak before anything is written
        assert [f.code for f in done.findings] == ["E833"] and truth_of(pair) is None
    decide(pair, review(pair), [screen.AS_MARKED], [*start, region("own", "Acme", "ORG")])
    made = truth_of(pair) if fetch(pair).written else None
    assert made is not None and "time" not in labels(made)
    assert [g["items"] for g in made["adjudication"]["items"] if g["how"] == "edited"] == [["own"]]


def test_both_readings_still_marked_is_no_decision(pair: Bench) -> None:
    task = pair.file("d")
    for r in task["annotations"][1]["result"]:
        if r.get("value", {}).get("text") == "Ann Lee":
            r["value"] |= {"start": TEXT.index("Lee"), "text": "Lee"}
    task["annotations"][1]["result"].append(link("t", "m", "time"))
    pair.write("d", task)
    send_(pair)
    assert len(review(pair)["data"][screen.CONFLICTS]) == 1
    decide(pair, review(pair), [screen.AS_MARKED])
    done = fetch(pair)
    assert [f.code for f in done.findings] == ["W831"] and "still marked" in done.findings[0].message
    marks = [
        r for r in review(pair)["annotations"][0]["result"] if r.get("value", {}).get("text") != "Ann Lee"
    ]
    ids = {r["id"] for r in marks if r["type"] == "labels"}
    kept = [r for r in marks if r["type"] != "relation" or {r["from_id"], r["to_id"]} <= ids]
    decide_again = [r for r in kept if not r.get("from_name", "").startswith(screen.DECISION)]
    decide(pair, review(pair), [screen.AS_MARKED], decide_again)
    assert fetch(pair).written == ["d"]


def test_a_draft_is_not_taken(pair: Bench) -> None:
    send_(pair)
    task = review(pair)
    (start,) = task["annotations"]
    draft = {
        "result": [
            *start["result"],
            {
                "id": "c0",
                "from_name": "decision_0",
                "to_name": "text",
                "type": "choices",
                "value": {"choices": ["A"]},
            },
        ]
    }
    pair.client._object("POST", f"api/tasks/{task['id']}/annotations/{start['id']}/drafts", draft)
    done = fetch(pair)
    assert truth_of(pair) is None and "decided" not in done.counts
    assert [f.code for f in done.findings] == ["I827"]


def test_annotations_that_changed_under_the_review_are_told(pair: Bench) -> None:
    send_(pair)
    decide(pair, review(pair), ["A"])
    task = pair.file("d")
    task["annotations"][1]["result"].append(link("t", "a", "caller"))
    pair.write("d", task)
    for done in (fetch(pair), send_(pair)):
        assert [f.code for f in done.findings] == ["W834"]
    assert truth_of(pair) is None


def test_a_persons_ground_truth_is_not_replaced_by_a_review(pair: Bench) -> None:
    send_(pair)
    decide(pair, review(pair), ["A"])
    task = pair.file("d")
    own = {**task["annotations"][0], "completed_by": "a9", "ground_truth": True}
    for key in ("id", "task", "project", "origin", "base"):
        own.pop(key)
    pair.write("d", {**task, "annotations": [*task["annotations"], own]})
    before = pair.bytes()
    done = fetch(pair)
    assert [f.code for f in done.findings] == ["W832"] and pair.bytes() == before
    assert fetch(pair, replace=True).written == ["d"]


def test_two_decided_annotations_of_one_review_are_none(pair: Bench) -> None:
    send_(pair)
    task = review(pair)
    decide(pair, task, ["A"])
    pair.client.create_annotation(task["id"], {"result": review(pair)["annotations"][0]["result"]})
    done = fetch(pair)
    assert [f.code for f in done.findings] == ["W835"] and truth_of(pair) is None


def test_a_review_for_nothing_makes_no_project(bench: Bench) -> None:
    bench.article("d")
    bench.write("d", {"data": {"doc_id": "d", "text": TEXT}, "annotations": []})
    done = send_(bench)
    assert (done.project, done.counts) == (None, {})


def test_the_sample_corpus_goes_there_and_home(sample: Bench) -> None:
    """Eighteen articles with all their conflicts, each decided by lot: every ground truth passes the checks or says why."""
    for path in stored_batch.batch_files(sample.annotations, sample.batch):
        task = stored_batch.read_task(path)
        task["annotations"] = [a for a in task["annotations"] if not a["ground_truth"]]
        path.write_text(store.task_text(task), encoding="utf-8")
    done = send_(sample)
    assert done.counts == {"sent": 19} and done.conflicts > 200
    for task in list(sample.client.tasks(done.project.id if done.project else 0)):
        decide(sample, task, ["AB"[n % 2] for n in range(len(task["data"][screen.CONFLICTS]))])
    back = fetch(sample)
    assert back.counts["decided"] + back.counts["not sound"] == 19
    assert {f.code for f in back.findings} <= {"E833"}
    assert back.counts["decided"] > 9
