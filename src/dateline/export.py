"""From batches of annotations to a complete dataset folder, whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import (
    accounting,
    card,
    files,
    manifest,
    parquet,
    reading,
    resolve,
    schema_rules,
    splits,
    store,
    views,
)
from dateline.addresses import ADDRESS
from dateline.findings import Finding, has_errors
from dateline.model import Document
from dateline.outcome import Facts, HeldBack, Outcome
from dateline.reading import Item
from dateline.schema import Schema
from dateline.views.parts import Row

_DIFFER = "decide: mark one as ground truth in Label Studio, or mend them until they say the same"


class ExportError(Exception):
    """An export that cannot begin: an unknown batch or view, a ledger that cannot be read."""


@dataclass(frozen=True)
class Plan:
    """What to export: batches of an annotations folder, as one dataset of this name, with these views."""

    annotations: Path
    batches: tuple[str, ...]
    out: Path
    name: str
    views: tuple[str, ...] = views.NAMES
    hold_back: bool = False


@dataclass
class Chosen:
    """One annotation on its way into the dataset."""

    document: Document
    chosen: bool
    drawn: dict[str, int]
    split: str = ""


def export(plan: Plan, schema: Schema, step: Callable[[], None] = lambda: None) -> Outcome:
    """Validate, resolve, split and write `plan.out/plan.name`.

    Without `hold_back` an error anywhere writes nothing; with it the articles that errors are about are
    left out and listed. Raises ExportError, files.FileError (files.Busy where another export writes the
    same dataset) and sources.SourceError.
    """
    _check(plan)
    with files.lock(plan.out / plan.name):
        outcome = Outcome()
        items = list(_read(plan, schema, outcome, step))
        ledger = _ledger(plan)
        chosen = _choose(items, outcome)
        assignment = _split(chosen, ledger, outcome)
        if has_errors(outcome.findings) and not plan.hold_back:
            return outcome
        _write(plan, schema, chosen, items, outcome)
        # last: a refused folder leaves no trace, and a killed run is placed the same way by the next one
        splits.append_ledger(plan.annotations / store.LEDGER, assignment.added)
        return outcome


def _check(plan: Plan) -> None:
    known = store.batches(plan.annotations)
    for batch in plan.batches:
        if ADDRESS.search(batch):
            raise ExportError(f"the batch {batch!r} looks like an e-mail address: people are pseudonyms here")
        if batch not in known:
            raise ExportError(
                f"there is no batch {batch!r} in {plan.annotations} (there is: {', '.join(known) or 'none'})"
            )
    for view in plan.views:
        if view not in views.NAMES:
            raise ExportError(f"there is no view {view!r} (there is: {', '.join(views.NAMES)})")
    if files.safe_name(plan.name) != plan.name:
        raise ExportError(f"{plan.name!r} is no name for a folder: use letters, digits, '.', '_' and '-'")


def _ledger(plan: Plan) -> list[splits.Row]:
    try:
        return splits.read_ledger(plan.annotations / store.LEDGER)
    except splits.LedgerError as error:
        raise ExportError(str(error)) from error


def _read(plan: Plan, schema: Schema, outcome: Outcome, step: Callable[[], None]) -> Iterable[Item]:
    """Every task of the batches, accounted for; each article once."""
    first: dict[str, Item] = {}
    for item in reading.read([plan.annotations / batch for batch in plan.batches], schema):
        step()
        _account(item)
        if item.doc_id is not None:
            before = first.setdefault(item.doc_id, item)
            if before is not item:
                message = f"the article {item.doc_id!r} stands in {before.file}:{before.line} too"
                item.findings.append(
                    Finding(
                        code="E901",
                        message=message,
                        hint="keep one of the two",
                        file=item.file,
                        line=item.line,
                        doc_id=item.doc_id,
                    )
                )
        outcome.findings += item.findings
        outcome.counts.update(item.counts)
        yield item


def _account(item: Item) -> None:
    """Hold every sound annotation against what its annotator drew."""
    for document, plain in _pairs(item):
        if item.sound(document):
            item.findings += [
                Finding(**{**_fields(finding), "file": item.file, "line": item.line})
                for finding in accounting.compare(plain["result"], document)
            ]


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in finding.__struct_fields__}


def _pairs(item: Item) -> list[tuple[Document, dict[str, Any]]]:
    """Each record with the annotation that it was read from."""
    if not isinstance(item.plain, dict) or not item.documents or "annotations" not in item.plain:
        return []
    submitted = [a for a in item.plain["annotations"] if isinstance(a, dict) and not a.get("was_cancelled")]
    return list(zip(item.documents, submitted, strict=False))


def _choose(items: list[Item], outcome: Outcome) -> list[Chosen]:
    """The annotations that go into the dataset, those that count marked; the rest is held back."""
    found: list[Chosen] = []
    _list_unread(items, outcome)
    twice = {f.doc_id for item in items for f in item.findings if f.code == "E901"}
    for item in sorted((i for i in items if i.documents), key=lambda i: (i.documents[0].doc_id, i.file)):
        drawn = {id(d): accounting.size(plain["result"]) for d, plain in _pairs(item) if item.sound(d)}
        sound = [d for d in item.documents if item.sound(d) and d.doc_id not in twice]
        decision = _decide(item, sound, twice)
        if decision.document is None:
            _hold_back(item, decision, outcome)
        else:
            outcome.reasons[decision.reason] += 1
        found += [Chosen(d, d is decision.document, drawn.get(id(d), accounting.recorded(d))) for d in sound]
    return found


def _list_unread(items: list[Item], outcome: Outcome) -> None:
    """Hold back what errors have left no annotation of, such as a file that is no JSON."""
    for item in items:
        errors = sorted({f.code for f in item.findings if f.severity == "error"})
        if errors and not item.documents:
            name = item.doc_id or Path(item.file).name
            outcome.held_back.append(HeldBack(name, f"cannot be read: {', '.join(errors)}", ()))


def _decide(item: Item, sound: list[Document], twice: set[str | None]) -> resolve.Decision:
    """The annotation that counts. With an error in one, only ground truth counts: the others may be half of it."""
    if item.doc_id in twice:
        return resolve.Decision(None, "the article stands in the batches twice")
    decision = resolve.resolve(sound)
    broken = [d.annotation.annotator for d in item.documents if not item.sound(d)]
    if broken and decision.reason != resolve.GROUND_TRUTH:
        return resolve.Decision(None, f"errors in the annotation of {', '.join(sorted(broken))}")
    return decision


def _hold_back(item: Item, decision: resolve.Decision, outcome: Outcome) -> None:
    doc_id = item.documents[0].doc_id
    annotators = tuple(d.annotation.annotator for d in item.documents)
    outcome.held_back.append(HeldBack(doc_id, decision.reason, annotators))
    if decision.code is not None:
        hint = _DIFFER if decision.code == "W912" else "unmark all but one"
        outcome.findings.append(
            Finding(
                code=decision.code,
                message=f"held back: {decision.reason}",
                hint=hint,
                file=item.file,
                line=item.line,
                doc_id=doc_id,
            )
        )


def _split(chosen: list[Chosen], ledger: list[splits.Row], outcome: Outcome) -> splits.Assignment:
    """Give each annotation its article's split; drop articles whose text leaks."""
    articles = {c.document.doc_id: c.document for c in chosen}
    texts = [splits.Text(d.doc_id, d.source.published_at, d.text) for d in articles.values()]
    assignment = splits.assign(texts, ledger)
    leaking = {f.doc_id: f.message for f in assignment.findings}
    outcome.findings += assignment.findings
    for doc_id, message in leaking.items():
        outcome.held_back.append(HeldBack(doc_id or "", message, ()))
    chosen[:] = [c for c in chosen if c.document.doc_id not in leaking]
    for c in chosen:
        c.split = assignment.splits[c.document.doc_id]
    return assignment


