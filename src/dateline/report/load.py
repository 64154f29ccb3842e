"""From an exported folder, or from annotations, to the material of a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dateline import bundle, checks, reading, resolve, splits
from dateline import manifest as manifests
from dateline.collector import replaced
from dateline.findings import Finding, order
from dateline.model import Document, Source
from dateline.report.material import Entry, Material, ReportError, by_annotator, in_order
from dateline.schema import Schema, SchemaError
from dateline.settings import RuleSettings
from dateline.views import documents as documents_view

_VIEWS = "annotations", "documents"  # the first holds every annotation, the second only those that count
_COUNTED = "it is in the dataset"
_NOT_COUNTED = "no annotation of it is in the dataset"
Step = Callable[[], object]


def is_export(path: Path) -> bool:
    """True for a folder that an export made."""
    return (path / manifests.NAME).is_file()


def from_export(folder: Path, rules: RuleSettings = reading.DEFAULT, step: Step = lambda: None) -> Material:
    """An exported dataset, by its files alone, the schema included. Records are checked anew, as far as they have words.

    Raises ReportError for a folder that is no dataset of ours or cannot be read.
    """
    manifest = _manifest(folder)
    try:
        schema = bundle.read(folder / bundle.NAME)
    except SchemaError as error:
        raise ReportError(str(error)) from error
    rows: dict[str, list[tuple[str, bool, dict[str, Any]]]] = defaultdict(list)
    for split, row in _rows(folder):
        rows[row["doc_id"]].append((split, row.pop("chosen", True), row))
    entries = []
    for found in rows.values():
        entries.append(_exported(found, schema, rules))
        step()
    facts = {name: str(manifest[name]) for name in _TOLD if name in manifest}
    return Material(
        name=str(manifest.get("name", folder.name)),
        origin="dataset",
        schema=schema,
        entries=in_order(entries),
        held_back=tuple(
            sorted((str(t.get("doc_id")), str(t.get("reason"))) for t in manifest.get("held_back", ()))
        ),
        facts=facts,
        exported_with=_exported_with(manifest),
    )


_TOLD = ("dateline", "schema_version", "guideline_version")


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / manifests.NAME
    try:
        return manifests.read(folder)
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}; is this an exported folder?") from error
    except manifests.NewerError as error:
        raise ReportError(f"{path} {error}") from error
    except ValueError as error:
        raise ReportError(f"{path}: is not JSON, or no manifest: {error}; export the dataset anew") from error


def _exported_with(manifest: dict[str, Any]) -> dict[str, int]:
    """How many findings of each severity the export counted."""
    said = manifest.get("findings")
    numbers = said.items() if isinstance(said, dict) else ()
    return {str(name): n for name, n in numbers if isinstance(n, int)}


def _rows(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of the view that says most, each with its split."""
    view = next((v for v in _VIEWS if any((folder / v).glob("*.parquet"))), None)
    if view is None:
        raise ReportError(f"{folder}: neither {' nor '.join(_VIEWS)} has a Parquet file; export these views")
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [*documents_view.COLUMNS, *(["chosen"] if view == _VIEWS[0] else [])]
    for path in sorted((folder / view).glob("*.parquet")):
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=256, columns=columns):
                    for row in batch.to_pylist():
                        yield path.name.split("-")[0], row
        except (OSError, KeyError, pa.ArrowException) as error:
            raise ReportError(f"{path}: cannot be read: {error}; export the dataset anew") from error


def _exported(rows: list[tuple[str, bool, dict[str, Any]]], schema: Schema, rules: RuleSettings) -> Entry:
    text = rows[0][2]["text"]
    made = [(chosen, documents_view.document_of(_worded(row))) for _, chosen, row in rows]
    documents = by_annotator([document for _, document in made])
    chosen = next((document for chosen, document in made if chosen), None)
    found = _findings(documents, schema, rules) if text is not None else []
    return Entry(
        key=documents[0].doc_id,
        doc_id=documents[0].doc_id,
        text=text,
        source=documents[0].source,
        documents=documents,
        sound=documents,
        chosen=chosen,
        reason=_COUNTED if chosen else _NOT_COUNTED,
        split=rows[0][0],
        findings=tuple(order(rules.grade(found))),
    )


def _findings(documents: Iterable[Document], schema: Schema, rules: RuleSettings) -> Iterator[Finding]:
    """What the rules say of an article's records; what is about the article is said once."""
    said = set()
    for document in documents:
        for finding in checks.check_meaning(document, schema, thresholds=rules.thresholds):
            if finding.code not in checks.OF_THE_ARTICLE:
                yield finding
            elif finding.code not in said:
                said.add(finding.code)
                yield replaced(finding, annotator=None)


def _worded(value: Any) -> Any:
    """A row in which words that were left out are empty strings, for records have no nulls there."""
    if isinstance(value, list):
        return [_worded(item) for item in value]
    if isinstance(value, dict):
        return {k: "" if k == "text" and v is None else _worded(v) for k, v in value.items()}
    return value


def from_annotations(
    paths: Iterable[Path],
    schema: Schema,
    name: str,
    ledger: Path | None = None,
    rules: RuleSettings = reading.DEFAULT,
    step: Step = lambda: None,
) -> Material:
    """Annotations as `reading.read` takes them; `ledger` says which split an article is in.

    Raises ReportError for a bad ledger, sources.SourceError for a path that cannot be read.
    """
    where = _ledger(ledger)
    parts: dict[tuple[str, str], list[reading.Item]] = defaultdict(list)
    lost: list[Finding] = []
    for item in reading.read(paths, schema, rules=rules):
        step()
        if item.documents:
            document = item.documents[0]
            parts[document.doc_id, document.text_sha256].append(item)
        else:
            lost += item.findings
    entries = in_order([_annotated(items, where) for items in parts.values()])
    return Material(
        name=name,
        origin="annotations",
        schema=schema,
        entries=entries,
        findings=tuple(order(lost)),
        held_back=tuple((e.key, e.reason) for e in entries if e.chosen is None),
        facts={"schema_version": schema.version, "guideline_version": schema.guideline_version},
    )


def _ledger(path: Path | None) -> dict[str, str]:
    try:
        return {row.doc_id: row.split for row in splits.read_ledger(path)} if path else {}
    except splits.LedgerError as error:
        raise ReportError(str(error)) from error


def _annotated(items: list[reading.Item], where: Mapping[str, str]) -> Entry:
    documents = by_annotator([document for item in items for document in item.documents])
    sound = by_annotator([d for item in items for d in item.documents if item.sound(d)])
    decision = resolve.resolve(sound)
    first = documents[0]
    return Entry(
        key=first.doc_id,
        doc_id=first.doc_id,
        text=first.text,
        source=_source(documents),
        documents=documents,
        sound=sound,
        chosen=decision.document,
        reason=decision.reason if sound else "every annotation has errors",
        split=where.get(first.doc_id),
        findings=tuple(order(f for item in items for f in item.findings)),
    )


def _source(documents: Iterable[Document]) -> Source:
    """The fullest source that an annotation has."""
    return max(
        (d.source for d in documents), key=lambda s: sum(v is not None for v in msgspec.structs.astuple(s))
    )
