"""What a person clicks is what Dateline reads: drags and keys in a real browser, then the record.

Each case is a text with inline marks: the marks say what the hands do and what must come out.
"""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from hands import Hands, replay, sparing
from station import ROOT, Json, Station

from dateline import inline
from dateline.label_studio import convert, write
from dateline.model import Article, Document, Source, content, sha256, to_builtins
from dateline.schema import Schema, load

CASES = {
    "plain": (
        "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call #p ?=a,b,t medium=telephone "
        'rank=head_of_government] on [Monday|TIME #t value=2025-03-03 note="the third?"]. '
        "[Kole|PERSON =b] called the [talk|phone_call =p] short."
    ),
    "emoji before and inside": (
        "👩‍👩‍👧‍👦 🇯🇵 👍🏽 [Lena 🎉 Orth|PERSON #k] [de👩🏽‍🚀nied|press_denial #d speaker=k ?=c strength=hedged] "
        "[the 🇯🇵|CLAIM #c], 𝔞gain."
    ),
    "combining marks": "Cafe\u0301 [Zoe\u0308 A\u030angstro\u0308m|PERSON #z] [den\u0301ied|press_denial speaker=z] it.",
    "no-break spaces and tabs": (
        "At\u00a010\u00a0a.m. the\t[Port\u00a0Alwin|ORG #o]\tsaid:\t\t[no\u00a0truth|press_denial speaker=o]."
    ),
    "runs of spaces": "The  [Harbour   Herald|MEDIA #h]   [reported|media_report ?=h kind=original]   it.",
    "CRLF": "First line.\r\n\r\n[Norland|GPE #n] [denied|press_denial speaker=n] it\r\nin the [third line|CONTENT #x].\r\n",
    "across a line break": "[Norland|GPE #n] [denied|press_denial speaker=n ?=c] that\n[the envoy\nwas recalled|CLAIM #c].\n",
    "right-to-left": (
        "אמר [דני לוי|PERSON #d] היום. [הכחיש|press_denial speaker=d ?=c] את [הידיעה הזאת|CLAIM #c] 👍 ב-2025.\n"
        "قال [سامي نصر|PERSON #s] إنه [نفى|press_denial speaker=s] ذلك."
    ),
    "nested": (
        "[The [ministry|ORG #m] [rejected|press_denial #d speaker=m ?=c denies=r in_response_to=r] the "
        "[report|media_report #r publisher=h]|QUOTE #q] by the [Harbour Herald|MEDIA #h] "
        "that [its envoy had left|CLAIM #c]."
    ),
    "two roles for one mention": (
        "[Alva Brandt|PERSON #a] [phoned|phone_call caller=a participant=a,b] [Idris Kole|PERSON #b]."
    ),
}
RAID = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://dateline.example/v1/events/raid.schema.json",
    "title": "raid",
    "description": 'Police search a place, <b>"by force"</b> & with $text.',
    "properties": {
        "arguments": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "searcher": {
                    "$ref": "../common.schema.json#/$defs/fillers",
                    "description": "who",
                    "x-labels": ["ORG"],
                },
                "searched": {
                    "$ref": "../common.schema.json#/$defs/fillers",
                    "description": "whom",
                    "x-labels": ["ORG"],
                },
            },
        },
        "attributes": {
            "type": "object",
            "properties": {
                "warrant": {"enum": ["shown", "missing"], "description": "was there <a> warrant?"}
            },
        },
    },
    "x-default-role": {"ORG": "searcher"},
    "x-ui": {"color": "#123456", "hotkey": "7"},
}


def annotated(
    text: str, results: list[Json], schema: Schema, doc_id: str = "own-browser"
) -> tuple[Json, Document]:
    """The task without its annotation, and the record that the results say."""
    article = Article(
        doc_id=doc_id, text=text, text_sha256=sha256(text), source=Source(title="A case", language="en")
    )
    task = write.article_task(article, schema.version, schema.guideline_version)
    read = convert.read_task({**task, "annotations": [{"result": results}]}, schema)
    assert not read.findings
    return task, read.documents[0]


