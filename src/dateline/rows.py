"""Rows of a view into Arrow tables: every value in its column, or an error; nothing is dropped without a word."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from dateline.views.features import Columns, Type, arrow_schema
from dateline.views.parts import Row

if TYPE_CHECKING:
    import pyarrow as pa

ARTICLE = "_article"  # in a spooled table: which article of its block a row belongs to
_PYTHON: dict[str, Any] = {"string": str, "int64": int, "float64": float, "bool": bool}


class RowsDifferError(RuntimeError):
    """A row that its view's columns do not hold: a key too many, one too few, or a value of another type."""


def table(view: str, rows: list[Row], columns: Columns) -> pa.Table:
    """The rows as a table with the view's schema.

    Arrow would drop an unknown key and fill a missing one; each row is held against the columns first.
    Raises RowsDifferError.
    """
    import pyarrow as pa

    try:
        msgspec.convert(rows, _checker(view, _frozen(columns)))
    except msgspec.ValidationError as error:
        raise RowsDifferError(f"view {view}: a row does not fit its columns: {error}") from error
    return pa.Table.from_pylist(rows, schema=arrow_schema(columns))


def weights(table: pa.Table) -> Any:
    """For each row about how many bytes it is, as a numpy array; the same however the table is cut.

    Texts by their bytes, lists by their lengths: what a row holds beside these is small.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    total = np.full(table.num_rows, 64, dtype=np.int64)
    for column in table.columns:
        if pa.types.is_string(column.type):
            total += pc.fill_null(pc.binary_length(column), 0).to_numpy()
        elif pa.types.is_list(column.type):
            total += 96 * pc.fill_null(pc.list_value_length(column), 0).to_numpy().astype(np.int64)
    return total


def _frozen(columns: Columns) -> str:
    return json.dumps(columns)


@cache
def _checker(view: str, frozen: str) -> Any:
    return list[_struct(view, json.loads(frozen))]  # type: ignore[misc]


def _struct(name: str, columns: dict[str, Type]) -> Any:
    """A struct type that takes exactly these keys; fields are numbered, since a key may be a Python word."""
    fields = [(f"f{n}", _typed(f"{name}_{n}", type_)) for n, type_ in enumerate(columns.values())]
    names = {f"f{n}": key for n, key in enumerate(columns)}
    return msgspec.defstruct(f"Row_{name}", fields, forbid_unknown_fields=True, rename=names.get, gc=False)


def _typed(name: str, type_: Type) -> Any:
    if isinstance(type_, str):
        return _PYTHON[type_] | None
    if isinstance(type_, list):
        return list[_typed(name, type_[0])] | None  # type: ignore[misc]
    return _struct(name, type_) | None
