"""Mending what can be proved: stored annotations whose fault has one cause and one remedy.

What is mended: offsets that one cause explains for every span (E205, E804), white space at the ends of spans (W206, and
E201 where it was trimmed), and roles that were drawn from the mention to the trigger (E805). Where two remedies
would do, none is taken, and it is said. Only results are touched: `id`, `base` and `origin` stay, so that push and
pull see what was changed here.
"""

from __future__ import annotations

import copy
import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from dateline import files, offsets, reading, store
from dateline.collector import quoted
from dateline.label_studio.controls import TRIGGER
from dateline.schema import Schema

Json = dict[str, Any]


@dataclass
class Fixed:
    """What became of one file: its text before and after, what was mended, and what was left and why."""

    file: str
    before: str = ""
    after: str = ""
    mended: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def diff(self) -> list[str]:
        """The change as a unified diff, line by line; empty where nothing was mended."""
        lines = self.before.splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(*lines, self.file, self.file, n=0, lineterm=""))

    def write(self) -> bool:
        """Put the mended text in the file's place, unless the file has changed meanwhile. Raises files.FileError."""
        path = Path(self.file)
        with files.lock(path.parent):  # the batch's, which push and pull hold
            if path.read_bytes() != self.before.encode():
                raise files.FileError(path, "has changed since it was read", "run again")
            return files.write_text(path, self.after)


def fix(paths: Iterable[Path | str], schema: Schema) -> Iterator[Fixed]:
    """Every file of stored annotations in which something is mended or left; nothing is written.

    Only files that hold one task as plain JSON are mended. Raises sources.SourceError.
    """
    for file, group in groupby(reading.read(paths, schema), key=lambda item: item.file):
        items = list(group)
        tasks = [item for item in items if isinstance(item.plain, dict) and "annotations" in item.plain]
        if tasks and (found := _file(file, items, tasks[0], schema)) is not None:
            yield found


def _file(file: str, items: list[reading.Item], item: reading.Item, schema: Schema) -> Fixed | None:
    found = Fixed(file)
    changed = any(f.code == "E204" for f in item.findings)
    task = _task(item.plain, schema, found, sound_text=not changed)
    if found.mended and not (len(items) == 1 and file.endswith(".json")):
        found.mended = []
        found.left = ["only a file with one task in it, as plain JSON, is mended: pull it into a batch"]
    if found.mended:
        found.before = Path(file).read_bytes().decode("utf-8")
        found.after = store.task_text(task)
    return found if found.mended or found.left else None


def fix_task(task: Json, schema: Schema) -> tuple[Json, list[str], list[str]]:
    """A task with its annotations mended, as a copy; what was mended, and what was left and why."""
    found = Fixed("")
    return _task(task, schema, found, sound_text=True), found.mended, found.left


def _task(task: Json, schema: Schema, found: Fixed, sound_text: bool) -> Json:
    text = task.get("data", {}).get("text") if isinstance(task.get("data"), dict) else None
    annotations = task.get("annotations")
    if not isinstance(text, str) or not isinstance(annotations, list):
        return task
    mended = copy.deepcopy(task)
    for annotation in mended["annotations"]:
        if _is_readable(annotation):
            work = _Work(text, annotation["result"], schema, str(annotation.get("completed_by")), found)
            if sound_text:
                work.move()
                work.trim()
            work.turn()
    return mended


def _is_readable(annotation: Any) -> bool:
    if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
        return False
    results = annotation.get("result")
    return isinstance(results, list) and all(isinstance(result, dict) for result in results)


