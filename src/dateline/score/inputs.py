"""From a path to values: JSON and JSONL, Parquet files, folders of an exported dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dateline import sources, store
from dateline.findings import Finding
from dateline.score.gather import Given

CONFIGS = ("documents", "events")  # in this order: documents also hold articles without events
_COLUMNS = (
    "doc_id", "text", "mentions", "events", "relations",
    "event_id", "type", "trigger", "triggers", "arguments", "answer", "messages",
)  # fmt: skip


def load(
    path: Path | str, split: str | None = None, config: str | None = None, stdin: BinaryIO | None = None
) -> Iterator[Given | Finding]:
    """The values below a path: JSON or JSONL (also packed, `-` for standard input), Parquet, or a folder.

    A folder is an exported dataset, where `config` (else `documents`, else `events`) and `split` (else all)
    choose the files, or holds JSON. Raises sources.SourceError for what is not there, cannot be read or is of a
    later format; findings are those of the JSON reader.
    """
    folder = Path(path)
    if str(path) != "-" and folder.is_dir():
        files = _parquet_files(folder, split, config)
        if files:
            _refuse_newer(folder)
            return _rows(files)
        if split is not None or config is not None:
            raise sources.SourceError(str(path), "not an exported dataset: there is no Parquet file in it")
    elif folder.suffix == ".parquet":
        return _rows([folder])
    return _values(path, stdin)


def _values(path: Path | str, stdin: BinaryIO | None) -> Iterator[Given | Finding]:
    for raw in sources.read([path], stdin=stdin):
        value = raw if isinstance(raw, Finding) else sources.parse(raw)
        if isinstance(value, Finding):
            yield value
        elif not isinstance(raw, Finding):
            yield Given(value, raw.file, raw.line)


def _parquet_files(folder: Path, split: str | None, config: str | None) -> list[Path]:
    if config is None:
        config = next((name for name in CONFIGS if (folder / name).is_dir()), ".")
    elif not (folder / config).is_dir():
        known = sorted(p.parent.name for p in folder.glob("*/*.parquet"))
        there = ", ".join(dict.fromkeys(known)) or "none"
        raise sources.SourceError(str(folder), f"no config {config!r}; there are: {there}")
    files = sorted((folder / config).glob("*.parquet"))
    splits = sorted({_split(file) for file in files})
    if split is not None and files and split not in splits:
        raise sources.SourceError(str(folder / config), f"no split {split!r}; there are: {', '.join(splits)}")
    return [file for file in files if split in (None, _split(file))]


def _refuse_newer(folder: Path) -> None:
    """SourceError for a dataset whose manifest says that it is of a later format; one without a manifest may be anybody's."""
    said, path = None, folder / store.MANIFEST
    with suppress(OSError, ValueError):
        said = json.loads(path.read_bytes())
    try:
        store.check_format(said if isinstance(said, dict) else {})
    except store.NewerError as error:
        raise sources.SourceError(str(path), f"{error}; {store.NEWER}") from error


def _split(file: Path) -> str:
    return file.stem.partition("-")[0]


def _rows(files: list[Path]) -> Iterator[Given]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = []
    for file in files:
        try:
            names = set(pq.read_schema(file).names)
            tables.append((file, pq.read_table(file, columns=[c for c in _COLUMNS if c in names])))
        except (OSError, pa.ArrowException) as error:
            raise sources.SourceError(str(file), f"not a Parquet file that can be read: {error}") from None
    return (Given(row, str(file)) for file, table in tables for row in table.to_pylist())
