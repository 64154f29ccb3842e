r"""Inline marks: annotated text that a person can type, compiled to Label Studio results.

    [Lena Orth|PERSON #k] [denied|press_denial #d speaker=k denied_claim=c strength=plain] [the story|CLAIM #c].
    [She|=k] called it [nonsense|=d].

A mark is `[words|spec]`, nested freely. The spec is a list of words: a mention label or an event type;
`#id` names the mark; `=id` says that it is the same entity or event as another mark (and takes its
label); `name=a,b` draws a role or an event relation to other marks, `?=a,b` draws it without a label (the
schema's default role); `name=answer` answers a question. Answers with spaces stand in double quotes.
`\[`, `\]`, `\|` and `\\` stand for themselves. Spans that cross cannot be written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dateline.label_studio.controls import MENTION, NOTE, TEXT, TRIGGER, control_name
from dateline.label_studio.write import relation
from dateline.schema import SAME_ENTITY, SAME_EVENT, Schema

_TOKEN = re.compile(r'\s*((?:[^\s"\]]|"[^"]*")+)')
_TEXT_FIELDS = ("value", "wikidata", NOTE)


class InlineError(ValueError):
    """Marks that cannot be compiled: `line` and `column` (from 1) and `reason`."""

    def __init__(self, source: str, at: int, reason: str) -> None:
        self.line = source.count("\n", 0, at) + 1
        self.column = at - source.rfind("\n", 0, at)
        self.reason = reason
        super().__init__(f"line {self.line}, column {self.column}: {reason}")


@dataclass
class Mark:
    """One mark: where it stands in the plain text and in the source, and the words of its spec."""

    at: int
    start: int
    end: int = 0
    words: list[str] = field(default_factory=list)
    id: str = ""
    same: str | None = None
    label: str | None = None
    pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Compiled:
    """The text without its marks, and the results of one annotation."""

    text: str
    results: list[dict[str, Any]]


def compile_marks(source: str, schema: Schema, prefix: str = "") -> Compiled:
    """Compile marked text; region ids are the marks' with the prefix before them.

    Raises InlineError for what is not a mark, an unknown name or a missing id.
    """
    text, marks = _scan(source)
    for mark in marks:
        _read_spec(mark, source, schema)
    by_id = _numbered(marks, source)
    for mark in marks:
        _inherit(mark, by_id, source)
    results: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.at)):
        _emit(mark, text, by_id, source, schema, results, relations)
    return Compiled(text, [_prefixed(result, prefix) for result in results + relations])


def _prefixed(result: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k: prefix + v if k in ("id", "from_id", "to_id") else v for k, v in result.items()}


def _scan(source: str) -> tuple[str, list[Mark]]:
    out: list[str] = []
    open_: list[Mark] = []
    marks: list[Mark] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\" and source[at + 1 : at + 2] in ("[", "]", "|", "\\") and at + 1 < len(source):
            out.append(source[at + 1])
            at += 2
        elif char == "[":
            open_.append(Mark(at, len(out)))
            at += 1
        elif char == "|" and open_:
            mark = open_.pop()
            mark.end = len(out)
            at = _scan_spec(source, at + 1, mark)
            marks.append(mark)
        elif char == "]":
            raise InlineError(source, at, "']' without a mark before it; write \\] for the character")
        else:
            out.append(char)
            at += 1
    if open_:
        raise InlineError(
            source, open_[-1].at, "'[' begins a mark that has no '|…]'; write \\[ for the character"
        )
    return "".join(out), marks


def _scan_spec(source: str, at: int, mark: Mark) -> int:
    while match := _TOKEN.match(source, at):
        mark.words.append(match[1])
        at = match.end()
    closing = re.compile(r"\s*\]").match(source, at)
    if closing is None:
        raise InlineError(source, mark.at, "the mark is not closed by ']'")
    return closing.end()


def _read_spec(mark: Mark, source: str, schema: Schema) -> None:
    _refuse_repeats(mark, source, schema)
    for word in mark.words:
        name, equals, value = word.partition("=")
        if word.startswith("#"):
            mark.id = word[1:]
        elif word.startswith("="):
            mark.same = word[1:]
        elif equals:
            mark.pairs.append((name, value.replace('"', "")))
        elif word in schema.labels or word in schema.types:
            mark.label = word
        else:
            raise InlineError(source, mark.at, f"{word!r} is neither a mention label nor an event type")
    if mark.label is None and mark.same is None:
        raise InlineError(source, mark.at, "the mark has no label")


def _refuse_repeats(mark: Mark, source: str, schema: Schema) -> None:
    """Raise InlineError for a mark around nothing and for what a mark can say only once."""
    if mark.start == mark.end:
        raise InlineError(source, mark.at, "the mark is empty: there are no words in it")
    said = {
        "labels": [w for w in mark.words if w in schema.labels or w in schema.types],
        "ids": [w for w in mark.words if w.startswith("#")],
        "marks that it is the same as": [w for w in mark.words if w.startswith("=")],
    }
    for what, words in said.items():
        if len(words) > 1:
            raise InlineError(source, mark.at, f"the mark has two {what}: {' and '.join(words[:2])}")


def _numbered(marks: list[Mark], source: str) -> dict[str, Mark]:
    by_id: dict[str, Mark] = {}
    for n, mark in enumerate(sorted(marks, key=lambda m: m.at), 1):
        mark.id = mark.id or f"_{n}"
        if mark.id in by_id:
            raise InlineError(source, mark.at, f"two marks are called #{mark.id}")
        by_id[mark.id] = mark
    return by_id


def _inherit(mark: Mark, by_id: dict[str, Mark], source: str) -> None:
    seen = {mark.id}
    other = mark
    while mark.label is None:
        other = _named(other.same or "", by_id, mark, source)
        if other.id in seen:
            raise InlineError(source, mark.at, "the marks are only said to be the same as each other")
        seen.add(other.id)
        mark.label = other.label


def _named(id_: str, by_id: dict[str, Mark], mark: Mark, source: str) -> Mark:
    if id_ not in by_id:
        raise InlineError(source, mark.at, f"there is no mark #{id_}")
    return by_id[id_]


def _emit(
    mark: Mark,
    text: str,
    by_id: dict[str, Mark],
    source: str,
    schema: Schema,
    results: list[dict[str, Any]],
    relations: list[dict[str, Any]],
) -> None:
    trigger = mark.label in schema.types
    results.append(_result(mark, text, TRIGGER if trigger else MENTION, "labels", labels=[mark.label]))
    if mark.same is not None:
        other = _named(mark.same, by_id, mark, source)
        relations.append(relation(other.id, mark.id, SAME_EVENT if trigger else SAME_ENTITY))
    names = {*schema.roles_of(mark.label or ""), *schema.relations} if trigger else set()
    for name, value in mark.pairs:
        if name == "?" or name in names:
            for id_ in value.split(","):
                other = _named(id_, by_id, mark, source)
                relations.append(relation(mark.id, other.id, None if name == "?" else name))
        elif name in _TEXT_FIELDS:
            results.append(_result(mark, text, name, "textarea", text=[value]))
        elif trigger and name in schema.attributes_of(mark.label or ""):
            control = name if name in schema.common else control_name(mark.label or "", name)
            results.append(_result(mark, text, control, "choices", choices=[value]))
        else:
            raise InlineError(source, mark.at, f"{mark.label} has no role, relation or question {name!r}")


def _result(mark: Mark, text: str, control: str, kind: str, /, **value: Any) -> dict[str, Any]:
    words = {} if "text" in value else {"text": text[mark.start : mark.end]}
    span = {"start": mark.start, "end": mark.end, **words, **value}
    return {"id": mark.id, "from_name": control, "to_name": TEXT, "type": kind, "value": span}
