"""EDTF values as days: the plain forms against the calendar and the library, the rest against its specification."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import dates
from dateline.dates import Bounds, NotADate


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-03-07", "2025-03-07", "2025-03-07"),
        ("2025-03-07T09:30:00", "2025-03-07", "2025-03-07"),
        ("2025-03-07T09:30:00Z", "2025-03-07", "2025-03-07"),
        ("2025-03-07T23:30:00-05:00", "2025-03-07", "2025-03-07"),
        ("2025-03-01/2025-03-07", "2025-03-01", "2025-03-07"),
        ("2024-12/2025-06", "2024-12-01", "2025-06-30"),
        ("2025-05/..", "2025-05-01", "9999-12-31"),
        ("../2025-01-27", "0001-01-01", "2025-01-27"),
        ("2025-05/", "2025-05-01", "9999-12-31"),
        ("2025-21", "2025-03-01", "2025-05-31"),  # spring
        ("1984?", "1984-01-01", "1984-12-31"),
        ("2004-06~", "2004-06-01", "2004-06-30"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("2004-06-XX", "2004-06-01", "2004-06-30"),
        ("{2024,2026}", "2024-01-01", "2026-12-31"),
        ("Y170000002", "9999-12-31", "9999-12-31"),
        ("-0050", "0001-01-01", "0001-01-01"),
        ("2025-03-07/2025-03-01", "2025-03-07", "2025-03-01"),  # kept: a finding says it
    ],
)
def test_what_a_value_means(value: str, first: str, last: str) -> None:
    assert dates.bounds(value) == (day(first), day(last))


@pytest.mark.parametrize(
    "value",
    [
        *("", " 2025", "2025 ", "Monday", "March 2025", "7.3.2025", "03/07/2025", "2025-3-7", "20250307"),
        *("2025-13", "2025-00", "2025-02-30", "2025-03-07T25:00:00", "2025-03-07T09:30", "PT40M", "P3M"),
        *(
            "../..",
            "/",
            "..",
            "2025/2026/2027",
            "2025/Monday",
            "[" * 80,
            "9" * 81,
            "2025\n",
            "２０２５",
            "2025-W10",
        ),
    ],
)
def test_what_is_no_value(value: str) -> None:
    with pytest.raises(NotADate) as caught:
        dates.bounds(value)
    assert str(caught.value)


@given(st.dates(min_value=date(1000, 1, 1)), st.integers(0, 400))
def test_plain_dates_and_intervals_are_what_the_library_says(first: date, length: int) -> None:
    last = min(first, date.max - timedelta(400)) + timedelta(length)
    season = f"{str(first)[:4]}-{21 + length % 4}"
    for value in (str(first), str(first)[:7], str(first)[:4], season):
        assert dates.bounds(value) == dates._by_library(value)
    if first <= last:
        assert dates.bounds(f"{first}/{last}") == dates._by_library(f"{first}/{last}") == Bounds(first, last)


@given(st.text(max_size=30) | st.text("0123456789-/.XTZ?~%Y[]{},", max_size=30))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    with contextlib.suppress(NotADate):
        assert isinstance(dates.bounds(text), Bounds)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2025-03-07", "2025-03-07"),
        ("2025-03-07T23:30:00+01:00", "2025-03-07"),
        ("2025-03-07T23:30:00Z", "2025-03-07"),
        ("March 7", None),
        ("2025-3-7", None),
        ("2025-02-30", None),
        ("2025", None),
        ("", None),
        (None, None),
    ],
)
def test_publication_dates(value: str | None, found: str | None) -> None:
    assert dates.published(value) == (found and day(found))
