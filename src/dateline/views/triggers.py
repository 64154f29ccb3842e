"""View `triggers`: a row for each sentence, its triggers as BIO tags over the tokens.

What it gives back are triggers with their types; roles, answers and relations are for other views.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dateline.model import Event, Trigger
from dateline.views import bio, parts
from dateline.views.features import Columns
from dateline.views.loss import Loss
from dateline.views.sheet import Sheet
from dateline.views.words import TOKENS

MEANING = "a row for each sentence, also those without triggers: tokens with BIO tags for the event types"
COLUMNS: Columns = {
    "doc_id": "string",
    "sentence": "int64",
    "start": "int64",
    "end": "int64",
    "tokens": [TOKENS],
    "starts": ["int64"],
    "ends": ["int64"],
    "tags": ["string"],
    "language": "string",
}
POLICIES = {
    "off_tokens": "a trigger that begins or ends inside a token has no tag: widened, it would be another trigger",
    "across_sentences": "a trigger that goes on into the next sentence has no tag",
    "overlap": "of overlapping triggers the leftmost has the tags, of those that begin together the longest, "
    "of equal ones of two types that of the first event",
    "shared": "the tags of a trigger stand once, also where two events of one type have it",
    "identity": "tags do not say which triggers belong to one event: an event with several is listed once",
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """A row for each sentence of the article, in order; offsets are code points of the article."""
    document, tokens = sheet.document, sheet.tokens
    marked = _marked(sheet)
    for n, (first, last) in enumerate(sheet.sentences):
        spans = [(begin - first, end - first, type_) for begin, end, type_ in marked[n]]
        yield {
            "doc_id": document.doc_id,
            "sentence": n,
            "start": tokens.starts[first],
            "end": tokens.ends[last - 1],
            "tokens": tokens.texts[first:last],
            "starts": tokens.starts[first:last],
            "ends": tokens.ends[first:last],
            "tags": bio.tags(last - first, spans),
            "language": document.source.language,
        }


def _marked(sheet: Sheet) -> dict[int, list[bio.Span]]:
    """The spans that get tags, by sentence; what gets none is reported."""
    found = [(e, t, at) for e in sheet.document.events for t in e.triggers if (at := _at(sheet, e, t))]
    marked: dict[int, list[bio.Span]] = defaultdict(list)
    for n, other in bio.leftmost_longest([at for _, _, at in found]):
        event, trigger, (first, last) = found[n]
        if other is None:
            marked[sheet.sentence_of(trigger.start)].append((first, last, event.type))
        else:
            same = found[other][2] == (first, last) and found[other][0].type == event.type
            sheet.losses.append(_loss(sheet, "shared" if same else "overlap", event, trigger))
    for event in sheet.document.events:
        if len(event.triggers) > 1:
            loss = Loss(view="triggers", kind="identity", doc_id=sheet.document.doc_id, event=event.id)
            sheet.losses.append(loss)
    return marked


def _at(sheet: Sheet, event: Event, trigger: Trigger) -> tuple[int, int] | None:
    """The trigger's tokens, if it has any of its own in one sentence."""
    found = sheet.tokens.find(trigger.start, trigger.end)
    if found is None:
        sheet.losses.append(_loss(sheet, "off_tokens", event, trigger))
    elif found[1] > sheet.sentences[sheet.sentence_of(trigger.start)][1]:
        sheet.losses.append(_loss(sheet, "across_sentences", event, trigger))
        return None
    return found


def _loss(sheet: Sheet, kind: str, event: Event, trigger: Trigger) -> Loss:
    return Loss(
        view="triggers",
        kind=kind,
        doc_id=sheet.document.doc_id,
        event=event.id,
        start=trigger.start,
        end=trigger.end,
        text=trigger.text,
    )
