"""The views of a dataset: one module each, in one table.

A module has COLUMNS (typed, see `features` and `words`), MEANING (a line for the card), `rows`, which takes a
Sheet, and where it needs them POLICIES (what it cannot hold and what happens then), `extras` (further files,
made from the schema) and TEXT_FREE (False where nothing is left of it without the article's words). A view
of what counts has rows for the annotation that was chosen for its article; `annotations` for every one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from dateline.schema import Schema
from dateline.views import (
    annotations,
    arguments,
    claims,
    documents,
    events,
    instruct,
    relations,
    sentences,
    triggers,
)
from dateline.views.features import Columns
from dateline.views.loss import Loss
from dateline.views.parts import Row
from dateline.views.sheet import Sheet

__all__ = ["COLUMNS", "DEFAULT", "NAMES", "VIEWS", "Loss", "Row", "Sheet", "View", "rows"]


@dataclass(frozen=True)
class View:
    """A view: its typed columns, what it holds, and for each kind of loss the policy behind it."""

    name: str
    columns: Columns
    rows: Callable[[Sheet], Iterator[Row]]
    meaning: str
    policies: Mapping[str, str]
    chosen_only: bool
    text_free: bool
    extras: Callable[[Schema], dict[str, str]]


def _view(module: ModuleType) -> View:
    name = module.__name__.rpartition(".")[2]
    return View(
        name=name,
        columns=module.COLUMNS,
        rows=module.rows,
        meaning=module.MEANING,
        policies=getattr(module, "POLICIES", {}),
        chosen_only=name != "annotations",
        text_free=getattr(module, "TEXT_FREE", True),
        extras=getattr(module, "extras", lambda _: {}),
    )


_MODULES = (documents, events, annotations, claims, triggers, arguments, relations, instruct, sentences)
VIEWS: dict[str, View] = {view.name: view for view in map(_view, _MODULES)}
COLUMNS: dict[str, Columns] = {name: view.columns for name, view in VIEWS.items()}
NAMES = tuple(VIEWS)
DEFAULT = "events"


def rows(view: str, sheet: Sheet) -> Iterator[Row]:
    """The rows that an annotation gives to a view; what the view cannot hold is added to `sheet.losses`."""
    found = VIEWS[view]
    return found.rows(sheet) if sheet.chosen or not found.chosen_only else iter(())
