"""View `arguments`: a row for each trigger of each event, with that trigger marked and its arguments as tags.

The tokens are those of a window: the sentence with the trigger (those, where it goes on into the next), and
as many whole sentences before and after it, one at a time and in turn, as fit into `WINDOW` tokens. Which
arguments are a trigger's is said in `placing`: each argument of an event is at one of its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator

from dateline.model import Event, Mention, Trigger
from dateline.views import bio, parts
from dateline.views.features import Columns
from dateline.views.loss import Loss
from dateline.views.sheet import Sheet
from dateline.views.words import TOKENS

WINDOW = 200
MEANING = "a row for each trigger of each event: one trigger marked, its arguments as BIO tags for the roles"
COLUMNS: Columns = {
    "doc_id": "string",
    "event_id": "string",
    "type": "string",
    "main": "bool",
    "trigger_start": "int64",
    "trigger_end": "int64",
    "trigger_first": "int64",
    "trigger_last": "int64",
    "start": "int64",
    "end": "int64",
    "tokens": [TOKENS],
    "starts": ["int64"],
    "ends": ["int64"],
    "tags": ["string"],
    "language": "string",
}
POLICIES = {
    "trigger_off_tokens": "a trigger that begins or ends inside a token has no row, so its arguments have no tags",
    "off_tokens": "an argument that begins or ends inside a token has no tags",
    "outside_window": f"an argument outside the whole sentences that make {WINDOW} tokens around its trigger "
    "has no tags",
    "two_roles": "words in two roles of one event have the tags of the role that the schema puts first",
    "same_span": "the tags of a role stand once, also where two mentions of the same words fill it",
    "overlap": "of overlapping arguments the leftmost has the tags, of those that begin together the longest",
}


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """A row for each trigger that can be marked, by event; offsets are code points of the article.

    `trigger_first` and `trigger_last` are half-open places in the row's `tokens`.
    """
    for event in sheet.document.events:
        for trigger, own in zip(event.triggers, sheet.arguments[event.id], strict=True):
            marked = sheet.tokens.find(trigger.start, trigger.end)
            if marked is None:
                sheet.losses.append(_loss(sheet, "trigger_off_tokens", event, None, trigger))
                sheet.losses += [
                    _loss(sheet, "trigger_off_tokens", event, role, mention) for role, mention in own
                ]
            else:
                yield _row(sheet, event, trigger, marked, own)


def _row(
    sheet: Sheet, event: Event, trigger: Trigger, marked: tuple[int, int], own: list[tuple[str, Mention]]
) -> parts.Row:
    tokens = sheet.tokens
    first, last = window(sheet.sentences, sheet.sentence_of(trigger.start), marked[1])
    spans = [(a - first, b - first, role) for a, b, role in _tagged(sheet, event, own, (first, last))]
    return {
        "doc_id": sheet.document.doc_id,
        "event_id": event.id,
        "type": event.type,
        "main": trigger.main,
        "trigger_start": trigger.start,
        "trigger_end": trigger.end,
        "trigger_first": marked[0] - first,
        "trigger_last": marked[1] - first,
        "start": tokens.starts[first],
        "end": tokens.ends[last - 1],
        "tokens": tokens.texts[first:last],
        "starts": tokens.starts[first:last],
        "ends": tokens.ends[first:last],
        "tags": bio.tags(last - first, spans),
        "language": sheet.document.source.language,
    }


def window(
    sentences: list[tuple[int, int]], sentence: int, reach: int, most: int = WINDOW
) -> tuple[int, int]:
    """The tokens of the window around a sentence; `reach` is the token that it must at least go up to."""
    left, right = sentence, sentence + 1
    while sentences[right - 1][1] < reach:
        right += 1
    grown = True
    while grown:
        grown = False
        if left > 0 and sentences[right - 1][1] - sentences[left - 1][0] <= most:
            left, grown = left - 1, True
        if right < len(sentences) and sentences[right][1] - sentences[left][0] <= most:
            right, grown = right + 1, True
    return sentences[left][0], sentences[right - 1][1]


def _tagged(
    sheet: Sheet, event: Event, own: list[tuple[str, Mention]], tokens: tuple[int, int]
) -> Iterator[bio.Span]:
    """The arguments that get tags; what gets none is reported."""
    found = []
    for role, mention in own:
        at = sheet.tokens.find(mention.start, mention.end)
        if at is None:
            sheet.losses.append(_loss(sheet, "off_tokens", event, role, mention))
        elif not tokens[0] <= at[0] < at[1] <= tokens[1]:
            sheet.losses.append(_loss(sheet, "outside_window", event, role, mention))
        else:
            found.append((*at, role, mention))
    for n, other in bio.leftmost_longest([(first, last) for first, last, _, _ in found]):
        first, last, role, mention = found[n]
        if other is None:
            yield first, last, role
        else:
            kind = _clash(found[other][:3], (first, last, role))
            sheet.losses.append(_loss(sheet, kind, event, role, mention))


def _clash(kept: bio.Span, lost: bio.Span) -> str:
    if kept[:2] != lost[:2]:
        return "overlap"
    return "same_span" if kept[2] == lost[2] else "two_roles"


def _loss(sheet: Sheet, kind: str, event: Event, role: str | None, span: Trigger | Mention) -> Loss:
    return Loss(
        view="arguments",
        kind=kind,
        doc_id=sheet.document.doc_id,
        event=event.id,
        role=role,
        mention=span.id if isinstance(span, Mention) else None,
        start=span.start,
        end=span.end,
        text=span.text,
    )
