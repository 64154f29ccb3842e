"""View `sentences`: a window for each sentence, in the shape that OneIE and TextEE read.

The shape is that of TextEE's "Processed Data Format" (github.com/ej0cl6/TextEE, data/README.md), which is OneIE's
(Lin et al. 2020) with `text` and `lang`: `start` and `end` of entity mentions, triggers and arguments are half-open
places in the window's `tokens`; an event mention is one trigger with its arguments; `mention_type` (a name, a noun
or a pronoun) is not annotated here and says `UNK`, as OneIE's own converter does. Ours beside it: the code points of
the window and of its tokens, and in `entity` and `event` the ids that the record gives to what is mentioned, by
which the triggers of one event can be told. Written as JSON lines, a row is what those programs read.

Answers and notes have no place in the shape and are in `events`. Which trigger gets an argument: `placing`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dateline.model import Event, Mention, Trigger
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.loss import Loss
from dateline.views.sheet import Sheet
from dateline.views.words import PLACE_TEXT, SPAN_TEXT, TOKENS

MEANING = (
    "a window for each sentence, with entity mentions and event mentions in the shape of OneIE and TextEE"
)
_PLACE: Columns = {"text": PLACE_TEXT, "start": "int64", "end": "int64"}
COLUMNS: Columns = {
    "doc_id": "string",
    "wnd_id": "string",
    "start": "int64",
    "end": "int64",
    "text": SPAN_TEXT,
    "lang": "string",
    "tokens": [TOKENS],
    "starts": ["int64"],
    "ends": ["int64"],
    "entity_mentions": [
        {"id": "string", "entity_type": "string", "mention_type": "string", **_PLACE, "entity": "string"}
    ],
    "event_mentions": [
        {
            "id": "string",
            "event_type": "string",
            "trigger": _PLACE,
            "arguments": [{"entity_id": "string", "role": "string", **_PLACE}],
            "event": "string",
        }
    ],
}
POLICIES = {
    "off_tokens": "a mention or trigger that begins or ends inside a token is in no window",
    "across_sentences": "a mention or trigger that goes on into the next sentence is in no window",
    "trigger_lost": "an argument whose trigger is in no window is lost with it",
    "mention_lost": "an argument whose mention is in no window is lost with it",
    "other_window": "an argument in another sentence than its trigger is lost: an event mention has one window",
    "relation": "relations between events are not in the shape, which relates entities",
}
_Place = tuple[int, int, int]  # window, first token in it, the one after the last


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """A window for each sentence, in order."""
    windows = [_window(sheet, n) for n in range(len(sheet.sentences))]
    places: dict[str, _Place] = {}
    for mention in sheet.document.mentions:
        found = _place(sheet, mention)
        if isinstance(found, str):
            _lose(sheet, found, mention)
        else:
            places[mention.id] = found
            windows[found[0]]["entity_mentions"].append(_entity(mention, found, windows[found[0]]["wnd_id"]))
    for event in sheet.document.events:
        _add_event(sheet, event, places, windows)
    for relation in sheet.document.relations:
        said = f"{relation.head} {relation.type} {relation.tail}"
        sheet.losses.append(
            Loss(
                view="sentences",
                kind="relation",
                doc_id=sheet.document.doc_id,
                event=relation.head,
                role=relation.type,
                text=said,
            )
        )
    yield from windows


def _window(sheet: Sheet, n: int) -> parts.Row:
    document, tokens, (first, last) = sheet.document, sheet.tokens, sheet.sentences[n]
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return {
        "doc_id": document.doc_id,
        "wnd_id": f"{document.doc_id}-{n}",
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "lang": document.source.language,
        "tokens": tokens.texts[first:last],
        "starts": tokens.starts[first:last],
        "ends": tokens.ends[first:last],
        "entity_mentions": [],
        "event_mentions": [],
    }


def _place(sheet: Sheet, span: Mention | Trigger) -> _Place | str:
    """Where a span is, or the kind of loss that it is."""
    found = sheet.tokens.find(span.start, span.end)
    if found is None:
        return "off_tokens"
    n = sheet.sentence_of(span.start)
    first, last = sheet.sentences[n]
    return (n, found[0] - first, found[1] - first) if found[1] <= last else "across_sentences"


def _entity(mention: Mention, place: _Place, window: str) -> parts.Row:
    return {
        "id": f"{window}-{mention.id}",
        "entity_type": mention.label,
        "mention_type": "UNK",
        "text": mention.text,
        "start": place[1],
        "end": place[2],
        "entity": mention.entity,
    }


def _add_event(sheet: Sheet, event: Event, places: dict[str, _Place], windows: list[parts.Row]) -> None:
    """An event mention for each trigger, in the trigger's window; what has no place there is reported."""
    for n, (trigger, own) in enumerate(zip(event.triggers, sheet.arguments[event.id], strict=True), 1):
        found = _place(sheet, trigger)
        if isinstance(found, str):
            _lose(sheet, found, trigger, event)
            for role, mention in own:
                _lose(sheet, "trigger_lost", mention, event, role)
            continue
        window = windows[found[0]]
        window["event_mentions"].append(
            {
                "id": f"{window['wnd_id']}-{event.id}.{n}",
                "event_type": event.type,
                "trigger": {"text": trigger.text, "start": found[1], "end": found[2]},
                "arguments": list(_arguments(sheet, event, own, places, found[0])),
                "event": event.id,
            }
        )


def _arguments(
    sheet: Sheet, event: Event, own: list[tuple[str, Mention]], places: dict[str, _Place], window: int
) -> Iterator[parts.Row]:
    for role, mention in own:
        place = places.get(mention.id)
        if place is None:
            _lose(sheet, "mention_lost", mention, event, role)
        elif place[0] != window:
            _lose(sheet, "other_window", mention, event, role)
        else:
            yield {
                "entity_id": f"{sheet.document.doc_id}-{window}-{mention.id}",
                "role": role,
                "text": mention.text,
                "start": place[1],
                "end": place[2],
            }


def _lose(
    sheet: Sheet, kind: str, span: Mention | Trigger, event: Event | None = None, role: str | None = None
) -> None:
    sheet.losses.append(
        Loss(
            view="sentences",
            kind=kind,
            doc_id=sheet.document.doc_id,
            event=event.id if event else None,
            role=role,
            mention=span.id if isinstance(span, Mention) else None,
            start=span.start,
            end=span.end,
            text=span.text,
        )
    )
