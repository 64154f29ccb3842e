"""Hostile words on a real server: they come home as they went, or a finding says why not."""

import json
from typing import Any

import pytest
from corpora import MARKS, naughty, suite
from workbench import Bench

from dateline import reading
from dateline.findings import has_errors
from dateline.label_studio import stored

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


def test_names_of_batches_and_annotators_are_words_only(bench: Bench) -> None:
    """A batch or an annotator of any name is refused, or stays apart from every other on the server."""
    from dateline import push
    from dateline.files import FileError
    from dateline.label_studio.errors import LabelStudioError

    bench.article("d1")
    refused = 0
    for n, words in enumerate(naughty()[::17]):
        order = push.Order(batch=bench.batch, annotators=(words,))
        try:
            done = push.push(bench.client, bench.schema, bench.annotations, order, bench.articles)
        except (LabelStudioError, FileError, ValueError):
            refused += 1
        else:
            assert [p.annotator for p in done.projects if p.annotator == words], (n, words)
    found = [p.annotator for p in bench.projects()]
    assert len(found) + refused >= len(naughty()[::17])
    assert len(set(found)) == len(found)
