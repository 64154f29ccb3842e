"""Splits that never move: groups of equal texts, a stable hash, and a ledger that remembers."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dateline import files
from dateline.findings import Finding
from dateline.union_find import UnionFind

SPLITS = ("train", "validation", "test")
SHARES = (0.8, 0.9, 1.0)
_PATIENCE = 60.0  # seconds that an export waits for another one to write the ledger
_HEADER = ("doc_id", "group", "split")


class LedgerError(Exception):
    """A ledger that cannot be used: the file, the line and what is wrong."""


@dataclass(frozen=True)
class Row:
    """A line of the ledger: an article, the group it belongs to (its oldest member) and its split."""

    doc_id: str
    group: str
    split: str


@dataclass(frozen=True)
class Text:
    """What grouping needs to know of an article; `published_at` sorts as text, unknown dates last."""

    doc_id: str
    published_at: str | None
    text: str

    @property
    def age(self) -> tuple[bool, str, str]:
        """The sort key from old to new."""
        return self.published_at is None, self.published_at or "", self.doc_id


@dataclass
class Assignment:
    """A split for every article, the rows that the ledger lacks, and what could not be done."""

    splits: dict[str, str]
    groups: dict[str, str]
    added: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def assign(texts: Iterable[Text], ledger: Iterable[Row]) -> Assignment:
    """Give every article a split.

    What has one keeps it. A new article joins the split of its group; a group without one is placed by
    the hash of its oldest member. Groups that turn out to be one in two splits give E902 findings on
    the articles of the split that is not the oldest member's; nothing is moved.
    """
    known = {row.doc_id: row for row in ledger}
    assignment = Assignment({}, {})
    for members in grouped(texts):
        _assign_group(members, known, assignment)
    assignment.added.sort(key=lambda row: row.doc_id)
    return assignment


def _assign_group(members: list[Text], known: dict[str, Row], assignment: Assignment) -> None:
    placed = [known[t.doc_id] for t in members if t.doc_id in known]
    first = placed[0] if placed else Row("", members[0].doc_id, split_of(members[0].doc_id))
    for text in members:
        row = known.get(text.doc_id) or Row(text.doc_id, first.group, first.split)
        assignment.splits[text.doc_id], assignment.groups[text.doc_id] = row.split, row.group
        if text.doc_id not in known:
            assignment.added.append(row)
        if row.split != first.split:
            message = (
                f"its text equals that of {first.doc_id}, which is in {first.split}, and it is in {row.split}"
            )
            hint = "take one of the two articles out of the batch; the ledger never moves an article"
            assignment.findings.append(Finding(code="E902", message=message, hint=hint, doc_id=text.doc_id))


def split_of(doc_id: str) -> str:
    """The split of a group by its oldest member: SHA-256 of the id as a fraction, 80/10/10."""
    fraction = int.from_bytes(hashlib.sha256(doc_id.encode()).digest()[:8], "big") / 2**64
    return next(split for split, share in zip(SPLITS, SHARES, strict=True) if fraction < share)


def grouped(texts: Iterable[Text]) -> list[list[Text]]:
    """Articles with equal texts together, each group and the groups from old to new."""
    ordered = sorted(texts, key=lambda t: t.age)
    sets = UnionFind(t.doc_id for t in ordered)
    first: dict[str, str] = {}
    for text in ordered:
        sets.union(first.setdefault(normalised(text.text), text.doc_id), text.doc_id)
    groups: dict[str, list[Text]] = defaultdict(list)
    for text in ordered:
        groups[sets.find(text.doc_id)].append(text)
    return sorted(groups.values(), key=lambda members: members[0].age)


def normalised(text: str) -> str:
    """A digest of the text's letters and digits: case, spacing, punctuation and compatibility forms fall away."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded).split()
    return hashlib.sha256(" ".join(words or [text]).encode("utf-8", "surrogatepass")).hexdigest()


def read_ledger(path: Path) -> list[Row]:
    """The ledger's rows; none where there is no file. Raises LedgerError, with the line, for a bad one."""
    if not path.exists():
        return []
    lines = list(_lines(path))
    if not lines or tuple(lines[0][1]) != _HEADER:
        raise LedgerError(f"{path}:1: the first line is not {','.join(_HEADER)}")
    rows: dict[str, Row] = {}
    for number, line in lines[1:]:
        if len(line) != len(_HEADER) or line[2] not in SPLITS:
            raise LedgerError(
                f"{path}:{number}: not an article, a group and one of {', '.join(SPLITS)}: {line}"
            )
        if line[0] in rows:
            raise LedgerError(f"{path}:{number}: {line[0]!r} stands here a second time; keep the older line")
        rows[line[0]] = Row(*line)
    return list(rows.values())


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows as cells, each with the line of the file that it begins in."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise LedgerError(f"{path}:{number}: is not UTF-8; save it as UTF-8") from error
    cells = csv.reader(io.StringIO(text, newline=""), strict=True)
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
        before = path.read_bytes().decode("utf-8") if path.exists() else ",".join(_HEADER) + "\n"
        if not before.endswith("\n"):
            before += "\n"
        new = (row for row in added if row.doc_id not in known)
        lines = (",".join(map(_cell, (row.doc_id, row.group, row.split))) for row in new)
        return files.write_text(path, before + "".join(f"{line}\n" for line in lines))


def _cell(text: str) -> str:
    """A cell, quoted where it must be; csv.writer leaves out a lone carriage return before Python 3.13."""
    return '"' + text.replace('"', '""') + '"' if set(',"\r\n') & set(text) else text
