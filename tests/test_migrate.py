"""A schema that changes: what is said about it, what becomes of annotations, and what is left to people."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import articles
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schema_edits import (
    Copy,
    Edit,
    change,
    change_common,
    edited,
    remove_attribute,
    remove_label,
    remove_relation,
    remove_role,
    remove_type,
    remove_value,
    rename_attribute,
    rename_label,
    rename_relation,
    rename_role,
    rename_type,
    rename_value,
)

from dateline import bundle, reading
from dateline.inline import compile_marks
from dateline.label_studio import convert, stored
from dateline.migration import moves, plan
from dateline.migration.moves import Defaults, Moves, MovesError, Removals, Renames
from dateline.model import Document
from dateline.schema import Schema
from dateline.settings import RuleSettings

ROOT = articles.ROOT
Json = dict[str, Any]
NO_MOVES = Moves()
CORPUS = [
    ROOT / "annotations" / "sample" / f"sample-{name}.json"
    for name in ("2025-01-09-secure-line-tariff", "2024-11-06-lianhai-film-stop", "2025-03-31-crews-keep-out")
]


def folder(tmp: Path, *tasks: Json) -> Path:
    """An annotations folder with these tasks as the batch `march`."""
    return articles.write(tmp / "annotations", "march", *tasks)


def marked(doc_id: str, source: str, schema: Schema, **keys: Any) -> Json:
    compiled = compile_marks(source, schema)
    task = articles.task(doc_id, compiled.text, schema_version=schema.version)
    return {**task, "annotations": [articles.annotation(compiled.results, **keys)]}


def tried(annotations: Path, old: Schema, new: Schema, given: Moves = NO_MOVES) -> plan.Plan:
    moves.check(given, old, new)
    return plan.plan(old, new, given, annotations)


def migrated(tmp: Path, task: Json, new: Schema, given: Moves, old: Schema = articles.SCHEMA) -> Document:
    """The only annotation of the task after the migration."""
    annotations = folder(tmp, task)
    made = tried(annotations, old, new, given)
    assert made.findings == []
    (path,) = plan.write(made)
    return convert.read_task(json.loads(path.read_text()), new).documents[0]


def bytes_of(annotations: Path) -> dict[str, bytes]:
    return articles.files_of(annotations)


# There and back


def renamed_names(schema: Schema) -> dict[str, list[str]]:
    return {
        kind: [n for n in moves.names(schema, kind) if kind != "attribute" or "." in n]
        for kind in moves.KINDS
    }


def edits_for(table: dict[str, dict[str, str]]) -> Iterator[Edit]:
    """The schema edits that a table of renames asks: what is inside a type first, types last."""
    for name, new in table["value"].items():
        *type_, attribute, value = name.split(".")
        yield rename_value(type_[0] if type_ else None, attribute, value, new)
    for kind, edit in (("attribute", rename_attribute), ("role", rename_role)):
        for name, new in table[kind].items():
            yield edit(*name.split("."), new)
    for kind, plain in (("label", rename_label), ("relation", rename_relation), ("type", rename_type)):
        for name, new in table[kind].items():
            yield plain(name, new)


def reversed_moves(table: dict[str, dict[str, str]], forth: Moves) -> Moves:
    back = {
        kind: {str(forth.full(kind, name)): moves.last(kind, name) for name in table[kind]}
        for kind in moves.KINDS
    }
    return Moves(rename=Renames(**back))


tables = st.fixed_dictionaries(
    {
        kind: st.sets(st.sampled_from(names), max_size=4)
        for kind, names in renamed_names(articles.SCHEMA).items()
    }
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=tables)
def test_renamed_there_and_back_is_the_same_bytes(
    chosen: dict[str, set[str]], tmp_path_factory: pytest.TempPathFactory, schema: Schema
) -> None:
    tmp = tmp_path_factory.mktemp("there")
    table = {
        kind: {
            name: f"{kind.upper() if kind == 'label' else kind}_{n}" for n, name in enumerate(sorted(names))
        }
        for kind, names in chosen.items()
    }
    forth = Moves(rename=Renames(**table))
    between = edited("2.0.0", *edits_for(table))
    again = edited("3.0.0")
    for path in CORPUS:
        (tmp / "annotations" / "march").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp / "annotations" / "march")
    before = bytes_of(tmp / "annotations")
    there = tried(tmp / "annotations", schema, between, forth)
    assert there.findings == []
    plan.write(there)
    errors = [
        f
        for item in reading.read([tmp / "annotations"], between)
        for f in item.findings
        if f.severity == "error"
    ]
    assert errors == []
    back = tried(tmp / "annotations", between, again, reversed_moves(table, forth))
    assert back.findings == []
    plan.write(back)
    after = {
        name: text.replace(b'"3.0.0"', b'"1.0.0"', 1) for name, text in bytes_of(tmp / "annotations").items()
    }
    assert after == before


def test_two_names_may_change_places(tmp_path: Path, schema: Schema) -> None:
    def swap(copy: Copy) -> None:
        for edit in (("imposer", "nobody"), ("target", "imposer"), ("nobody", "target")):
            rename_role("sanction", *edit)(copy)

    new = edited("2.0.0", swap)
    given = Moves(rename=Renames(role={"sanction.imposer": "target", "sanction.target": "imposer"}))
    task = marked(
        "d", "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=tariff] [Vera|GPE #v].", schema
    )
    document = migrated(tmp_path, task, new, given)
    names = {m.id: m.text for m in document.mentions}
    assert {role: names[f[0].mention] for role, f in document.events[0].arguments.items()} == {
        "target": "Norland",
        "imposer": "Vera",
    }
    done = tried(tmp_path / "annotations", schema, new, given)
    assert done.counts() == {plan.DONE: 1}
    assert plan.write(done) == []


# Removals

STORY = (
    "[Ann|PERSON #a] [called|phone_call #c participant=a,b topic=l medium=video status=alleged] [Bo|PERSON #b] about "
    "[the Act|LAW #l]; [Norland|GPE #n] [banned|sanction #s imposer=n target=b measure=tariff in_response_to=c] it."
)


@pytest.mark.parametrize(
    ("edit", "gone", "kept"),
    [
        (remove_type("phone_call"), ("type", "phone_call"), {"called", "topic", "video", "in_response_to"}),
        (remove_role("phone_call", "topic"), ("role", "phone_call.topic"), {"topic"}),
        (remove_label("LAW"), ("label", "LAW"), {"the Act", "topic"}),
        (remove_attribute("phone_call", "medium"), ("attribute", "phone_call.medium"), {"video"}),
        (remove_value("phone_call", "medium", "video"), ("value", "phone_call.medium.video"), {"video"}),
        (remove_value(None, "status", "alleged"), ("value", "status.alleged"), {"alleged"}),
        (remove_relation("in_response_to"), ("relation", "in_response_to"), {"in_response_to"}),
    ],
)
def test_what_is_removed_takes_with_it_what_hangs_on_it_and_nothing_else(
    edit: Edit, gone: tuple[str, str], kept: set[str], tmp_path: Path, schema: Schema
) -> None:
    def said(document: Document) -> set[str]:
        words = {m.text for m in document.mentions} | {t.text for e in document.events for t in e.triggers}
        roles = {role for e in document.events for role in e.arguments}
        answers = {v for e in document.events for name, v in e.attributes.items() if name not in e.defaulted}
        return words | roles | answers | {r.type for r in document.relations}

    new = edited("2.0.0", edit)
    task = marked("d", STORY, schema)
    before = said(convert.read_task(task, schema).documents[0])
    given = Moves(remove=Removals(**{gone[0]: {gone[1]: "not wanted"}}))
    after = said(migrated(tmp_path, task, new, given))
    extra = {"participant", "alleged"} if gone[0] == "type" else set()
    assert after == before - kept - extra


@pytest.mark.parametrize(
    ("edit", "hint"),
    [
        (remove_type("phone_call"), '[rename.type] "phone_call"'),
        (remove_role("phone_call", "topic"), '[rename.role] "phone_call.topic"'),
        (remove_label("LAW"), '[rename.label] "LAW"'),
        (remove_attribute("phone_call", "medium"), '[rename.attribute] "phone_call.medium"'),
        (remove_value("phone_call", "medium", "video"), '[rename.value] "phone_call.medium.video"'),
        (remove_value(None, "status", "alleged"), '[rename.value] "status.alleged"'),
        (remove_relation("in_response_to"), '[rename.relation] "in_response_to"'),
    ],
)
def test_what_goes_without_a_word_is_left_to_people(
    edit: Edit, hint: str, tmp_path: Path, schema: Schema
) -> None:
    new = edited("2.0.0", edit)
    annotations = folder(tmp_path, marked("d", STORY, schema), marked("e", "Nothing here.", schema))
    before = bytes_of(annotations)
    made = tried(annotations, schema, new)
    (found,) = made.findings
    assert (found.code, found.doc_id, found.annotator) == ("E107", "d", "a1")
    assert hint in str(found.hint)
    lines = (annotations / "march" / "d.json").read_text().splitlines()
    assert json.dumps(found.region) in lines[(found.line or 0) - 1]
    assert made.counts() == {plan.LEFT: 1, plan.VERSION: 1}
    assert [path.name for path in plan.write(made)] == ["e.json"]
    assert bytes_of(annotations)["march/d.json"] == before["march/d.json"]


# What nobody has decided


def other_default(attribute: str, value: str) -> Edit:
    return change(
        "sanction", lambda s: s["properties"]["attributes"]["properties"][attribute].update(default=value)
    )


CALLED = "[Ann|PERSON #a] [rang|phone_call participant=b ?=a] [Bo|PERSON #b]."
BANNED = "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=tariff] [Vera|GPE #v]."


@pytest.mark.parametrize("decided", [None, "keep", "take"])
def test_another_default_is_kept_taken_or_asked(decided: Any, tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", other_default("stage", "announced"))
    task = marked("d", BANNED, schema)
    if decided is None:
        (found,) = tried(folder(tmp_path, task), schema, new).findings
        assert (found.code, '[default.attribute] "sanction.stage"' in str(found.hint)) == ("E107", True)
        return
    given = Moves(default=Defaults(attribute={"sanction.stage": decided}))
    (event,) = migrated(tmp_path, task, new, given).events
    assert (event.attributes["stage"], "stage" in event.defaulted) == (
        ("in_force", False) if decided == "keep" else ("announced", True)
    )


@pytest.mark.parametrize("decided", [None, "keep", "take"])
def test_another_default_role_is_kept_taken_or_asked(decided: Any, tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", change("phone_call", lambda s: s["x-default-role"].update(PERSON="caller")))
    task = marked("d", CALLED, schema)
    if decided is None:
        (found,) = tried(folder(tmp_path, task), schema, new).findings
        assert (found.code, '[default.role] "phone_call.PERSON"' in str(found.hint)) == ("E107", True)
        return
    given = Moves(default=Defaults(role={"phone_call.PERSON": decided}))
    (event,) = migrated(tmp_path, task, new, given).events
    wanted = {"participant": 2} if decided == "keep" else {"participant": 1, "caller": 1}
    assert {role: len(fillers) for role, fillers in event.arguments.items()} == wanted


@pytest.mark.parametrize(
    ("edit", "given", "code"),
    [
        (
            change("phone_call", lambda s: role_of(s, "participant").update({"x-labels": ["GPE"]})),
            NO_MOVES,
            "E405",
        ),
        (
            change("phone_call", lambda s: role_of(s, "participant").update({"x-max-entities": 1})),
            NO_MOVES,
            "E404",
        ),
        (
            change("phone_call", lambda s: s["properties"]["arguments"]["required"].append("time")),
            NO_MOVES,
            "E403",
        ),
        (change("phone_call", lambda s: new_question(s)), NO_MOVES, "E406"),
        (
            change_common(lambda c: relation_of(c, "in_response_to").update(head=["statement"])),
            NO_MOVES,
            "E602",
        ),
        (remove_label("GROUP"), Moves(rename=Renames(label={"GROUP": "PERSON"})), "E212"),
    ],
)
def test_what_would_be_an_error_is_left_to_people(
    edit: Edit, given: Moves, code: str, tmp_path: Path, schema: Schema
) -> None:
    def fewer_defaults(copy: Copy) -> None:
        labels = {name: set(role["x-labels"]) for name, role in copy.roles("phone_call").items()}
        default = copy.type("phone_call")["x-default-role"]
        copy.type("phone_call")["x-default-role"] = {k: v for k, v in default.items() if k in labels[v]}

    new = edited("2.0.0", edit, fewer_defaults)
    task = marked("d", STORY, schema)
    twice = next(r for r in task["annotations"][0]["result"] if r.get("id") == "a")
    if code == "E212":
        value = {**twice["value"], "labels": ["GROUP"]}
        task["annotations"][0]["result"].append({**twice, "id": "twin", "value": value})
    annotations = folder(tmp_path, task)
    made = tried(annotations, schema, new, given)
    assert {f.code for f in made.findings} == {code}
    assert all(f.file and f.line and f.doc_id == "d" for f in made.findings)
    assert made.counts() == {plan.LEFT: 1}
    assert plan.write(made) == []


def test_an_error_that_the_project_made_a_warning_does_not_stand_against_it(
    tmp_path: Path, schema: Schema
) -> None:
    narrower = change("phone_call", lambda s: role_of(s, "topic").update({"x-labels": ["CONTENT"]}))
    new = edited("2.0.0", narrower, change("phone_call", lambda s: s["x-default-role"].pop("LAW")))
    annotations = folder(tmp_path, marked("d", STORY, schema))
    assert {f.code for f in tried(annotations, schema, new).findings} == {"E405"}
    mild = RuleSettings(severity={"E405": "warning"})
    made = plan.plan(schema, new, NO_MOVES, annotations, rules=mild)
    assert (made.findings, made.counts()) == ([], {plan.VERSION: 1})


def role_of(spec: Json, name: str) -> Json:
    return spec["properties"]["arguments"]["properties"][name]


def relation_of(common: Json, name: str) -> Json:
    return common["relation_type"]["x-relations"][name]


def new_question(spec: Json) -> None:
    spec["properties"]["attributes"]["properties"]["tone"] = {"enum": ["warm", "cold"]}
    spec["properties"]["attributes"].setdefault("required", []).append("tone")


def test_two_answers_that_become_one_question_are_left_to_people(tmp_path: Path, schema: Schema) -> None:
    def merge(copy: Copy) -> None:
        both = copy.attributes("sanction")
        both["formality"]["enum"] += [v for v in both["stage"]["enum"] if v not in both["formality"]["enum"]]
        both["formality"]["x-values"] |= both.pop("stage")["x-values"]
        copy.type("sanction")["properties"]["attributes"]["required"].remove("stage")

    new = edited("2.0.0", merge)
    renames = Renames(attribute={"sanction.stage": "formality"})
    given = Moves(
        rename=renames, default=Defaults(attribute={"sanction.stage": "take", "sanction.formality": "take"})
    )
    both = BANNED.replace("measure=", "stage=lifted formality=administrative measure=")
    made = tried(folder(tmp_path / "two", marked("d", both, schema)), schema, new, given)
    (found,) = made.findings
    assert found.code == "E107"
    assert "'administrative'" in found.message
    assert "'lifted'" in found.message
    one = marked("d", BANNED.replace("measure=", "stage=lifted measure="), schema)
    (event,) = migrated(tmp_path / "one", one, new, given).events
    assert event.attributes["formality"] == "lifted"


def test_a_mention_that_joined_two_others_is_not_removed_silently(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", remove_label("MEDIA"))
    task = marked("d", "[Acme|ORG #a], [the paper|MEDIA #p], [it|ORG #i].", schema)
    ends = [
        {"from_id": a, "to_id": b, "type": "relation", "direction": "right"}
        for a, b in (("a", "p"), ("p", "i"))
    ]
    task["annotations"][0]["result"] += ends
    given = Moves(remove=Removals(label={"MEDIA": "not wanted"}))
    (found,) = tried(folder(tmp_path, task), schema, new, given).findings
    assert (found.code, "would not say any more: entity" in found.message) == ("E107", True)


# What is stored beside the results


def test_what_push_goes_by_stays(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", rename_type("phone_call", "call"))
    place = {
        "id": 7,
        "task": 3,
        "project": 2,
        "origin": "0123456789ab",
        "lead_time": 3.5,
        "guideline_version": "0.9",
    }
    task = marked("d", CALLED, schema, **place)
    (annotation,) = task["annotations"]
    annotation["base"] = stored.digest(annotation)
    annotations = folder(tmp_path, task)
    plan.write(tried(annotations, schema, new, Moves(rename=Renames(type={"phone_call": "call"}))))
    (after,) = json.loads((annotations / "march/d.json").read_text())["annotations"]
    assert {**after, "result": 0} == {**annotation, "result": 0}
    assert stored.is_changed(after)
    assert not stored.is_changed(annotation)


@pytest.mark.parametrize("touched", [False, True])
def test_an_adjudication_is_still_that_of_its_annotation(
    touched: bool, tmp_path: Path, schema: Schema
) -> None:
    from dateline.adjudication import truth
    from dateline.adjudication.origins import Origin, refs

    new = edited(
        "2.0.0",
        rename_type("phone_call", "call"),
        rename_role("call", "participant", "side"),
    )
    given = Moves(rename=Renames(type={"phone_call": "call"}, role={"phone_call.participant": "side"}))
    task = marked("d", STORY, schema)
    results = task["annotations"][0]["result"]
    names = {ref: Origin("majority", ("a1", "a2")) for r in results for ref in refs(r)}
    task["annotations"] = [truth.annotation(results, names, "majority", "merge", ["a1", "a2"], schema)]
    if touched:
        task["annotations"][0]["result"].pop()
    annotations = folder(tmp_path, task)
    plan.write(tried(annotations, schema, new, given))
    (after,) = json.loads((annotations / "march/d.json").read_text())["annotations"]
    assert truth.is_made_here(after, by_review=False) is not touched
    (group,) = after["adjudication"]["items"]
    there = {ref for r in after["result"] for ref in refs(r)}
    assert there <= set(group["items"])
    assert {item for item in group["items"] if "participant" in item or "phone_call__" in item} == set()


def test_skipped_annotations_move_too_and_stay_skipped(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    annotations = folder(tmp_path, marked("d", CALLED, schema, was_cancelled=True))
    plan.write(tried(annotations, schema, new, Moves(rename=Renames(label={"PERSON": "HUMAN"}))))
    text = (annotations / "march/d.json").read_text()
    assert '"was_cancelled": true' in text
    assert '"PERSON"' not in text


def test_a_task_of_another_version_is_left_and_an_older_minor_one_is_not(tmp_path: Path) -> None:
    old = edited("1.2.0")
    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    tasks = [marked(v.replace(".", "-"), CALLED, old) for v in ("0.9.0", "1.0.0", "1.2.0", "1.3.0", "3.0.0")]
    for task in tasks:
        task["data"]["schema_version"] = task["data"]["doc_id"].replace("-", ".")
    made = tried(folder(tmp_path, *tasks), old, new, Moves(rename=Renames(label={"PERSON": "HUMAN"})))
    assert {f.doc_id: f.code for f in made.findings} == dict.fromkeys(("0-9-0", "1-3-0", "3-0-0"), "E107")
    assert made.counts() == {plan.MOVED: 2, plan.LEFT: 3}


def test_the_reader_tells_older_and_newer_schemas_until_they_are_migrated(
    tmp_path: Path, schema: Schema
) -> None:
    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    annotations = folder(tmp_path, marked("d", CALLED, schema))

    def codes(by: Schema) -> set[str]:
        return {f.code for item in reading.read([annotations], by) for f in item.findings}

    assert codes(schema) == set()
    assert "W103" in codes(new)
    plan.write(tried(annotations, schema, new, Moves(rename=Renames(label={"PERSON": "HUMAN"}))))
    assert codes(new) == set()
    assert "E102" in codes(schema)


# Writing


def test_a_run_that_was_cut_off_is_finished_by_the_next(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    given = Moves(rename=Renames(label={"PERSON": "HUMAN"}))
    annotations = folder(tmp_path, *(marked(f"d{n}", CALLED, schema) for n in range(4)))
    made = tried(annotations, schema, new, given)
    made.outcomes = made.outcomes[:2]
    plan.write(made)
    rest = tried(annotations, schema, new, given)
    assert rest.counts() == {plan.DONE: 2, plan.MOVED: 2}
    plan.write(rest)
    assert all(
        b"PERSON" not in text for name, text in bytes_of(annotations).items() if name.startswith("march")
    )


def test_what_changed_meanwhile_is_not_overwritten(tmp_path: Path, schema: Schema) -> None:
    from dateline import files

    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    annotations = folder(tmp_path, marked("d", CALLED, schema))
    made = tried(annotations, schema, new, Moves(rename=Renames(label={"PERSON": "HUMAN"})))
    path = annotations / "march/d.json"
    path.write_text(path.read_text() + "\n")
    with pytest.raises(files.FileError, match="has changed"):
        plan.write(made)
    with files.lock(path.parent), pytest.raises(files.Busy):
        plan.write(tried(annotations, schema, new, Moves(rename=Renames(label={"PERSON": "HUMAN"}))))


def test_a_file_that_is_no_task_is_named_and_the_rest_goes_on(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", rename_label("PERSON", "HUMAN"))
    annotations = folder(tmp_path, marked("d", CALLED, schema))
    for name, text in (
        ("a", "{"),
        ("b", "[]"),
        ("c", '{"data": {}, "annotations": 3}'),
        ("e", '{"data": {"x": 1}}'),
    ):
        (annotations / "march" / f"{name}.json").write_text(text)
    (annotations / "march" / "f.json").write_text(
        '{"data": {}, "annotations": [7, {"result": ["x", {"type": 1}]}]}'
    )
    made = tried(annotations, schema, new, Moves(rename=Renames(label={"PERSON": "HUMAN"})))
    assert {Path(str(f.file)).name for f in made.findings if f.code == "E107"} == {
        "a.json",
        "b.json",
        "c.json",
        "f.json",
    }
    assert "d.json" in {path.name for path in plan.write(made)}


def test_an_exports_schema_is_the_folders(tmp_path: Path, schema: Schema) -> None:
    out = tmp_path / "dataset"
    out.mkdir()
    (out / bundle.NAME).write_text(json.dumps(schema.bundle), encoding="utf-8")
    for place in (ROOT / "schema", out, out / bundle.NAME):
        assert bundle.read(place) == schema


def test_moves_that_the_schemas_do_not_know_are_refused(tmp_path: Path, schema: Schema) -> None:
    new = edited("2.0.0", rename_type("phone_call", "call"), remove_role("sanction", "reason"))
    path = tmp_path / "moves.toml"
    for text, said in (
        ("[rename.typ]\n", "unknown field `typ`"),
        ("[renames]\n", "unknown field `renames`"),
        ("[remove.role]\n'sanction.reason' = ''\n", "length >= 1"),
        ("[default.role]\n'phone_call.GPE' = 'maybe'\n", "maybe"),
        ("[rename", "is not TOML"),
        ("[rename.type]\nphonecall = 'call'\n", "did you mean phone_call?"),
        ("[rename.type]\nphone_call = 'cal'\n", "did you mean call?"),
        ("[rename.type]\nsanction = 'statement'\n", "the new schema still has it"),
        ("[remove.label]\nLAW = 'why'\n", "the new schema has it"),
        ("[rename.attribute]\nstatus = 'state'\n", "its name is fixed"),
        ("[default.role]\n'sanction.GPE' = 'keep'\n", "no default role"),
        (
            "[remove.type]\nphone_call = 'a'\n[rename.role]\n'phone_call.caller' = 'x'\n",
            "what it belongs to is removed",
        ),
        ("[remove.type]\nphone_call = 'a'\n[rename.type]\nphone_call = 'call'\n", "renamed and removed"),
    ):
        path.write_text(text)
        with pytest.raises(MovesError, match=said.replace("?", r"\?")):
            moves.load(path, schema, new)
