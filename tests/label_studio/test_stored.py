"""The stored form, the three-way merge and the map of people, without a server."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import call, region

from dateline import drift, merge, people
from dateline.label_studio import stored

NUMBER = 7
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "value", "labels", "start"]), inner),
    max_leaves=8,
)  # fmt: skip


def remote(result: list[dict[str, object]], **fields: object) -> dict[str, object]:
    return {"id": NUMBER, "task": 3, "project": 2, "result": result, **fields}


def own(theirs: dict[str, object], ours: dict[str, object] | None) -> dict[str, object]:
    return {"completed_by": "a1", "guideline_version": "1.0"}


@given(st.randoms(use_true_random=False))
def test_the_order_of_results_says_nothing(chance: random.Random) -> None:
    shuffled = call()
    chance.shuffle(shuffled)
    assert stored.results(shuffled) == stored.results(call())
    assert stored.digest({"result": shuffled}) == stored.digest({"result": call()})


@given(st.lists(JSON, max_size=4))
def test_anything_a_server_sends_can_be_stored(result: list[object]) -> None:
    kept = stored.taken(remote(result), own({}, None), "k")  # type: ignore[arg-type]
    assert stored.digest(kept) == kept["base"] == stored.digest({"result": result})
    assert stored.results(kept["result"]) == kept["result"]
    assert len(kept["result"]) == len(result)
    stored.lines(kept)


def test_how_a_region_came_about_is_no_change() -> None:
    drawn = [{**result, "origin": "manual"} for result in call()]
    assert stored.digest({"result": drawn}) == stored.digest({"result": call()})


@pytest.mark.parametrize("field", ["was_cancelled", "ground_truth"])
def test_state_is_content(field: str) -> None:
    assert stored.digest({"result": [], field: True}) != stored.digest({"result": []})


def test_what_only_the_file_knows_survives_a_change_on_the_server() -> None:
    ours = stored.taken(remote(call()), own({}, None), "k") | {"from": ["a1"], "guideline_version": "0.9"}
    (after,), (change,) = merge.merged([ours], [remote(call()[:2])], "k", "d", own)
    assert (change.kind, after["from"], after["guideline_version"]) == ("taken", ["a1"], "0.9")


def test_an_annotation_without_a_base_that_differs_is_a_conflict() -> None:
    ours = {**stored.taken(remote(call()), own({}, None), "k"), "base": None}
    (after,), (change,) = merge.merged([ours], [remote([region("x", "Acme", "ORG")])], "k", "d", own)
    assert (change.kind, after) == ("conflict", ours)
    found = merge.finding(change, Path("march/d.json"))
    assert found
    assert found.file == "march/d.json"
    assert (found.code, "ORG «Acme»" in found.message, "PERSON «Bo Ek»" in found.message) == (
        "E822",
        True,
        True,
    )


def test_a_line_of_the_file_holds_a_result(tmp_path: Path) -> None:
    from dateline import store

    kept = stored.taken(remote(call()), own({}, None), "k")
    text = store.task_text({"data": {"doc_id": "d"}, "annotations": [kept]})
    assert json.loads(text)["annotations"] == [kept]
    assert sum('"from_name"' in line or '"from_id"' in line for line in text.splitlines()) == len(call())


def test_pseudonyms_are_nobody_elses(tmp_path: Path) -> None:
    known = people.load(tmp_path, taken={"a1", "judge"})
    assert [known.of(email) for email in ("x@y.z", "b@c.d", "x@y.z")] == ["a2", "a3", "a2"]
    known.learn("old@y.z", "a1")
    people.save(known, tmp_path)
    assert people.load(tmp_path).known == {"x@y.z": "a2", "b@c.d": "a3", "old@y.z": "a1"}


@pytest.mark.parametrize("line", ["only one", "a@b.c,not a name", "a@b.c,x@y.z", "a,b,c"])
def test_a_map_that_is_none_says_where(tmp_path: Path, line: str) -> None:
    (tmp_path / people.FILE).write_text(f"email,annotator\n{line}\n")
    with pytest.raises(people.BadMap, match=r"people.csv:2: "):
        people.load(tmp_path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "ann@b.c,a1\n\nbo@b.c,a1\n",
            r"people.csv:4: a1 is the address on line 2 already: give each address",
        ),
        ("ann@b.c,a1\nann@b.c,a2\n", r"people.csv:3: the address has another pseudonym on line 2"),
    ],
)
def test_two_people_are_not_one_annotator(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / people.FILE).write_text(f"email,annotator\n{rows}")
    with pytest.raises(people.BadMap, match=said) as caught:
        people.load(tmp_path)
    assert "@" not in str(caught.value)
    (tmp_path / people.FILE).write_text("email,annotator\nann@b.c,a1\nann@b.c,a1\n")
    assert people.load(tmp_path).known == {"ann@b.c": "a1"}


def test_a_name_that_the_map_gives_to_somebody_is_not_learnt_for_another(tmp_path: Path) -> None:
    (tmp_path / people.FILE).write_text("email,annotator\nann@b.c,a1\n")
    known = people.load(tmp_path, taken={"a1", "a2"})
    known.learn("machine@b.c", "a1")
    assert known.of("machine@b.c") == "a3"
    people.save(known, tmp_path)
    assert people.load(tmp_path).known == {"ann@b.c": "a1", "machine@b.c": "a3"}


@given(st.lists(JSON, max_size=4))
def test_anything_a_server_sends_can_be_counted(result: list[object]) -> None:
    found = drift.Drift(lost=[("status", None)])
    drift.count_uses(found, [{"id": 1, "data": {}, "annotations": [{"id": 2, "result": result}]}])
    assert not found.loses
