"""The labeling config offers everything that the schema says, and nothing that could be taken for markup."""

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.label_studio import config, style
from dateline.label_studio.controls import MENTION, TEXT, TRIGGER, control_name, controls
from dateline.schema import SAME_ENTITY, SAME_EVENT, Schema, load

ROOT = Path(__file__).parents[1]
HOSTILE = """</Style><script>x</script> "quoted" 'single' & $text {{7*7}} \\ */ } body { display: none } — ü\nline"""
RAID = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://dateline.example/v1/events/raid.schema.json",
    "title": "raid",
    "description": f"Police search a place. {HOSTILE}",
    "properties": {
        "arguments": {
            "type": "object",
            "additionalProperties": False,
            "required": ["searcher"],
            "properties": {
                "searcher": {
                    "$ref": "../common.schema.json#/$defs/fillers",
                    "description": "who searches",
                    "x-labels": ["ORG"],
                },
                "searched_place": {
                    "$ref": "../common.schema.json#/$defs/fillers",
                    "description": "where",
                    "x-labels": ["FACILITY", "LOC"],
                },
            },
        },
        "attributes": {
            "type": "object",
            "properties": {
                "warrant": {
                    "enum": ["shown", "missing"],
                    "description": HOSTILE,
                    "x-values": {"shown": HOSTILE},
                }
            },
        },
    },
    "x-default-role": {"ORG": "searcher"},
    "x-ui": {"color": "#123456", "hotkey": "7"},
}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load(ROOT / "schema")


@pytest.fixture
def with_raid(tmp_path: Path) -> Schema:
    """Our schema with a seventh event type: one file more, nothing else."""
    folder = tmp_path / "schema"
    shutil.copytree(ROOT / "schema", folder)
    (folder / "events" / "raid.schema.json").write_text(json.dumps(RAID), encoding="utf-8")
    return load(folder)


def tree(schema: Schema) -> ET.Element:
    return ET.fromstring(config.xml(schema))


def named(root: ET.Element, name: str) -> ET.Element:
    (found,) = [e for e in root.iter() if e.get("name") == name]
    return found


def values(element: ET.Element) -> list[str]:
    return [child.attrib["value"] for child in element]


def parents(root: ET.Element, name: str) -> Iterator[ET.Element]:
    above = {child: parent for parent in root.iter() for child in parent}
    element = named(root, name)
    while element in above:
        element = above[element]
        yield element


def test_every_type_and_label_can_be_marked(schema: Schema) -> None:
    root = tree(schema)
    for name, items in ((TRIGGER, schema.types), (MENTION, schema.labels)):
        labels = named(root, name)
        assert (labels.tag, labels.get("toName")) == ("Labels", TEXT)
        assert values(labels) == list(items)
        for label in labels:
            item = items[label.attrib["value"]]
            assert (label.get("background"), label.get("hotkey")) == (item.color, item.hotkey)
            assert label.attrib["hint"].startswith(item.description)


def test_a_hint_says_what_to_mark_and_what_the_roles_mean(schema: Schema) -> None:
    for label in named(tree(schema), TRIGGER):
        type_ = schema.types[label.attrib["value"]]
        lines = label.attrib["hint"].split("\n")
        assert lines[1:3] == [f"Mark: {type_.mark}.", f"Not: {type_.not_}."]
        assert lines[3:] == [f"{role.name}: {role.description}" for role in type_.roles.values()]


def test_every_relation_and_role_can_be_drawn_once(schema: Schema) -> None:
    (relations,) = tree(schema).iter("Relations")
    drawn = values(relations)
    roles = {role for type_ in schema.types.values() for role in type_.roles}
    assert set(drawn) == {SAME_EVENT, SAME_ENTITY, *schema.relations, *roles}
    assert len(drawn) == len(set(drawn))


def test_the_controls_are_those_that_the_reader_knows(schema: Schema) -> None:
    tags = {"labels": "Labels", "choices": "Choices", "textarea": "TextArea"}
    found = {e.attrib["name"]: e.tag for e in tree(schema).iter() if e.get("name") and e.tag != "Text"}
    assert found == {name: tags[control.kind] for name, control in controls(schema).items()}


