"""JSONTestSuite and the big list of naughty strings, everywhere that bytes and words of others can come in."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, Json, annotation, files_of, made, task, write
from corpora import MARKS, naughty, planted, suite

from dateline import findings, reading, sources, store, stored_batch
from dateline.findings import Finding
from dateline.model import sha256, to_builtins

BATCH = "march"


def found_in(value: object) -> list[Finding]:
    """The findings on one value; each of them can be shown."""
    raw = sources.Raw("input.json", 1, json.dumps(value).encode(), whole=True)
    return shown(reading._item(raw, SCHEMA).findings)


def shown(found: list[Finding]) -> list[Finding]:
    for finding in findings.order(found):
        assert findings.as_text(finding).isprintable() or "\n" in findings.as_text(finding)
        assert findings.as_github(finding).count("\n") == 0
    json.loads(findings.as_json(found))
    return found


def test_every_file_of_the_suite_is_read_or_has_an_error() -> None:
    for path in suite():
        found = [f for item in reading.read([path], SCHEMA) for f in shown(item.findings)]
        empty = path.read_bytes().strip().removeprefix(b"[").removesuffix(b"]").strip() == b""
        assert findings.has_errors(found) or empty, path.name


def test_every_file_of_the_suite_inside_a_task(tmp_path: Path) -> None:
    """As bytes in the place of a text, of an annotation and of a result: all of it is told."""
    for path in suite():
        for before, after in (
            (b'{"data": {"doc_id": "d", "text": ', b'}, "annotations": []}'),
            (b'{"data": {"doc_id": "d", "text": "A."}, "annotations": ', b"}"),
            (b'{"data": {"doc_id": "d", "text": "A."}, "annotations": [{"result": [', b"]}]}"),
        ):
            items = reading.items(
                [sources.Raw("input.json", 1, before + path.read_bytes() + after, whole=True)], SCHEMA
            )
            assert all(shown(item.findings) for item in items)


@pytest.mark.parametrize(
    "place", ["label", "control", "type", "role", "region", "annotator", "answer", "doc_id"]
)
def test_every_naughty_string_is_read_or_has_a_finding(place: str) -> None:
    for words in naughty()[:: 1 if place in ("label", "doc_id", "annotator") else 4]:
        results: list[Json] = json.loads(json.dumps(MARKS.results))
        region, relation = results[0], next(r for r in results if r["type"] == "relation")
        value: Json = task("d", MARKS.text, annotation(results))
        if place == "label":
            region["value"]["labels"] = [words]
        elif place == "control":
            region["from_name"] = words
        elif place == "type":
            region["type"] = words
        elif place == "role":
            relation["labels"] = [words]
        elif place == "region":
            relation["from_id"] = words
        elif place == "answer":
            next(r for r in results if r["type"] == "choices")["value"]["choices"] = [words]
        elif place == "annotator":
            value["annotations"][0]["completed_by"] = words
        else:
            value["data"]["doc_id"] = words
        found = found_in(value)
        if place not in ("annotator", "doc_id"):
            assert findings.has_errors(found)


def test_every_naughty_string_as_a_record() -> None:
    for words in naughty():
        raw = sources.Raw("x.json", 1, json.dumps(planted(1, words, words)).encode(), whole=True)
        for document in reading._item(raw, SCHEMA).documents:
            plain = json.loads(json.dumps(to_builtins(document)))
            again = reading._item(sources.Raw("x.json", 1, json.dumps(plain).encode(), True), SCHEMA)
            assert again.documents == [document]


@pytest.fixture(scope="module")
def planted_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch in which each string is an article, its id, its title, its publisher, a note and an annotator."""
    tasks = [planted(n, words, words) for n, words in enumerate(naughty())]
    texts = [path.read_bytes().decode("latin-1") for path in suite()]
    tasks += [planted(len(tasks) + n, f"suite {n}", text) for n, text in enumerate(texts)]
    return write(tmp_path_factory.mktemp("planted") / "annotations", BATCH, *tasks)


