"""View `instruct`: a chat for each article, to tune or to prompt a language model with.

`messages` are the guideline and the schema in short (system), the article's text and nothing else (user),
and the answer as JSON (assistant). Shape and order of the answer: `dateline.answer`; every answer is valid
under `instruct/schema.json`, which is made for structured output.

By design an answer holds events: types, triggers, arguments, status, polarity, attributes, relations, all as
words. It does not hold offsets, labels, identities, values of dates or notes, nor which trigger is the main
one. What words alone cannot give back of what it does hold is a loss.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from dateline import answer
from dateline.schema import Schema
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.loss import Loss
from dateline.views.sheet import Sheet
from dateline.views.words import Words

MEANING = "a chat for each article: guideline and schema, the text, the answer as JSON"
TEXT_FREE = False  # its columns are words through and through
COLUMNS: Columns = {
    "doc_id": "string",
    "language": "string",
    "messages": [{"role": "string", "content": Words()}],
}
POLICIES = {
    "place": "an answer has words and no offsets: which place is meant is lost where the words of a trigger or an"
    " argument stand at more places in the text than are in the answer's list",
    "mention": "an answer has the mentions that fill a role: one that only shows who is meant is left out",
}
_instructions: list[tuple[Schema, str]] = []  # the last schema's: the same for every article


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """The one chat of a record; one without events has an answer with empty lists."""
    document = sheet.document
    sheet.losses += _losses(sheet)
    yield {
        "doc_id": document.doc_id,
        "language": document.source.language,
        "messages": [
            {"role": "system", "content": _instruction(sheet.schema)},
            {"role": "user", "content": document.text},
            {"role": "assistant", "content": answer.text(answer.of(document, sheet.schema))},
        ],
    }


def extras(schema: Schema) -> dict[str, str]:
    """The JSON Schema of the answers, to constrain a language model with."""
    return {"schema.json": json.dumps(answer.json_schema(schema), ensure_ascii=False, indent=2) + "\n"}


def _instruction(schema: Schema) -> str:
    if not _instructions or _instructions[0][0] is not schema:
        _instructions[:] = [(schema, answer.instruction(schema))]
    return _instructions[0][1]


Place = tuple[str, str | None, str | None, int, int]  # event, role, mention, start, end


def _losses(sheet: Sheet) -> Iterator[Loss]:
    """In the record's order: places of events, then mentions without a role."""
    document, filling = sheet.document, set()
    for event in document.events:
        yield from _ambiguous(((event.id, None, None, t.start, t.end) for t in event.triggers), sheet)
        for role, fillers in event.arguments.items():
            found = [sheet.mentions[f.mention] for f in fillers]
            filling |= {m.id for m in found}
            yield from _ambiguous(((event.id, role, m.id, m.start, m.end) for m in found), sheet)
    for mention in document.mentions:
        if mention.id not in filling:
            yield _loss("mention", sheet, (None, None, mention.id, mention.start, mention.end))


def _ambiguous(places: Iterable[Place], sheet: Sheet) -> Iterator[Loss]:
    """The places of one list whose words stand elsewhere in the text too."""
    text, places = sheet.document.text, list(places)
    listed = Counter(text[start:end] for start, end in {(start, end) for *_, start, end in places})
    unclear = {words for words, times in listed.items() if _occurs_more(words, text, times)}
    for place in places:
        if text[place[3] : place[4]] in unclear:
            yield _loss("place", sheet, place)


def _occurs_more(words: str, text: str, times: int) -> bool:
    """True where the words stand in the text more than `times` times, overlapping ones counted."""
    at = -1
    for _ in range(times + 1):
        at = text.find(words, at + 1)
        if at < 0:
            return False
    return True


def _loss(kind: str, sheet: Sheet, place: tuple[str | None, str | None, str | None, int, int]) -> Loss:
    event, role, mention, start, end = place
    return Loss(
        view="instruct",
        kind=kind,
        doc_id=sheet.document.doc_id,
        event=event,
        role=role,
        mention=mention,
        start=start,
        end=end,
        text=sheet.document.text[start:end],
    )
