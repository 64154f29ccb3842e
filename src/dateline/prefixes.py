"""How a new dataset takes the place of an old one behind a URL, where nothing can be renamed.

Beside `s3://bucket/exports/news` there may be, for a moment or after a crash:

    .news.new/                  being filled; the next run begins by deleting it
    news/.being-replaced        the dataset is between old and new: its files may be of either

The order: the new files are all put under `.news.new/`; `.being-replaced` is put and the old manifest goes;
the files are copied to their places, where they lie; what only the old dataset had goes; the new manifest
comes last, and `.being-replaced` goes. So a dataset with a manifest is whole and has the files that the
manifest lists, but for a reader who began with the old one: they may find a file gone, or one of the new
dataset under the same name, and the manifest's SHA-256 tells. A run that is killed on the way leaves a dataset
without a manifest, and the next run replaces it. Nothing locks: one export at a time is the caller's to see to.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dateline import storage

_BETWEEN = ".being-replaced"


def check(target: Path, marker: str) -> None:
    """Raise FileExistsError where there is something at `target` that is no dataset with this marker."""
    there = storage.names_below(target)
    if there and marker not in there and _BETWEEN not in there:
        raise FileExistsError(
            errno.EEXIST, f"holds files but no {marker}, so it was not made by Dateline", str(target)
        )


def sweep(target: Path) -> None:
    """Delete what a killed run left beside `target`."""
    storage.remove(_beside(target))


@contextmanager
def new(target: Path, marker: str) -> Iterator[Path]:
    """Yield an empty prefix to fill; on a clean exit what is in it takes the place of `target`.

    Raises ValueError where the marker was not written, OSError; on any exception before the exchange begins
    `target` is untouched.
    """
    check(target, marker)
    fresh = _beside(target)
    storage.remove(fresh)
    try:
        yield fresh
        names = storage.names_below(fresh)
        if marker not in names:
            raise ValueError(
                f"what was written for {target} lacks {marker}: nobody could tell that it is whole"
            )
        _replace(fresh, target, names, marker)
    finally:
        storage.remove(fresh)


def _replace(fresh: Path, target: Path, names: list[str], marker: str) -> None:
    old = storage.names_below(target)
    if old:
        storage.write_bytes(target / _BETWEEN, b"")
        storage.remove(target / marker)
    content = [name for name in names if name != marker]
    storage.copy(fresh, target, content)
    for name in old:
        if name not in names:
            storage.remove(target / name)
    storage.copy(fresh, target, [marker])
    if old:
        storage.remove(target / _BETWEEN)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")
