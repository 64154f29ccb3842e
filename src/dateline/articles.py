"""New articles: from plain text or JSON into `annotations/articles/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from dateline import files, sources, store
from dateline.findings import Finding
from dateline.model import Article, Source, sha256


class ArticleError(ValueError):
    """An article that cannot be taken: where it stands, what is wrong, and how to mend it."""


class _Given(msgspec.Struct, forbid_unknown_fields=True):
    """An article as people write it down; everything but the text may come from elsewhere."""

    text: str
    doc_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published_at: str | None = None
    language: str | None = None
    license: str | None = None
    synthetic: bool | None = None


def read(path: Path, common: dict[str, Any]) -> list[Article]:
    """The articles of a file: JSON (object, array, JSONL) or else plain text, which is kept byte for byte.

    `common` fills the fields that an article does not give. Raises ArticleError and sources.SourceError.
    """
    if path.suffix.lower() == ".txt":
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ArticleError(f"{path}: cannot be read as UTF-8 text: {error}") from error
        return [_article(str(path), _Given(text=text, doc_id=path.stem), common)]
    return [_from_json(raw, common) for raw in sources.read([path])]


def _from_json(raw: sources.Raw | Finding, common: dict[str, Any]) -> Article:
    value = raw if isinstance(raw, Finding) else sources.parse(raw)
    if isinstance(value, Finding):
        raise ArticleError(f"{value.file}:{value.line}: {value.message}")
    where = f"{raw.file}:{raw.line}"
    try:
        return _article(where, msgspec.convert(value, _Given), common)
    except msgspec.ValidationError as error:
        names = ", ".join(_Given.__struct_fields__)
        raise ArticleError(f"{where}: not an article: {error}; its fields are {names}") from error


def _article(where: str, given: _Given, common: dict[str, Any]) -> Article:
    said = {key: value for key, value in msgspec.structs.asdict(given).items() if value is not None}
    fields = {**{key: value for key, value in common.items() if value is not None}, **said}
    if not given.text.strip():
        raise ArticleError(f"{where}: the article has no text")
    if not fields.get("doc_id"):
        raise ArticleError(f"{where}: the article has no doc_id; give it one that will never change")
    source = Source(**{name: fields[name] for name in Source.__struct_fields__ if name in fields})
    return Article(doc_id=fields["doc_id"], text=given.text, text_sha256=sha256(given.text), source=source)


def not_given(article: Article) -> list[str]:
    """What a dataset's readers will look for and nobody has said of the article."""
    source = article.source
    given = {
        "title": source.title,
        "date": source.published_at,
        "language": source.language != "und",
        "licence": source.license != "NOASSERTION",
    }
    return [name for name, value in given.items() if not value]


def add(annotations: Path, article: Article) -> bool:
    """Write the article; False where it stands there already. Its text is never changed.

    Raises ArticleError where another text has the id: offsets hold for one text only.
    """
    path = store.article_path(annotations, article.doc_id)
    if path.exists():
        before = store.read_article(path)
        if (before.doc_id, before.text) != (article.doc_id, article.text):
            raise ArticleError(
                f"{path}: holds another text under the id {before.doc_id!r}; give the new one an id of its own"
            )
    return files.write_text(path, store.article_text(article))
