"""The views of a dataset: one module each, in one table.

A module has COLUMNS (typed, see `features`) and `rows`. The views in CHOSEN take the annotation that
counts for an article; those in ALL take every annotation, and whether it was chosen.
"""

from collections.abc import Callable, Iterator

from dateline.model import Document
from dateline.views import annotations, documents, events
from dateline.views.features import Columns
from dateline.views.parts import Row

CHOSEN: dict[str, Callable[[Document], Iterator[Row]]] = {
    "documents": documents.rows,
    "events": events.rows,
}
ALL: dict[str, Callable[[Document, bool, dict[str, int]], Iterator[Row]]] = {"annotations": annotations.rows}
COLUMNS: dict[str, Columns] = {
    "documents": documents.COLUMNS,
    "events": events.COLUMNS,
    "annotations": annotations.COLUMNS,
}
NAMES = tuple(COLUMNS)
DEFAULT = "events"


def rows(view: str, document: Document, chosen: bool, drawn: dict[str, int]) -> Iterator[Row]:
    """The rows that an annotation gives to a view; `drawn` counts its results."""
    if view in ALL:
        return ALL[view](document, chosen, drawn)
    return CHOSEN[view](document) if chosen else iter(())
