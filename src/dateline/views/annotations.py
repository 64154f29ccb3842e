"""View `annotations`: a row for every annotation of every article, also those that were not chosen."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.views import documents, parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet

MEANING = "a row for every annotation of every article, also those that were not chosen"
COLUMNS: Columns = {
    **documents.COLUMNS,
    "chosen": "bool",
    "drawn": {"regions": "int64", "answers": "int64", "relations": "int64"},
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """The row of an annotation; `chosen` says that the other views were made of it.

    `drawn` counts what the annotator drew, before anything was merged or taken from a default.
    """
    for row in documents.rows(sheet):
        yield {**row, "chosen": sheet.chosen, "drawn": dict(sheet.drawn)}
