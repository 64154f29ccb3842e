"""Articles with equal or nearly equal texts, which must not be torn apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dateline.near_duplicates import Link
from dateline.union_find import UnionFind


@dataclass(frozen=True, slots=True)
class Member:
    """An article by id and date; `published_at` sorts as text, unknown dates last."""

    doc_id: str
    published_at: str | None

    @property
    def age(self) -> tuple[bool, str, str]:
        """The sort key from old to new."""
        return self.published_at is None, self.published_at or "", self.doc_id

    @property
    def day(self) -> date | None:
        """The day of publication as the article gives it, in its own time zone; None where it has none."""
        try:
            return date.fromisoformat((self.published_at or "")[:10])
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Text(Member):
    """An article with its text."""

    text: str


def grouped(members: Iterable[Member], links: Sequence[Link]) -> Iterator[list[Member]]:
    """What is linked, also through others, together; each group and the groups from old to new."""
    ordered = sorted(members, key=lambda m: m.age)
    sets = UnionFind(doc_id for link in links for doc_id in (link.first, link.second))
    for link in links:
        sets.union(link.first, link.second)
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in (m for m in ordered if m.doc_id in sets):
        groups[sets.find(member.doc_id)].append(member)
    for member in ordered:
        if member.doc_id not in sets:
            yield [member]
        elif member is (group := groups[sets.find(member.doc_id)])[0]:
            yield group
