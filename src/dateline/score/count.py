"""Counts of one article: how many items gold has, how many were predicted, how many are right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from dateline.agreement.assignment import best
from dateline.score.matching import Items, Ready, items, ready, right, stand_for
from dateline.score.parts import Argument, Article, Event, Span

SIX = ("TI", "TC", "AI", "AC", "AI+", "AC+")
RELATIONS = "relations"
MEASURES = (*SIX, RELATIONS)


class Score(NamedTuple):
    """Counts of one measure. Precision, recall and F1 are fractions, None where nothing can be said.

    F1 is 2 · right / (gold + predicted), the harmonic mean of the other two.
    """

    gold: int = 0
    predicted: int = 0
    right: int = 0

    @property
    def precision(self) -> float | None:
        """The share of the predictions that is right; None without predictions."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of gold that was found; None where gold has nothing."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Both in one number; None where there is neither gold nor prediction."""
        both = self.gold + self.predicted
        return 2 * self.right / both if both else None

    def as_json(self) -> dict[str, float | int | None]:
        """Fractions first, then the counts."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, **self._asdict()}


Table = dict[str, Score]


def added(tables: Iterable[Table]) -> Table:
    """The sums of several tables, measure by measure."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for table in tables:
        for measure, score in table.items():
            total = sums[measure]
            for n in range(3):
                total[n] += score[n]
    return {measure: Score(*total) for measure, total in sums.items()}


class Counts(NamedTuple):
    """The measures of an article, those of the events of each type alone, and all with spans that overlap."""

    table: Table
    by_type: dict[str, Table]
    overlap: Table


def count(gold: Article, predicted: Article) -> Counts:
    """All measures of one article; see the package for what each of them means."""
    exact = _Side(gold), _Side(predicted)
    by_type, stands = _by_type(*exact, overlap=False)
    table = _whole(exact, by_type, stands, overlap=False)
    if all(score.right == min(score.gold, score.predicted) for score in table.values()):  # no room for more
        return Counts(table, by_type, table)
    loose, stands = _by_type(*exact, overlap=True)
    return Counts(table, by_type, _whole(exact, loose, stands, overlap=True))


class _Side:
    """One account of an article with its items: of all triggers, and of each type's events."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.triggers = _triggers(article.events)
        self.at: dict[str, list[int]] = defaultdict(list)
        for n, event in enumerate(article.events):
            self.at[event.type].append(n)
        self.groups = {type_: _group([article.events[n] for n in at]) for type_, at in self.at.items()}


class _Group(NamedTuple):
    """The events of one type with their items; AI and AC do not ask which event an argument belongs to."""

    events: list[Ready]
    triggers: Items
    with_role: Items
    without: Items


_NOWHERE = Event("", (), ())
_NONE = _Group([], Counter(), Counter(), Counter())


def _group(events: list[Event]) -> _Group:
    return _Group(
        [ready(event) for event in events], _triggers(events), _loose(events, True), _loose(events, False)
    )


def _triggers(events: list[Event]) -> Items:
    return items([(("", *span), event.type) for event in events for span in event.triggers])


def _loose(events: list[Event], roles: bool) -> Items:
    return items(
        [
            ((a.role if roles else "", *a.same), (event.triggers, a[:3]))
            for event in events
            for a in event.arguments
        ]
    )


def _by_type(gold: _Side, predicted: _Side, overlap: bool) -> tuple[dict[str, Table], dict[int, int]]:
    """The six measures for each type, and which gold event each predicted one stands for."""
    tables: dict[str, Table] = {}
    stands: dict[int, int] = {}
    for type_ in gold.groups.keys() | predicted.groups.keys():
        ours, theirs = gold.groups.get(type_, _NONE), predicted.groups.get(type_, _NONE)
        chosen = stand_for(ours.events, theirs.events, overlap)
        tables[type_] = _of_type(ours, theirs, chosen, overlap)
        places = ((p, g) for p, g in enumerate(chosen) if g is not None)
        stands.update((predicted.at[type_][p], gold.at[type_][g]) for p, g in places)
    return tables, stands


