"""From batches of annotations to a complete dataset folder, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from dateline import (
    corpus,
    files,
    manifest,
    metadata,
    portion,
    shards,
    splits,
    storage,
    store,
    text_free,
    views,
    writing,
)
from dateline.addresses import ADDRESS
from dateline.engine import Engine, Failed
from dateline.findings import Finding, has_errors, share
from dateline.gathered import Gathered, SpoolError
from dateline.jobs import Jobs
from dateline.outcome import Division, Facts, HeldBack, Outcome
from dateline.register import Register
from dateline.schema import Schema
from dateline.settings import DatasetSettings, RuleSettings, SplitSettings
from dateline.splits import balance
from dateline.spool import Spool
from dateline.validation import given_up
from dateline.writing import Dataset

Step = Callable[[int, int, int], None]  # values so far, bytes of this block, bytes in all
_ONE = Engine()
_MANY = 10_000  # annotations and articles
_RESUME = "what is finished is kept, and --resume goes on from there"


class ExportError(Exception):
    """An export that cannot begin: an unknown batch or view, a ledger that cannot be read."""


@dataclass(frozen=True)
class Plan:
    """What to export: batches of an annotations folder, as one dataset of this name, with these views.

    With `text` "omit" the words of the articles are left out, and so are the views that consist of them.
    `resume` goes on with the blocks that an interrupted run has finished. `about` goes into card and metadata.
    """

    annotations: Path
    batches: tuple[str, ...]
    out: Path
    name: str
    views: tuple[str, ...] = views.NAMES
    hold_back: bool = False
    splits: SplitSettings = field(default_factory=SplitSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    text: Literal["keep", "omit"] = "keep"
    resume: bool = False
    about: DatasetSettings = field(default_factory=DatasetSettings)


def export(plan: Plan, schema: Schema, step: Step = lambda *_: None, engine: Engine = _ONE) -> Outcome:
    """Validate, resolve, split and write `plan.out/plan.name`.

    Without `hold_back` an error anywhere writes nothing; with it the articles that errors are about are
    left out and listed. The engine works on blocks of the input; what comes out does not depend on it.
    A run that is interrupted leaves its finished blocks, and one with `resume` goes on from them. `annotations`
    and `out` may be places behind URLs (`storage.place`). Raises ExportError, files.FileError (files.Busy where
    another export writes the same dataset), engine.EngineError and sources.SourceError.
    """
    try:
        return _exported(plan, schema, step, engine)
    except (shards.ShortError, SpoolError) as error:
        raise ExportError(f"{error}; what is finished is kept: run again with --resume") from error
    except sqlite3.OperationalError as error:  # the names of a large corpus lie in a file that SQLite makes
        hint = f"free some space there, or set TMPDIR to another one; {_RESUME}"
        raise ExportError(f"the folder for temporary files: {error}; {hint}") from error
    except OSError as error:  # reading a spool, a ledger, a listing
        where = f"{error.filename}: " if error.filename else ""
        raise ExportError(f"{where}{error.strerror or error}") from error


def _exported(plan: Plan, schema: Schema, step: Step, engine: Engine) -> Outcome:
    if not engine.is_local:  # workers have working directories of their own
        plan = replace(plan, annotations=plan.annotations.absolute(), out=plan.out.absolute())
    _check(plan)
    scheme = _scheme(plan)
    target = plan.out / plan.name
    with files.lock(target):
        files.recover(target)
        files.check_folder(target, marker=manifest.NAME)
        spool = Spool(target.with_name(f".{plan.name}.spool"))
        if not plan.resume:
            spool.delete()
        outcome = Outcome()
        done = _work(plan, schema, engine, spool, outcome, step)
        gathered = Gathered(spool, done.blocks)
        assignment = _place(plan, schema, scheme, gathered, done.names, outcome)
        if not has_errors(outcome.findings) or plan.hold_back:
            _write(plan, schema, engine, gathered, assignment, done.inputs, outcome)
            # last: a refused folder leaves no trace, and a killed run is placed the same way by the next one
            if scheme.ledger:
                splits.append_ledger(plan.annotations / scheme.ledger, assignment.added)
        if not done.failed:
            spool.delete()
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


@dataclass
class _Done:
    """The blocks that were worked on, and what they told that is not in the spool."""

    names: Register = field(default_factory=Register)
    blocks: list[int] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    failed: bool = False


def _work(plan: Plan, schema: Schema, engine: Engine, spool: Spool, outcome: Outcome, step: Step) -> _Done:
    """Have every block read, checked and spooled."""
    names = text_free.kept(plan.views) if plan.text == "omit" else plan.views
    context = portion.Context(schema, plan.rules, names, plan.text == "omit", plan.splits.min_words)
    paths = [plan.annotations / batch for batch in sorted(plan.batches)]
    done = _Done()
    seen = 0
    jobs = Jobs(paths, context, spool)
    for told in engine.map(partial(files.attempt, portion.work), jobs):
        if isinstance(told, files.FileError):
            raise _kept(told, spool.folder)
        if isinstance(told, Failed):
            done.failed = True
            outcome.findings.append(given_up(told))
            outcome.held_back.append(HeldBack(told.job.block.name, "could not be worked on", ()))
            continue
        done.blocks.append(told.number)
        done.names.add(told.names)
        done.inputs |= told.inputs
        outcome.findings += share(told.findings)
        outcome.counts.update(told.counts)
        outcome.held_back += [HeldBack(name, reason, ()) for name, reason in told.unread]
        seen += told.values
        step(seen, jobs.size_of(told.number), jobs.total)
    done.inputs |= jobs.inputs()
    return done


def _place(
    plan: Plan,
    schema: Schema,
    scheme: splits.Scheme,
    gathered: Gathered,
    names: Register,
    outcome: Outcome,
) -> splits.Assignment:
    """Say which articles are in the dataset, and in which split each is."""
    ledger = _ledger(plan, scheme)
    kept, found = gathered.decide(outcome)
    dates = gathered.column("published_at")
    members = [splits.Member(gathered.ids[n], dates[n]) for n in kept]
    assignment = splits.place(members, gathered.corpus(kept, plan.splits.similarity), ledger, scheme)
    found += assignment.findings
    if isinstance(scheme, splits.Given):
        found += scheme.unknown({*(m.doc_id for m in members), *(h.doc_id for h in outcome.held_back)})
    for doc_id, reason in assignment.left_out.items():
        outcome.held_back.append(HeldBack(doc_id, reason, ()))
        assignment.splits.pop(doc_id, None)
    found += _balance(plan, schema, scheme, gathered, assignment, outcome)
    found += share(names.odd(plan.rules.thresholds))
    outcome.findings += plan.rules.grade(gathered.located(found))
    return assignment


def _balance(
    plan: Plan,
    schema: Schema,
    scheme: splits.Scheme,
    gathered: Gathered,
    assignment: splits.Assignment,
    outcome: Outcome,
) -> list[Finding]:
    """How the articles were divided, with the findings on what the splits lack."""
    places = zip(gathered.ids, gathered.column("chosen"), strict=True)
    articles = Counter(assignment.splits[d] for d, chosen in places if chosen and d in assignment.splits)
    types = gathered.types(assignment.splits)
    thresholds = plan.rules.thresholds
    lacks = balance.lacking(articles, types, thresholds.corpus_articles)
    similar = {"similarity": plan.splits.similarity, "min_words": plan.splits.min_words}
    told = {**scheme.told(), "ledger": scheme.ledger, **similar}
    near = sum(finding.code == "W913" for finding in assignment.findings)
    outcome.splits = Division(told, assignment.together, lacks, near)
    place = str(plan.annotations / plan.batches[0]) if len(plan.batches) == 1 else str(plan.annotations)
    labels = gathered.labels(assignment.splits)
    rare = corpus.balance(labels, articles.total(), schema, thresholds, place)
    return [*balance.findings(lacks, types), *rare]


def _write(
    plan: Plan,
    schema: Schema,
    engine: Engine,
    gathered: Gathered,
    assignment: splits.Assignment,
    inputs: dict[str, str],
    outcome: Outcome,
) -> None:
    target = plan.out / plan.name
    with files.new_folder(target, marker=manifest.NAME) as folder, _about(target):
        dataset = Dataset(plan.name, plan.batches, schema, plan.views, plan.text == "omit")
        facts = writing.write(folder, dataset, gathered, assignment.splits, _relative(plan, inputs), engine)
        outcome.rows, outcome.losses = facts.rows, facts.losses
        facts = _described(folder, replace(facts, about=plan.about), outcome, engine)
        files.write_text(folder / manifest.NAME, manifest.text(facts, outcome))
    outcome.path = target


@contextmanager
def _about(target: Path) -> Iterator[None]:
    """Have a FileError name the dataset: the folder in which it is made goes with it."""
    try:
        yield
    except files.FileError as error:
        raise _kept(error, target) from error


def _kept(error: files.FileError, place: Path) -> files.FileError:
    """The error about the folder that people know of, with how to go on."""
    return files.FileError(place, error.reason, f"{error.hint or 'run again'}; {_RESUME}")


class _Description(NamedTuple):
    """A dataset whose files are written, and that is to be described."""

    folder: str
    facts: Facts
    outcome: Outcome


def _described(folder: Path, facts: Facts, outcome: Outcome, engine: Engine) -> Facts:
    """Have card and metadata written: where there are many articles in a process that ends with its memory."""
    job = _Description(str(folder), facts, outcome)
    if outcome.counts.total() < _MANY:
        return describe(job)
    found = engine.apart(partial(files.attempt, describe), job)
    if isinstance(found, files.FileError):
        raise found
    if isinstance(found, Failed):
        raise ExportError(f"card and metadata of {folder} could not be written: {found.reason}")
    return found


def describe(job: _Description) -> Facts:
    """Write what is told of a dataset."""
    return metadata.write(storage.place(job.folder), job.facts, job.outcome)


def _relative(plan: Plan, inputs: dict[str, str]) -> dict[str, str]:
    """The files that the dataset was made of, relative to the annotations folder, with their hashes."""
    home = plan.annotations
    return {storage.place(p).relative_to(home).as_posix(): digest for p, digest in sorted(inputs.items())}
