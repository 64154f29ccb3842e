"""Baselines that look words up: what a model must beat to be worth its while.

`lexicon`: the words of each trigger of the training set are a trigger wherever they stand, if they were one
in at least half of the places where they stand in the training set (places inside a longer trigger do not
count), of the type that they had most often.
Arguments likewise, for each type of event by itself: among the sentences with such a trigger, words that
fill a role in at least half of the places fill the one that they filled most often.

`majority`: the same places, but every trigger has the most frequent type and every argument the most frequent
role of the training set: what choosing among types and roles is worth. (To call every token O, the most
frequent tag of all, finds nothing and scores 0.)

Case is ignored, the longest match counts, from left to right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dateline.train.data import Row
from dateline.train.decode import Tag
from dateline.views import bio

Phrase = tuple[str, ...]
Index = Mapping[str, Sequence[tuple[Phrase, str]]]
NAMES = ("lexicon", "majority")


@dataclass(frozen=True)
class Phrases:
    """Phrases with their labels, by first word, the longest first."""

    by_first: Index

    def tags(self, tokens: Sequence[str]) -> list[str]:
        """A tag for each token."""
        folded = tuple(token.casefold() for token in tokens)
        found, at = [], 0
        while at < len(folded):
            match = next(_matches(self.by_first, folded, at), None)
            if match is None:
                at += 1
                continue
            found.append((at, at + len(match[0]), match[1]))
            at += len(match[0])
        return bio.tags(len(folded), found)

    def labelled(self, label: str) -> Phrases:
        """The same phrases, all with one label."""
        return Phrases({word: [(p, label) for p, _ in some] for word, some in self.by_first.items()})


def learn(rows: Iterable[Row]) -> Phrases:
    """The phrases that have a label in at least half of the places where they stand, with the most frequent."""
    texts = [(tuple(t.casefold() for t in row.tokens), bio.spans(row.tags)) for row in rows]
    labels: dict[Phrase, Counter[str]] = defaultdict(Counter)
    for tokens, spans in texts:
        for first, last, label in spans:
            labels[tokens[first:last]][label] += 1
    known = _index(dict.fromkeys(labels, ""))
    stands = Counter(phrase for tokens, spans in texts for phrase in _standing(known, tokens, spans))
    sure = {p: _most(found) for p, found in labels.items() if found.total() * 2 >= stands[p]}
    return Phrases(_index(sure))


def _standing(index: Index, tokens: Phrase, spans: Sequence[bio.Span]) -> Iterator[Phrase]:
    """The phrases at every place where they stand, but for those inside a longer span: there it is that one's."""
    for at in range(len(tokens)):
        for phrase, _ in _matches(index, tokens, at):
            end = at + len(phrase)
            if not any(a <= at and end <= b and b - a > end - at for a, b, _ in spans):
                yield phrase


def baselines(triggers: Sequence[Row], arguments: Sequence[Row]) -> dict[str, tuple[Tag, Tag]]:
    """By name a tagger of triggers and one of arguments, learnt from rows with tags."""
    words = learn(triggers)
    by_type: dict[str, list[Row]] = defaultdict(list)
    for row in arguments:
        by_type[row.type].append(row)
    roles = {type_: learn(rows) for type_, rows in by_type.items()}
    type_, role = (_most(Counter(_labels(rows))) for rows in (triggers, arguments))
    one_role = {name: phrases.labelled(role) for name, phrases in roles.items()}
    return {
        "lexicon": (_tagger({"": words}), _tagger(roles)),
        "majority": (_tagger({"": words.labelled(type_)}), _tagger(one_role)),
    }


def _tagger(by_type: Mapping[str, Phrases]) -> Tag:
    """Phrases as a tagger; a row has the type of its event, or none."""
    nothing = Phrases({})
    return lambda rows: [by_type.get(row.type, nothing).tags(row.tokens) for row in rows]


def _matches(index: Index, tokens: Phrase, at: int) -> Iterator[tuple[Phrase, str]]:
    return (found for found in index.get(tokens[at], ()) if tokens[at : at + len(found[0])] == found[0])


def _index(labels: Mapping[Phrase, str]) -> dict[str, list[tuple[Phrase, str]]]:
    index: dict[str, list[tuple[Phrase, str]]] = defaultdict(list)
    for phrase, label in sorted(labels.items(), key=lambda item: (-len(item[0]), item[0])):
        index[phrase[0]].append((phrase, label))
    return dict(index)


def _labels(rows: Iterable[Row]) -> Iterable[str]:
    return (label for row in rows for _, _, label in bio.spans(row.tags))


def _most(counted: Counter[str]) -> str:
    """The most frequent; of several the first in the alphabet; nothing where there is none."""
    return min(counted, key=lambda name: (-counted[name], name), default="")
