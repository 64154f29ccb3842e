"""Hostile words on a real server: they come home as they went, or a finding says why not."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from corpora import MARKS, naughty, suite
from workbench import Bench

from dateline import reading
from dateline.findings import has_errors
from dateline.label_studio import projects, stored
from dateline.label_studio.errors import LabelStudioError
from dateline.store import StoreError

pytestmark = pytest.mark.slow
LONGEST = 4_000  # characters of a file of JSONTestSuite; two are a hundred thousand brackets


def whole(words: str) -> str:
    return f"{MARKS.text}\n{words}"


def noted(words: str) -> list[dict[str, Any]]:
    """A phone call with a note of these words."""
    results: list[dict[str, Any]] = json.loads(json.dumps(MARKS.results))
    span = next(r["value"] for r in results if r.get("id") == "a")
    value = {"start": span["start"], "end": span["end"], "text": [words]}
    note = {"id": "a", "from_name": "note", "to_name": "text", "type": "textarea", "value": value}
    return [*results, *([note] if words.strip() else [])]


def test_every_string_and_file_is_pushed_annotated_and_comes_home(bench: Bench) -> None:
    """Each is an article's text, id, title, publisher and a note on it; a megabyte of them in one project."""
    words = [*naughty(), *(p.read_bytes()[:LONGEST].decode("latin-1") for p in suite())]
    given: dict[str, str] = {}
    for n, text in enumerate(words):
        name = text[:200] if text.strip() and text[:200] not in given else f"no {n}"
        bench.article(name, whole(text), title=text, publisher=text, language="en")
        given[name] = text
    pushed = bench.push()
    assert not has_errors(pushed.findings), pushed.findings[:3]
    assert pushed.counts["tasks created"] == len(given), pushed.counts

    tasks = bench.tasks()
    assert tasks.keys() == given.keys()
    for name, text in given.items():
        data = tasks[name]["data"]
        assert (data["text"], data["title"], data["publisher"]) == (whole(text), text, text)
    chosen = list(given)[:: max(1, len(given) // 60)]
    for name in chosen:
        made = {"result": noted(given[name])}
        bench.client.create_annotation(tasks[name]["id"], made)
    assert bench.push().counts["tasks unchanged"] == len(given), "nothing is there twice"

    pulled = bench.pull()
    assert pulled.annotations == len(chosen)
    assert not has_errors(pulled.findings)
    for name in chosen:
        (annotation,) = bench.file(name)["annotations"]
        assert bench.file(name)["data"]["text"] == whole(given[name])
        assert stored.digest(annotation) == stored.digest({**annotation, "result": noted(given[name])})
    items = list(reading.read([bench.annotations / bench.batch], bench.schema))
    assert len(items) == len(chosen)
    assert {f.code for i in items for f in i.findings if f.severity == "error"} <= {"E910"}
    assert all(path.parent == bench.annotations / bench.batch for path in pulled.written)


ODD = [
    "a1",
    "A1",
    "Zoë",
    "a&b",
    "<b>x</b>",
    "a\"b'c",
    "a:b",
    "新闻",
    "..",
    ".a",
    "../up",
    "/x",
    "articles",
    "-",
    "",
    "a b",
    "[x]",
]


def named(words: str) -> bool:
    """Whether words can stand in the line by which Dateline knows a project."""
    return words != "-" and re.fullmatch(r"[^\s\[\]]+", words) is not None


def test_names_of_annotators_come_back_or_are_refused(bench: Bench) -> None:
    """Exactly those that the mark cannot hold; each of the others has a project of its own."""
    bench.article("d1")
    given = list(dict.fromkeys([*ODD, *naughty()[::17]]))
    for words in given:
        if named(words):
            (project,) = bench.push(annotators=(words,)).projects
            assert project.annotator == words
        else:
            with pytest.raises(LabelStudioError, match="cannot name a project"):
                bench.push(annotators=(words,))
    found = [(p.annotator, p.batch) for p in bench.projects()]
    assert sorted(map(str, found)) == sorted(str((words, bench.batch)) for words in given if named(words))
    assert len({p.key for p in bench.projects()}) == len(found)


def test_names_of_batches_come_back_or_are_refused(bench: Bench) -> None:
    """Each is a folder beside the articles, or nothing is made of it, here or on the server."""
    bench.article("d1")
    before = len(projects.ours(bench.client))
    given = list(dict.fromkeys([*ODD, *naughty()[::17]]))
    right = [w for w in given if named(w) and "/" not in w and not w.startswith(".") and w != "articles"]
    for words in given:
        mine = replace(bench, batch=words)
        if words not in right:
            with pytest.raises((LabelStudioError, StoreError), match=r"cannot name a project|no name for"):
                mine.push()
            continue
        assert [(p.batch, p.annotator) for p in mine.push().projects] == [(words, None)]
        if words in ODD:
            mine.submit("d1", noted(""))
            assert [path.resolve() for path in mine.pull().written] == [
                (bench.annotations / words / "d1.json").resolve()
            ]
            assert mine.file("d1")["data"]["doc_id"] == "d1"
    assert len(projects.ours(bench.client)) == before + len(right)
    folders = {path.name for path in bench.annotations.iterdir() if path.is_dir()}
    assert folders == {"articles", *(words for words in right if words in ODD)}
    assert [path.name for path in bench.annotations.parent.iterdir()] == ["annotations"]
