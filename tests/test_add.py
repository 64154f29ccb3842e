"""New articles: kept byte for byte, never changed under their id."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dateline import articles, store

ROOT = Path(__file__).parents[1]
TEXT = "Two leaders talk\r\n\r\nAlva\u00a0Brandt 👩‍💼 spoke by phone.\n"


def add(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts/add.py", *map(str, arguments), "--annotations", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_text_file_is_kept_byte_for_byte_with_its_source(tmp_path: Path) -> None:
    (tmp_path / "call-1.txt").write_bytes(TEXT.encode())
    done = add(
        tmp_path, tmp_path / "call-1.txt", "--publisher", "Wire North", "--license", "CC0-1.0", "--synthetic"
    )
    assert done.returncode == 0, done.stderr
    article = store.read_article(store.article_path(tmp_path, "call-1"))
    assert article.text.encode() == TEXT.encode()
    source = article.source
    assert (source.publisher, source.license, source.synthetic) == ("Wire North", "CC0-1.0", True)


def test_again_changes_nothing_and_another_text_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "call-1.txt"
    given.write_text("one")
    assert "1 written" in add(tmp_path, given).stdout
    before = store.article_path(tmp_path, "call-1").read_bytes()
    assert "0 written" in add(tmp_path, given).stdout
    given.write_text("two")
    done = add(tmp_path, given)
    assert (done.returncode, "another text" in done.stderr) == (2, True)
    assert store.article_path(tmp_path, "call-1").read_bytes() == before


def test_what_an_article_says_comes_before_what_all_have_in_common(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    path.write_text(
        json.dumps([{"doc_id": "a", "text": "x", "language": "fr"}, {"doc_id": "b", "text": "y"}])
    )
    found = articles.read(path, {"language": "en", "license": None})
    assert [(a.doc_id, a.source.language, a.source.license) for a in found] == [
        ("a", "fr", "NOASSERTION"),
        ("b", "en", "NOASSERTION"),
    ]


def test_each_article_is_told_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    given = {"title": "Call", "published_at": "2025-03-04", "language": "en", "license": "CC0-1.0"}
    path.write_text(json.dumps([{"doc_id": "a", "text": "x", **given}, {"doc_id": "b", "text": "y"}]))
    folder = tmp_path / store.ARTICLES
    first, second, later, counted, push = add(tmp_path, path).stdout.splitlines()
    assert first == f"{folder / 'a.json'}: written"
    assert second == f"{folder / 'b.json'}: written, without title, date, language, licence"
    assert "--title" in later
    assert counted == f"2 articles read, 2 written to {folder}"
    assert "make push" in push
    (tmp_path / "c.txt").write_text("z")
    options = ["--title", "T", "--published-at", "2025-03-04", "--language", "en", "--license", "CC0-1.0"]
    done = add(tmp_path, tmp_path / "c.txt", *options).stdout.splitlines()
    assert done[:2] == [f"{folder / 'c.json'}: written", f"1 article read, 1 written to {folder}"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"text": "x"}, "no doc_id"),
        ({"doc_id": "a", "text": " \n"}, "no text"),
        ({"doc_id": "a", "text": "x", "licence": "CC0-1.0"}, "its fields are"),
        ({"doc_id": "a"}, "not an article"),
    ],
)
def test_what_is_no_article_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(value))
    done = add(tmp_path, path)
    assert done.returncode == 2
    assert f"{path}:1" in done.stderr
    assert said in done.stderr
    assert not (tmp_path / store.ARTICLES).exists()