def _of_type(gold: _Group, predicted: _Group, chosen: list[int | None], overlap: bool) -> Table:
    triggers = _score(gold.triggers, predicted.triggers, overlap)
    have, given = gold.events, predicted.events
    return {
        "TI": triggers,
        "TC": triggers,
        "AI": _score(gold.without, predicted.without, overlap),
        "AC": _score(gold.with_role, predicted.with_role, overlap),
        "AI+": _attached([e.without for e in have], [e.without for e in given], chosen, overlap),
        "AC+": _attached([e.with_role for e in have], [e.with_role for e in given], chosen, overlap),
    }


def _attached(have: list[Items], given: list[Items], chosen: list[int | None], overlap: bool) -> Score:
    """The arguments event by event: right where the predicted event stands for the gold event that has them."""
    found: dict[int, Items] = {}
    for at, one in zip(chosen, given, strict=True):
        if at is not None:
            found[at] = found[at] + one if at in found else one
    hits = sum(right(have[at], one, overlap) for at, one in found.items())
    return Score(sum(one.total() for one in have), sum(one.total() for one in given), hits)


def _score(gold: Items, predicted: Items, overlap: bool) -> Score:
    return Score(gold.total(), predicted.total(), right(gold, predicted, overlap))


def _whole(
    sides: tuple[_Side, _Side], by_type: dict[str, Table], stands: dict[int, int], overlap: bool
) -> Table:
    gold, predicted = sides
    table = added(by_type.values())
    table["TI"] = _score(gold.triggers, predicted.triggers, overlap)
    table[RELATIONS] = _relations(gold.article, predicted.article, stands)
    return {measure: table.get(measure, Score()) for measure in MEASURES}


def _relations(gold: Article, predicted: Article, stands: dict[int, int]) -> Score:
    """Type, head and tail, one to one: right where the predicted events stand for those that gold joins.

    Events are known by their content: of two predicted events that say the same it does not matter which one
    stands for what, so that order does not matter either.
    """
    meant: dict[Event, set[Event]] = defaultdict(set)
    for p, g in stands.items():
        meant[predicted.events[p]].add(gold.events[g])
    have = [(r.type, gold.events[r.head], gold.events[r.tail]) for r in gold.relations]
    given = [
        (r.type, _event_at(predicted, r.head), _event_at(predicted, r.tail)) for r in predicted.relations
    ]
    at: dict[object, list[int]] = defaultdict(list)
    for n, relation in enumerate(have):
        at[relation].append(n)
    edges = {
        (g, p)
        for p, (type_, head, tail) in enumerate(given)
        for one in meant.get(head, ())
        for other in meant.get(tail, ())
        for g in at.get((type_, one, other), ())
    }
    right_ = best(sorted(edges), lambda _g, _p: 1, have.__getitem__, given.__getitem__)
    return Score(len(have), len(given), len(right_))


def _event_at(article: Article, at: int) -> Event:
    return article.events[at] if at >= 0 else _NOWHERE


def coreferent(gold: Article, article: Article) -> Article:
    """The article with each argument's `same` set to the first mention of its entity, by gold's entities.

    A span that means several entities goes to the one that fills this role in an event of this type, else
    to the first. A span that is no mention of gold stands for itself.
    """
    first: dict[str, Span] = {}
    for span, names in sorted(gold.entities.items()):
        for name in names:
            first.setdefault(name, span)
    fills = {
        (event.type, argument.role, first[name])
        for event in gold.events
        for argument in event.arguments
        for name in gold.entities.get((argument.start, argument.end), ())
    }

    def same(type_: str, argument: Argument) -> Argument:
        span = (argument.start, argument.end)
        meant = sorted(first[name] for name in gold.entities.get(span, ()))
        known = [one for one in meant if (type_, argument.role, one) in fills]
        return argument._replace(same=(known or meant or [span])[0])

    events = [
        e._replace(arguments=tuple(sorted(same(e.type, a) for a in e.arguments))) for e in article.events
    ]
    return Article(article.doc_id, events, article.relations, article.entities, article.text)
