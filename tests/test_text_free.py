"""Datasets without the words of their articles, and the words put back: nothing leaks, nothing is lost."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from articles import ROOT, SCHEMA, Json, call, files_of, marked, run, task, write
from hypothesis import HealthCheck, given, settings
from strategies import records
from test_load import DISPUTE, card, loaded

from dateline import audit, export, making, rehydrate, store, text_free, views
from dateline.copies import Copies
from dateline.model import Document
from dateline.sources import SourceError
from dateline.views import Sheet, features, words

BATCHES = ("calitoday", "sample")
ARTICLES = ROOT / "annotations" / "articles"
properties = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def exported(folder: Path, out: Path, text: Any, *names: str, batches: tuple[str, ...] = ("b",)) -> Path:
    plan = export.Plan(folder, batches, out, "d", names or views.NAMES, text=text)
    path = export.export(plan, SCHEMA).path
    assert path is not None
    return path


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Our articles with their words, in the views that can be without them, and without their words."""
    tmp_path = tmp_path_factory.mktemp("text-free")
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    full, free = (
        exported(
            tmp_path / "annotations", tmp_path / text, text, *text_free.kept(views.NAMES), batches=BATCHES
        )
        for text in ("keep", "omit")
    )
    return full, free


# Nothing leaks


def strings(value: Any) -> Iterator[str]:
    """Every string in plain data, keys too; names of regions are Label Studio's, or as annotators chose."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner) if key != "region" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def everything_said(folder: Path) -> str:
    """All that a folder's files say, Parquet files unpacked, less the names of publishers and articles.

    The schema's own sentences ("declined to comment") are no article's.
    """
    found = {s for rows in audit.stored(folder).values() for row in rows for s in strings(row)}
    said = "\n".join(sorted(found))
    others = [
        p for p in folder.rglob("*") if p.is_file() and p.suffix != ".parquet" and p.name != "schema.json"
    ]
    said += "\n".join(p.read_text("utf-8") for p in sorted(others))
    articles = [store.read_article(p) for p in sorted(ARTICLES.glob("*.json"))]
    for name in sorted({a.source.publisher or "" for a in articles} | {a.doc_id for a in articles}, key=len):
        said = said.replace(name, "") if name else said
    return said


def test_no_stretch_of_an_article_and_no_span_is_anywhere_in_the_folder(corpora: tuple[Path, Path]) -> None:
    full, free = corpora
    said = everything_said(free)
    runs = {said[n : n + 20] for n in range(len(said) - 19)}
    documents = [row for (view, _), rows in audit.stored(full).items() if view == "documents" for row in rows]
    assert len(documents) == 55
    for row in documents:
        text = row["text"]
        assert [text[n : n + 20] for n in range(len(text) - 19) if text[n : n + 20] in runs] == []
        assert row["source"]["title"] not in said
        spans = {s["text"] for s in [*row["mentions"], *(t for e in row["events"] for t in e["triggers"])]}
        # single words, such as "statement", are the schema's and the manifest's too: see the tests below
        assert {s for s in spans if " " in s and s in said} == set()


def test_only_columns_of_words_are_without_values(corpora: tuple[Path, Path]) -> None:
    full, free = map(audit.stored, corpora)
    assert full.keys() == free.keys()
    for (view, split), rows in full.items():
        for row, bare in zip(rows, free[view, split], strict=True):
            assert bare == words.omit(row, views.COLUMNS[view], [])
            assert list(nulls_of_words(bare, views.COLUMNS[view])) == []


def nulls_of_words(value: Any, type_: features.Type) -> Iterator[Any]:
    """The words that are still there."""
    if isinstance(type_, words.Words):
        yield from [value] if value is not None else []
    elif isinstance(type_, dict) and value is not None:
        for name, inner in type_.items():
            yield from nulls_of_words(value[name], inner)
    elif isinstance(type_, list) and value is not None:
        for item in value:
            yield from nulls_of_words(item, type_[0])


@properties
@given(records())
def test_what_a_view_says_beside_its_words_holds_none(record: Document) -> None:
    """Another text of the same length, with the same marks, gives the same rows without words."""
    other = _reworded(record)
    for view in text_free.kept(("documents", "events", "annotations", "claims")):
        bare, _ = making.made(view, Sheet(record, SCHEMA), omit=True)
        assert making.made(view, Sheet(other, SCHEMA), omit=True)[0] == bare


def _reworded(record: Document) -> Document:
    from msgspec.structs import replace

    text = "x" * len(record.text)
    return replace(
        record,
        text=text,
        source=replace(record.source, title=None if record.source.title is None else "y"),
        mentions=[replace(m, text=text[m.start : m.end]) for m in record.mentions],
        events=[
            replace(e, triggers=[replace(t, text=text[t.start : t.end]) for t in e.triggers])
            for e in record.events
        ],
    )


def test_it_loads_with_the_same_features_and_says_what_is_not_there(
    corpora: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = write(tmp_path / "annotations", "b", marked("d", DISPUTE.format("d")), title="A title")
    free = exported(folder, tmp_path / "exports", "omit")
    (found,) = loaded(tmp_path, free)
    assert set(found) - {""} == set(text_free.kept(views.NAMES)) == set(views.NAMES) - {"instruct"}
    for view, parts in found.items():
        for part in parts.values() if view else ():
            assert part["features"] == features.yaml_list(views.COLUMNS[view])
    head, body = card(free)
    assert head["license"] == "cc-by-4.0"
    assert "Views that consist of words are left out: instruct." in body
    said = json.loads((free / "manifest.json").read_bytes())
    assert said["text"] == {"kept": False, "views_left_out": ["instruct"]}
    assert audit.check_export(folder, free, SCHEMA) == []


def test_the_audit_finds_a_word_that_was_left_in(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("d"))
    free, full = (exported(folder, tmp_path / text, text, "events") for text in ("omit", "keep"))
    name = "events/train-00000-of-00001.parquet"
    name = name if (full / name).exists() else next(n for n in files_of(full) if n.startswith("events/"))
    shutil.copy(full / name, free / name)
    assert {f.code for f in audit.check_export(folder, free, SCHEMA)} == {"E807"}


def test_nothing_but_a_view_of_words_cannot_be_without_them(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("d"))
    with pytest.raises(export.ExportError, match="nothing is left of instruct"):
        exported(folder, tmp_path / "exports", "omit", "instruct")


# Put back


def put_back(*args: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "scripts" / "rehydrate.py"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_put_back_it_is_the_full_export_to_the_byte(corpora: tuple[Path, Path], tmp_path: Path) -> None:
    full, free = corpora
    before = files_of(free)
    done = put_back(free, "--articles", ARTICLES, "--out", tmp_path / "whole")
    assert (done.returncode, done.stderr) == (0, "")
    assert "55 of 55 articles proven" in done.stdout
    assert files_of(tmp_path / "whole") == files_of(full)
    assert files_of(free) == before


ACCENTS = "[Ann Lée|PERSON #a] [phoned|phone_call participant=a,b] [Bo 😀|PERSON #b].\r\nIt was {}.\r\n"


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """Two articles with their words and without; one has a title that is not in its text."""
    first, second = marked("one", ACCENTS.format("one")), call("two")
    first["data"]["title"] = "A headline of its own"
    second["data"]["title"] = "phoned"
    folder = write(tmp_path / "annotations", "b", first, second)
    names = text_free.kept(views.NAMES)
    return exported(folder, tmp_path / "full", "keep", *names), exported(
        folder, tmp_path / "free", "omit", *names
    )


def copies(tmp_path: Path, **texts: Json | str) -> Path:
    """A folder with copies: a dict is JSON, a string plain text."""
    folder = tmp_path / "copies"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in texts.items():
        data = text if isinstance(text, str) else json.dumps(text)
        (folder / f"{name}.{'txt' if isinstance(text, str) else 'json'}").write_bytes(data.encode())
    return folder


ONE, TWO = "Ann Lée phoned Bo 😀.\r\nIt was one.\r\n", "Ann Lee phoned Bo Ek about story two."
TITLE = "A headline of its own"


@pytest.mark.parametrize(
    "texts",
    [
        {"one": {"doc_id": "one", "text": ONE, "title": TITLE}, "two": TWO},
        {"a": {"doc_id": "elsewhere", "text": ONE, "source": {"title": TITLE}}, "b": TWO + "\n"},
        {"all": [{"text": ONE, "title": TITLE}, {"data": {"text": TWO}}, {"text": "Something else"}]},
        {
            "one": {"text": "\ufeff" + ONE.replace("\r\n", "\n").strip(), "title": TITLE},
            "two": "\ufeff" + TWO,
        },
    ],
)
def test_copies_in_any_form_are_proven_and_mended(
    texts: dict[str, Any], small: tuple[Path, Path], tmp_path: Path
) -> None:
    full, free = small
    result = rehydrate.rehydrate(free, [copies(tmp_path, **texts)], tmp_path / "whole")
    assert (result.missing, result.path) == ({}, tmp_path / "whole")
    assert files_of(tmp_path / "whole") == files_of(full)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"one": {"text": ONE, "title": TITLE}}, "two: there is no copy of it"),
        (
            {"one": {"text": ONE, "title": TITLE}, "two": TWO + "!"},
            "two.txt has another text: 38 characters, 37",
        ),
        ({"one": ONE, "two": TWO}, "the text is there, its title is not"),
        ({"one": {"text": ONE, "title": "Another"}, "two": TWO}, "the text is there, its title is not"),
        ({"one": {"text": 3, "title": TITLE}, "two": TWO}, "is not an article: it has no text"),
    ],
)
def test_a_copy_that_is_missing_or_differs_is_named_and_nothing_is_written(
    texts: dict[str, Any], said: str, small: tuple[Path, Path], tmp_path: Path
) -> None:
    done = put_back(small[1], "--articles", copies(tmp_path, **texts))
    assert done.returncode == 1
    assert said in done.stdout
    assert "nothing written" in done.stderr
    assert [p.name for p in small[1].parent.iterdir()] == ["d"]


def test_what_is_there_can_be_written_and_the_rest_can_follow(
    small: tuple[Path, Path], tmp_path: Path
) -> None:
    full, free = small
    whole = tmp_path / "whole"
    done = put_back(free, "--articles", copies(tmp_path, two=TWO), "--out", whole, "--partial")
    assert done.returncode == 1
    assert f"dataset: {whole}" in done.stdout
    rows = {
        row["doc_id"]: row["text"]
        for _, rows in audit.stored(whole).items()
        for row in rows
        if "events" in row
    }
    assert rows == {"one": None, "two": TWO}
    assert [n.doc_id for n in text_free.read((whole / "texts.jsonl").read_text("utf-8"))] == ["one"]
    again = copies(tmp_path, one={"text": ONE, "title": TITLE})
    done = put_back(whole, "--articles", again, "--out", whole)
    assert done.returncode == 0
    assert files_of(whole) == files_of(full)


def test_what_cannot_be_put_back_is_refused_in_a_line(small: tuple[Path, Path], tmp_path: Path) -> None:
    full, free = small
    folder = copies(tmp_path, one=ONE)
    (tmp_path / "no").mkdir()
    for where, articles, said in (
        (full, folder, "its words are there already"),
        (tmp_path / "no", folder, "is no dataset that was exported with --text omit"),
        (free, tmp_path / "nowhere", "nowhere"),
    ):
        done = put_back(where, "--articles", articles, "--out", tmp_path / "whole")
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    with pytest.raises(SourceError):
        rehydrate.rehydrate(free, [tmp_path / "nowhere"], tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


def test_a_full_folder_for_temporary_files_is_told(
    small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Copies, "add", add)
    with pytest.raises(SourceError, match=r"temporary files: .* is full; .* TMPDIR"):
        rehydrate.rehydrate(small[1], [copies(tmp_path, one=ONE)], tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


def test_a_place_that_is_not_ours_is_untouched(small: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    texts = copies(tmp_path, one={"text": ONE, "title": TITLE}, two=TWO)
    done = put_back(small[1], "--articles", texts, "--out", tmp_path / "mine")
    assert done.returncode == 2
    assert list(files_of(tmp_path / "mine")) == ["thesis.txt"]


def test_a_note_may_quote_so_it_is_left_out_and_listed(tmp_path: Path) -> None:
    noted = marked("d", "[Ann|PERSON #a note=«Ann»?] [phoned|phone_call participant=a,b] [Bo|PERSON #b].")
    folder = write(tmp_path / "annotations", "b", noted)
    free = exported(folder, tmp_path / "free", "omit", "documents", "events")
    said = json.loads((free / "manifest.json").read_bytes())["losses"]
    assert said == {
        "documents": {"note": {"policy": text_free.POLICY, "count": 1, "first": [{"doc_id": "d"}]}}
    }
    assert "«Ann»" not in everything_said(free)
    result = rehydrate.rehydrate(free, [folder / "articles"], tmp_path / "whole")
    assert result.path is not None
    assert json.loads((result.path / "manifest.json").read_bytes())["losses"] == said


def test_an_article_of_which_all_was_held_back_is_not_asked_for(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "annotations",
        "b",
        task("skipped", "Some text.", {"completed_by": "a", "was_cancelled": True, "result": []}),
        call("d"),
    )
    free = exported(folder, tmp_path / "free", "omit")
    assert [n.doc_id for n in text_free.read((free / "texts.jsonl").read_text("utf-8"))] == ["d"]


def test_the_command_leaves_the_words_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("d"))
    done = run(
        "--annotations", folder, "--schema", ROOT / "schema", "--out", tmp_path / "e", "--text", "omit"
    )
    assert done.returncode == 0
    assert "nothing in them but words: instruct" in done.stdout
    assert b"Ann Lee" not in b"".join(files_of(tmp_path / "e" / "b").values())
