"""Label Studio's task as it comes over the wire: typed, lenient about what Dateline does not read.

Format: the JSON export of Label Studio Community 1.23 (a task with `data`, `annotations`, `drafts`,
`predictions`). Results of one region share an `id`; relations have none.
"""

from __future__ import annotations

from typing import Any

import msgspec

from dateline import wording
from dateline.collector import Collector


class Value(msgspec.Struct):
    """What a result says: a span, and labels, choices or text."""

    start: int | None = None
    end: int | None = None
    text: str | list[str] | None = None
    labels: list[str] | None = None
    choices: list[str] | None = None


class Result(msgspec.Struct):
    """A region's label, an answer, or a relation."""

    type: str
    id: str | None = None
    from_name: str | None = None
    value: Value | None = None
    from_id: str | None = None
    to_id: str | None = None
    direction: str | None = None
    labels: list[str] | None = None


class Annotation(msgspec.Struct):
    """One annotator's work on a task; `completed_by` is an id, a user object or a pseudonym.

    `from_`, `pre_annotated`, `guideline_version` and `meant_for` are Dateline's own keys in the stored task: Label
    Studio has no place for them. `task` and `project` tell where the annotation lies, where several projects meet.
    """

    result: list[Result]
    id: int | None = None
    completed_by: int | str | dict[str, Any] | None = None
    was_cancelled: bool | None = False
    ground_truth: bool | None = False
    lead_time: float | None = None
    parent_prediction: int | None = None
    pre_annotated: bool | None = None
    guideline_version: str | None = None
    task: int | None = None
    project: int | None = None
    meant_for: str | None = None
    from_: list[str] = msgspec.field(default_factory=list, name="from")


class Task(msgspec.Struct):
    """An article with everything that was annotated on it."""

    data: dict[str, Any]
    annotations: list[Annotation] = []
    id: int | None = None
    project: int | None = None
    meta: dict[str, Any] | None = None
    drafts: list[Any] = []
    predictions: list[Any] = []


def parse(plain: dict[str, Any], collect: Collector) -> Task | None:
    """A decoded JSON object as a task. What does not fit is left out, each with an E101 finding.

    Returns None where nothing can be read (no `data`).
    """
    try:
        return msgspec.convert(plain, Task)
    except msgspec.ValidationError:
        return _piecemeal(plain, collect)


def _piecemeal(plain: dict[str, Any], collect: Collector) -> Task | None:
    """The slow way, for a task that does not fit: piece by piece, so that one fault costs one piece."""
    head = {key: plain[key] for key in ("data", "id", "project", "meta") if plain.get(key) is not None}
    try:
        task = msgspec.convert(head, Task)
    except msgspec.ValidationError as error:
        collect.add("E101", f"not a Label Studio task: {wording.of(error)}", "export the project as JSON")
        return None
    for name in ("drafts", "predictions"):
        pieces = plain.get(name)
        if pieces is not None and not isinstance(pieces, list):
            collect.add("E101", f"{name} is {_kind(pieces)}, not a list")
        setattr(task, name, pieces if isinstance(pieces, list) else [])
    annotations = plain.get("annotations")
    if annotations is not None and not isinstance(annotations, list):
        collect.add("E101", f"annotations is {_kind(annotations)}, not a list")
        annotations = []
    read = [_annotation(item, f"/annotations/{n}", collect) for n, item in enumerate(annotations or [])]
    task.annotations = [annotation for annotation in read if annotation is not None]
    return task


def _annotation(plain: Any, pointer: str, collect: Collector) -> Annotation | None:
    if not isinstance(plain, dict):
        collect.add("E101", f"at {pointer}: {_kind(plain)}, not an annotation")
        return None
    results = plain.get("result")
    if not isinstance(results, list):
        collect.add("E101", f"at {pointer}/result: {_kind(results)}, not a list")
        return None
    try:
        annotation = msgspec.convert({**plain, "result": []}, Annotation)
    except msgspec.ValidationError as error:
        collect.add("E101", f"at {pointer}: {wording.of(error)}")
        return None
    for n, item in enumerate(results):
        try:
            annotation.result.append(msgspec.convert(item, Result))
        except msgspec.ValidationError as error:
            region = item.get("id") if isinstance(item, dict) else None
            collect.broken.add(str(region))
            if isinstance(item, dict):  # a relation: what it joined has lost it
                collect.tainted.update(str(item[end]) for end in ("from_id", "to_id") if end in item)
            collect.add(
                "E101",
                f"at {pointer}/result/{n}: {wording.of(error)}",
                region=region if isinstance(region, str) else None,
            )
    return annotation


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
