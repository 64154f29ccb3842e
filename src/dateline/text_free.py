"""Datasets without the words of their articles: what is left out, and what one needs to put it back.

Left out, with nulls in their place: texts, titles, the words of every span and token, and the notes of
annotators, which may quote. A view that is nothing but words is left out as a whole. There remain offsets,
labels, answers, relations, hashes, sources, and ids as they were given: who holds a copy of an article can
put its words back (`dateline.rehydrate`), exactly, but for the notes.

A title is its publisher's text like the rest. It comes back from where it stands in the text, else from
the title of the copy, proven by its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from dateline import views
from dateline.model import Document, sha256
from dateline.views import words
from dateline.views.loss import Loss
from dateline.views.parts import Row

NAME = "texts.jsonl"
NOTE = "note"
POLICY = "an annotator's note may quote the text: without texts it is left out, and no copy brings it back"


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """An article whose words were left out: how to find it, and how to prove a copy of it.

    `length` is in code points; the title is `text[title_start:title_end]` where these are given, else it
    has the hash `title_sha256`, and there was none where that is null too.
    """

    doc_id: str
    text_sha256: str
    length: int
    title_start: int | None = None
    title_end: int | None = None
    title_sha256: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    url: str | None = None
    language: str = "und"


def need(document: Document) -> Need:
    """What it takes to put an article's words back."""
    source, title = document.source, document.source.title
    at = document.text.find(title) if title else -1
    return Need(
        doc_id=document.doc_id,
        text_sha256=document.text_sha256,
        length=len(document.text),
        title_start=at if title and at >= 0 else None,
        title_end=at + len(title) if title and at >= 0 else None,
        title_sha256=None if title is None or (title and at >= 0) else sha256(title),
        publisher=source.publisher,
        published_at=source.published_at,
        url=source.url,
        language=source.language,
    )


def lines(needs: Iterable[Need]) -> str:
    """The content of `texts.jsonl`: an article a line, by id."""
    ordered = sorted(needs, key=lambda n: n.doc_id)
    return "".join(json.dumps(msgspec.to_builtins(n), ensure_ascii=False) + "\n" for n in ordered)


def read(text: str) -> list[Need]:
    """What `lines` has written."""
    return [msgspec.json.decode(line, type=Need) for line in text.split("\n") if line]


def kept(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the views that say something without words."""
    return tuple(name for name in names if views.VIEWS[name].text_free)


def without_words(view: str, rows: Iterable[Row], losses: Iterable[Loss]) -> tuple[list[Row], list[Loss]]:
    """The rows and losses with nulls for words, and a loss of the kind `note` for each note."""
    columns = views.COLUMNS[view]
    bare: list[Row] = []
    found = [loss if loss.start is None else msgspec.structs.replace(loss, text=None) for loss in losses]
    for row in rows:
        lost: list[str] = []
        bare.append(words.omit(row, columns, lost))
        found += [Loss(view=view, kind=NOTE, doc_id=row["doc_id"]) for _ in lost]
    return bare, found
