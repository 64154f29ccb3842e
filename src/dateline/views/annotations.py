"""View `annotations`: a row for every annotation of every article, also those that were not chosen."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.model import Document
from dateline.views import documents, parts
from dateline.views.features import Columns

COLUMNS: Columns = {
    **documents.COLUMNS,
    "chosen": "bool",
    "drawn": {"regions": "int64", "answers": "int64", "relations": "int64"},
}


def rows(document: Document, chosen: bool, drawn: dict[str, int]) -> Iterator[parts.Row]:
    """The row of an annotation; `chosen` says that `documents` and `events` were made of it.

    `drawn` counts what the annotator drew, before anything was merged or taken from a default.
    """
    for row in documents.rows(document):
        yield {**row, "chosen": chosen, "drawn": drawn}
