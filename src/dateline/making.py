"""The rows that one annotation gives to a view, and what the view loses of it."""

from __future__ import annotations

import msgspec

from dateline import text_free, views
from dateline.views import Loss, Row, Sheet


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
