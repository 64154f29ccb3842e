"""Splits that never move: groups of equal and nearly equal texts, a scheme, and a ledger that remembers."""

from dateline.splits.assignment import Assignment, assign, place
from dateline.splits.groups import Member, Text, grouped
from dateline.splits.ledger import SPLITS, LedgerError, Row, append_ledger, read_given, read_ledger
from dateline.splits.schemes import (
    SHARES,
    Given,
    Hash,
    Scheme,
    SchemeError,
    Time,
    remembered,
    scheme,
    split_of,
)

__all__ = [
    "SHARES",
    "SPLITS",
    "Assignment",
    "Given",
    "Hash",
    "LedgerError",
    "Member",
    "Row",
    "Scheme",
    "SchemeError",
    "Text",
    "Time",
    "append_ledger",
    "assign",
    "grouped",
    "place",
    "read_given",
    "read_ledger",
    "remembered",
    "scheme",
    "split_of",
]
