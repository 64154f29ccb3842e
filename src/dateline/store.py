"""The folder `annotations/`: articles, and a task with all its annotations for each article of a batch.

What a later version writes in another form than this one reads has a number for it, `format`, and `dateline`, its
own version. What has none is of the first form.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dateline import __version__, files, storage, strict_json, wording
from dateline.model import Article, to_builtins

ARTICLES = "articles"
LEDGER = "splits.csv"
CONFIG = "label_config.xml"
FORMAT = 1  # of an article's and of a task's file
MANIFEST = "manifest.json"  # of an exported folder
NEWER = "use a newer Dateline"  # the hint


class NewerError(ValueError):
    """What a later version of Dateline wrote, in a form that this one does not know; the message names both."""


def check_format(value: Mapping[str, Any], known: int = FORMAT) -> None:
    """Raise NewerError for an object that says of itself to be of a later format than this version reads."""
    given = value.get("format", 1)
    if not isinstance(given, int) or given > known:
        by = f"Dateline {value['dateline']}" if "dateline" in value else "a later Dateline"
        this = f"this is Dateline {__version__}, which reads formats up to {known}"
        raise NewerError(f"has the format {str(given)[:40]}, made by {by}; {this}")


class StoreError(Exception):
    """A file of the folder that cannot be used: `path`, `reason`, `hint`."""

    def __init__(self, path: Path, reason: str, hint: str | None = None) -> None:
        super().__init__(f"{path}: {reason}" + (f" ({hint})" if hint else ""))
        self.path, self.reason, self.hint = path, reason, hint


def batches(annotations: Path) -> list[str]:
    """The batches, by name: every folder but that of the articles."""
    found = storage.folders(annotations)
    return sorted(name for name in found if name != ARTICLES and not name.startswith("."))


def article_path(annotations: Path, doc_id: str) -> Path:
    """Where an article lies."""
    return annotations / ARTICLES / f"{files.safe_name(doc_id)}.json"


def task_path(annotations: Path, batch: str, doc_id: str) -> Path:
    """Where the task of an article lies in a batch. Raises StoreError for a batch that is no folder of its own."""
    check_batch(annotations, batch)
    return annotations / batch / f"{files.safe_name(doc_id)}.json"


def check_batch(annotations: Path, batch: str) -> None:
    """Raise StoreError for a name that leads elsewhere than to a folder of tasks: a server may tell any."""
    if batch in ("", ARTICLES) or batch.startswith(".") or set(batch) & {os.sep, os.altsep, "\0"}:
        reason = f"{batch!r} is no name for a batch"
        raise StoreError(
            annotations, reason, f"a batch is a folder beside {ARTICLES}/, without / in its name"
        )


def read_article(path: Path) -> Article:
    """An article. Raises StoreError for a file that is not one, or of a later format."""
    try:
        value = strict_json.decode(storage.read_bytes(path))
        if isinstance(value, dict):
            check_format(value)
        return msgspec.convert(value, Article)
    except OSError as error:
        raise StoreError(path, f"cannot be read: {error.strerror or error}") from error
    except strict_json.BadJson as error:
        raise StoreError(path, f"line {error.line}: {error.message}", error.hint) from error
    except NewerError as error:
        raise StoreError(path, str(error), NEWER) from error
    except msgspec.ValidationError as error:
        raise StoreError(path, f"is not an article: {wording.of(error)}") from error


def article_text(article: Article) -> str:
    """The file's content for an article."""
    return as_text(to_builtins(article))


def task_text(task: dict[str, Any]) -> str:
    """The file's content for a task: fixed order of keys and annotations, a result a line."""
    first = ("id", "project", "data", "meta")
    ordered: dict[str, Any] = {key: task[key] for key in first if key in task}
    ordered["annotations"] = sorted(task.get("annotations", []), key=_annotation_key)
    ordered |= {key: value for key, value in task.items() if key not in ordered}
    return as_text(ordered)


def _annotation_key(annotation: dict[str, Any]) -> tuple[bool, str, int]:
    return (
        bool(annotation.get("ground_truth")),
        str(annotation.get("completed_by")),
        annotation.get("id") or 0,
    )


def as_text(value: dict[str, Any]) -> str:
    """JSON that people can read and compare: what fits stands on one line, the rest is indented by one."""
    return _pretty(value, 0) + "\n"


def _pretty(value: Any, depth: int, width: int = 200) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (depth > 1 and len(line) <= width):
        return line
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        rows: Iterable[str] = (
            f"{json.dumps(k, ensure_ascii=False)}: {_pretty(v, depth + 1)}" for k, v in value.items()
        )
        opening, closing = "{", "}"
    else:
        rows = (_pretty(item, depth + 1) for item in value)
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(pad + row for row in rows) + "\n" + " " * depth + closing
