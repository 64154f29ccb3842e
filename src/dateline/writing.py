"""From annotations that have their split to the files of a dataset folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dateline import files, loss_report, portion, schema_rules, shards, storage, text_free, views
from dateline.engine import Engine, Failed
from dateline.gathered import Gathered
from dateline.loss_report import Tally
from dateline.outcome import Extra, Facts
from dateline.schema import Schema
from dateline.shards import Piece, Shard, Written
from dateline.splits import SPLITS
from dateline.spool import Spool
from dateline.views.features import arrow_schema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW = 1000  # articles


class Dataset(NamedTuple):
    """What a dataset is to be; with `omit` without the words of its articles."""

    name: str
    batches: tuple[str, ...]
    schema: Schema
    views: tuple[str, ...]
    omit: bool = False


def write(
    folder: Path,
    dataset: Dataset,
    gathered: Gathered,
    split_of: Mapping[str, str],
    inputs: dict[str, str],
    engine: Engine,
) -> Facts:
    """Write all files of a dataset but card and manifest, which are made of what is given back.

    `split_of` has the split of each article that is in the dataset. Raises files.FileError, and
    shards.ShortError where a file could not be written whole.
    """
    names = text_free.kept(dataset.views) if dataset.omit else dataset.views
    splits = _splits(gathered, split_of)
    planned = [shard for view in names for shard in _planned(view, gathered, splits)]
    jobs = [FileJob(str(folder), shard, str(gathered.spool.folder)) for shard in planned]
    if engine.is_local and len(gathered) < _FEW:
        engine = Engine()  # processes would take longer to start than to write
    written = _whole(engine.map(partial(files.attempt, write_file), jobs))
    extras, tally = _write_extras(folder, dataset, names, gathered, splits, written)
    return Facts(
        name=dataset.name,
        batches=dataset.batches,
        schema_version=dataset.schema.version,
        guideline_version=dataset.schema.guideline_version,
        files=tuple(written),
        rows=_by_view(names, written),
        inputs=inputs,
        extras=extras,
        losses=tally.report(_policies(names, tally)),
        left_out=tuple(v for v in dataset.views if v not in names) if dataset.omit else None,
    )


class FileJob(msgspec.Struct, frozen=True):
    """A Parquet file that is to be written from a spool."""

    folder: str
    shard: Shard
    spool: str


def write_file(job: FileJob) -> Written:
    """Write one file."""
    schema = arrow_schema(views.COLUMNS[job.shard.view])
    return shards.write(storage.place(job.folder), job.shard, Spool(storage.place(job.spool)), schema)


def _whole(results: Iterable[Written | Failed[FileJob] | files.FileError]) -> list[Written]:
    """All files, or a ShortError that names those that could not be written; the others are written before it.

    Raises the FileError of a disk that takes no more at once.
    """
    found: list[Written | Failed[FileJob]] = []
    for result in results:
        if isinstance(result, files.FileError):
            raise result
        found.append(result)
    failed = [result for result in found if isinstance(result, Failed)]
    if failed:
        named = "; ".join(
            f"{result.job.shard.path} could not be written: {result.reason}" for result in failed
        )
        raise shards.ShortError(named)
    return [result for result in found if not isinstance(result, Failed)]


def _splits(gathered: Gathered, split_of: Mapping[str, str]) -> NDArray[np.int8]:
    """For each article the number of its split, or -1 where it is not in the dataset."""
    import numpy as np

    numbers = {split: n for n, split in enumerate(SPLITS)}
    return np.array([numbers.get(split_of.get(doc_id, ""), -1) for doc_id in gathered.ids], np.int8)


def _planned(view: str, gathered: Gathered, splits: NDArray[np.int8]) -> Iterator[Shard]:
    if not len(splits):
        return
    rows, weights = gathered.sizes(view)
    for n, split in enumerate(SPLITS):
        mine = splits == n
        yield from shards.plan(view, split, gathered.places[mine], rows[mine], weights[mine])


def _by_view(names: Iterable[str], written: Iterable[Written]) -> dict[str, dict[str, int]]:
    found = {name: dict.fromkeys(SPLITS, 0) for name in names}
    for file in written:
        found[file.view][file.split] += file.rows
    return found


def _write_extras(
    folder: Path,
    dataset: Dataset,
    names: Iterable[str],
    gathered: Gathered,
    splits: NDArray[np.int8],
    written: Iterable[Written],
) -> tuple[dict[str, Extra], Tally]:
    """Write what stands beside the Parquet files: the schema, what the views that have rows bring along,
    the losses where there are any, and without texts what it takes to put them back.
    """
    texts = {"schema.json": schema_rules.text_of(dataset.schema.bundle)}
    for view in dict.fromkeys(file.view for file in written):
        further = views.VIEWS[view].extras(dataset.schema)
        texts |= {f"{view}/{name}": text for name, text in further.items()}
    extras = {name: write_extra(folder, name, text) for name, text in texts.items()}
    tally = Tally()
    there = shards.pieces(gathered.places[splits >= 0])
    lines = (line for view in names for line in _losses(view, gathered.spool, there, tally))
    extras |= write_lines(folder, loss_report.NAME, lines)
    if dataset.omit:
        there_too = {doc_id for doc_id, n in zip(gathered.ids, splits.tolist(), strict=True) if n >= 0}
        needs = sorted((d, line) for d, _, line in gathered.spooled("need") if line and d in there_too)
        extras |= write_lines(folder, text_free.NAME, (line for _, line in needs))
    return extras, tally


def _losses(view: str, spool: Spool, there: list[Piece], tally: Tally) -> Iterator[str]:
    """The lines for what a view has lost of these articles, in their order."""
    for table in shards.kept(spool, portion.losses_of(view), there):
        for kind, line in zip(table["kind"].to_pylist(), table["line"].to_pylist(), strict=True):
            tally.add(view, kind, line)
            yield line


def write_extra(folder: Path, name: str, text: str) -> Extra:
    """Write a file that is no Parquet."""
    files.write_text(folder / name, text)
    data = text.encode()
    rows = text.count("\n") if name.endswith(".jsonl") else None
    return Extra(len(data), hashlib.sha256(data).hexdigest(), rows)


def write_lines(folder: Path, name: str, lines: Iterable[str]) -> dict[str, Extra]:
    """Write a file line by line, by its name; there is none where there is no line."""
    found = iter(lines)
    first = next(found, None)
    if first is None:
        return {}
    rows = 0
    with storage.written(folder / name) as place, files.stream(place) as sink:
        for line in chain([first], found):
            sink.write(line.encode())
            rows += 1
        return {name: Extra(sink.tell(), sink.digest(), rows)}


def _policies(names: Iterable[str], tally: Tally) -> dict[str, dict[str, str]]:
    """What each view does where it cannot hold everything: kind -> sentence."""
    also = {text_free.NOTE: text_free.POLICY}
    return {
        name: {**views.VIEWS[name].policies, **(also if tally.has(name, text_free.NOTE) else {})}
        for name in names
    }
