"""Task to record and back: nothing changes on the way, whatever the order in which it was drawn."""

import json
import random
from typing import Any

import msgspec
import pytest
from articles import SCHEMA, Json, Sheet, annotation, task
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import TEXTS, records

from dateline import accounting, strict_json
from dateline.label_studio import convert, write
from dateline.model import Document, Relation

properties = settings(
    max_examples=100,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read(plain: Json, batch: str | None = None) -> tuple[Document, list[str]]:
    """The task's one record and the codes of the findings on it, but for what canonical records may have."""
    reading = convert.read_task(plain, SCHEMA, batch)
    (document,) = reading.documents
    return document, [f.code for f in reading.findings if f.code not in ("I812", "W312")]


def written(record: Document) -> Json:
    """The record's task as a file would hold it."""
    task_ = strict_json.decode(json.dumps(write.task_of([record], SCHEMA)).encode())
    assert isinstance(task_, dict)
    return task_


def said(sheet: Sheet) -> tuple[Document, list[str]]:
    return read(task("d", sheet.text, annotation(sheet.results)))


# record -> task -> record


@properties
@given(records())
def test_record_to_task_to_record_is_the_identity(record: Document) -> None:
    assert read(written(record), record.annotation.batch) == (record, [])


@properties
@given(records(), st.randoms(use_true_random=False))
def test_order_of_results_does_not_matter(record: Document, chance: random.Random) -> None:
    plain = written(record)
    chance.shuffle(plain["annotations"][0]["result"])
    assert read(plain, record.annotation.batch) == (record, [])


@properties
@given(records(), st.randoms(use_true_random=False))
def test_any_way_of_drawing_the_same_reads_the_same(record: Document, chance: random.Random) -> None:
    plain = written(record)
    results = plain["annotations"][0]["result"]
    plain["annotations"][0]["result"] = [_redrawn(r, chance) for r in results]
    chance.shuffle(plain["annotations"][0]["result"])
    assert read(plain, record.annotation.batch) == (record, [])


def _redrawn(result: Json, chance: random.Random) -> Json:
    """The same relation, drawn the other way: from its tail, both ways, or without its label."""
    if result["type"] != "relation":
        return result
    result = dict(result)
    same = result.get("labels") in (["same_event"], ["same_entity"])
    if same and chance.random() < 0.3:
        del result["labels"]
    if same and chance.random() < 0.3:
        result["direction"] = "bi"
    elif chance.random() < 0.5:
        result.update(from_id=result["to_id"], to_id=result["from_id"], direction="left")
    return result


@properties
@given(records())
def test_renaming_regions_changes_their_ids_only(record: Document) -> None:
    plain = written(record)
    for result in plain["annotations"][0]["result"]:
        for key in {"id", "from_id", "to_id"} & set(result):
            result[key] = f"new-{result[key]}"
    document, codes = read(plain, record.annotation.batch)
    regions = [m.region for m in document.mentions] + [t.region for e in document.events for t in e.triggers]
    assert codes == []
    assert all(str(region).startswith("new-") for region in regions)
    assert _without_regions(document) == _without_regions(record)


def _without_regions(record: Document) -> Any:
    plain = msgspec.to_builtins(record)
    for span in (*plain["mentions"], *(t for e in plain["events"] for t in e["triggers"])):
        span["region"] = None
    return plain


@properties
@given(records(), TEXTS)
def test_text_before_it_shifts_every_offset(record: Document, before: str) -> None:
    plain = written(record)
    plain["data"]["text"] = before + record.text
    del plain["data"]["text_sha256"]
    for result in plain["annotations"][0]["result"]:
        for key in {"start", "end"} & set(result.get("value", ())):
            result["value"][key] += len(before)
    document, codes = read(plain, record.annotation.batch)
    assert codes == []
    assert _spans(document) == [
        (start + len(before), end + len(before), t) for start, end, t in _spans(record)
    ]
    assert [e.arguments for e in document.events] == [e.arguments for e in record.events]


def _spans(record: Document) -> list[tuple[int, int, str]]:
    spans = [*record.mentions, *(t for e in record.events for t in e.triggers)]
    return [(s.start, s.end, s.text) for s in spans]


@properties
@given(records())
def test_every_region_answer_and_relation_is_accounted_for(record: Document) -> None:
    plain = written(record)
    assert accounting.compare(plain["annotations"][0]["result"], record) == []


@settings(properties, max_examples=40)
@given(st.lists(records("One text 😀 of all."), min_size=2, max_size=3))
def test_several_annotations_of_one_article_make_one_task(made: list[Document]) -> None:
    same = {name: getattr(made[0], name) for name in ("doc_id", "source", "schema_version")}
    first = made[0].annotation
    given_ = [
        msgspec.structs.replace(
            d,
            **same,
            annotation=msgspec.structs.replace(
                d.annotation, project=first.project, task=first.task, batch="b", guideline_version="1.0"
            ),
        )
        for d in made
    ]
    plain = json.loads(json.dumps(write.task_of(given_, SCHEMA)))
    assert convert.read_task(plain, SCHEMA, "b").documents == given_


def test_records_of_two_articles_are_refused() -> None:
    one = said(Sheet("One."))[0]
    with pytest.raises(ValueError, match="several articles"):
        write.task_of([one, msgspec.structs.replace(one, text="Two.")], SCHEMA)


def test_regions_without_an_id_get_one() -> None:
    sheet = Sheet("Ann phoned Bo.")
    call, ann = sheet.trigger("phoned", "phone_call"), sheet.mention("Ann", "PERSON")
    sheet.link(call, ann)
    document = said(sheet)[0]
    bare = msgspec.convert(_without_regions(document), Document)
    again, codes = read(written(bare))
    assert (_without_regions(again), codes) == (_without_regions(document), [])


# Merging


NEWS = "Ann phoned Bo on Monday. The call was long. Cy denied the talk and the chat."


def joined(*labels: str) -> tuple[Sheet, str, str, str]:
    """Three triggers of one call."""
    sheet = Sheet(NEWS)
    ids = (
        sheet.trigger("phoned", "phone_call"),
        sheet.trigger("call", "phone_call"),
        sheet.trigger("talk", "phone_call"),
    )
    sheet.link(ids[0], ids[1], *labels)
    sheet.link(ids[2], ids[1], *labels)
    return sheet, *ids


@pytest.mark.parametrize("labels", [["same_event"], []], ids=["labelled", "unlabelled"])
def test_triggers_of_one_type_join_into_one_event(labels: list[str]) -> None:
    document, codes = said(joined(*labels)[0])
    assert codes == []
    (event,) = document.events
    assert [t.text for t in event.triggers] == ["phoned", "call", "talk"]


def test_arguments_answers_and_relations_of_any_trigger_are_united() -> None:
    sheet, first, second, third = joined("same_event")
    denial = sheet.trigger("denied", "press_denial")
    ann, bo, day = (
        sheet.mention("Ann", "PERSON"),
        sheet.mention("Bo", "PERSON"),
        sheet.mention("Monday", "TIME"),
    )
    sheet.link(first, ann, "participant")
    sheet.link(second, bo, "participant")
    sheet.link(third, ann, "participant")
    sheet.link(third, day, "time")
    sheet.choose(first, "status", "disputed")
    sheet.choose(second, "phone_call__medium", "video")
    sheet.choose(third, "status", "disputed")
    sheet.link(denial, third, "denies")
    sheet.link(denial, first, "denies")
    document, codes = said(sheet)
    event = document.events[0]
    assert codes == []
    assert {role: [f.mention for f in fillers] for role, fillers in event.arguments.items()} == {
        "participant": ["m1", "m2"],
        "time": ["m3"],
    }
    assert event.attributes["status"] == "disputed"
    assert event.attributes["medium"] == "video"
    assert event.defaulted == ["polarity", "rank"]
    assert document.relations == [Relation(type="denies", head="e2", tail="e1")]


def test_different_answers_on_triggers_of_one_event_clash() -> None:
    sheet, first, second, _ = joined("same_event")
    sheet.choose(first, "status", "asserted")
    sheet.choose(second, "status", "denied")
    assert said(sheet)[1] == ["E612"]


def test_different_answers_on_one_trigger_clash() -> None:
    sheet, first, *_ = joined("same_event")
    sheet.choose(first, "status", "asserted")
    sheet.choose(first, "status", "denied")
    assert said(sheet)[1] == ["E612"]


def test_an_answer_that_equals_the_default_is_no_default() -> None:
    sheet, _, second, _ = joined("same_event")
    sheet.choose(second, "polarity", "positive")
    event = said(sheet)[0].events[0]
    assert event.attributes["polarity"] == "positive"
    assert event.defaulted == ["status", "medium", "rank"]


def test_a_question_without_a_default_stays_open() -> None:
    sheet = Sheet("It was denied.")
    sheet.trigger("denied", "press_denial")
    event = said(sheet)[0].events[0]
    assert "scope" not in event.attributes
    assert "scope" not in event.defaulted


def test_same_event_across_types_is_an_error_and_joins_nothing() -> None:
    sheet = Sheet(NEWS)
    sheet.link(sheet.trigger("phoned", "phone_call"), sheet.trigger("denied", "press_denial"), "same_event")
    document, codes = said(sheet)
    assert codes == ["E605"]
    assert [e.type for e in document.events] == ["phone_call", "press_denial"]


def test_unlabelled_across_types_is_an_error() -> None:
    sheet = Sheet(NEWS)
    sheet.link(sheet.trigger("phoned", "phone_call"), sheet.trigger("denied", "press_denial"))
    assert said(sheet)[1] == ["E813"]


@pytest.mark.parametrize(("arguments", "main"), [([], 0), ([1], 1), ([0, 2, 2], 2), ([0, 1], 0)])
def test_main_is_the_trigger_with_most_arguments_else_the_first(arguments: list[int], main: int) -> None:
    sheet, *triggers = joined("same_event")
    people = [sheet.mention(name, "PERSON") for name in ("Ann", "Bo", "Cy")]
    for trigger, person in zip(arguments, people, strict=False):
        sheet.link(triggers[trigger], person, "participant")
    (event,) = said(sheet)[0].events
    assert [t.main for t in event.triggers] == [n == main for n in range(3)]


def test_an_event_relation_inside_an_event_is_an_error() -> None:
    sheet, first, second, _ = joined("same_event")
    sheet.link(first, second, "subevent_of")
    document, codes = said(sheet)
    assert (codes, document.relations) == (["E603"], [])


# Roles


@pytest.mark.parametrize("order", ["drawn first", "default first"])
@pytest.mark.parametrize("which", ["same trigger", "another trigger"])
def test_a_drawn_role_beats_the_default(order: str, which: str) -> None:
    sheet, first, second, _ = joined("same_event")
    ann = sheet.mention("Ann", "PERSON")
    other = first if which == "same trigger" else second
    links: list[tuple[str, tuple[str, ...]]] = [(first, ("participant",)), (other, ())]
    for trigger, labels in links if order == "drawn first" else links[::-1]:
        sheet.link(trigger, ann, *labels)
    document, codes = said(sheet)
    assert codes == []
    (event,) = document.events
    assert [(f.mention, f.via) for f in event.arguments["participant"]] == [("m1", "drawn")]
    assert accounting.compare(sheet.results, document) == []


def test_a_default_role_is_marked_and_stands_beside_another_drawn_one() -> None:
    sheet, first, *_ = joined("same_event")
    ann = sheet.mention("Ann", "PERSON")
    sheet.link(first, ann)
    sheet.link(first, ann, "caller")
    (event,) = said(sheet)[0].events
    assert {r: [f.via for f in fs] for r, fs in event.arguments.items()} == {
        "participant": ["default"],
        "caller": ["drawn"],
    }


def test_no_default_role_is_an_error_that_names_the_roles_that_fit() -> None:
    sheet = Sheet("A ban on Ann.")
    sheet.link(sheet.trigger("ban", "sanction"), sheet.mention("Ann", "PERSON"))
    (finding,) = [
        f
        for f in convert.read_task(task("d", sheet.text, annotation(sheet.results)), SCHEMA).findings
        if f.code == "E420"
    ]
    assert finding.hint == "choose one: imposer, target, affected_party"


def test_one_relation_can_carry_several_roles() -> None:
    sheet, first, *_ = joined("same_event")
    sheet.link(first, sheet.mention("Ann", "PERSON"), "caller", "participant", "caller")
    (event,) = said(sheet)[0].events
    assert list(event.arguments) == ["participant", "caller"]
    assert [f.mention for f in event.arguments["caller"]] == ["m1"]


def test_several_event_relations_on_one_arrow() -> None:
    sheet = Sheet(NEWS)
    denial, call = sheet.trigger("denied", "press_denial"), sheet.trigger("phoned", "phone_call")
    sheet.link(denial, call, "in_response_to", "denies")
    assert [r.type for r in said(sheet)[0].relations] == ["denies", "in_response_to"]


# Directions


def test_left_turns_a_relation_round() -> None:
    sheet = Sheet(NEWS)
    denial, call = sheet.trigger("denied", "press_denial"), sheet.trigger("phoned", "phone_call")
    ann = sheet.mention("Ann", "PERSON")
    sheet.link(call, denial, "denies", direction="left")
    sheet.link(ann, call, "caller", direction="left")
    document, codes = said(sheet)
    assert codes == []
    assert document.relations == [Relation(type="denies", head="e2", tail="e1")]
    assert list(document.events[0].arguments) == ["caller"]


def test_from_mention_to_trigger_is_an_error_unless_it_points_both_ways() -> None:
    for direction, codes, roles in (("right", ["E805"], []), ("bi", [], ["caller"])):
        sheet = Sheet(NEWS)
        call, ann = sheet.trigger("phoned", "phone_call"), sheet.mention("Ann", "PERSON")
        sheet.link(ann, call, "caller", direction=direction)
        document, found = said(sheet)
        assert (found, list(document.events[0].arguments)) == (codes, roles)


def test_an_event_relation_cannot_point_both_ways() -> None:
    sheet = Sheet(NEWS)
    sheet.link(
        sheet.trigger("denied", "press_denial"),
        sheet.trigger("phoned", "phone_call"),
        "denies",
        direction="bi",
    )
    document, codes = said(sheet)
    assert (codes, document.relations) == (["E805"], [])


@pytest.mark.parametrize("direction", ["right", "left", "bi"])
def test_identity_has_no_direction(direction: str) -> None:
    sheet = Sheet(NEWS)
    sheet.link(
        sheet.mention("Ann", "PERSON"), sheet.mention("Cy", "PERSON"), "same_entity", direction=direction
    )
    document, codes = said(sheet)
    assert (codes, [m.entity for m in document.mentions]) == ([], ["n1", "n1"])


# Entities


@pytest.mark.parametrize("label", list(SCHEMA.labels))
def test_an_entity_alone_or_only_when_joined(label: str) -> None:
    sheet = Sheet(NEWS)
    one = sheet.mention("Ann", label)
    alone = said(sheet)[0].mentions[0].entity
    sheet.link(one, sheet.mention("Bo", label))
    document, codes = said(sheet)
    assert alone == (None if label in ("TIME", "QUOTE", "CONTENT") else "n1")
    assert (codes, [m.entity for m in document.mentions]) == ([], ["n1", "n1"])


def test_entities_are_numbered_by_their_first_mention() -> None:
    sheet = Sheet(NEWS)
    cy, bo, ann = (sheet.mention(name, "PERSON") for name in ("Cy", "Bo", "Ann"))
    sheet.link(cy, ann)
    sheet.write(cy, "wikidata", "Q1")
    document = said(sheet)[0]
    assert [(m.text, m.id, m.entity) for m in document.mentions] == [
        ("Ann", "m1", "n1"),
        ("Bo", "m2", "n2"),
        ("Cy", "m3", "n1"),
    ]
    assert [e.wikidata for e in document.entities] == ["Q1", None]
    assert bo == document.mentions[1].region


def test_two_wikidata_ids_of_one_entity_clash() -> None:
    sheet = Sheet(NEWS)
    ann, bo = sheet.mention("Ann", "PERSON"), sheet.mention("Bo", "PERSON")
    sheet.link(ann, bo)
    sheet.write(ann, "wikidata", "Q1")
    sheet.write(bo, "wikidata", "Q2")
    assert said(sheet)[1] == ["E313"]


def test_a_note_keeps_its_lines() -> None:
    sheet = Sheet(NEWS)
    call = sheet.trigger("phoned", "phone_call")
    sheet.write(call, "note", "one", "two")
    assert said(sheet)[0].events[0].triggers[0].note == "one\ntwo"


# Order


def test_ids_and_order_follow_the_text_whatever_was_drawn_first() -> None:
    sheet = Sheet(NEWS)
    denial = sheet.trigger("denied", "press_denial")
    late, early = sheet.trigger("talk", "phone_call"), sheet.trigger("phoned", "phone_call")
    cy, bo, ann = (sheet.mention(name, "PERSON") for name in ("Cy", "Bo", "Ann"))
    also = sheet.mention("Ann", "GROUP")
    for person in (cy, ann, bo, also):
        sheet.link(early, person, "participant")
    sheet.link(late, cy, "caller")
    sheet.link(late, bo, "participant")
    sheet.link(denial, late, "denies")
    sheet.link(denial, early, "in_response_to")
    sheet.link(denial, early, "denies")
    document = said(sheet)[0]
    assert [(m.id, m.text, m.label) for m in document.mentions] == [
        ("m1", "Ann", "GROUP"),
        ("m2", "Ann", "PERSON"),
        ("m3", "Bo", "PERSON"),
        ("m4", "Cy", "PERSON"),
    ]
    assert [(e.id, e.triggers[0].text) for e in document.events] == [
        ("e1", "phoned"),
        ("e2", "denied"),
        ("e3", "talk"),
    ]
    assert [f.mention for f in document.events[0].arguments["participant"]] == ["m1", "m2", "m3", "m4"]
    assert list(document.events[2].arguments) == ["participant", "caller"]
    assert [(r.head, r.tail, r.type) for r in document.relations] == [
        ("e2", "e1", "denies"),
        ("e2", "e1", "in_response_to"),
        ("e2", "e3", "denies"),
    ]


def test_the_tenth_comes_after_the_second() -> None:
    sheet = Sheet(
        " ".join(f"call{n:02}" for n in range(12)) + " " + " ".join(f"man{n:02}" for n in range(12))
    )
    calls = [sheet.trigger(f"call{n:02}", "phone_call") for n in range(12)]
    men = [sheet.mention(f"man{n:02}", "PERSON") for n in range(12)]
    for n in (11, 1, 9):
        sheet.link(calls[0], calls[n], "in_response_to")
        sheet.link(calls[n], calls[0], "subevent_of")
        sheet.link(calls[0], men[n], "participant")
    document = said(sheet)[0]
    pairs = [(r.head, r.tail) for r in document.relations]
    assert pairs == [("e1", "e2"), ("e1", "e10"), ("e1", "e12"), ("e2", "e1"), ("e10", "e1"), ("e12", "e1")]
    assert [f.mention for f in document.events[0].arguments["participant"]] == ["m2", "m10", "m12"]


@pytest.mark.parametrize(
    ("head", "tail", "label"),
    [("phoned", "denied", "participant"), ("phoned", "Ann", "denies"), ("Ann", "Bo", "participant")],
)
def test_a_label_that_cannot_join_its_ends_is_a_finding(head: str, tail: str, label: str) -> None:
    sheet = Sheet(NEWS)
    ids = {
        "phoned": lambda: sheet.trigger("phoned", "phone_call"),
        "denied": lambda: sheet.trigger("denied", "press_denial"),
        "Ann": lambda: sheet.mention("Ann", "PERSON"),
        "Bo": lambda: sheet.mention("Bo", "PERSON"),
    }
    sheet.link(ids[head](), ids[tail](), label)
    assert said(sheet)[1] == ["E813"]


def test_a_region_with_two_labels_is_a_finding_and_brings_no_others() -> None:
    sheet = Sheet(NEWS)
    call = sheet.trigger("phoned", "phone_call", "x")
    sheet.mention("phoned", "PERSON", "x")
    sheet.choose(call, "status", "asserted")
    sheet.link(call, sheet.mention("Ann", "PERSON"), "caller")
    document, codes = said(sheet)
    assert (codes, document.events) == (["E809"], [])


# States


def test_what_is_not_submitted_is_counted_and_never_read() -> None:
    sheet = Sheet(NEWS)
    sheet.trigger("phoned", "phone_call")
    plain = task("d", NEWS, annotation(sheet.results, was_cancelled=True), annotation([], "a2"))
    plain |= {"drafts": [{"result": sheet.results}], "predictions": [{"result": sheet.results}]}
    reading = convert.read_task(plain, SCHEMA)
    assert [(d.annotation.annotator, d.events) for d in reading.documents] == [("a2", [])]
    assert sorted(f.code for f in reading.findings) == ["I812", "I827", "W808"]
    assert reading.counts == {
        "tasks": 1,
        "annotations": 1,
        "empty": 1,
        "skipped": 1,
        "drafts": 1,
        "predictions": 1,
    }


@pytest.mark.parametrize(
    ("given_", "said_"),
    [
        ({"predictions": [{"result": []}]}, "1 prediction(s) and no annotation"),
        ({}, "not annotated yet"),
        ({"drafts": [{"result": []}]}, "1 unsubmitted draft(s)"),
    ],
)
def test_a_task_without_annotations_gives_no_record(given_: Json, said_: str) -> None:
    reading = convert.read_task({**task("d", NEWS), **given_}, SCHEMA)
    (finding,) = reading.findings
    assert (reading.documents, finding.severity) == ([], "info")
    assert said_ in finding.message


@pytest.mark.parametrize("who", [{"id": 7, "email": "x@example.org"}, "x@example.org"])
def test_an_address_never_becomes_an_annotator(who: Any) -> None:
    reading = convert.read_task(task("d", NEWS, annotation([], who)), SCHEMA)
    assert "@" not in str(reading)
    assert reading.documents[0].annotation.annotator == ("u7" if isinstance(who, dict) else "unknown")
