"""Inline marks over an article: compiled, checked and stored as an annotation of its task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dateline import checks, files, inline, store, strict_json
from dateline.label_studio import convert, write
from dateline.model import Article, Document
from dateline.schema import Schema


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
    """Write the task's annotation into the batch, in place of an older one by the same annotator.

    Raises StoreError where the file there is of a later format.
    """
    path = store.task_path(annotations, batch, task["data"]["doc_id"])
    (new,) = task["annotations"]
    kept: list[Any] = []
    if path.exists():
        old: Any = strict_json.decode(path.read_bytes())
        try:
            store.check_format(old)
        except store.NewerError as error:
            raise store.StoreError(path, str(error), store.NEWER) from error
        kept = [a for a in old["annotations"] if a["completed_by"] != new["completed_by"]]
    files.write_text(path, store.task_text({**task, "annotations": [*kept, new]}))
    return path


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
