"""From annotations that have their split to the files of a dataset folder."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from dateline import files, loss_report, parquet, schema_rules, text_free, views
from dateline.outcome import Extra, Facts
from dateline.schema import Schema
from dateline.splits import SPLITS
from dateline.views import Loss, Row, Sheet


class Placed(NamedTuple):
    """An annotation and the split of its article."""

    split: str
    sheet: Sheet


class Dataset(NamedTuple):
    """What a dataset is to be; with `omit` without the words of its articles."""

    name: str
    batches: tuple[str, ...]
    schema: Schema
    views: tuple[str, ...]
    omit: bool = False


def made(view: str, sheet: Sheet, omit: bool = False) -> tuple[list[Row], list[Loss]]:
    """The rows that an annotation gives to a view, and what the view loses of it.

    Nothing but the annotation goes in, so that annotations can be worked on in any order and place. With
    `omit` the words of the article are left out.
    """
    before = len(sheet.losses)
    rows = list(views.rows(view, sheet))
    losses = [_worded(loss, sheet.document.text) for loss in sheet.losses[before:]]
    del sheet.losses[before:]
    return text_free.without_words(view, rows, losses) if omit else (rows, losses)


def _worded(loss: Loss, text: str) -> Loss:
    """The loss with the words of its place, as the text has them."""
    if loss.start is None or loss.text == text[loss.start : loss.end]:
        return loss
    return msgspec.structs.replace(loss, text=text[loss.start : loss.end])


def write(folder: Path, dataset: Dataset, placed: Sequence[Placed], inputs: dict[str, str]) -> Facts:
    """Write all files of a dataset but card and manifest, which are made of what is given back."""
    names = text_free.kept(dataset.views) if dataset.omit else dataset.views
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    lost: dict[str, list[Loss]] = defaultdict(list)
    for split, sheet in placed:
        for view in names:
            more, less = made(view, sheet, dataset.omit)
            rows[view, split] += more
            lost[view] += less
    written = [
        parquet.write(folder, view, split, found, views.COLUMNS[view])
        for view in names
        for split in SPLITS
        if (found := rows[view, split])
    ]
    losses = [loss for view in names for loss in lost[view]]
    return Facts(
        name=dataset.name,
        batches=dataset.batches,
        schema_version=dataset.schema.version,
        guideline_version=dataset.schema.guideline_version,
        files=tuple(written),
        rows=_by_view(names, written),
        inputs=inputs,
        extras=_write_extras(folder, dataset, placed, written, losses),
        losses=loss_report.report(losses, _policies(names, losses)),
        left_out=tuple(v for v in dataset.views if v not in names) if dataset.omit else None,
    )


def _by_view(names: Iterable[str], written: Iterable[parquet.Written]) -> dict[str, dict[str, int]]:
    found = {name: dict.fromkeys(SPLITS, 0) for name in names}
    for file in written:
        found[file.view][file.split] += file.rows
    return found


def _write_extras(
    folder: Path,
    dataset: Dataset,
    placed: Iterable[Placed],
    written: Iterable[parquet.Written],
    losses: Iterable[Loss],
) -> dict[str, Extra]:
    """Write what stands beside the Parquet files: the schema, what the views that have rows bring along,
    the losses where there are any, and without texts what it takes to put them back.
    """
    needed = {p.sheet.document.doc_id: p.sheet.document for p in placed} if dataset.omit else {}
    texts = {"schema.json": schema_rules.text_of(dataset.schema.bundle)}
    for view in dict.fromkeys(file.view for file in written):
        further = views.VIEWS[view].extras(dataset.schema)
        texts |= {f"{view}/{name}": text for name, text in further.items()}
    texts[loss_report.NAME] = loss_report.lines(losses)
    texts[text_free.NAME] = text_free.lines(map(text_free.need, needed.values()))
    return {name: write_extra(folder, name, text) for name, text in texts.items() if text}


def write_extra(folder: Path, name: str, text: str) -> Extra:
    """Write a file that is no Parquet."""
    files.write_text(folder / name, text)
    data = text.encode()
    rows = text.count("\n") if name.endswith(".jsonl") else None
    return Extra(len(data), hashlib.sha256(data).hexdigest(), rows)


def _policies(names: Iterable[str], losses: Iterable[Loss]) -> dict[str, dict[str, str]]:
    """What each view does where it cannot hold everything: kind -> sentence."""
    noted = {loss.view for loss in losses if loss.kind == text_free.NOTE}
    also = {text_free.NOTE: text_free.POLICY}
    return {name: {**views.VIEWS[name].policies, **(also if name in noted else {})} for name in names}
