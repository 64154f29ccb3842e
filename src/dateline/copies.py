"""Somebody's own copies of articles, found and proven: what the words of a dataset are put back from."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import sources
from dateline.findings import Finding
from dateline.model import sha256
from dateline.text_free import Need
from dateline.views.words import Copy

SHAPES = "articles as JSON or JSONL (an object with text, and title where there is one), or .txt files"
_TITLE = "the text is there, its title is not: give a copy with the title, as JSON"


@dataclass(frozen=True)
class Given:
    """A text as it was found: by which name, where, and with which title."""

    name: str
    where: str
    text: str
    title: str | None = None


class Copies:
    """The proven copies, on disk, so that they may be more than memory holds; a context manager.

    A copy is proven by the SHA-256 of its text, whatever it is called; a byte order mark, other line ends
    and a line end too many or too few are mended first. `close` names, for each article, what others found.
    """

    def __init__(self, needs: Iterable[Need]) -> None:
        self._needs: dict[str, list[Need]] = defaultdict(list)
        self._by_name: dict[str, Need] = {}
        for need in needs:
            self._needs[need.text_sha256].append(need)
            self._by_name[need.doc_id] = need
        self.wrong: dict[str, str] = dict.fromkeys(self._by_name, "there is no copy of it")
        self._store = sqlite3.connect("")  # a file of SQLite's own, which goes when it is closed
        self._store.execute("CREATE TABLE copies (doc_id TEXT PRIMARY KEY, text TEXT, title TEXT)")

    def __enter__(self) -> Copies:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def add(self, given: Given) -> None:
        """Take a copy, if it is one of those that are needed."""
        for text in _forms(given.text):
            needs = self._needs.get(sha256(text))
            if needs:
                for need in needs:
                    self._take(need, text, given)
                return
        if given.name in self.wrong:
            need = self._by_name[given.name]
            said = (
                f"{given.where} has another text: {len(given.text):,} characters, {need.length:,} are needed"
            )
            self.wrong[given.name] = said

    def _take(self, need: Need, text: str, given: Given) -> None:
        title = text[need.title_start : need.title_end] if need.title_start is not None else given.title
        if need.title_start is None and need.title_sha256 is None:
            title = None
        elif need.title_sha256 is not None and (title is None or sha256(title) != need.title_sha256):
            if need.doc_id in self.wrong:
                self.wrong[need.doc_id] = f"{given.where}: {_TITLE}"
            return
        self.wrong.pop(need.doc_id, None)
        row = (need.doc_id, text, title)
        self._store.execute("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", row)

    def get(self, doc_id: str) -> Copy | None:
        """The proven copy of an article."""
        row = self._store.execute("SELECT text, title FROM copies WHERE doc_id = ?", (doc_id,)).fetchone()
        return Copy(*row) if row else None


def _forms(text: str) -> Iterator[str]:
    """The text, and what editors and mail programs may have made of it, undone."""
    yield text
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for form in dict.fromkeys((plain, plain.removesuffix("\n"), plain + "\n")):
        yield form
        yield form.replace("\n", "\r\n")


def found(paths: Iterable[Path]) -> Iterator[Given | Finding]:
    """Every text in files and folders; what cannot be read is a Finding. Raises sources.SourceError."""
    for path in paths:
        texts = sorted(path.rglob("*.txt")) if path.is_dir() else [path] if path.suffix == ".txt" else []
        yield from map(_plain, texts)
        if path.suffix != ".txt" and not (path.is_dir() and not _has_json(path)):
            yield from map(_json, sources.read([path]))


def _has_json(folder: Path) -> bool:
    return any(p.name.endswith(sources.SUFFIXES) for p in folder.rglob("*"))


def _plain(path: Path) -> Given | Finding:
    try:
        return Given(path.stem, str(path), path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return _unread(str(path), None, f"cannot be read as UTF-8 text: {error}")


def _json(raw: sources.Raw | Finding) -> Given | Finding:
    value: Any = raw if isinstance(raw, Finding) else sources.parse(raw)
    if isinstance(value, Finding):
        return value
    said = value.get("data", value) if isinstance(value, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return _unread(raw.file, raw.line, "is not an article: it has no text")
    source = said.get("source")
    title = said.get("title", source.get("title") if isinstance(source, dict) else None)
    name = said.get("doc_id", said.get("id"))
    return Given(str(name), f"{raw.file}:{raw.line}", said["text"], title if isinstance(title, str) else None)


def _unread(file: str | None, line: int | None, message: str) -> Finding:
    return Finding(code="E002", message=message, hint=f"give {SHAPES}", file=file, line=line)
