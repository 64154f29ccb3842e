"""The labels that names have in a whole corpus, on disk: there are as many names as a corpus is large."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from dateline.corpus import Use, odd
from dateline.findings import Finding
from dateline.settings import Thresholds

_TABLE = """
CREATE TABLE uses (words TEXT, label TEXT, articles INTEGER, first BLOB, PRIMARY KEY (words, label)) WITHOUT ROWID
"""
_ADD = """
INSERT INTO uses VALUES (?, ?, ?, ?) ON CONFLICT (words, label) DO UPDATE SET articles = articles + excluded.articles
"""
_SEVERAL = """
SELECT words, label, articles, first FROM uses
WHERE words IN (SELECT words FROM uses GROUP BY words HAVING count(*) > 1) ORDER BY words, label
"""


class Register:
    """What the blocks tell of names, taken in in the order of the input."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)  # a file of SQLite's own, which goes with it
        for line in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", _TABLE):
            self._store.execute(line)

    def add(self, uses: Iterable[Use]) -> None:
        """Take in what a block tells; of words with a label the finding of the first block stays."""
        rows = ((u.words, u.label, u.articles, msgspec.msgpack.encode(u.first)) for u in uses)
        self._store.execute("BEGIN")
        self._store.executemany(_ADD, rows)
        self._store.execute("COMMIT")

    def odd(self, thresholds: Thresholds) -> list[Finding]:
        """W908 for the rarer labels of words that have several, where one of them is much more common."""
        by_words = groupby(self._several(), key=lambda use: use.words)
        return [
            found
            for words, uses in by_words
            for found in odd(words, {use.label: use for use in uses}, thresholds)
        ]

    def _several(self) -> Iterator[Use]:
        for words, label, articles, first in self._store.execute(_SEVERAL):
            yield Use(words, label, articles, msgspec.msgpack.decode(first, type=Finding))
