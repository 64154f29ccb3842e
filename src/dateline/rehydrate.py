"""Putting the words back into a dataset that was exported without them, from somebody's own copies.

What comes out is, byte for byte, the folder that an export with the words would have made of the same views
(but for notes, which no copy has), with the same version of Dateline and pyarrow.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dateline import files, loss_report, manifest, metadata, rows, shards, sources, text_free, views, writing
from dateline.copies import Copies, Given, found
from dateline.findings import Finding
from dateline.loss_report import Report
from dateline.outcome import Division, Extra, Facts, HeldBack, Outcome
from dateline.settings import DatasetSettings
from dateline.shards import Written
from dateline.text_free import Need
from dateline.views import Loss, Row, words
from dateline.views.features import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa


class RehydrateError(Exception):
    """A folder whose words cannot be put back: what is wrong, and how to mend it."""


@dataclass
class Result:
    """What was done: `path` is None where nothing was written. `missing`: why, by article."""

    articles: int
    path: Path | None = None
    missing: dict[str, str] = field(default_factory=dict)
    unread: list[Finding] = field(default_factory=list)


def rehydrate(
    folder: Path,
    articles: Iterable[Path],
    out: Path,
    partial: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Result:
    """Write `folder` with its words to `out`, which may be `folder` itself.

    If an article has no proven copy, nothing is written; with `partial` its words stay out, and the new
    folder can be completed later in the same way. Raises RehydrateError, files.FileError and
    sources.SourceError, also where the folder for temporary files is full.
    """
    try:
        return _rehydrated(folder, articles, out, partial, step)
    except sqlite3.OperationalError as error:  # the copies lie in a file that SQLite makes
        raise sources.SourceError(sources.TEMPORARY, f"{error}; {sources.MAKE_ROOM}") from error


def _rehydrated(
    folder: Path, articles: Iterable[Path], out: Path, partial: bool, step: Callable[[], None]
) -> Result:
    said, needs, losses = _read(folder)
    with Copies(needs) as copies, files.lock(out):
        result = Result(len(needs))
        for given in found(articles):
            step()
            if isinstance(given, Given):
                copies.add(given)
            elif given.severity == "error":
                result.unread.append(given)
        result.missing = dict(sorted(copies.wrong.items()))
        if not result.missing or (partial and len(result.missing) < len(needs)):
            left = [need for need in needs if need.doc_id in result.missing]
            _write(folder, out, said, left, [_worded(loss, copies) for loss in losses], copies)
            result.path = out
    return result


def _read(folder: Path) -> tuple[dict[str, Any], list[Need], list[Loss]]:
    """The manifest, the articles that are needed, and the losses."""
    try:
        said = manifest.read(folder)
        if said["text"]["kept"]:
            raise RehydrateError(f"{folder}: its words are there already")
        needs = text_free.read(_text(folder / text_free.NAME))
        listed = folder / loss_report.NAME
        losses = loss_report.read(_text(listed)) if listed.exists() else []
    except manifest.NewerError as error:
        raise RehydrateError(f"{folder / manifest.NAME} {error}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{folder}: is no dataset that was exported with --text omit, or not all of it: {error}"
        raise RehydrateError(reason) from error
    for path, file in said["files"].items():
        _check_columns(folder / path, file["view"])
    return said, needs, losses


def _check_columns(path: Path, view: str) -> None:
    import pyarrow.parquet as pq

    from dateline.views.features import arrow_schema

    try:
        same = view in views.COLUMNS and pq.read_schema(path).equals(arrow_schema(views.COLUMNS[view]))
    except (OSError, ValueError) as error:
        raise RehydrateError(f"{path}: cannot be read: {error}") from error
    if not same:
        raise RehydrateError(f"{path}: its columns are those of another version of Dateline; use that one")


def _worded(loss: Loss, copies: Copies) -> Loss:
    copy = None if loss.start is None else copies.get(loss.doc_id)
    return loss if copy is None else msgspec.structs.replace(loss, text=copy.text[loss.start : loss.end])


def _write(
    folder: Path, out: Path, said: dict[str, Any], left: list[Need], losses: list[Loss], copies: Copies
) -> None:
    with files.new_folder(out, marker=manifest.NAME) as new:
        written = tuple(
            _rewrite(folder / path, new, file, path, copies) for path, file in said["files"].items()
        )
        new_said = {
            **said,
            "files": manifest.told(written),
            "losses": _report(said["losses"], losses),
            "text": said["text"] if left else {"kept": True, "views_left_out": []},
        }
        extras = _extras(folder, new, said, left, losses)
        facts = metadata.write(new, *_recalled(new_said, written, extras))
        new_said["extras"] = {path: manifest.other(extra) for path, extra in facts.extras.items()}
        files.write_text(new / manifest.NAME, manifest.dumped(new_said))


def _rewrite(path: Path, new: Path, file: dict[str, Any], place: str, copies: Copies) -> Written:
    """A file with the words of the articles that there is a copy of."""
    view = file["view"]
    columns = views.COLUMNS[view]

    def filled(table: pa.Table) -> pa.Table:
        found: list[Row] = []
        for row in table.to_pylist():
            copy = copies.get(row["doc_id"])
            found.append(row if copy is None else words.fill(row, columns, copy))
        return rows.table(view, found, columns)

    return shards.rewrite(path, new, (view, file["split"], place), filled, arrow_schema(columns))


def _extras(
    folder: Path, new: Path, said: dict[str, Any], left: list[Need], losses: list[Loss]
) -> dict[str, Extra]:
    anew = {loss_report.NAME: loss_report.lines(losses), text_free.NAME: text_free.lines(left)}
    old = [name for name in said["extras"] if name not in metadata.NAMES]
    texts = {name: anew.get(name) or _text(folder / name) for name in old}
    kept = {name: text for name, text in texts.items() if name != text_free.NAME or left}
    return {name: writing.write_extra(new, name, text) for name, text in kept.items()}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _report(told: Report, losses: list[Loss]) -> Report:
    policies = {view: {kind: one["policy"] for kind, one in kinds.items()} for view, kinds in told.items()}
    return loss_report.report(losses, policies)


def _recalled(
    said: dict[str, Any], written: tuple[Written, ...], extras: dict[str, Extra]
) -> tuple[Facts, Outcome]:
    """What card and metadata are made of, from a manifest."""
    facts = Facts(
        name=said["name"],
        batches=tuple(said["batches"]),
        schema_version=said["schema_version"],
        guideline_version=said["guideline_version"],
        files=written,
        rows=said["rows"],
        inputs=said["inputs"],
        extras=extras,
        losses=said["losses"],
        left_out=None if said["text"]["kept"] else tuple(said["text"]["views_left_out"]),
        about=msgspec.convert(said["about"], DatasetSettings),
    )
    scheme = dict(said["splits"])
    parts = [scheme.pop(name) for name in ("groups", "lacking", "near")] if scheme else []
    outcome = Outcome(
        held_back=[HeldBack(**held) for held in said["held_back"]],
        reasons=Counter(said["chosen_by"]),
        counts=Counter(said["read"]),
        rows=said["rows"],
        splits=Division(scheme, *parts) if scheme else None,
        losses=said["losses"],
    )
    return facts, outcome