def said(document: Document) -> Json:
    """The record without what differs between any two annotations: region ids, and who made it where."""
    plain = to_builtins(msgspec.structs.replace(document, annotation=msgspec.UNSET))
    for part in (
        *plain["mentions"],
        *(trigger for event in plain["events"] for trigger in event["triggers"]),
    ):
        part.pop("region")
    return plain


def click_all(
    desk: Hands, station: Station, task: Json, results: list[Json], schema: Schema
) -> convert.Reading:
    """Make the project, click what the results say, submit, and read what the server has then."""
    project, (task_id,) = station.project(schema, [task])
    desk.open(project, task_id)
    desk.show_relations()
    replay(desk, results, schema)
    desk.submit()
    return convert.read_task(station.task(task_id), schema)


@pytest.mark.parametrize("name", CASES)
def test_the_record_is_what_was_clicked(name: str, desk: Hands, station: Station, schema: Schema) -> None:
    compiled = inline.compile_marks(CASES[name], schema)
    task, expected = annotated(compiled.text, compiled.results, schema)
    reading = click_all(desk, station, task, compiled.results, schema)
    assert not reading.findings
    assert said(reading.documents[0]) == said(expected)
    assert reading.documents[0].text == compiled.text


def test_the_sample_article(desk: Hands, station: Station, schema: Schema) -> None:
    """All of it, with no more ticks than needed; docs/guideline/label-studio.md tells what that costs."""
    name = "calitoday-2025-11-30-takaichi-trump-call.json"
    stored = json.loads((ROOT / "annotations" / "calitoday" / name).read_text(encoding="utf-8"))
    article = json.loads((ROOT / "annotations" / "articles" / name).read_text(encoding="utf-8"))
    (gold,) = [a for a in stored["annotations"] if a["ground_truth"]]
    results = sparing(gold["result"], schema)
    task, expected = annotated(article["text"], results, schema, article["doc_id"])
    _, labelled = annotated(article["text"], gold["result"], schema, article["doc_id"])
    assert content(expected) == content(labelled)
    before = desk.actions
    reading = click_all(desk, station, task, results, schema)
    assert not reading.findings
    assert said(reading.documents[0]) == said(expected)
    assert desk.actions - before < 900


def test_a_stray_hotkey_is_a_finding(desk: Hands, station: Station, schema: Schema) -> None:
    compiled = inline.compile_marks("[Alva Brandt|PERSON] and Idris Kole spoke by phone.", schema)
    text = compiled.text
    task, _ = annotated(text, compiled.results, schema)
    project, (task_id,) = station.project(schema, [task])
    desk.open(project, task_id)
    desk.mark("call", "1", text.index("spoke"), len(text) - 1)
    desk.mark("alva", "p", 0, 11)
    desk.select("call")
    desk.key("p")
    desk.leave()
    desk.submit()
    reading = convert.read_task(station.task(task_id), schema)
    (finding,) = reading.findings
    assert finding.code == "E809"
    assert "'phone_call'" in finding.message
    assert "'PERSON'" in finding.message
    assert [m.text for m in reading.documents[0].mentions] == ["Alva Brandt"]


def test_an_event_type_added_by_one_file(desk: Hands, station: Station, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    (tmp_path / "schema" / "events" / "raid.schema.json").write_text(json.dumps(RAID), encoding="utf-8")
    schema = load(tmp_path / "schema")
    source = (
        "[Police|ORG #p] [searched|raid ?=p searched=b warrant=missing status=reported] [two banks|ORG #b]."
    )
    compiled = inline.compile_marks(source, schema)
    task, expected = annotated(compiled.text, compiled.results, schema)
    reading = click_all(desk, station, task, compiled.results, schema)
    assert not reading.findings
    assert said(reading.documents[0]) == said(expected)
    assert reading.documents[0].events[0].attributes == {
        "status": "reported",
        "polarity": "positive",
        "warrant": "missing",
    }
