"""The schema folder: valid by itself, refused with file and words where it is not, self-contained as a bundle."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import inline, schema_rules
from dateline import schema as schemas
from dateline.label_studio import config, convert
from dateline.model import to_builtins
from dateline.schema import Schema, SchemaError

Json = dict[str, Any]
CALL = "events/phone_call.schema.json"
COMMON = "common.schema.json"
DOCUMENT = "document.schema.json"
KEYWORDS = "x-keywords.schema.json"

# DESIGN's example of an event file, but for its crosswalk and name: plain strings, `trigger`, no x-ui, no x-guideline
MINIMAL: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://dateline.example/v1/events/meeting.schema.json",
    "title": "meeting",
    "description": "A meeting face to face.",
    "properties": {
        "arguments": {
            "type": "object",
            "additionalProperties": False,
            "required": ["participant"],
            "properties": {
                "participant": {
                    "$ref": "../common.schema.json#/$defs/fillers",
                    "description": "a side",
                    "x-labels": ["PERSON", "GPE"],
                },
                "time": {"$ref": "../common.schema.json#/$defs/fillers", "x-labels": ["TIME"]},
            },
        },
        "attributes": {
            "type": "object",
            "properties": {"form": {"enum": ["open", "closed"], "default": "open", "description": "how"}},
        },
    },
    "x-crosswalk": {"cameo": "042", "ace2005": "Contact:Meet"},
    "x-examples": [{"text": "The two leaders met on Monday.", "trigger": "met"}],
    "x-counter-examples": [{"text": "The plan met resistance.", "why": "nobody meets anybody"}],
}


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    return shutil.copytree(root / "schema", tmp_path / "schema")


def change(path: Path, edit: Callable[[Json], Any]) -> None:
    spec = json.loads(path.read_text(encoding="utf-8"))
    edit(spec)
    path.write_text(json.dumps(spec), encoding="utf-8")


def refusal(folder: Path) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        schemas.load(folder)
    assert caught.value.file in str(caught.value)
    assert caught.value.reason in str(caught.value)
    return caught.value


def roles(spec: Json) -> Json:
    found: Json = spec["properties"]["arguments"]["properties"]
    return found


def attributes(spec: Json) -> Json:
    found: Json = spec["properties"]["attributes"]["properties"]
    return found


def test_every_file_is_valid_under_draft_2020_12_and_under_our_keywords(root: Path) -> None:
    from jsonschema_specifications import REGISTRY
    from referencing import Resource

    keywords = json.loads((root / "schema" / KEYWORDS).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(keywords)
    registry = REGISTRY.with_resource(keywords["$id"], Resource.from_contents(keywords))
    ours = jsonschema.Draft202012Validator(keywords, registry=registry)
    files = sorted((root / "schema").rglob("*.schema.json"))
    assert len(files) == 9
    for path in files:
        spec = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(spec)
        assert [error.message for error in ours.iter_errors(spec)] == []
        assert spec["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_types_are_those_that_the_dataset_is_for(schema: Schema) -> None:
    core = ["phone_call", "press_denial", "sanction", "travel_warning"]
    assert list(schema.types) == [*core, "media_report", "statement"]
    assert [name for name, type_ in schema.types.items() if type_.core] == core
    assert list(schema.relations) == ["denies", "in_response_to", "subevent_of"]


# Refusals: where, what is done to the file, words of the message


def x_unknown(spec: Json) -> None:
    spec["x-colour"] = "#000000"


def x_unknown_inside(spec: Json) -> None:
    roles(spec)["caller"]["x-lables"] = ["PERSON"]


def role_like_a_relation(spec: Json) -> None:
    roles(spec)["denies"] = roles(spec)["caller"]


def role_like_same_event(spec: Json) -> None:
    roles(spec)["same_event"] = roles(spec)["caller"]


def attribute_like_a_common_one(spec: Json) -> None:
    attributes(spec)["status"] = attributes(spec)["medium"]


def attribute_like_a_control(spec: Json) -> None:
    attributes(spec)["note"] = attributes(spec)["medium"]


def attribute_like_a_role(spec: Json) -> None:
    attributes(spec)["caller"] = attributes(spec)["medium"]


def hotkey_of_another_type(spec: Json) -> None:
    spec["x-ui"]["hotkey"] = "2"


def hotkey_of_a_label(spec: Json) -> None:
    spec["x-ui"]["hotkey"] = "p"


def color_of_another_type(spec: Json) -> None:
    spec["x-ui"]["color"] = "#D62728"


def default_role_without_the_label(spec: Json) -> None:
    spec["x-default-role"]["TIME"] = "caller"


def default_role_unknown(spec: Json) -> None:
    spec["x-default-role"]["TIME"] = "date"


def default_role_for_an_unknown_label(spec: Json) -> None:
    spec["x-default-role"]["DATE"] = "time"


def another_title(spec: Json) -> None:
    spec["title"] = "telephone_call"


def unknown_label(spec: Json) -> None:
    roles(spec)["caller"]["x-labels"] = ["PERSON", "ROBOT"]


def no_labels(spec: Json) -> None:
    del roles(spec)["caller"]["x-labels"]


def default_not_in_the_enumeration(spec: Json) -> None:
    attributes(spec)["medium"]["default"] = "pigeon"


def values_that_explain_nothing(spec: Json) -> None:
    attributes(spec)["medium"]["x-values"]["pigeon"] = "a bird"


def no_enumeration(spec: Json) -> None:
    del attributes(spec)["medium"]["enum"]


def an_answer_with_a_space_around(spec: Json) -> None:
    attributes(spec)["medium"]["enum"] = ["telephone ", "unspecified"]


def bad_role_name(spec: Json) -> None:
    roles(spec)["Caller-Id"] = roles(spec)["caller"]


def name_with_the_separator(spec: Json) -> None:
    attributes(spec)["medium__used"] = attributes(spec)["medium"]


def required_role_unknown(spec: Json) -> None:
    spec["properties"]["arguments"]["required"] = ["speaker"]


def expected_role_unknown(spec: Json) -> None:
    spec["x-expected-roles"] = ["speaker"]


def distinct_role_unknown(spec: Json) -> None:
    spec["x-distinct-roles"] = [["caller", "speaker"]]


def claim_role_unknown(spec: Json) -> None:
    spec["x-claim"] = {"stance": "affirms", "role": "topic", "by": ["speaker"], "source": []}


def acts_role_unknown(spec: Json) -> None:
    spec["x-acts"] = {"verb": "called", "by": ["caller"], "to": ["speaker"]}


def acts_without_a_verb(spec: Json) -> None:
    spec["x-acts"] = {"by": ["caller"], "to": ["participant"]}


def claim_stance_unknown(spec: Json) -> None:
    spec["x-claim"] = {"stance": "doubts", "role": "topic", "by": ["caller"], "source": []}


def required_attribute_unknown(spec: Json) -> None:
    spec["properties"]["attributes"]["required"] = ["mood"]


def id_of_another(spec: Json) -> None:
    spec["$id"] = "https://dateline.example/v1/events/sanction.schema.json"


def no_description(spec: Json) -> None:
    del spec["description"]


def not_json_schema(spec: Json) -> None:
    spec["properties"]["attributes"]["type"] = "dictionary"


def relation_between_unknown_types(spec: Json) -> None:
    spec["$defs"]["relation_type"]["x-relations"]["denies"]["head"] = ["refusal"]


def relation_without_a_meaning(spec: Json) -> None:
    spec["$defs"]["relation_type"]["enum"].append("causes")


def label_without_a_meaning(spec: Json) -> None:
    spec["$defs"]["mention_label"]["enum"].append("ROBOT")


def labels_with_one_hotkey(spec: Json) -> None:
    spec["$defs"]["mention_label"]["x-mention-labels"]["ORG"]["x-ui"]["hotkey"] = "p"


def common_default_not_in_the_enumeration(spec: Json) -> None:
    spec["$defs"]["status"]["default"] = "true"


def no_version(spec: Json) -> None:
    spec["x-schema-version"] = "one"


REFUSALS: tuple[tuple[str, Callable[[Json], None], str], ...] = (
    (CALL, x_unknown, "x-colour"),
    (CALL, x_unknown_inside, "x-lables"),
    (CALL, role_like_a_relation, "role 'denies' has the name of a relation"),
    (CALL, role_like_same_event, "role 'same_event' has the name of a relation"),
    (CALL, attribute_like_a_common_one, "attribute 'status' has the name of a common one"),
    (CALL, attribute_like_a_control, "attribute 'note' has the name of a common one"),
    (CALL, attribute_like_a_role, "'caller' is an attribute and also a role"),
    ("press_denial", hotkey_of_another_type, "have one hotkey, '2'"),
    (CALL, hotkey_of_a_label, "phone_call and PERSON have one hotkey, 'p'"),
    ("press_denial", color_of_another_type, "have one colour, #d62728"),
    (CALL, default_role_without_the_label, "the default role 'caller' does not accept TIME"),
    (CALL, default_role_unknown, "x-default-role names the unknown role 'date'"),
    (CALL, default_role_for_an_unknown_label, "x-default-role names unknown mention labels: DATE"),
    (CALL, another_title, "the title is 'telephone_call', the file's name says 'phone_call'"),
    (CALL, unknown_label, "role 'caller' names unknown mention labels: ROBOT"),
    (CALL, no_labels, "role 'caller' has no x-labels"),
    (CALL, default_not_in_the_enumeration, "the default of 'medium' is not one of its values: 'pigeon'"),
    (CALL, values_that_explain_nothing, "x-values of 'medium' explains what is no value: ['pigeon']"),
    (CALL, no_enumeration, "attribute 'medium' needs an enum of strings"),
    (CALL, an_answer_with_a_space_around, "attribute 'medium' needs an enum of strings"),
    (CALL, bad_role_name, "role 'Caller-Id' is not a name of lower-case letters"),
    (CALL, name_with_the_separator, "attribute 'medium__used' is not a name"),
    (CALL, required_role_unknown, "role is unknown: 'speaker'"),
    (CALL, expected_role_unknown, "role is unknown: 'speaker'"),
    (CALL, distinct_role_unknown, "role is unknown: 'speaker'"),
    (CALL, claim_role_unknown, "role is unknown: 'speaker'"),
    (CALL, claim_stance_unknown, "'doubts' is not one of ['affirms', 'denies']"),
    (CALL, acts_role_unknown, "role is unknown: 'speaker'"),
    (CALL, acts_without_a_verb, "'verb' is a required property"),
    (CALL, required_attribute_unknown, "a required attribute is unknown: 'mood'"),
    ("sanction", id_of_another, "has the $id of"),
    (CALL, no_description, "'description' is a required property"),
    (CALL, not_json_schema, "'dictionary' is not valid"),
    (COMMON, relation_between_unknown_types, "relation 'denies' names the unknown type 'refusal'"),
    (COMMON, relation_without_a_meaning, "$defs/relation_type: enum and x-relations"),
    (COMMON, label_without_a_meaning, "$defs/mention_label: enum and x-mention-labels"),
    (COMMON, labels_with_one_hotkey, "ORG and PERSON have one hotkey, 'p'"),
    (COMMON, common_default_not_in_the_enumeration, "the default of 'status' is not one of its values"),
    (DOCUMENT, no_version, "x-schema-version"),
)


@pytest.mark.parametrize(
    ("blamed", "edit", "words"), REFUSALS, ids=lambda part: getattr(part, "__name__", "")
)
def test_refused_with_file_and_words(
    folder: Path, blamed: str, edit: Callable[[Json], None], words: str
) -> None:
    """`blamed` is the file that the message names; a clash of two event types names the second."""
    edited = CALL if "/" not in blamed and "." not in blamed else blamed
    change(folder / edited, edit)
    error = refusal(folder)
    assert words in error.reason
    blamed = blamed if "." in blamed else f"events/{blamed}.schema.json"
    assert error.file == str(folder / blamed)


def test_an_event_file_with_a_bad_name_is_refused(folder: Path) -> None:
    spec = {**MINIMAL, "title": "Big-Meeting"}
    (folder / "events/Big-Meeting.schema.json").write_text(json.dumps(spec))
    assert "event type 'Big-Meeting' is not a name" in refusal(folder).reason


@pytest.mark.parametrize("name", [COMMON, DOCUMENT, KEYWORDS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    error = refusal(folder)
    assert error.file == str(folder / name)
    assert "No such file" in error.reason


def test_a_missing_folder_and_an_empty_one_are_named(folder: Path, tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").file == str(tmp_path / "nowhere")
    shutil.rmtree(folder / "events")
    error = refusal(folder)
    assert (error.file, error.reason) == (str(folder / "events"), "there is no event type")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b'{\n "title": "phone_call",\n}', 3, "a comma with nothing after it"),
        (b'{\n "title": "phone_call",\n\n "title": 1}', 4, "stands twice"),
        (b'{\n "title": "caf\xe9"}', 2, "not UTF-8"),
        (b"", 1, "the text ends"),
        (b"[" * 100_000, 1, "nested deeper"),
    ],
)
def test_broken_json_is_refused_with_its_line(folder: Path, content: bytes, line: int, words: str) -> None:
    (folder / CALL).write_bytes(content)
    error = refusal(folder)
    assert error.file == f"{folder / CALL}:{line}"
    assert words in error.reason


@pytest.mark.parametrize("name", [CALL, COMMON, DOCUMENT, KEYWORDS])
@pytest.mark.parametrize("content", ["[]", "7", "null", "{}"])
def test_what_is_no_schema_at_all_is_refused(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    assert str(folder) in refusal(folder).file


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inner for found in nodes(part, (*path, key)))]


GONE = object()
SWAPS = (GONE, 7, True, None, "seven", [], {}, [7], {"seven": 7}, ["seven", "seven"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_gone_or_of_another_type_it_loads_or_is_refused(
    tmp_path: Path, root: Path, data: Any
) -> None:
    """No exception but SchemaError gets out, and what loads also makes a config and a validator."""
    folder = tmp_path / "schema"
    shutil.copytree(root / "schema", folder, dirs_exist_ok=True)
    name = data.draw(st.sampled_from([CALL, COMMON, DOCUMENT]))
    spec = json.loads((folder / name).read_text(encoding="utf-8"))
    path = data.draw(st.sampled_from(nodes(spec)[1:]))
    swap = data.draw(st.sampled_from(SWAPS))
    parent = spec
    for key in path[:-1]:
        parent = parent[key]
    if swap is GONE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = swap
    (folder / name).write_text(json.dumps(spec), encoding="utf-8")
    try:
        schema = schemas.load(folder)
    except SchemaError as error:
        blamed = error.file
    else:
        blamed = str(folder)
        assert config.xml(schema)
        jsonschema.Draft202012Validator.check_schema(schema.bundle)
    assert str(folder) in blamed


def test_a_minimal_event_file_loads(folder: Path) -> None:
    (folder / "events/meeting.schema.json").write_text(json.dumps(MINIMAL))
    schema = schemas.load(folder)
    type_ = schema.types["meeting"]
    assert type_.roles["participant"].required
    assert type_.roles_for("GPE") == ["participant"]
    assert type_.attributes["form"].default == "open"
    assert type_.hotkey is None
    assert type_.color not in {t.color for t in schema.types.values() if t is not type_}
    assert type_.crosswalk["cameo"] == "042"
    assert '<Label value="meeting"' in config.xml(schema)


def test_an_event_type_without_roles_and_questions_takes_none(folder: Path) -> None:
    bare = {key: MINIMAL[key] for key in ("$schema", "$id", "title", "description")} | {"properties": {}}
    (folder / "events/meeting.schema.json").write_text(json.dumps(bare))
    schema = schemas.load(folder)
    plain = a_record(schema)
    plain["events"][0].update(
        type="meeting", arguments={}, attributes={"status": "asserted", "polarity": "positive"}
    )
    assert list(schema.validator.iter_errors(plain)) == []
    plain["events"][0]["arguments"] = {"participant": [{"mention": "m1", "via": "drawn"}]}
    assert len(list(schema.validator.iter_errors(plain))) == 1


# The bundle


def a_record(schema: Schema) -> Json:
    source = "[Alva|PERSON #a] [phoned|phone_call participant=a,i] [Idris|PERSON #i]."
    compiled = inline.compile_marks(source, schema)
    task = {"data": {"doc_id": "d", "text": compiled.text}, "annotations": [{"result": compiled.results}]}
    (document,) = convert.read_task(task, schema).documents
    found: Json = json.loads(json.dumps(to_builtins(document)))
    return found


def test_the_bundle_judges_records_with_plain_jsonschema(schema: Schema) -> None:
    bundle = json.loads(schema_rules.text_of(schema.bundle))
    jsonschema.Draft202012Validator.check_schema(bundle)
    validator = jsonschema.Draft202012Validator(bundle)
    plain = a_record(schema)
    assert list(validator.iter_errors(plain)) == []
    call = plain["events"][0]
    for path, broken in (
        (["arguments"], {**call, "arguments": {"speaker": [{"mention": "m1", "via": "drawn"}]}}),
        (["attributes", "medium"], {**call, "attributes": {**call["attributes"], "medium": "pigeon"}}),
        (["type"], {**call, "type": "meeting"}),
        (["triggers", 0, "start"], {**call, "triggers": [{**call["triggers"][0], "start": -1}]}),
    ):
        errors = list(validator.iter_errors({**plain, "events": [broken]}))
        assert ["events", 0, *path] in [list(error.absolute_path) for error in errors], path


def test_the_bundle_is_self_contained(schema: Schema) -> None:
    """Every $ref leads to an $id that is inside; so nothing has to be looked up anywhere."""
    from urllib.parse import urldefrag, urljoin

    ids, refs = set(), []

    def walk(value: Any, base: str) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$id"), str):
                base = value["$id"]
                ids.add(base)
            if isinstance(value.get("$ref"), str):
                refs.append(urldefrag(urljoin(base, value["$ref"])).url)
            for inner in value.values():
                walk(inner, base)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, base)

    walk(schema.bundle, "")
    assert len(ids) == 2 + len(schema.types)
    assert len(refs) > 50
    assert set(refs) <= ids


def test_the_bundle_is_the_same_every_time(schema: Schema, root: Path) -> None:
    again = schemas.load(root / "schema").bundle
    assert schema_rules.text_of(again) == schema_rules.text_of(schema.bundle)


def test_a_ref_does_not_crawl_the_bundle_again(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    """It made the shape check of a record seventeen times slower."""
    from referencing import Registry

    validator, plain = schema.validator, a_record(schema)
    monkeypatch.setattr(Registry, "crawl", lambda _: pytest.fail("crawled"))
    assert list(validator.iter_errors(plain)) == []
