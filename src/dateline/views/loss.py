"""What a view cannot hold: the loss report, one entry for every dropped item."""

from __future__ import annotations

import msgspec


class Loss(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Something of a record that a view leaves out.

    `kind` is one of the view's policies (see `View.policies`), which say why. `event` and `mention` are ids
    in the record, `role` the role that is lost; `start` and `end` are the code points of the words, `text`
    the words; without a place `text` is Dateline's own and holds no words of the article.
    """

    view: str
    kind: str
    doc_id: str
    event: str | None = None
    role: str | None = None
    mention: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