def test_every_string_and_file_comes_out_of_an_export_as_it_went_in(planted_batch: Path) -> None:
    import pyarrow.parquet as pq

    root = planted_batch.parent
    before = files_of(root)
    given = {t["data"]["doc_id"]: t for t in (json.loads(p.read_bytes()) for p in batch_files(planted_batch))}
    outcome = made(planted_batch, root / "exports", BATCH, hold_back=True)
    shown(outcome.findings)
    assert outcome.path
    after = files_of(root)
    new = {name for name in after if name not in before}
    assert all(name.startswith(f"exports/{BATCH}/") or name == "annotations/splits.csv" for name in new), new
    assert {name: after[name] for name in before} == before

    rows = [
        row for p in (outcome.path / "documents").glob("*.parquet") for row in pq.read_table(p).to_pylist()
    ]
    assert len(rows) > 800
    held = {held.doc_id for held in outcome.held_back}
    assert {row["doc_id"] for row in rows} | held == set(given)
    assert {f.code for f in outcome.findings if f.severity == "error"} <= {"E910"}
    for row in rows:
        data = given[row["doc_id"]]["data"]
        assert row["text"] == data["text"]
        source = row["source"]
        assert (source["title"] or "", source["publisher"] or "") == (data["title"], data["publisher"])
        assert [m["text"] for m in row["mentions"]] == ["Ann Lee", "Bo Ek"]


def batch_files(annotations: Path) -> list[Path]:
    return sorted((annotations / BATCH).glob("*.json"))


def test_names_of_files_stay_in_their_folder(tmp_path: Path) -> None:
    """Each id has a file of its own, also where case is ignored; what lies in the file says which id it is of."""
    given = [
        *naughty(),
        *(f"{words}{end}" for words in naughty() for end in (".json", "/", "\0", " ", "-0123456789")),
    ]
    given = list(dict.fromkeys(given))
    paths = {words: store.task_path(tmp_path, BATCH, words) for words in given}
    assert len(set(paths.values())) == len(given)
    assert {path.parent for path in paths.values()} == {tmp_path / BATCH}
    assert all(path.resolve().parent == (tmp_path / BATCH).resolve() for path in paths.values())
    for names in grouped(paths).values():
        assert len({name.lower() for name in names}) == 1, names

    (tmp_path / BATCH).mkdir()
    (tmp_path / store.ARTICLES).mkdir()
    for words, path in paths.items():
        path.write_text(json.dumps(task(words, "A.")), encoding="utf-8")
        article = {"doc_id": words, "text": "A.", "text_sha256": sha256("A."), "source": {}}
        store.article_path(tmp_path, words).write_text(json.dumps(article), encoding="utf-8")
    assert len(list((tmp_path / BATCH).iterdir())) == len(given)
    for words in given:
        assert store.read_article(store.article_path(tmp_path, words)).doc_id == words
        assert stored_batch.read_task(paths[words])["data"]["doc_id"] == words
    assert {path.name for path in tmp_path.iterdir()} == {BATCH, store.ARTICLES}
    assert stored_batch.batch_files(tmp_path, BATCH) == sorted(paths.values())


def grouped(paths: dict[str, Path]) -> dict[str, list[str]]:
    """The ids by their file's name without regard to case: several only where they differ in nothing else."""
    found: dict[str, list[str]] = {}
    for words, path in paths.items():
        found.setdefault(path.name.lower(), []).append(words)
    return found


@pytest.mark.slow
def test_the_scripts_say_what_is_wrong_and_exit(tmp_path: Path, planted_batch: Path) -> None:
    out, page = tmp_path / "out", tmp_path / "report.html"
    commands: list[list[object]] = [
        ["validate.py", suite()[0].parent],
        ["validate.py", "--format", "json", planted_batch / BATCH],
        ["export.py", BATCH, "--annotations", planted_batch, "--out", out, "--hold-back"],
        ["report.py", out / BATCH, "--out", page],
    ]
    before = files_of(planted_batch)
    for command in commands:
        script = [sys.executable, str(ROOT / "scripts" / str(command[0])), *map(str, command[1:])]
        done = subprocess.run(script, capture_output=True, cwd=ROOT, timeout=120, check=False)
        said = done.stdout.decode() + done.stderr.decode()
        assert "Traceback" not in said, said[-2000:]
        assert "\x1b" not in said and "\x07" not in said, "nothing from data reaches the terminal raw"
        assert done.returncode in (0, 1), said[-2000:]
    after = files_of(planted_batch)
    after.pop("splits.csv")
    before.pop("splits.csv", None)
    assert after == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "report.html"]
    assert [p.name for p in out.iterdir()] == [BATCH]
    assert not re.search(
        r"<script>\s*alert|<img|onerror=alert\(\d+\)>", page.read_text("utf-8"), re.IGNORECASE
    )


def test_every_naughty_string_as_an_article_keeps_its_bytes(tmp_path: Path) -> None:
    for words in naughty():
        article = {"doc_id": words or "d", "text": words, "text_sha256": sha256(words), "source": {}}
        assert not found_in(article)
        (tmp_path / "a.json").write_text(json.dumps(article), encoding="utf-8")
        assert store.read_article(tmp_path / "a.json").text == words
