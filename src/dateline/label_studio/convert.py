"""Label Studio task -> records, one for each annotation that counts as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dateline.collector import Collector, replaced
from dateline.findings import Finding
from dateline.label_studio import build, regions, wire
from dateline.model import Document, Provenance, Source, sha256
from dateline.schema import Schema

SOURCE_IN_DATA = ("title", "publisher", "published_at")
SOURCE_IN_META = ("url", "language", "license", "synthetic")


@dataclass
class Reading:
    """What one task gave: records, findings, and how many annotations were of which state.

    `tainted` names for each record the regions that something unreadable hung on.
    """

    doc_id: str | None
    documents: list[Document] = field(default_factory=list)
    tainted: list[frozenset[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def read_task(plain: dict[str, Any], schema: Schema, batch: str | None = None) -> Reading:
    """A decoded task as records: submitted annotations only, in the task's order.

    Skipped annotations, drafts, predictions and untouched tasks are counted and reported. An annotation
    without regions is a record without events: "nothing to mark here".
    """
    collect = Collector()
    task = wire.parse(plain, collect)
    if task is None:
        return Reading(None, findings=collect.findings)
    doc_id = _doc_id(task, collect)
    collect.where["doc_id"] = doc_id
    collect.findings = [replaced(finding, doc_id=doc_id) for finding in collect.findings]
    reading = Reading(doc_id, counts=_counts(task))
    _refuse_lost_source(task, collect)
    text = _text(task, collect)
    if text is not None:
        for annotation in task.annotations:
            inner = collect.narrowed(annotator=_annotator(annotation.completed_by))
            document = _document(task, annotation, doc_id, text, schema, batch, inner)
            if document is not None:
                reading.documents.append(document)
                reading.tainted.append(frozenset(inner.tainted))
            reading.findings += inner.findings
    _report_states(task, collect)
    reading.findings = collect.findings + reading.findings
    return reading


def is_task(plain: object) -> bool:
    """True for what looks like a Label Studio task rather than a record or an article."""
    return isinstance(plain, dict) and ("data" in plain or "annotations" in plain)


def _doc_id(task: wire.Task, collect: Collector) -> str:
    given = task.data.get("doc_id")
    if isinstance(given, str) and given:
        return given
    fallback = f"task-{task.id if task.id is not None else sha256(str(task.data.get('text')))[:10]}"
    message = "the task's data has no doc_id" if given is None else f"doc_id is not a text: {given!r:.60}"
    collect.add("W818", f"{message}: it is called {fallback} here", "add data.doc_id", doc_id=fallback)
    return fallback


def _text(task: wire.Task, collect: Collector) -> str | None:
    text = task.data.get("text")
    if not isinstance(text, str) or not text:
        collect.add(
            "E101", "the task's data has no text: nothing of it is read", "the article belongs into data.text"
        )
        return None
    stored = task.data.get("text_sha256")
    if isinstance(stored, str) and stored and stored != sha256(text):
        collect.add(
            "E204",
            "the text differs from the hash that was stored with it",
            "push the article again; the text was changed after it was annotated",
        )
    return text


def _refuse_lost_source(task: wire.Task, collect: Collector) -> None:
    """E101 for what is known of the article and of the versions, and is of no type that can be kept."""
    source = (task.meta or {}).get("source")
    if source is not None and not isinstance(source, dict):
        collect.add(
            "E101", f"meta.source is not an object: {source!r:.60}", "put an object there, or leave it out"
        )
    in_data = (*SOURCE_IN_DATA, "text_sha256", "schema_version", "guideline_version")
    in_meta = source if isinstance(source, dict) else {}
    for where, values, keys in (("data", task.data, in_data), ("meta.source", in_meta, SOURCE_IN_META)):
        for key in keys:
            value, kind = values.get(key), bool if key == "synthetic" else str
            if value is not None and not isinstance(value, kind):
                wanted = "true or false" if kind is bool else "a text"
                collect.add(
                    "E101", f"{where}.{key} is not {wanted}: {value!r:.60}", "quote it, or leave it out"
                )


def _counts(task: wire.Task) -> dict[str, int]:
    states = [_state(annotation) for annotation in task.annotations]
    return {
        "tasks": 1,
        "annotations": states.count("submitted") + states.count("empty"),
        "empty": states.count("empty"),
        "skipped": states.count("skipped"),
        "drafts": len(task.drafts),
        "predictions": len(task.predictions),
    }


def _state(annotation: wire.Annotation) -> str:
    if annotation.was_cancelled:
        return "skipped"
    return "submitted" if annotation.result else "empty"


def _report_states(task: wire.Task, collect: Collector) -> None:
    unread = any(finding.code == "E101" for finding in collect.findings)
    for annotation in task.annotations:
        who = _annotator(annotation.completed_by)
        state = _state(annotation)
        if state == "skipped":
            collect.add(
                "W808",
                "the annotation was skipped: it is not read",
                "annotate the task, or delete the annotation",
                annotator=who,
            )
        elif state == "empty" and not collect.broken:
            collect.add(
                "I812", "the annotation has no region: read as 'no event in this article'", annotator=who
            )
    if task.drafts:
        collect.add(
            "I827", f"{len(task.drafts)} unsubmitted draft(s): not read", "submit them in Label Studio"
        )
    if not task.annotations and task.predictions:
        collect.add("I814", f"{len(task.predictions)} prediction(s) and no annotation: nothing is read")
    elif not task.annotations and not task.drafts and not unread:
        collect.add("I815", "the task is not annotated yet")


def _annotator(completed_by: object) -> str:
    """A pseudonym: what the stored task says, or `u` and the user's number; never an address."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("id")
    if isinstance(completed_by, int):
        return f"u{completed_by}"
    if isinstance(completed_by, str) and completed_by and "@" not in completed_by:
        return completed_by
    return "unknown"


