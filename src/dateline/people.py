"""Who annotates: e-mail addresses to pseudonyms, in a file that git ignores."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from dateline import __version__, private

FILE = "people.csv"
_HEAD = ("email", "annotator")
_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class BadMap(ValueError):
    """A map that cannot be read; the message names file and line."""


class People:
    """The map of `annotations/people.csv`. Pseudonyms in `taken` are somebody's already and not given anew."""

    def __init__(self, known: dict[str, str], taken: Iterable[str] = ()) -> None:
        self.known = known
        self.taken = {*taken, *known.values()}
        self.changed = False

    def of(self, email: str) -> str:
        """The pseudonym of an address; a new one, `a` and the next free number, for a new address."""
        if email not in self.known:
            number = next(n for n in range(1, len(self.taken) + 2) if f"a{n}" not in self.taken)
            self.learn(email, f"a{number}")  # nobody's, as `taken` has all of the map
        return self.known[email]

    def learn(self, email: str, annotator: str) -> None:
        """Remember that this address is that annotator, unless something else is known of either."""
        if email not in self.known and self.email_of(annotator) is None:
            self.known[email] = annotator
            self.taken.add(annotator)
            self.changed = True

    def email_of(self, annotator: str) -> str | None:
        """The address of an annotator, where known."""
        return next((email for email, name in self.known.items() if name == annotator), None)


def load(annotations: Path, taken: Iterable[str] = ()) -> People:
    """The map; empty where there is none. Raises BadMap for a file that is not one, and for two with one name.

    Its messages hold no address: they may be sent to somebody.
    """
    path = annotations / FILE
    if not path.exists():
        return People({}, taken)
    known: dict[str, str] = {}
    lines: dict[str, int] = {}  # of an address and of a pseudonym, which has no @
    rows: list[list[str]] = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    for number, row in enumerate(rows, 1):
        if not row or (number == 1 and tuple(row) == _HEAD):
            continue
        if number == 1 and "@" not in row[0]:  # the columns of another version
            known_here = f"which is what Dateline {__version__} reads, nor an e-mail address"
            raise BadMap(
                f"{path}:1: the first line is neither {','.join(_HEAD)}, {known_here}: use a newer Dateline"
            )
        if len(row) != 2 or not _FORM.fullmatch(row[1].strip()):
            raise BadMap(f"{path}:{number}: a line is an e-mail address, a comma, and a pseudonym such as a1")
        email, annotator = row[0].strip(), row[1].strip()
        if known.get(email) != annotator:
            _check_new(f"{path}:{number}", email, annotator, lines)
        known[email] = annotator
        lines |= {email: number, annotator: number}
    return People(known, taken)


def _check_new(where: str, email: str, annotator: str, lines: dict[str, int]) -> None:
    """Raise BadMap for an address that has a pseudonym, and for a pseudonym that an address has."""
    if email in lines:
        raise BadMap(
            f"{where}: the address has another pseudonym on line {lines[email]}: keep one of the lines"
        )
    if annotator in lines:
        raise BadMap(
            f"{where}: {annotator} is the address on line {lines[annotator]} already: "
            "give each address a pseudonym of its own"
        )


def save(people: People, annotations: Path) -> None:
    """Write the map where it has changed, for the owner's eyes only."""
    if not people.changed:
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    rows: list[tuple[str, str]] = sorted(people.known.items(), key=lambda item: (item[1], item[0]))
    writer.writerows(rows)
    private.write(annotations / FILE, out.getvalue())