def test_every_question_is_asked_of_its_own_regions_with_all_answers(schema: Schema) -> None:
    root = tree(schema)
    asked = {name: (None, attribute) for name, attribute in schema.common.items()}
    for type_ in schema.types.values():
        asked |= {control_name(type_.name, a.name): (type_.name, a) for a in type_.attributes.values()}
    for name, (type_name, attribute) in asked.items():
        question = named(root, name)
        assert values(question) == list(attribute.values)
        assert {c.attrib["value"]: c.get("hint") for c in question} == {
            value: attribute.meanings.get(value) for value in attribute.values
        }
        assert (question.get("perRegion"), question.get("choice"), question.get("layout")) == (
            "true",
            "single",
            "select",
        )
        assert "required" not in question.attrib, "a further trigger of an event has no answers"
        for element in (question, next(p for p in parents(root, name) if p.get("visibleWhen"))):
            assert (element.get("whenTagName"), element.get("whenLabelValue")) == (TRIGGER, type_name)


def test_text_fields_are_asked_of_the_labels_that_have_them(schema: Schema) -> None:
    root = tree(schema)
    for name in ("value", "wikidata"):
        (part,) = [p for p in parents(root, name) if p.get("visibleWhen")]
        expected = [label.name for label in schema.labels.values() if name in label.asks]
        assert part.attrib["whenLabelValue"].split(",") == expected
    (part,) = [p for p in parents(root, "note") if p.get("visibleWhen")]
    assert part.get("visibleWhen") == "region-selected"
    assert part.get("whenTagName") is None


def test_each_question_says_what_none_ticked_means(schema: Schema) -> None:
    css = style.css(schema)
    for name, said in {
        "polarity": "none ticked = positive",
        "phone_call__rank": "none ticked = unspecified",
        "press_denial__scope": "may stay open",
        "statement__act": "to be answered",
    }.items():
        (rule,) = [
            line for line in css.splitlines() if line.startswith(f".dl-q-{name} ") and "::before" in line
        ]
        assert rule.endswith(f'{{ content: "{said}"; }}')


def test_the_menu_of_a_relation_keeps_what_fits(schema: Schema) -> None:
    hidden = {
        line.partition('data-label$=":')[2].partition('"')[0]: line
        for line in style.css(schema).splitlines()
        if "__highlighted" in line and "cmdk-item" in line
    }
    assert set(hidden) == {*schema.types, *schema.labels}
    for name, type_ in schema.types.items():
        for kept in (*type_.roles, *schema.relations, SAME_EVENT):
            assert f'"{kept}"' not in hidden[name]
        assert f'"{SAME_ENTITY}"' in hidden[name]
        for label in schema.labels:
            for role in type_.roles_for(label):
                assert f'"{role}"' not in hidden[label]
    assert '"denies"' in hidden["PERSON"]
    assert f'"{SAME_ENTITY}"' not in hidden["PERSON"]


def test_findings_and_source_are_plain_headers(schema: Schema) -> None:
    headers = [e.get("value") for e in tree(schema).iter("Header")]
    assert {"$title", "$publisher", "$published_at", "$findings"} <= set(headers)
    objects = [e for e in tree(schema).iter() if e.get("value") == "$findings" and e.tag != "Header"]
    assert not objects, "only a header can show findings without ever annotating"


def test_a_seventh_type_is_one_file(with_raid: Schema) -> None:
    root = tree(with_raid)
    assert "raid" in values(named(root, TRIGGER))
    assert values(named(root, "raid__warrant")) == ["shown", "missing"]
    assert {"searcher", "searched_place"} <= set(values(next(root.iter("Relations"))))
    (roles,) = [
        e for e in root.iter("View") if e.get("className") == "dl-roles" and e.get("whenLabelValue") == "raid"
    ]
    assert [h.get("value") for h in roles] == [
        "roles: searcher* · searched_place",
        "no role picked: ORG = searcher; else pick one",
    ]


def test_a_hostile_description_stays_text(with_raid: Schema) -> None:
    root = tree(with_raid)
    assert not list(root.iter("script"))
    (raid,) = [label for label in named(root, TRIGGER) if label.get("value") == "raid"]
    assert HOSTILE in raid.attrib["hint"]
    assert named(root, "raid__warrant")[0].get("hint") == HOSTILE
    css = root.find("Style").text
    assert not set("<>&") & set(css), "Label Studio sanitises the style as HTML"
    assert "display: none }" not in css.replace("{ display: none; }", "")
    assert "$text" not in css


def test_label_studio_accepts_it(schema: Schema, with_raid: Schema) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    for given in (schema, with_raid):
        LabelInterface(config.xml(given)).validate()


def test_the_committed_config_is_the_generated_one(schema: Schema) -> None:
    committed = (ROOT / "annotations" / "label_config.xml").read_text(encoding="utf-8")
    assert committed == config.xml(schema), "run: scripts/label_config.py --out annotations/label_config.xml"
