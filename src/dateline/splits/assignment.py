"""Who gets which split: the ledger first, then the group, then the scheme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dateline import near_duplicates
from dateline.findings import Finding
from dateline.near_duplicates import Corpus, Link
from dateline.splits.groups import Member, Text, grouped
from dateline.splits.ledger import Row
from dateline.splits.schemes import Hash, Scheme


@dataclass
class Assignment:
    """A split for every article that has one, the rows that the ledger lacks, and what is to be known.

    `left_out` names the articles that must not be in the dataset, each with the reason; `groups` gives the
    group's oldest member when its first article was placed.
    """

    splits: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    added: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def together(self) -> list[list[str]]:
        """The articles of each group that has several, by the group's name."""
        members: dict[str, list[str]] = {}
        for doc_id in sorted(self.groups):
            members.setdefault(self.groups[doc_id], []).append(doc_id)
        return [members[group] for group in sorted(members) if len(members[group]) > 1]


def assign(
    texts: Iterable[Text],
    ledger: Iterable[Row],
    scheme: Scheme | None = None,
    threshold: float = near_duplicates.THRESHOLD,
    min_words: int = near_duplicates.MIN_WORDS,
) -> Assignment:
    """`place` for texts that are in memory; `hash` where no scheme is given."""
    members = list(texts)
    corpus = near_duplicates.of({t.doc_id: t.text for t in members}, threshold, min_words)
    return place(members, corpus, ledger, scheme or Hash())


def place(members: Sequence[Member], corpus: Corpus, ledger: Iterable[Row], scheme: Scheme) -> Assignment:
    """Give every article a split; `corpus` has their sketches.

    What has a split keeps it. A new article joins the split of the texts that equal its own, else that of
    its group; a group without one is placed by the scheme. W914 for an article that cannot be placed.
    Groups that turn out to be one in two splits are reported and not moved: E902 for equal texts, of which
    only those in the split of the oldest may stay, W913 for nearly equal ones.
    """
    found = Assignment()
    known = {row.doc_id: row for row in ledger}
    links = corpus.links()
    equal = (group for group in grouped(members, _equal(links)) if len(group) > 1)
    texts = {m.doc_id: group[0].doc_id for group in equal for m in group}
    torn: dict[str, str] = {}
    for group in grouped(members, links):
        _place_group(group, texts, known, scheme, found)
        parts = {m.doc_id: found.splits[m.doc_id] for m in group if m.doc_id in found.splits}
        if len(set(parts.values())) > 1:
            torn |= parts
    _report(members, corpus.across(torn) if torn else [], found)
    found.added.sort(key=lambda row: row.doc_id)
    return found


def _equal(links: Iterable[Link]) -> list[Link]:
    return [link for link in links if link.equal]


def _place_group(
    group: list[Member], texts: dict[str, str], known: dict[str, Row], scheme: Scheme, found: Assignment
) -> None:
    """Place a group from old to new; `texts` gives one name to texts that have equals."""
    placed = [known[m.doc_id] for m in group if m.doc_id in known]
    by_text: dict[str, Row] = {}
    for old in placed:
        by_text.setdefault(texts.get(old.doc_id, old.doc_id), old)
    first = _first(group, placed, scheme)
    for member in group:
        like = by_text.get(texts.get(member.doc_id, member.doc_id), first) if scheme.joins else None
        row = known.get(member.doc_id, like)
        if row is None:
            _without_split(member, scheme, found)
            continue
        if member.doc_id not in known:
            found.added.append(Row(member.doc_id, row.group, row.split))
        found.splits[member.doc_id], found.groups[member.doc_id] = row.split, row.group
    if first is not None:
        found.findings += scheme.remarks(group, first.split)


def _without_split(member: Member, scheme: Scheme, found: Assignment) -> None:
    reason, hint = scheme.unplaced
    finding = Finding(code="W914", message=f"left out: {reason}", hint=hint, doc_id=member.doc_id)
    found.findings.append(finding)
    found.left_out[member.doc_id] = reason


def _first(group: list[Member], placed: list[Row], scheme: Scheme) -> Row | None:
    """The row that new members go by: that of the oldest that has a split, else what the scheme says."""
    if placed:
        return placed[0]
    split = scheme.place(group)
    return None if split is None else Row(group[0].doc_id, group[0].doc_id, split)


def _report(members: Sequence[Member], crossing: list[Link], found: Assignment) -> None:
    """Say what equal and nearly equal texts are in two splits."""
    concerned = {doc_id for link in crossing for doc_id in (link.first, link.second)}
    ages = {m.doc_id: m for m in members if m.doc_id in concerned}
    for group in grouped(ages.values(), _equal(crossing)):
        for member in group[1:]:
            if found.splits[member.doc_id] != found.splits[group[0].doc_id]:
                _leave_out(member.doc_id, group[0].doc_id, found)
    for link in crossing:
        if not link.equal and link.first not in found.left_out and link.second not in found.left_out:
            old, new = sorted((ages[link.first], ages[link.second]), key=lambda m: m.age)
            found.findings.append(_near(old.doc_id, new.doc_id, link.similarity, found.splits))


def _leave_out(doc_id: str, other: str, found: Assignment) -> None:
    message = (
        f"its text equals that of {other}, which is in {found.splits[other]}, "
        f"and it is in {found.splits[doc_id]}"
    )
    hint = "take one of the two articles out of the batch; the ledger never moves an article"
    found.findings.append(Finding(code="E902", message=message, hint=hint, doc_id=doc_id))
    found.left_out[doc_id] = message


def _near(old: str, new: str, similarity: float, splits: dict[str, str]) -> Finding:
    message = (
        f"its text is nearly that of {old} (similarity {similarity:.2f}), which is in {splits[old]}, "
        f"and it is in {splits[new]}"
    )
    hint = "take one of the two articles out of the batch to be sure that nothing is learnt by heart"
    return Finding(code="W913", message=message, hint=hint, doc_id=new)
