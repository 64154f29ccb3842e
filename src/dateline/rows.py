"""Rows of a view into Arrow tables: every value in its column, or an error; nothing is dropped without a word."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from dateline.views.features import Columns, Type, arrow_schema
from dateline.views.parts import Row
from dateline.views.words import Words

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

ARTICLE = "_article"  # in a spooled table: which article of its block a row belongs to
WEIGHT = "_weight"  # and about how many bytes it is
_PYTHON: dict[str, Any] = {"string": str, "int64": int, "float64": float, "bool": bool}


class RowsDifferError(RuntimeError):
    """A row that its view's columns do not hold: a key too many, one too few, or a value of another type."""


def table(view: str, rows: list[Row], columns: Columns) -> pa.Table:
    """The rows as a table with the view's schema.

    Arrow would drop an unknown key and fill a missing one; each row is held against the columns first.
    Raises RowsDifferError.
    """
    import pyarrow as pa

    frozen = _frozen(columns)
    try:
        msgspec.convert(rows, _checker(view, frozen))
    except msgspec.ValidationError as error:
        raise RowsDifferError(f"view {view}: a row does not fit its columns: {error}") from error
    return pa.Table.from_pylist(rows, schema=_schema(frozen))


def weights(table: pa.Table, columns: Columns, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row about how many bytes it is: its article's length in code points, and its lists by theirs.

    The same however a table is cut, and whether or not the words are left out: where files end depends on it.
    """
    import numpy as np
    import pyarrow.compute as pc

    total = np.full(table.num_rows, 64, dtype=np.int64) + lengths
    for name, type_ in columns.items():
        if isinstance(type_, list) and not isinstance(type_[0], Words):
            total += 96 * pc.fill_null(pc.list_value_length(table[name]), 0).to_numpy().astype(np.int64)
    return total


def _frozen(columns: Columns) -> str:
    return json.dumps(columns)


@cache
def _schema(frozen: str) -> pa.Schema:
    return arrow_schema(json.loads(frozen))


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
