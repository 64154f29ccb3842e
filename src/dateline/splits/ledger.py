"""The ledger: which article is in which split, in a file that is only ever appended to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline import __version__, files, storage

SPLITS = ("train", "validation", "test")
_PATIENCE = 60.0  # seconds that an export waits for another one to write the ledger
_HEADER = ("doc_id", "group", "split")
_GIVEN = ("doc_id", "split")


class LedgerError(Exception):
    """A ledger, or a file of splits, that cannot be used: the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger: an article, the group it belongs to (its oldest member) and its split."""

    doc_id: str
    group: str
    split: str


def read_ledger(path: Path) -> list[Row]:
    """The ledger's rows; none where there is no file. Raises LedgerError, with the line, for a bad one."""
    try:
        if not storage.exists(path):
            return []
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    lines = _lines(path)
    if tuple(next(lines, (1, []))[1]) != _HEADER:
        raise LedgerError(
            f"{path}:1: the first line is not {','.join(_HEADER)}, which is what Dateline {__version__} reads: restore it, "
            "or use the newer Dateline that wrote it"
        )
    rows: dict[str, Row] = {}
    for number, line in lines:
        if len(line) != len(_HEADER) or line[2] not in SPLITS:
            raise LedgerError(
                f"{path}:{number}: not an article, a group and one of {', '.join(SPLITS)}: {line}"
            )
        if line[0] in rows:
            raise LedgerError(f"{path}:{number}: {line[0]!r} stands here a second time; keep the older line")
        doc_id, group, split = line
        # one string where several are equal: a ledger may have millions of rows
        rows[doc_id] = Row(doc_id, doc_id if group == doc_id else group, SPLITS[SPLITS.index(split)])
    return list(rows.values())


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows as cells, each with the line of the file that it begins in."""
    try:
        data = storage.read_bytes(path)
        data.decode("utf-8")
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise LedgerError(f"{path}:{number}: is not UTF-8; save it as UTF-8") from error
    cells = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), strict=True)
    number = 1
    try:
        for line in cells:
            yield number, line
            number = cells.line_num + 1
    except csv.Error as error:
        raise LedgerError(f"{path}:{number}: {error}") from error


def append_ledger(path: Path, added: list[Row]) -> bool:
    """Append rows to the ledger, whole or not at all; the lines that are there stay as they are.

    Waits for another export that is appending; what that one has added is not added again.
    """
    if not added:
        return False
    with files.lock(path, wait=_PATIENCE):
        known = {row.doc_id for row in read_ledger(path)}
        before = (
            storage.read_bytes(path).decode("utf-8") if storage.exists(path) else ",".join(_HEADER) + "\n"
        )
        if not before.endswith("\n"):
            before += "\n"
        new = (row for row in added if row.doc_id not in known)
        lines = (",".join(map(_cell, (row.doc_id, row.group, row.split))) for row in new)
        return files.write_text(path, before + "".join(f"{line}\n" for line in lines))


def _cell(text: str) -> str:
    """A cell, quoted where it must be; csv.writer leaves out a lone carriage return before Python 3.13."""
    return '"' + text.replace('"', '""') + '"' if set(',"\r\n') & set(text) else text


def read_given(path: Path) -> list[Row]:
    """The rows of a file of splits: CSV with the columns `doc_id` and `split`, and any others beside them.

    Each article is a group of its own. Raises LedgerError, with the line, for a file that cannot be used.
    """
    lines = list(_lines(path))
    head = lines[0][1] if lines else []
    if any(head.count(name) != 1 for name in _GIVEN):
        raise LedgerError(f"{path}:1: the first line does not name the columns doc_id and split")
    doc_id, split = map(head.index, _GIVEN)
    rows: dict[str, Row] = {}
    for number, line in lines[1:]:
        if len(line) != len(head) or line[split] not in SPLITS:
            raise LedgerError(f"{path}:{number}: not an article with one of {', '.join(SPLITS)}: {line}")
        if line[doc_id] in rows:
            raise LedgerError(f"{path}:{number}: {line[doc_id]!r} stands here a second time; keep one line")
        rows[line[doc_id]] = Row(line[doc_id], line[doc_id], line[split])
    return list(rows.values())
