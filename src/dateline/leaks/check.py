"""The check: each config by itself, its splits against each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

from dateline import near_duplicates
from dateline.findings import Finding
from dateline.leaks import events, layout, rows
from dateline.leaks.events import Happening
from dateline.leaks.layout import LeakError, Part
from dateline.leaks.spool import Spool
from dateline.near_duplicates import MIN_WORDS, THRESHOLD, Corpus, Link

LEAKS = ("E902", "W913", "W918")
TEXTS = ("text", "content", "article", "document", "body", "sentence", "tokens")
NAMES = ("doc_id", "id", "document_id", "docid", "article_id", "url")
_BATCH = 256
_LOOKED_AT = 10  # rows, to see whether a column holds texts
_HINT = "keep it in one split only"


@dataclass
class Report:
    """The leaks, what could not be checked (I919), and how much was read."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def leaks(self) -> list[Finding]:
        """The findings that are leaks."""
        return [f for f in self.findings if f.code in LEAKS]


@dataclass(frozen=True)
class _Place:
    """Where a text stands first in its split: `name` for people, `doc_id` where the file has one."""

    split: str
    file: str
    name: str
    doc_id: str | None


def check(
    paths: Iterable[Path],
    text_column: str | None = None,
    similarity: float = THRESHOLD,
    min_words: int = MIN_WORDS,
) -> Report:
    """Compare the splits of each config of a dataset: E902, W913 and W918, and I919 for what was not checked.

    Raises LeakError for what cannot be read, and for a text column that no file has.
    """
    found = layout.parts(paths)
    heads = {part.name: rows.columns(part) for part in found}
    if text_column is not None and not any(text_column in head for head in heads.values()):
        there = ", ".join(sorted({column for head in heads.values() for column in head}))
        raise LeakError(f"no file has a column {text_column!r}; there are: {there}")
    one = _Check(heads, text_column, similarity, min_words)
    one.counts["files"] = len(found)
    for config, group in groupby(found, key=lambda part: part.config):
        one.compare(config, list(group))
    return Report(_once(one.findings) + one.unchecked(), one.counts)


def _once(findings: list[Finding]) -> list[Finding]:
    """One finding for what several configs show alike."""
    seen: dict[tuple[str | None, ...], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.code, finding.doc_id or finding.file, finding.message), finding)
    return list(seen.values())


class _Check:
    """What is found in one config after the other; `heads` are the columns of each file."""

    def __init__(
        self, heads: dict[str, list[str]], text_column: str | None, similarity: float, min_words: int
    ) -> None:
        self.heads, self.text_column = heads, text_column
        self.similarity, self.min_words = similarity, min_words
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self.missed: dict[str, list[str]] = defaultdict(list)  # the configs by what was not checked

    def compare(self, config: str, parts: Sequence[Part]) -> None:
        """Compare the splits of a config."""
        names = sorted({part.split for part in parts})
        if len(names) < 2:
            self.missed[f"anything: {names[0]} is the only split"].append(config)
            return
        self._texts(config, parts)
        self._events(config, parts)

    def unchecked(self) -> list[Finding]:
        """I919 for each thing that was not checked."""
        return [
            Finding(code="I919", message=f"not checked{_configs(configs)}: {what}")
            for what, configs in self.missed.items()
        ]

    def _texts(self, config: str, parts: Sequence[Part]) -> None:
        columns = {part.name: _text_column(part, self.heads[part.name], self.text_column) for part in parts}
        if None in columns.values():
            self.missed["the texts: there is no text column (--text-column names one)"].append(config)
        readable = [(part, column) for part in parts if (column := columns[part.name])]
        with Spool() as spool:
            places, corpus = self._corpus(readable, spool)
            self.counts["texts"] += len(places)
            empty = {part.split for part, _ in readable} - {place.split for place in places}
            if empty:
                self.missed[f"the texts of {', '.join(sorted(empty))}: there are none in it"].append(config)
            splits = {str(n): place.split for n, place in enumerate(places)}
            for link in corpus.across(splits):
                self.findings.append(_leak(link, places[int(link.first)], places[int(link.second)]))

    def _corpus(self, readable: list[tuple[Part, str]], spool: Spool) -> tuple[list[_Place], Corpus]:
        """Each text once a split, its place by its number, and their sketches."""
        import numpy as np

        places: list[_Place] = []
        pieces = [near_duplicates.sketches(())]
        texts = self._distinct(readable)
        while some := list(islice(texts, _BATCH)):
            for place, text in some:
                places.append(place)
                spool.add(text)
            pieces.append(near_duplicates.sketches((text for _, text in some), self.min_words))
        numbers = [str(n) for n in range(len(places))]
        text_of = lambda n: spool.text(int(n))  # noqa: E731 - shorter than its name
        return places, Corpus(numbers, np.concatenate(pieces), text_of, self.similarity)

    def _distinct(self, readable: list[tuple[Part, str]]) -> Iterator[tuple[_Place, str]]:
        """The texts with their places, each once a split: a view may have many rows of one article."""
        seen: set[tuple[str, int]] = set()
        for part, column in readable:
            name = next((n for n in NAMES if n in self.heads[part.name] and n != column), None)
            for number, row in enumerate(rows.rows(part, [column, name] if name else [column]), 1):
                text = " ".join(map(str, row[column])) if isinstance(row[column], list) else row[column]
                if isinstance(text, str) and text.strip() and (part.split, hash(text)) not in seen:
                    seen.add((part.split, hash(text)))
                    id_ = str(row[name]) if name and row[name] is not None else None
                    yield _Place(part.split, part.name, id_ or f"row {number}", id_), text

    def _events(self, config: str, parts: Sequence[Part]) -> None:
        """W918 for each event of a split that one of another split is the same as."""
        told: dict[tuple[str, str], list[tuple[Part, Happening]]] = defaultdict(list)
        for part in parts:
            wanted = events.readable(self.heads[part.name])
            if wanted is None:
                self._miss_events(config)
                continue
            for number, row in enumerate(rows.rows(part, wanted), 1):
                for happening in events.happenings(row, f"row {number}"):
                    told[happening.type, happening.day].append((part, happening))
                    self.counts["events"] += 1
        self.findings += [f for _, group in sorted(told.items()) for f in _same(group)]

    def _miss_events(self, config: str) -> None:
        missed = self.missed["the events: there are no columns type and arguments, or events and mentions"]
        if config not in missed:
            missed.append(config)


