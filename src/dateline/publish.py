"""Publishing a finished export: what is checked first, and what goes to the Hub.

The files go there as they are. `push_to_hub` of `datasets` would encode them anew: other bytes than those that
the manifest and the Croissant description prove by SHA-256, and without card, schema and loss report. They go
there in one commit, which also removes what an earlier version had and this one has not: a card's
`train-*` would load a shard that was left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import card, manifest

_NESTED, _FLAT = ("annotations", "documents"), ("events", "claims")  # views that tell of licences
_UNKNOWN = ("", "NOASSERTION", "NONE")
_SHOWN = 5  # articles that are named
_AGAIN = "export again, and publish what comes out untouched"


class PublishError(Exception):
    """A folder that is no finished export, or a Hub that did not take it: what is wrong, and how to mend it."""


@dataclass(frozen=True)
class Release:
    """A folder that is to be published: its files with their sizes in bytes, and why it must not be."""

    folder: Path
    name: str
    files: dict[str, int]
    problems: tuple[str, ...]


def check(folder: Path) -> Release:
    """Look at a folder; every reason why it must not be published is in `problems`.

    There must be no errors among its findings, no text of unknown licence, and no file that is not, byte for
    byte, what the manifest says. Raises PublishError where there is no manifest that can be read.
    """
    said = _read(folder)
    there = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if not p.is_dir()}
    changed = list(_changed(said, there))
    problems = [*_errors(said), *changed]
    if not changed:  # else nobody knows what is in them
        problems += _licences(folder, said)
    sizes = {path: file.stat().st_size for path, file in there.items() if file.exists()}
    return Release(folder, str(said["name"]), sizes, tuple(problems))


def _read(folder: Path) -> dict[str, Any]:
    path = folder / manifest.NAME
    try:
        said = manifest.read(folder)
        whole = all(isinstance(said[name], dict) for name in ("files", "extras", "findings", "text"))
    except FileNotFoundError as error:
        raise PublishError(f"{folder} is no finished export: there is no {manifest.NAME} in it") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{path} cannot be read: {error}; {_AGAIN}") from error
    if not whole or "name" not in said:
        raise PublishError(f"{path} is no manifest of this version of Dateline; {_AGAIN}")
    return said


def _errors(said: dict[str, Any]) -> Iterator[str]:
    errors, held = said["findings"].get("error", 0), len(said.get("held_back", ()))
    if errors:
        yield (
            f"it was exported with {errors} error{'s' * (errors != 1)} in the annotations ({held} held back); mend them "
            "(make validate lists them) and export again"
        )


def _changed(said: dict[str, Any], there: dict[str, Path]) -> Iterator[str]:
    """What is not as the manifest says."""
    listed = {**said["files"], **said["extras"]}
    for path, told in listed.items():
        if path not in there or not there[path].is_file():
            yield f"{path} is missing; {_AGAIN}"
        elif there[path].stat().st_size != told["bytes"] or manifest.digest(there[path]) != told["sha256"]:
            yield f"{path} has changed since it was exported; {_AGAIN}"
    for path in there:
        if path not in listed and path != manifest.NAME:
            yield f"{path} is not in the manifest; take it out of the folder, or {_AGAIN}"
    if card.NAME not in listed:
        yield f"the manifest does not tell of {card.NAME}: it is of an older version of Dateline; {_AGAIN}"


def _licences(folder: Path, said: dict[str, Any]) -> Iterator[str]:
    """Texts that nobody is known to have allowed to pass on."""
    known = False
    unknown: set[str] = set()
    for path, told in said["files"].items():
        if told["view"] in (*_NESTED, *_FLAT):
            known = True
            unknown |= _unknown(folder / path, told["view"] in _NESTED)
    if not known and said["files"]:
        yield "no view tells of the licences of the texts: export with the view documents, too"
    if unknown:
        names = ", ".join(sorted(unknown)[:_SHOWN]) + (", …" if len(unknown) > _SHOWN else "")
        yield (
            f"the texts of {len(unknown)} article{'s' * (len(unknown) != 1)} have no known licence ({names}); export "
            "with --text omit, or ask their publishers and write the licence into annotations/articles/"
        )


def _unknown(path: Path, nested: bool) -> set[str]:
    """The articles of a file whose text is there and whose licence is not known."""
    import polars as pl

    licence = pl.col("source").struct.field("license") if nested else pl.col("license")
    stated = licence.fill_null("").str.strip_chars().str.to_uppercase()
    found = pl.scan_parquet(path).filter(pl.col("text").is_not_null(), stated.is_in(_UNKNOWN))
    return set(found.select("doc_id").collect()["doc_id"].to_list())
