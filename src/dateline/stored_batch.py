"""A batch's files: reading them, and changing many of them at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dateline import exchange, store, strict_json

Json = dict[str, Any]


def used_pseudonyms(annotations: Path) -> set[str]:
    """Every pseudonym that stands in a batch's files."""
    tasks = (
        read_task(path) for batch in store.batches(annotations) for path in batch_files(annotations, batch)
    )
    return {str(a.get("completed_by")) for task in tasks for a in task.get("annotations", ())}


def batch_files(annotations: Path, batch: str) -> list[Path]:
    """The batch's files, by name."""
    return sorted(p for p in (annotations / batch).glob("*.json") if not p.name.startswith("."))


def read_task(path: Path) -> Json:
    """A stored task. Raises StoreError for a file that is none, or of a later format."""
    try:
        task = strict_json.decode(path.read_bytes())
    except OSError as error:
        raise store.StoreError(path, error.strerror or str(error)) from error
    except strict_json.BadJson as error:
        raise store.StoreError(path, f"line {error.line}: {error.message}", error.hint) from error
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        raise store.StoreError(path, "is not a stored task", "a batch holds a task a file")
    try:
        store.check_format(task)
    except store.NewerError as error:
        raise store.StoreError(path, str(error), store.NEWER) from error
    return task


def doc_id_of(task: Json, key: str) -> str:
    """The article that a server's task is about; a task made by hand is named after its project's key and its number."""
    given = task["data"].get("doc_id")
    return given if isinstance(given, str) and given else f"task-{key}-{task['id']}"


class Stage:
    """New contents of a batch's files, laid aside until all are there; what a killed run left is swept."""

    def __init__(self, annotations: Path, batch: str) -> None:
        store.check_batch(annotations, batch)
        self.annotations, self.batch = annotations, batch
        self.folder = annotations / f".pull-{batch}"
        self.read_names: set[str] = set()

    def __enter__(self) -> Stage:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, doc_id: str) -> Json | None:
        """The article's file as it will be, or is; None where there is none."""
        path = self._target(doc_id)
        self.read_names.add(path.stem)
        found = next((p for p in (self.folder / path.name, path) if p.exists()), None)
        return read_task(found) if found else None

    def write(self, doc_id: str, task: Json) -> None:
        """Lay the new content aside, where it is one."""
        path, text = self._target(doc_id), store.task_text(task).encode()
        staged = self.folder / path.name
        staged.unlink(missing_ok=True)
        before = path.stat() if path.exists() else None
        if before is None or path.read_bytes() != text:
            exchange.fill(staged, text, before)

    def install(self) -> list[Path]:
        """Bring everything to its place; each file changes in one step."""
        done = [self._move(path) for path in self._staged()]
        if done:
            exchange.sync(self.annotations / self.batch)
        return done

    def _staged(self) -> Iterator[Path]:
        found = sorted(self.folder.iterdir())
        if found:  # an empty folder would be a batch without a task
            (self.annotations / self.batch).mkdir(parents=True, exist_ok=True)
        yield from found

    def _move(self, path: Path) -> Path:
        target = self.annotations / self.batch / path.name
        os.replace(path, target)
        return target

    def _target(self, doc_id: str) -> Path:
        return store.task_path(self.annotations, self.batch, doc_id)