def _configs(configs: list[str]) -> str:
    named = [config for config in configs if config]
    return f" in {', '.join(named)}" if named else ""


def _text_column(part: Part, columns: list[str], wanted: str | None) -> str | None:
    """The wanted column, else the first with a usual name that holds texts, or nothing yet."""
    if wanted is not None:
        return wanted if wanted in columns else None
    by_name = {column.lower(): column for column in reversed(columns)}
    usual = [by_name[name] for name in TEXTS if name in by_name]
    return next((column for column in usual if _holds_texts(part, column)), None)


def _holds_texts(part: Part, column: str) -> bool:
    values = (row[column] for row in islice(rows.rows(part, [column]), _LOOKED_AT))
    return all(value is None or isinstance(value, str | list) for value in values)


def _leak(link: Link, a: _Place, b: _Place) -> Finding:
    """A leak, told of the text that is not in train."""
    first, second = sorted((a, b), key=lambda place: (place.split != "train", place.split, place.name))
    if link.equal and first.doc_id is not None and first.doc_id == second.doc_id:
        message = f"{second.split}: the article is in {first.split} too"
    elif link.equal:
        message = f"{second.split}: the text of {second.name} equals that of {first.name} in {first.split}"
    else:
        message = (
            f"{second.split}: the text of {second.name} is nearly that of {first.name} in {first.split} "
            f"(similarity {link.similarity:.2f})"
        )
    code = "E902" if link.equal else "W913"
    return Finding(code=code, message=message, hint=_HINT, file=second.file, doc_id=second.doc_id)


def _same(group: list[tuple[Part, Happening]]) -> Iterator[Finding]:
    """One finding for two articles that share an event, the one outside train first."""
    ordered = sorted(group, key=lambda pair: (pair[0].split != "train", pair[0].split, pair[1].doc_id))
    said: set[tuple[str, str]] = set()
    for n, (part, happening) in enumerate(ordered):
        for before, other in ordered[:n]:
            pair = (other.doc_id, happening.doc_id)
            if before.split != part.split and pair not in said and events.same(happening, other):
                said.add(pair)
                yield _same_event(part, happening, before, other)


def _same_event(part: Part, happening: Happening, before: Part, other: Happening) -> Finding:
    who = ", ".join(sorted(happening.who & other.who))
    return Finding(
        code="W918",
        message=f"{part.split}: a {happening.type} of {happening.day} ({who}) is in {before.split} too, in {other.doc_id}",
        hint="a model may know the event from there: split by time, or keep both articles in one split",
        file=part.name,
        doc_id=happening.doc_id,
    )
