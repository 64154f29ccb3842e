"""What a finished dataset folder shows of itself: computed once, told by its card and its metadata."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dateline import agreed, leaks, statistics, storage
from dateline.agreed import Agreed
from dateline.outcome import Facts
from dateline.statistics import Annotator, Table

MOST = 300  # articles whose events are compared across splits; it takes some milliseconds for each


@dataclass(frozen=True)
class Numbers:
    """Tables, annotators, and their agreement (None where no article has two annotations).

    `same_events` counts events that are in two splits, in two articles; None where it was not looked for.
    """

    tables: dict[str, Table]
    annotators: list[Annotator]
    agreement: Agreed | None
    same_events: int | None

    def column(self, table: str, number: int = 0) -> list[str]:
        """A column of a table as words, each once, in order."""
        found = self.tables[table].rows if table in self.tables else []
        return sorted({str(row[number]) for row in found})

    def total(self, table: str) -> int:
        """The sum of a table's last column."""
        return sum(row[-1] for row in self.tables[table].rows) if table in self.tables else 0


def gather(folder: Path, facts: Facts) -> Numbers:
    """The numbers of the folder that `facts` tell of."""
    return Numbers(
        statistics.tables(folder, facts),
        statistics.annotators(folder, facts),
        agreed.measured(folder, facts),
        _same_events(folder, facts),
    )


def _same_events(folder: Path, facts: Facts) -> int | None:
    """Events of a split that are in another, too; without words nobody is known by name."""
    files = statistics.files_of(folder, "documents", facts)
    by_split = facts.rows.get("documents", {}).values()
    if facts.left_out is not None or sum(by_split) > MOST or sum(map(bool, by_split)) < 2:
        return None
    with storage.here(files) as found:
        return sum(finding.code == "W918" for finding in leaks.check(found).findings)