def _write(plan: Plan, schema: Schema, chosen: list[Chosen], items: list[Item], outcome: Outcome) -> None:
    with files.new_folder(plan.out / plan.name, marker=manifest.NAME) as folder:
        written: list[parquet.Written] = []
        for view in plan.views:
            written += _write_view(folder, view, chosen, schema, outcome)
        outcome.rows = _by_view(plan.views, written)
        files.write_text(folder / "schema.json", schema_rules.text_of(schema.bundle))
        facts = Facts(plan.name, plan.batches, schema, tuple(written), outcome.rows, _inputs(plan, items))
        files.write_text(folder / card.NAME, card.text(facts, folder, outcome))
        files.write_text(folder / manifest.NAME, manifest.text(facts, outcome))
    outcome.path = plan.out / plan.name


def _write_view(
    folder: Path, view: str, chosen: Sequence[Chosen], schema: Schema, outcome: Outcome
) -> list[parquet.Written]:
    by_split: dict[str, list[Row]] = defaultdict(list)
    for c in chosen:
        sheet = views.Sheet(c.document, schema, c.chosen, c.drawn)
        by_split[c.split] += views.rows(view, sheet)
        outcome.losses += sheet.losses
    return [
        parquet.write(folder, view, split, by_split[split], views.COLUMNS[view])
        for split in splits.SPLITS
        if by_split[split]
    ]


def _by_view(names: Iterable[str], written: list[parquet.Written]) -> dict[str, dict[str, int]]:
    found = {name: dict.fromkeys(splits.SPLITS, 0) for name in names}
    for file in written:
        found[file.view][file.split] += file.rows
    return found


def _inputs(plan: Plan, items: list[Item]) -> dict[str, str]:
    """The files that the dataset was made of, relative to the annotations folder, with their hashes."""
    paths = {Path(item.file) for item in items}
    paths |= {store.article_path(plan.annotations, item.doc_id) for item in items if item.doc_id}
    found = {p.relative_to(plan.annotations).as_posix(): manifest.digest(p) for p in paths if p.is_file()}
    return dict(sorted(found.items()))
