"""From rows to what a tagger reads, and from its tags back to rows.

Triggers: a sentence as it is. Arguments: the words of the event's type as first segment, then the tokens in
the context of the trigger, which stands between two markers; only roles that the type has in the training
set can be answered. The type as words, not as a symbol: a pre-trained model knows what "phone call" means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dateline.train.align import Example
from dateline.train.data import Row
from dateline.train.decode import cropped, near
from dateline.train.models import CLOSE, OPEN
from dateline.views import bio

Roles = Mapping[str, frozenset[str]]


def labels(rows: Iterable[Row]) -> list[str]:
    """All tags of the rows, O first; each label with both its tags, also where one of them never stands."""
    names = sorted({tag[2:] for row in rows for tag in row.tags if tag != bio.OUTSIDE})
    return [bio.OUTSIDE, *(f"{part}-{name}" for name in names for part in "BI")]


def roles(rows: Iterable[Row]) -> Roles:
    """The roles that each type's events have."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.type] |= {tag[2:] for tag in row.tags if tag != bio.OUTSIDE}
    return {type_: frozenset(names) for type_, names in found.items()}


def sentence(row: Row) -> Example:
    """What the tagger of triggers reads."""
    return Example(row.tokens, row.tags)


def marked(row: Row, allowed: Roles, context: int | None) -> Example:
    """What the tagger of arguments reads."""
    part = row.around(context)
    first, last = row.first - part.start, row.last - part.start
    words = row.tokens[part]
    tags = near(row, context) if row.tags else [bio.OUTSIDE] * len(words)
    return Example(
        (*words[:first], OPEN, *words[first:last], CLOSE, *words[last:]),
        (*tags[:first], _marker(tags, first), *tags[first:last], _marker(tags, last), *tags[last:]),
        tuple(row.type.split("_")),
        allowed.get(row.type, frozenset()),
    )


def _marker(tags: Sequence[str], place: int) -> str:
    """The tag of a marker before this place: that of a span which it stands in the midst of, else O."""
    return tags[place] if place < len(tags) and tags[place].startswith("I-") else bio.OUTSIDE


def unmarked(row: Row, tags: Sequence[str], context: int | None) -> list[str]:
    """The tags of the row's tokens, of those that were answered to `marked`."""
    part = row.around(context)
    first, last = row.first - part.start, row.last - part.start
    own = [*tags[:first], *tags[first + 1 : last + 1], *tags[last + 2 :]]
    return cropped(row, own, context)
