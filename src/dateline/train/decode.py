"""From tags to records: triggers first, then for each of them its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, groupby
from typing import Any

from dateline.train.data import Row
from dateline.views import arguments as view
from dateline.views import bio

Tag = Callable[[Sequence[Row]], Sequence[Sequence[str]]]
Record = dict[str, Any]


def records(rows: Sequence[Row], triggers: Tag, arguments: Tag, texts: Mapping[str, str]) -> list[Record]:
    """A record for each article of the rows: an event for each trigger, with the arguments found for it.

    `rows` are all sentences of the articles, in order. `triggers` tags them, `arguments` tags windows around
    one trigger, as the view `arguments` has them. `texts` are the articles' texts, from which the words of
    the spans come; without one the spans stand alone.
    """
    marked = list(asked(rows, triggers(rows)))
    events: dict[str, list[Record]] = {row.doc_id: [] for row in rows}
    for row, tags in zip(marked, arguments(marked), strict=True):
        events[row.doc_id].append(_event(row, tags, texts.get(row.doc_id)))
    return [{"doc_id": doc_id, "events": _numbered(found)} for doc_id, found in sorted(events.items())]


def asked(rows: Sequence[Row], tags: Sequence[Sequence[str]]) -> Iterator[Row]:
    """The window around each trigger that the tags say."""
    for doc_id, found in groupby(zip(rows, tags, strict=True), key=lambda pair: pair[0].doc_id):
        sentences = list(found)
        ends = list(accumulate(len(row.tokens) for row, _ in sentences))
        ranges = list(zip([0, *ends], ends, strict=False))
        tokens, starts, ends_at = (
            tuple(chain.from_iterable(getattr(row, name) for row, _ in sentences))
            for name in ("tokens", "starts", "ends")
        )
        for n, (_, said) in enumerate(sentences):
            for first, last, type_ in bio.spans(said):
                here = ranges[n][0]
                a, b = view.window(ranges, n, here + last)
                at = here + first - a, here + last - a
                yield Row(doc_id, tokens[a:b], starts[a:b], ends_at[a:b], (), type_, *at)


def gold(triggers: Iterable[Row], arguments: Iterable[Row], context: int | None = None) -> tuple[Tag, Tag]:
    """Taggers that answer what the views say: their score is the best that tagging can get.

    With `context`, arguments that begin or end farther from the trigger are not answered.
    """
    by_place = {(row.doc_id, row.starts): row.tags for row in triggers}
    by_trigger = {_key(row): cropped(row, near(row, context), context) for row in arguments}
    return (
        lambda rows: [by_place[row.doc_id, row.starts] for row in rows],
        lambda rows: [by_trigger.get(_key(row), ["O"] * len(row.tokens)) for row in rows],
    )


def near(row: Row, context: int | None) -> list[str]:
    """The tags of the tokens in the row's context; a span that goes on outside it has none."""
    part = row.around(context)
    inside = [s for s in bio.spans(row.tags) if part.start <= s[0] and s[1] <= part.stop]
    return bio.tags(len(row.tokens), inside)[part]


def cropped(row: Row, tags: Sequence[str], context: int | None) -> list[str]:
    """A tag for each token of the row, of tags for those in its context; there is nothing outside it."""
    part = row.around(context)
    return ["O"] * part.start + list(tags) + ["O"] * (len(row.tokens) - part.stop)


def _key(row: Row) -> tuple[object, ...]:
    return row.doc_id, row.type, row.place(row.first, row.last), row.starts


def _event(row: Row, tags: Sequence[str], text: str | None) -> Record:
    fillers: dict[str, list[Record]] = {}
    for first, last, role in bio.spans(tags):
        fillers.setdefault(role, []).append(_span(row.place(first, last), text))
    trigger = _span(row.place(row.first, row.last), text)
    return {"type": row.type, "triggers": [trigger], "arguments": dict(sorted(fillers.items()))}


def _span(place: tuple[int, int], text: str | None) -> Record:
    start, end = place
    return {"start": start, "end": end} | ({} if text is None else {"text": text[start:end]})


def _numbered(events: list[Record]) -> list[Record]:
    """Events in text order, named e1, e2, …"""
    found = sorted(events, key=lambda e: (e["triggers"][0]["start"], e["triggers"][0]["end"], e["type"]))
    return [{"id": f"e{n}", **event} for n, event in enumerate(found, 1)]
