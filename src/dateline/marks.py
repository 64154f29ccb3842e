"""Inline marks over an article: compiled, checked and stored as an annotation of its task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dateline import checks, files, inline, store, strict_json
from dateline.label_studio import convert, stored, write
from dateline.model import Article, Document
from dateline.schema import Schema

_PLACE = ("id", "task", "project", "origin", "base")  # of an annotation on a server


class TextDiffers(ValueError):
    """The marked text without its marks is not the article."""


def annotate(
    source: str,
    article: Article,
    schema: Schema,
    annotator: str,
    ground_truth: bool = False,
    from_: list[str] | None = None,
) -> tuple[dict[str, Any], convert.Reading]:
    """A task with the one annotation that the marks say, and how it reads, with all findings.

    Raises inline.InlineError for bad marks and TextDiffers where the text is not the article's.
    """
    compiled = inline.compile_marks(source, schema, f"{annotator}-")
    _hold_against(compiled.text, article.text)
    task = write.article_task(article, schema.version, schema.guideline_version)
    annotation = {"completed_by": annotator, "was_cancelled": False, "ground_truth": ground_truth}
    if from_:
        annotation["from"] = from_
    raw = {**task, "annotations": [{**annotation, "result": compiled.results}]}
    reading = convert.read_task(raw, schema)
    document = reading.documents[0]
    reading.findings += checks.check(document, schema)
    task["annotations"] = [write.annotation_of(document, schema)]
    return task, reading


def _hold_against(text: str, article: str) -> None:
    """Raise TextDiffers unless the texts are the same, but for a final line break that an editor adds."""
    if article in (text, text.removesuffix("\n")):
        return
    at = next(
        (n for n, (a, b) in enumerate(zip(text, article, strict=False)) if a != b),
        min(len(text), len(article)),
    )
    line = article.count("\n", 0, at) + 1
    raise TextDiffers(
        f"the text differs from the article at its line {line}, character {at}: "
        f"{text[at : at + 30]!r} in place of {article[at : at + 30]!r}"
    )


def store_annotation(task: dict[str, Any], annotations: Path, batch: str) -> Path:
    """Write the task's annotation into the batch, in place of an older one of the same kind by the same annotator.

    All else that the stored task holds stays, and the older annotation's place on a server goes over to the new one.
    Raises StoreError where the file there is no task, of a later format, holds several annotations that would be
    replaced, or others that were made of another text or by another schema.
    """
    path = store.task_path(annotations, batch, task["data"]["doc_id"])
    (new,) = task["annotations"]
    files.write_text(path, store.task_text(_joined(path, task, new) if path.exists() else task))
    return path


def _joined(path: Path, task: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The stored task with the new annotation in it."""
    old = _stored(path)
    former = [a for a in old["annotations"] if _maker(a) == _maker(new)]
    others = [a for a in old["annotations"] if _maker(a) != _maker(new)]
    if len(former) > 1:
        reason = f"holds {len(former)} annotations by {new['completed_by']}, and one would replace them all"
        raise store.StoreError(path, reason, "remove all but one of them")
    if others:
        _hold_together(path, old["data"], task["data"])
        kept = {**task, **old}
    else:  # nothing else rests on what the task says: it is brought up to date
        kept = {**old, **{key: _united(old.get(key), task[key]) for key in ("data", "meta")}}
    place = {key: a[key] for a in former for key in _PLACE if key in a}
    return {**kept, "annotations": [*others, stored.ordered({**place, **new})]}


def _united(old: Any, new: dict[str, Any]) -> dict[str, Any]:
    return {**old, **new} if isinstance(old, dict) else new


def _stored(path: Path) -> dict[str, Any]:
    try:
        old = strict_json.decode(path.read_bytes())
    except strict_json.BadJson as error:
        raise store.StoreError(path, f"line {error.line}: {error.message}", error.hint) from error
    if not isinstance(old, dict) or not isinstance(old.get("data"), dict):
        raise store.StoreError(path, "is not a stored task", "a batch holds a task a file")
    try:
        store.check_format(old)
    except store.NewerError as error:
        raise store.StoreError(path, str(error), store.NEWER) from error
    found = old.setdefault("annotations", [])
    if not isinstance(found, list) or not all(isinstance(a, dict) for a in found):
        raise store.StoreError(path, "holds an annotation that is none", "validate.py tells where")
    return old


def _maker(annotation: dict[str, Any]) -> tuple[Any, bool]:
    """Who made it, and whether it is their own annotation or a ground truth."""
    return annotation.get("completed_by"), bool(annotation.get("ground_truth"))


def _hold_together(path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raise StoreError where the annotations there were made of another text or by another schema than the new one."""
    if old.get("text") != new["text"]:
        reason = "others have annotated another text there, and their offsets would be wrong in this one"
        raise store.StoreError(path, reason, "put the article's text right, or use another batch")
    given, known = old.get("schema_version"), new["schema_version"]
    if given not in (None, known):
        reason = f"others have annotated there by schema {given}, and this is {known}"
        hint = f'bring theirs over: make migrate ARGS="OLD" (OLD is schema {given}), or use another batch'
        raise store.StoreError(path, reason, hint)


def summary(document: Document) -> str:
    """The events as they were read, a line each."""
    texts = {m.id: m.text for m in document.mentions}
    lines = [
        f"{len(document.events)} events, {len(document.mentions)} mentions, {len(document.relations)} relations"
    ]
    for event in document.events:
        roles = "; ".join(
            f"{role}: {', '.join(texts[f.mention] + '*' * (f.via == 'default') for f in fillers)}"
            for role, fillers in event.arguments.items()
        )
        triggers = ", ".join(f"«{t.text}»" if t.main else t.text for t in event.triggers)
        answers = ", ".join(f"{k}={v}" for k, v in event.attributes.items() if k not in event.defaulted)
        lines.append(f"{event.id} {event.type} [{triggers}] {roles} ({answers})")
    lines += [f"{r.head} {r.type} {r.tail}" for r in document.relations]
    return "\n".join(lines)
