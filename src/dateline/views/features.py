"""Typed columns as plain data, and the forms in which Arrow and Hugging Face want them.

A column type is a dtype's name (`"string"`), a list of one type (`[{"start": "int64"}]`), or a struct
(a dict). `datasets` would say the same, but takes two seconds to import; a test holds the two equal.
Formats: the `huggingface` key of a Parquet schema, and `dataset_info` in a dataset card's YAML.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

Type = str | list[Any] | dict[str, Any]
Columns = dict[str, Type]

_ARROW = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}


def arrow_schema(columns: Columns) -> pa.Schema:
    """The Arrow schema, with the features in its metadata as `datasets` writes them."""
    info = json.dumps({"info": {"features": {name: _json(type_) for name, type_ in columns.items()}}})
    fields = [pa.field(name, _arrow(type_)) for name, type_ in columns.items()]
    return pa.schema(fields, metadata={"huggingface": info})


def yaml_list(columns: Columns) -> list[dict[str, Any]]:
    """The features as a dataset card's `dataset_info` lists them."""
    return [{"name": name, **_yaml(type_)} for name, type_ in columns.items()]


def _arrow(type_: Type) -> pa.DataType:
    if isinstance(type_, str):
        return _ARROW[type_]
    if isinstance(type_, list):
        return pa.list_(_arrow(type_[0]))
    return pa.struct([pa.field(name, _arrow(inner)) for name, inner in type_.items()])


def _json(type_: Type) -> dict[str, Any]:
    if isinstance(type_, str):
        return {"dtype": str(type_), "_type": "Value"}
    if isinstance(type_, list):
        return {"feature": _json(type_[0]), "_type": "List"}
    return {name: _json(inner) for name, inner in type_.items()}


def _yaml(type_: Type) -> dict[str, Any]:
    if isinstance(type_, str):
        return {"dtype": str(type_)}
    if isinstance(type_, list):
        inner = type_[0]
        return {"list": str(inner) if isinstance(inner, str) else yaml_list(inner)}
    return {"struct": yaml_list(type_)}
