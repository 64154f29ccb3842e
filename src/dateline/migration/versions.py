"""Versions of the schema: by how much one is higher than another, and which comes next."""

from __future__ import annotations

from pathlib import Path

from dateline.findings import Finding
from dateline.schema import Schema

LEVELS = ("patch", "minor", "major")


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
