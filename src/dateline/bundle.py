"""Schemas of any version: a folder, or the one file that every exported dataset carries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dateline import schema, schema_rules, strict_json
from dateline.schema import Schema, SchemaError

Json = dict[str, Any]

NAME = "schema.json"
_HINT = "give a schema's folder, an exported dataset, or the schema.json in one"


def read(path: Path | str) -> Schema:
    """The schema in a folder, in an exported dataset's folder, or in its `schema.json`. Raises SchemaError."""
    place = Path(path)
    if (place / NAME).is_file() and not (place / "document.schema.json").exists():
        place /= NAME
    if place.is_dir():
        return schema.load(place)
    try:
        value = strict_json.decode(place.read_bytes())
    except OSError as error:
        raise SchemaError(str(place), f"cannot be read: {error.strerror or error}", _HINT) from error
    except strict_json.BadJson as error:
        raise SchemaError(f"{place}:{error.line}", error.message, error.hint) from error
    return of_bundle(value, place)


def of_bundle(value: object, path: Path) -> Schema:
    """The schema that an exported `schema.json` holds: the files it was composed of stand in its `$defs` by title.

    Raises SchemaError. The keywords' meta-schema does not travel with it, so their form is not checked again.
    """
    try:
        document: Json = json.loads(json.dumps(value))
        parts = document["$defs"]
        events = {str(name): parts.pop(name) for name in parts["event"]["properties"]["type"].pop("enum")}
        del parts["event"]["allOf"]
        files = schema_rules.Files(path, document, parts.pop("common"), {}, events)
        return schema.compiled(files)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise SchemaError(str(path), "is not a schema that Dateline exported", _HINT) from error
