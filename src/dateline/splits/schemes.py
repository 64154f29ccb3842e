"""Schemes: how a group of articles that has no split gets one, and which ledger remembers it.

A scheme never moves an article. `hash` has the ledger `splits.csv`; `time` has a ledger of its own for
each pair of dates (`splits-time-2025-06-01.csv`), because another date is another division of the same
articles; `given` has none, because the file is one, and it alone decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any, ClassVar

from dateline.findings import Finding
from dateline.settings import SplitSettings
from dateline.splits.groups import Member
from dateline.splits.ledger import SPLITS, Row, read_given

SHARES = (0.8, 0.1, 0.1)
_NAMED = 5  # articles that a message names


class SchemeError(Exception):
    """A scheme that cannot be used: what is missing or wrong."""


class Scheme:
    """What places groups: `hash`, `time` or `given`."""

    joins: ClassVar[bool] = True  # a new article joins the split that its group has
    unplaced: ClassVar[tuple[str, str]] = ("", "")  # why an article can be in no split, and how to mend it

    @property
    def ledger(self) -> str | None:
        """The name of the file that remembers; None where nothing is remembered."""
        return None

    def place(self, group: list[Member]) -> str | None:
        """The split of a group that has none, its members from old to new; None where it can have none."""
        raise NotImplementedError

    def remarks(self, group: list[Member], split: str) -> list[Finding]:  # noqa: ARG002 - for those who do
        """What to know of a group in this split."""
        return []

    def told(self) -> dict[str, Any]:
        """The scheme and its options, as the manifest tells them."""
        raise NotImplementedError


@dataclass(frozen=True)
class Hash(Scheme):
    """SHA-256 of the oldest member's id as a fraction: train below the first share, and so on.

    Other shares are for new groups only: what has a split keeps it.
    """

    shares: tuple[float, float, float] = SHARES

    @property
    def ledger(self) -> str:
        """The ledger of old."""
        return "splits.csv"

    def place(self, group: list[Member]) -> str:
        """By the oldest member; every group has a split."""
        return split_of(group[0].doc_id, self.shares)

    def told(self) -> dict[str, Any]:
        """The shares."""
        return {"strategy": "hash", "shares": list(self.shares)}


@dataclass(frozen=True)
class Time(Scheme):
    """Train before a day, test from it on; validation from another day until then, if one is given.

    A group goes by its oldest member. One without a date is left out: in train it might tell of what test
    is about, in test it might be older than train.
    """

    test_from: date
    validation_from: date | None = None
    unplaced = (
        "it has no date of publication, and the articles are split by time",
        "write its date into source.published_at, such as 2025-11-30",
    )

    @property
    def ledger(self) -> str:
        """A ledger for each pair of days."""
        days = (self.validation_from, self.test_from)
        return f"splits-time-{'-to-'.join(day.isoformat() for day in days if day)}.csv"

    def place(self, group: list[Member]) -> str | None:
        """By the oldest member with a date; None where none has one."""
        return next((self._period(member.day) for member in group if member.day), None)

    def remarks(self, group: list[Member], split: str) -> list[Finding]:
        """W916 for a group that lies in two periods, or in another than that of its split."""
        strays = [m for m in group if m.day and self._period(m.day) != split]
        if not strays:
            return []
        message = (
            f"its group is in {split}, though {_listed(strays, dated=True)} would be elsewhere by their dates"
        )
        hint = "nothing has to be done: a story and its reprints stay together, where the oldest was put"
        return [Finding(code="W916", message=message, hint=hint, doc_id=group[0].doc_id)]

    def _period(self, day: date) -> str:
        if day >= self.test_from:
            return "test"
        return "validation" if self.validation_from and day >= self.validation_from else "train"

    def told(self) -> dict[str, Any]:
        """The days."""
        first = self.validation_from.isoformat() if self.validation_from else None
        return {"strategy": "time", "test_from": self.test_from.isoformat(), "validation_from": first}


@dataclass(frozen=True)
class Given(Scheme):
    """The splits that a file gives. What it does not name is left out, whatever it is like."""

    path: Path
    rows: tuple[Row, ...]
    digest: str
    joins = False
    unplaced = ("the file of splits does not name it", "add a line for it to the file")

    def place(self, group: list[Member]) -> None:
        """The file places articles, not groups."""

    def told(self) -> dict[str, Any]:
        """The file's name and hash."""
        return {"strategy": "given", "file": self.path.name, "sha256": self.digest}

    def unknown(self, members: set[str]) -> list[Finding]:
        """W915 where the file names articles that are not there."""
        strays = [Member(row.doc_id, None) for row in self.rows if row.doc_id not in members]
        if not strays:
            return []
        message = f"{_listed(strays)} {'is' if len(strays) == 1 else 'are'} in none of the batches"
        hint = "nothing has to be done if they belong to another batch; else look for a misspelt id"
        return [Finding(code="W915", message=message, hint=hint, file=str(self.path))]


def scheme(settings: SplitSettings) -> Scheme:
    """The scheme that the settings ask for. Raises SchemeError, or LedgerError for a bad file of splits."""
    known: dict[str, Callable[[SplitSettings], Scheme]] = {"hash": _hash, "time": _time, "given": _given}
    return known[settings.strategy](settings)


def remembered(told: Mapping[str, Any]) -> Scheme:
    """The scheme that a manifest tells of. Raises ValueError for `given`: its file may be anywhere."""
    if told["strategy"] == "given":
        raise ValueError(
            f"the articles were placed by the file {told['file']}, which the dataset does not hold"
        )
    if told["strategy"] == "hash":
        return Hash(tuple(told["shares"]))
    first = told["validation_from"]
    return Time(date.fromisoformat(told["test_from"]), date.fromisoformat(first) if first else None)


def _hash(settings: SplitSettings) -> Hash:
    if abs(sum(settings.shares) - 1) > 1e-9:
        raise SchemeError(f"the shares of the splits are {settings.shares}: they must make 1 together")
    return Hash(settings.shares)


def _time(settings: SplitSettings) -> Time:
    first, last = settings.validation_from, settings.test_from
    if last is None:
        raise SchemeError("a split by time needs the day that test begins: --test-from 2025-06-01")
    if first is not None and first >= last:
        raise SchemeError(f"validation begins on {first} and must begin before test does, on {last}")
    return Time(last, first)


def _given(settings: SplitSettings) -> Given:
    if settings.file is None:
        raise SchemeError("a given split needs its file: --split-file FILE.csv, with doc_id and split")
    path = Path(settings.file)
    rows = read_given(path)
    return Given(path, tuple(rows), hashlib.sha256(path.read_bytes()).hexdigest())


def split_of(doc_id: str, shares: tuple[float, ...] = SHARES) -> str:
    """The split of a group by its oldest member."""
    fraction = int.from_bytes(hashlib.sha256(doc_id.encode()).digest()[:8], "big") / 2**64
    limits = zip(SPLITS, accumulate(shares), strict=True)
    return next((split for split, limit in limits if fraction < limit), SPLITS[0])


def _listed(members: list[Member], *, dated: bool = False) -> str:
    names = [f"{m.doc_id} ({m.published_at})" if dated else m.doc_id for m in members[:_NAMED]]
    more = len(members) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")
