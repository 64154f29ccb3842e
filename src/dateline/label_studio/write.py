"""Records -> Label Studio task, so that reading it gives the same records again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from dateline.label_studio.controls import MENTION, NOTE, TEXT, TRIGGER, control_name
from dateline.label_studio.convert import SOURCE_IN_DATA, SOURCE_IN_META
from dateline.model import Article, Document, Event, Mention, Trigger, to_builtins
from dateline.schema import SAME_ENTITY, SAME_EVENT, Schema

Json = dict[str, Any]


def task_of(documents: Sequence[Document], schema: Schema) -> Json:
    """One task with an annotation for each record; all records must be of one article.

    Raises ValueError where they are not. Regions without an id get one made of the record's own.
    """
    first = documents[0]
    if any((d.doc_id, d.text) != (first.doc_id, first.text) for d in documents):
        raise ValueError(f"records of several articles, one of them {first.doc_id}")
    given = first.annotation
    article = Article(
        doc_id=first.doc_id, text=first.text, text_sha256=first.text_sha256, source=first.source
    )
    task = article_task(article, first.schema_version, given.guideline_version)
    ids = {"id": given.task, "project": given.project}
    task = {**{key: value for key, value in ids.items() if value is not None}, **task}
    task["annotations"] = [annotation_of(document, schema) for document in documents]
    return task


def article_task(article: Article, schema_version: str, guideline_version: str | None) -> Json:
    """A task without annotations, as it is pushed."""
    source = to_builtins(article.source)
    return {
        "data": {
            "doc_id": article.doc_id,
            "text": article.text,
            "text_sha256": article.text_sha256,
            **{key: source[key] for key in SOURCE_IN_DATA},
            "schema_version": schema_version,
            "guideline_version": guideline_version,
            "findings": "",
        },
        "meta": {"source": {key: source[key] for key in SOURCE_IN_META}},
    }


def annotation_of(document: Document, schema: Schema) -> Json:
    """One annotation of the task; Dateline's own keys (`from`, `pre_annotated`, `guideline_version`) only where they say something."""
    given = document.annotation
    out: Json = {"id": given.annotation} if given.annotation is not None else {}
    out |= {"completed_by": given.annotator, "was_cancelled": False, "ground_truth": given.ground_truth}
    if given.lead_time is not None:
        out["lead_time"] = given.lead_time
    if given.pre_annotated:
        out["pre_annotated"] = True
    if given.guideline_version is not None:
        out["guideline_version"] = given.guideline_version
    if given.from_:
        out["from"] = list(given.from_)
    out["result"] = results_of(document, schema)
    return out


def results_of(document: Document, schema: Schema) -> list[Json]:
    """Regions with their answers in text order, then relations by their ends."""
    ids = _region_ids(document)
    regions: list[tuple[tuple[int, int, str, str], list[Json]]] = []
    named = _first_asked(document, schema)
    for mention in document.mentions:
        results = list(_mention_results(mention, ids[mention.id], named.get(mention.id)))
        regions.append(((mention.start, mention.end, MENTION, ids[mention.id]), results))
    for event in document.events:
        for n, trigger in enumerate(event.triggers):
            id_ = ids[f"{event.id}/{n}"]
            regions.append(
                (
                    (trigger.start, trigger.end, TRIGGER, id_),
                    list(_trigger_results(event, trigger, id_, schema)),
                )
            )
    relations = sorted(
        _relations(document, ids), key=lambda r: (r["from_id"], r["to_id"], r.get("labels", []))
    )
    return [result for _, results in sorted(regions, key=lambda r: r[0]) for result in results] + relations


def _region_ids(document: Document) -> dict[str, str]:
    """Region ids by mention id and by `event id/number of the trigger`."""
    ids = {m.id: m.region or f"{document.doc_id[:20]}-{m.id}" for m in document.mentions}
    for event in document.events:
        for n, trigger in enumerate(event.triggers):
            ids[f"{event.id}/{n}"] = trigger.region or f"{document.doc_id[:20]}-{event.id}-{n + 1}"
    return ids


def _first_asked(document: Document, schema: Schema) -> dict[str, str]:
    """The first mention of each entity that has a Wikidata id and a label that asks for one, with that id."""
    wikidata = {e.id: e.wikidata for e in document.entities}
    first: dict[str, str] = {}
    for mention in document.mentions:
        label = schema.labels.get(mention.label)
        if label is None or "wikidata" in label.asks:
            first.setdefault(mention.entity or "", mention.id)
    return {id_: found for entity, id_ in first.items() if (found := wikidata.get(entity))}


def _mention_results(mention: Mention, id_: str, wikidata: str | None) -> Iterator[Json]:
    yield _result(mention, id_, MENTION, "labels", labels=[mention.label])
    answers = {"value": mention.attributes.get("value"), "wikidata": wikidata, NOTE: mention.note or None}
    for control, answer in answers.items():
        if answer:
            yield _result(mention, id_, control, "textarea", text=[answer])


def _trigger_results(event: Event, trigger: Trigger, id_: str, schema: Schema) -> Iterator[Json]:
    yield _result(trigger, id_, TRIGGER, "labels", labels=[event.type])
    if trigger.main:
        for name, answer in event.attributes.items():
            if name not in event.defaulted:
                control = name if name in schema.common else control_name(event.type, name)
                yield _result(trigger, id_, control, "choices", choices=[answer])
    if trigger.note is not msgspec.UNSET:
        yield _result(trigger, id_, NOTE, "textarea", text=[trigger.note])


def _result(span: Mention | Trigger, id_: str, control: str, kind: str, **value: Any) -> Json:
    words = {} if "text" in value else {"text": span.text}
    return {
        "id": id_,
        "from_name": control,
        "to_name": TEXT,
        "type": kind,
        "value": {"start": span.start, "end": span.end, **words, **value},
    }


def _relations(document: Document, ids: dict[str, str]) -> Iterator[Json]:
    main = {e.id: ids[f"{e.id}/{e.triggers.index(e.main)}"] for e in document.events}
    for event in document.events:
        yield from _event_relations(event, main[event.id], ids)
    for link in document.relations:
        yield relation(main[link.head], main[link.tail], link.type)
    chains: dict[str, list[str]] = defaultdict(list)
    for mention in document.mentions:
        if mention.entity is not None:
            chains[mention.entity].append(ids[mention.id])
    for chain in chains.values():
        yield from (relation(before, after, SAME_ENTITY) for before, after in pairwise(chain))


def _event_relations(event: Event, main: str, ids: dict[str, str]) -> Iterator[Json]:
    """From the main trigger to the other triggers and to the mentions that fill its roles."""
    for n in range(len(event.triggers)):
        if ids[f"{event.id}/{n}"] != main:
            yield relation(main, ids[f"{event.id}/{n}"], SAME_EVENT)
    for role, fillers in event.arguments.items():
        for filler in fillers:
            yield relation(main, ids[filler.mention], role if filler.via == "drawn" else None)


def relation(head: str, tail: str, label: str | None) -> Json:
    """A drawn relation; without a label there is no `labels` key, as in Label Studio's own export."""
    labels = {} if label is None else {"labels": [label]}
    return {"from_id": head, "to_id": tail, "type": "relation", "direction": "right", **labels}