def _document(
    task: wire.Task,
    annotation: wire.Annotation,
    doc_id: str,
    text: str,
    schema: Schema,
    batch: str | None,
    collect: Collector,
) -> Document | None:
    if annotation.was_cancelled:
        return None
    if isinstance(annotation.completed_by, str) and "@" in annotation.completed_by:
        collect.add("E910", "completed_by is an e-mail address", "put a pseudonym such as a1 in its place")
    if annotation.meant_for is not None:
        message = f"made in the project of {annotation.meant_for}, by somebody else"
        collect.add("E810", message, "delete it on the server, or let its project's annotator annotate")
    marked, links = regions.read(annotation.result, text, schema, collect)
    parts = build.build(marked, links, schema, collect)
    return Document(
        schema_version=_string(task.data.get("schema_version")) or schema.version,
        doc_id=doc_id,
        text=text,
        text_sha256=sha256(text),
        source=source_of(task.data, task.meta or {}),
        mentions=parts.mentions,
        entities=parts.entities,
        events=parts.events,
        relations=parts.relations,
        annotation=_provenance(task, annotation, batch),
    )


def _provenance(task: wire.Task, annotation: wire.Annotation, batch: str | None) -> Provenance:
    stored = annotation.pre_annotated
    return Provenance(
        batch=batch,
        annotator=_annotator(annotation.completed_by),
        project=annotation.project if annotation.project is not None else task.project,
        task=annotation.task if annotation.task is not None else task.id,
        annotation=annotation.id,
        ground_truth=bool(annotation.ground_truth),
        from_=list(annotation.from_),
        pre_annotated=annotation.parent_prediction is not None if stored is None else stored,
        guideline_version=annotation.guideline_version or _string(task.data.get("guideline_version")),
        lead_time=annotation.lead_time,
    )


def source_of(data: dict[str, Any], meta: dict[str, Any]) -> Source:
    """The source as a task carries it: what the annotator sees in `data`, the rest in `meta.source`."""
    rest = meta.get("source")
    known = {**(rest if isinstance(rest, dict) else {}), **data}
    return Source(
        title=_string(known.get("title")),
        publisher=_string(known.get("publisher")),
        url=_string(known.get("url")),
        published_at=_string(known.get("published_at")),
        language=_string(known.get("language")) or "und",
        license=_string(known.get("license")) or "NOASSERTION",
        synthetic=known.get("synthetic") is True,
    )


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
