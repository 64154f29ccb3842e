"""Schemas of any version: a folder, or the one file that every exported dataset carries; and which version comes next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dateline import schema, schema_rules, strict_json
from dateline.findings import Finding
from dateline.schema import Schema, SchemaError

Json = dict[str, Any]

BUNDLE = "schema.json"
LEVELS = ("patch", "minor", "major")
_HINT = "give a schema's folder, an exported dataset, or the schema.json in one"


def read(path: Path | str) -> Schema:
    """The schema in a folder, in an exported dataset's folder, or in its `schema.json`. Raises SchemaError."""
    place = Path(path)
    if (place / BUNDLE).is_file() and not (place / "document.schema.json").exists():
        place /= BUNDLE
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


def raised(old: str, new: str) -> str | None:
    """By which level a version is higher than another; None where it is not.

    Source: Semantic Versioning 2.0.0. Below 1.0.0 anything may change at any time: there the second number counts as
    the first does later.
    """
    before, after = (tuple(int(n) for n in version.split(".")) for version in (old, new))
    if after <= before:
        return None
    place = next(n for n in range(3) if before[n] != after[n])
    if before[0] == after[0] == 0:
        place -= 1
    return ("major", "minor", "patch")[max(place, 0)]


def check(old: Schema, new: Schema, needed: str | None, path: Path) -> list[Finding]:
    """E106 where the new version is not higher than the old one by the level that the changes ask."""
    given, file = (
        raised(old.version, new.version),
        str(path / "document.schema.json" if path.is_dir() else path),
    )
    if given is None and old.version != new.version:
        message = f"the new schema is {new.version}, which is older than {old.version}"
        return [Finding(code="E106", message=message, hint="are OLD and NEW the wrong way round?", file=file)]
    if needed is None or (given is not None and LEVELS.index(given) >= LEVELS.index(needed)):
        return []
    said = f"stays {old.version}" if given is None else f"goes from {old.version} to {new.version} ({given})"
    message = f"the schema's version {said}, but what changed is {needed}"
    hint = f"make x-schema-version {bumped(old.version, needed)}, and say in CHANGELOG.md what changed"
    return [Finding(code="E106", message=message, hint=hint, file=file)]


def bumped(version: str, level: str) -> str:
    """The version that comes next when so much has changed."""
    major, minor, patch = (int(n) for n in version.split("."))
    if major == 0 and level != "patch":
        return f"0.{minor + 1}.0"
    if level == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if level == "minor" else f"{major}.{minor}.{patch + 1}"
