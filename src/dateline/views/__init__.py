"""The views of a dataset: one module each, in one table.

A module has COLUMNS (typed, see `features`), MEANING (a line for the card), POLICIES (what it cannot hold
and what happens then) and `rows`, which takes a Sheet. A view of what counts has rows for the annotation
that was chosen for its article; `annotations` has rows for every one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from dateline.views import annotations, documents, events
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


def _view(module: ModuleType) -> View:
    name = module.__name__.rpartition(".")[2]
    policies = getattr(module, "POLICIES", {})
    return View(name, module.COLUMNS, module.rows, module.MEANING, policies, name != "annotations")


VIEWS: dict[str, View] = {view.name: view for view in map(_view, (documents, events, annotations))}
COLUMNS: dict[str, Columns] = {name: view.columns for name, view in VIEWS.items()}
NAMES = tuple(VIEWS)
DEFAULT = "events"


def rows(view: str, sheet: Sheet) -> Iterator[Row]:
    """The rows that an annotation gives to a view; what the view cannot hold is added to `sheet.losses`."""
    found = VIEWS[view]
    return found.rows(sheet) if sheet.chosen or not found.chosen_only else iter(())
