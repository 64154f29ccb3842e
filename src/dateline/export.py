"""From batches of annotations to a complete dataset folder, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dateline import (
    accounting,
    card,
    corpus,
    files,
    manifest,
    reading,
    resolve,
    splits,
    store,
    text_free,
    views,
    writing,
)
from dateline.addresses import ADDRESS
from dateline.findings import Finding, has_errors
from dateline.model import Document
from dateline.outcome import Division, HeldBack, Outcome
from dateline.reading import Item
from dateline.schema import Schema
from dateline.settings import RuleSettings, SplitSettings
from dateline.splits import balance
from dateline.writing import Dataset, Placed

_DIFFER = "decide: mark one as ground truth in Label Studio, or mend them until they say the same"


class ExportError(Exception):
    """An export that cannot begin: an unknown batch or view, a ledger that cannot be read."""


@dataclass(frozen=True)
class Plan:
    """What to export: batches of an annotations folder, as one dataset of this name, with these views.

    With `text` "omit" the words of the articles are left out, and so are the views that consist of them.
    """

    annotations: Path
    batches: tuple[str, ...]
    out: Path
    name: str
    views: tuple[str, ...] = views.NAMES
    hold_back: bool = False
    splits: SplitSettings = field(default_factory=SplitSettings)
    rules: RuleSettings = RuleSettings()
    text: Literal["keep", "omit"] = "keep"


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
    scheme = _scheme(plan)
    with files.lock(plan.out / plan.name):
        outcome = Outcome()
        items = list(_read(plan, schema, outcome, step))
        ledger = _ledger(plan, scheme)
        chosen = _choose(items, outcome)
        assignment = _split(chosen, scheme, ledger, plan, outcome)
        outcome.findings = plan.rules.grade(outcome.findings + _of_the_corpus(plan, schema, chosen, items))
        if has_errors(outcome.findings) and not plan.hold_back:
            return outcome
        _write(plan, schema, chosen, items, outcome)
        # last: a refused folder leaves no trace, and a killed run is placed the same way by the next one
        if scheme.ledger:
            splits.append_ledger(plan.annotations / scheme.ledger, assignment.added)
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
    if plan.text == "omit" and not text_free.kept(plan.views):
        raise ExportError(f"nothing is left of {', '.join(plan.views)} without the words of the articles")
    if files.safe_name(plan.name) != plan.name:
        raise ExportError(f"{plan.name!r} is no name for a folder: use letters, digits, '.', '_' and '-'")


def _scheme(plan: Plan) -> splits.Scheme:
    try:
        return splits.scheme(plan.splits)
    except (splits.SchemeError, splits.LedgerError) as error:
        raise ExportError(str(error)) from error


def _ledger(plan: Plan, scheme: splits.Scheme) -> list[splits.Row]:
    """What has a split already: by the scheme's ledger, or by the file that is given."""
    if isinstance(scheme, splits.Given):
        return list(scheme.rows)
    try:
        return splits.read_ledger(plan.annotations / scheme.ledger) if scheme.ledger else []
    except splits.LedgerError as error:
        raise ExportError(str(error)) from error


def _read(plan: Plan, schema: Schema, outcome: Outcome, step: Callable[[], None]) -> Iterable[Item]:
    """Every task of the batches, accounted for; each article once."""
    first: dict[str, Item] = {}
    for item in reading.read([plan.annotations / batch for batch in plan.batches], schema, rules=plan.rules):
        step()
        _account(item)
        if item.doc_id is not None:
            before = first.setdefault(item.doc_id, item)
            if before is not item:
                item.findings.append(corpus.twice(item, before))
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


def _split(
    chosen: list[Chosen], scheme: splits.Scheme, ledger: list[splits.Row], plan: Plan, outcome: Outcome
) -> splits.Assignment:
    """Give each annotation its article's split; drop articles that leak or have none."""
    articles = {c.document.doc_id: c.document for c in chosen}
    texts = [splits.Text(d.doc_id, d.source.published_at, d.text) for d in articles.values()]
    assignment = splits.assign(texts, ledger, scheme, plan.splits.similarity, plan.splits.min_words)
    outcome.findings += assignment.findings
    if isinstance(scheme, splits.Given):
        outcome.findings += scheme.unknown({*articles, *(h.doc_id for h in outcome.held_back)})
    for doc_id, reason in assignment.left_out.items():
        outcome.held_back.append(HeldBack(doc_id, reason, ()))
    chosen[:] = [c for c in chosen if c.document.doc_id not in assignment.left_out]
    for c in chosen:
        c.split = assignment.splits[c.document.doc_id]
    outcome.splits = _balance(chosen, scheme, plan, assignment, outcome)
    return assignment


def _balance(
    chosen: list[Chosen],
    scheme: splits.Scheme,
    plan: Plan,
    assignment: splits.Assignment,
    outcome: Outcome,
) -> Division:
    """How the articles were divided, with W917 for the event types that test lacks."""
    places = {c.document.doc_id: c.split for c in chosen if c.chosen}
    types = [(c.document.doc_id, event.type) for c in chosen if c.chosen for event in c.document.events]
    lacks = balance.lacking(places, types, plan.rules.thresholds.corpus_articles)
    outcome.findings += balance.findings(lacks, types)
    similar = {"similarity": plan.splits.similarity, "min_words": plan.splits.min_words}
    told = {**scheme.told(), "ledger": scheme.ledger, **similar}
    return Division(told, assignment.together, lacks)


def _of_the_corpus(plan: Plan, schema: Schema, chosen: list[Chosen], items: list[Item]) -> list[Finding]:
    """What the articles of the dataset show together."""
    everything = corpus.Corpus(schema, plan.rules.thresholds)
    for item in items:
        everything.add(item)
    place = str(plan.annotations / plan.batches[0]) if len(plan.batches) == 1 else str(plan.annotations)
    counting = [(c.document, c.split) for c in chosen if c.chosen]
    articles = {c.document.doc_id: c.document for c in chosen}
    files_ = [(d, str(store.article_path(plan.annotations, id_))) for id_, d in sorted(articles.items())]
    return [
        *everything.names(),
        *corpus.balance(counting, schema, plan.rules.thresholds, place),
        *corpus.origins(files_),
    ]


def _write(plan: Plan, schema: Schema, chosen: list[Chosen], items: list[Item], outcome: Outcome) -> None:
    placed = [Placed(c.split, views.Sheet(c.document, schema, c.chosen, c.drawn)) for c in chosen]
    with files.new_folder(plan.out / plan.name, marker=manifest.NAME) as folder:
        dataset = Dataset(plan.name, plan.batches, schema, plan.views, plan.text == "omit")
        facts = writing.write(folder, dataset, placed, _inputs(plan, items))
        outcome.rows, outcome.losses = facts.rows, facts.losses
        files.write_text(folder / card.NAME, card.text(facts, folder, outcome))
        files.write_text(folder / manifest.NAME, manifest.text(facts, outcome))
    outcome.path = plan.out / plan.name


def _inputs(plan: Plan, items: list[Item]) -> dict[str, str]:
    """The files that the dataset was made of, relative to the annotations folder, with their hashes."""
    paths = {Path(item.file) for item in items}
    paths |= {store.article_path(plan.annotations, item.doc_id) for item in items if item.doc_id}
    found = {p.relative_to(plan.annotations).as_posix(): manifest.digest(p) for p in paths if p.is_file()}
    return dict(sorted(found.items()))
