"""Which columns hold words of an article, how they are left out, and how they are put back.

A column of words is typed `Words` in place of `"string"`. Every other column must not hold words of the
text: offsets, ids, labels and answers do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from dateline.views.features import Columns, Type

Row = dict[str, Any]
Fill = Callable[["Copy", Row, Row], Any]


class Copy(NamedTuple):
    """Somebody's own copy of an article: what the words are put back from."""

    text: str
    title: str | None


class Words(str):
    """A string column that holds words of the article.

    `fill(copy, here, row)` gives them anew from the other columns: `here` is the innermost struct (or row)
    that the column is in, `row` the whole row. For a list of words it gives the list. A column without
    `fill` cannot be put back.
    """

    fill: Fill | None

    def __new__(cls, fill: Fill | None = None) -> Words:  # noqa: D102 - a str takes its value here
        made = super().__new__(cls, "string")
        made.fill = fill
        return made

    def __reduce__(self) -> tuple[type[Words], tuple[Fill | None]]:
        return Words, (self.fill,)


def _text(copy: Copy, _here: Row, _row: Row) -> str:
    return copy.text


def _title(copy: Copy, _here: Row, _row: Row) -> str | None:
    return copy.title


def _span(copy: Copy, here: Row, _row: Row) -> str | None:
    return None if here["start"] is None else copy.text[here["start"] : here["end"]]


def _tokens(copy: Copy, here: Row, _row: Row) -> list[str]:
    return [copy.text[start:end] for start, end in zip(here["starts"], here["ends"], strict=True)]


def _place(copy: Copy, here: Row, row: Row) -> str:
    return copy.text[row["starts"][here["start"]] : row["ends"][here["end"] - 1]]


TEXT = Words(_text)
TITLE = Words(_title)
SPAN_TEXT = Words(_span)  # text[start:end], of the columns beside it
TOKENS = Words(_tokens)  # the words of a list of tokens, by the row's `starts` and `ends`
PLACE_TEXT = Words(_place)  # the words from `start` to `end`, half-open places in the row's tokens
NOTE = Words()  # an annotator's own words, which may quote the text


def omit(value: Any, type_: Type, lost: list[str]) -> Any:
    """The value with nulls for words; what nothing can put back is added to `lost`, by its column's name."""
    if isinstance(type_, dict):
        return None if value is None else {k: _omit(value[k], t, k, lost) for k, t in type_.items()}
    return _omit(value, type_, "", lost)


def _omit(value: Any, type_: Type, name: str, lost: list[str]) -> Any:
    if isinstance(type_, Words):
        if type_.fill is None and value is not None:
            lost.append(name)
        return None
    if isinstance(type_, list) and value is not None:
        return [_omit(item, type_[0], name, lost) for item in value]
    return omit(value, type_, lost) if isinstance(type_, dict) else value


def fill(row: Row, columns: Columns, copy: Copy) -> Row:
    """The row with its words put back."""
    filled: Row = _fill_struct(row, columns, copy, row)
    return filled


def _fill_struct(here: Row, columns: Columns, copy: Copy, row: Row) -> Row:
    return {name: _fill(here[name], type_, copy, here, row) for name, type_ in columns.items()}


def _fill(value: Any, type_: Type, copy: Copy, here: Row, row: Row) -> Any:
    if isinstance(type_, Words):
        return type_.fill(copy, here, row) if type_.fill else value
    if value is None or isinstance(type_, str):
        return value
    if isinstance(type_, dict):
        return _fill_struct(value, type_, copy, row)
    if isinstance(type_[0], Words):
        return _fill(value, type_[0], copy, here, row)
    return [_fill(item, type_[0], copy, here, row) for item in value]
