"""Dates as annotators and articles give them: EDTF values and ISO 8601 publication dates, as bounds of days.

EDTF: Extended Date/Time Format (ISO 8601-2:2019), levels 0 to 2, parsed by the library `edtf`, which takes some
milliseconds a value; plain dates, times and intervals of them, nearly all there are, are read here.
"""

from __future__ import annotations

import io
import re
from calendar import monthrange
from contextlib import redirect_stdout
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MOMENT = re.compile(r"([0-9-]{10})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}(?::[0-9]{2})?)?")
_CHARACTERS = re.compile(r"[0-9A-Za-z?~%.,:+/{}\[\]-]{1,80}")
_ENDLESS = re.compile(r"E[0-9]{3}")
_OPEN = ("", "..")
# first and last month, as the library has them
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}


class NotADate(ValueError):
    """What is no EDTF value; the message says why, as far as it is known."""


class Bounds(NamedTuple):
    """The first and the last day that a value can mean, both included; `date.min` and `date.max` where open."""

    earliest: date
    latest: date


@lru_cache(maxsize=16384)
def bounds(value: str) -> Bounds:
    """The days that an EDTF value can mean. Raises NotADate.

    Uncertain and approximate dates ("1984?", "1984~") mean the days that are written. An interval that ends before
    it begins keeps its ends as they are.
    """
    if not _CHARACTERS.fullmatch(value):
        raise NotADate("it holds characters that no EDTF value has")
    ends = value.split("/")
    if len(ends) == 1:
        return _single(value)
    if len(ends) > 2 or all(end in _OPEN for end in ends):
        raise NotADate("an interval is two dates with / between, one of which may be ..")
    first, last = ends
    return Bounds(
        date.min if first in _OPEN else _single(first).earliest,
        date.max if last in _OPEN else _single(last).latest,
    )


def _single(value: str) -> Bounds:
    try:
        if moment := _MOMENT.fullmatch(value):
            datetime.fromisoformat(value)
            value = moment[1]
        if plain := _PLAIN.fullmatch(value):
            return _plain(*(int(part) if part else None for part in plain.groups())) or _by_library(value)
    except ValueError as error:
        raise NotADate(str(error)) from error
    return _by_library(value)


def _plain(year: int | None, month: int | None, day: int | None) -> Bounds | None:
    """A year, season, month or day of the calendar; None for what else looks like one, such as the year 0."""
    if not year or (month is not None and month > 12 and (day is not None or month not in _SEASONS)):
        return None
    if month is None:
        return Bounds(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        first, last = _SEASONS.get(month, (month, month))
        return Bounds(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
    return Bounds(date(year, month, day), date(year, month, day))


def _by_library(value: str) -> Bounds:
    import edtf

    if _ENDLESS.search(value):  # the library would write the number out
        raise NotADate("a year of that many digits")
    try:
        with redirect_stdout(io.StringIO()):  # the library prints what it stumbles over
            parsed = edtf.parse_edtf(value)
    except (edtf.EDTFParseException, ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise NotADate("it is not a date of EDTF") from error
    try:
        return Bounds(_day(parsed.lower_strict()), _day(parsed.upper_strict()))
    except (ArithmeticError, AttributeError, TypeError, ValueError):  # it has no days that could be compared
        return Bounds(date.min, date.max)


def _day(given: tuple[int, ...]) -> date:
    year, month, day = given[:3]
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    return date(year, month, day)


def published(value: str | None) -> date | None:
    """The day of an ISO 8601 date, or of a date with a time; None for anything else."""
    try:
        return datetime.fromisoformat(value).date() if value else None
    except ValueError:
        return None