class _Work:
    """The results of one annotation, changed in place."""

    def __init__(self, text: str, results: list[Json], schema: Schema, who: str, found: Fixed) -> None:
        self.text, self.results, self.schema, self.who, self.found = text, results, schema, who, found

    def _mended(self, message: str) -> None:
        self.found.mended.append(f"{self.who}: {message}")

    def _left(self, message: str) -> None:
        self.found.left.append(f"{self.who}: {message}")

    def _regions(self) -> dict[str, list[Json]]:
        """By region the values that say where it is; those of its labels first."""
        found: dict[str, list[Json]] = defaultdict(list)
        for result in sorted(self.results, key=lambda r: r.get("type") != "labels"):
            value, id_ = result.get("value"), result.get("id")
            if isinstance(id_, str) and isinstance(value, dict) and _has_offsets(value):
                found[id_].append(value)
        return {id_: values for id_, values in found.items() if _label(values[0])}

    def _spans(self) -> list[offsets.Span]:
        areas = [r for r in self.results if r.get("type") == "textarea" and isinstance(r.get("value"), dict)]
        typed = {str(r.get("id")): r["value"].get("text") for r in areas}
        spans = []
        for id_, (value, *_) in self._regions().items():
            words = value.get("text")
            if not isinstance(words, str) or [words] == typed.get(id_):
                words = None
            spans.append(offsets.Span(value["start"], value["end"], words, id_, _label(value)))
        return spans

    def move(self) -> None:
        """Set all offsets right where they are off in one way, and only one way explains it (E205, E804)."""
        spans = self._spans()
        evident = [s for s in spans if s.words]
        wrong = [s for s in evident if not offsets.fits(self.text, s.start, s.end, s.words or "")]
        causes = list(offsets.explanations(self.text, evident, wrong)) if wrong else []
        if not causes:
            return
        ways = {tuple((c.remap(s.start), c.remap(s.end)) for s in spans): c for c in reversed(causes)}
        bare = next((s for s in spans if not s.words and not self._would_fit(s, causes[0])), None)
        if bare is not None:
            self._left(f"offsets: {causes[0].message}, but region {bare.region} has no words to prove it by")
        elif len(ways) > 1:
            said = "; or ".join(cause.message for cause in ways.values())
            self._left(f"offsets: {len(ways)} causes would explain them: {said}")
        else:
            self._remap(causes[0])
            self._mended(f"{causes[0].message}: {len(wrong)} of {len(spans)} spans moved")

    def _would_fit(self, span: offsets.Span, cause: offsets.Cause) -> bool:
        """True where the region's text, which may be an answer typed into it, stands at the place after all."""
        start, end = cause.remap(span.start), cause.remap(span.end)
        said = self._regions()[span.region or ""][0].get("text")
        return None not in (start, end) and isinstance(said, str) and said == self.text[start:end]

    def _remap(self, cause: offsets.Cause) -> None:
        for values in self._regions().values():
            place = values[0]["start"], values[0]["end"]
            for value in values:
                if (value["start"], value["end"]) == place:
                    value["start"], value["end"] = cause.remap(place[0]), cause.remap(place[1])

    def trim(self) -> None:
        """Take white space off the ends of spans (W206, E201)."""
        places = {_place(value) for value, *_ in self._regions().values()}
        for id_, values in self._regions().items():
            start, end = values[0]["start"], values[0]["end"]
            if not 0 <= start < end <= len(self.text):
                continue
            old = self.text[start:end]
            new = start + len(old) - len(old.lstrip()), start + len(old.rstrip())
            if new == (start, end) or new[0] >= new[1] or not _says(values[0], old):
                continue
            if (*new, _label(values[0])) in places:
                self._left(
                    f"white space: without it region {id_} would stand where another one is: {quoted(old)}"
                )
                continue
            for value in values:
                if (value["start"], value["end"]) == (start, end):
                    value["start"], value["end"] = new
                    if isinstance(value.get("text"), str) and _says(value, old):
                        value["text"] = self.text[slice(*new)]
            places.add(_place(values[0]))
            self._mended(f"white space taken off {quoted(old)}")

    def turn(self) -> None:
        """Turn roles that were drawn from the mention to the trigger (E805)."""
        labels = {str(r.get("id")): r for r in self.results if r.get("type") == "labels"}
        for result in self.results:
            ends = [labels.get(str(result.get(end))) for end in ("from_id", "to_id")]
            direction = result.get("direction")
            if result.get("type") != "relation" or None in ends or direction not in (None, "right", "left"):
                continue
            head, tail = reversed(ends) if direction == "left" else ends
            if head is None or tail is None or _is_trigger(head) or not _is_trigger(tail):
                continue
            type_, label = _label(tail.get("value")), _label(head.get("value"))
            if not self._fits(result.get("labels"), type_, label):
                self._left(
                    f"direction: {_listed(result)} from {label} to {type_} fits no role that it could be"
                )
                continue
            if direction == "left":
                result["direction"] = "right"
            else:
                result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
            self._mended(f"{_listed(result)} turned: from {type_} to {label}")

    def _fits(self, labels: Any, type_: str, label: str) -> bool:
        known = self.schema.types.get(type_)
        if known is None:
            return False
        if not labels:
            return label in known.default_role
        fitting = known.roles_for(label)
        return isinstance(labels, list) and all(name in fitting for name in labels)


def _has_offsets(value: Json) -> bool:
    return all(type(value.get(end)) is int for end in ("start", "end"))


def _place(value: Json) -> tuple[Any, ...]:
    return value["start"], value["end"], _label(value)


def _says(value: Json, words: str) -> bool:
    """True where the value's own words, if it has any, are these but for white space at the ends."""
    said = value.get("text")
    return not isinstance(said, str) or offsets.folded(said).strip() == offsets.folded(words).strip()


def _is_trigger(result: Json) -> bool:
    return result.get("from_name") == TRIGGER


def _label(value: Any) -> str:
    """The one label of a region's value; empty where it has none or several."""
    labels = value.get("labels") if isinstance(value, dict) else None
    return labels[0] if isinstance(labels, list) and len(labels) == 1 and isinstance(labels[0], str) else ""


def _listed(result: Json) -> str:
    labels = result.get("labels")
    return ", ".join(map(str, labels)) if isinstance(labels, list) and labels else "an unlabelled relation"
