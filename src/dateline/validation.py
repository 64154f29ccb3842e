"""Everything below some paths, read and checked by an engine: what validate reports."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dateline import corpus, sources, storage
from dateline.engine import Engine, Failed
from dateline.findings import Finding, share
from dateline.jobs import Jobs
from dateline.portion import Context, Job, work
from dateline.register import Register
from dateline.schema import Schema
from dateline.settings import RuleSettings

Step = Callable[[int, int, int], None]  # values so far, bytes of this block, bytes in all
_ONE = Engine()
_RULES = RuleSettings()


@dataclass
class Validation:
    """The findings, in the order of the input, and how much was read."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def validate(
    paths: Iterable[Path | str],
    schema: Schema,
    rules: RuleSettings = _RULES,
    engine: Engine = _ONE,
    stdin: BinaryIO | None = None,
    step: Step = lambda *_: None,
) -> Validation:
    """Check what lies below the paths (or URLs), each article alone and all together.

    Raises sources.SourceError for a path that cannot be read, also where the folder for temporary files is full, and
    engine.EngineError.
    """
    try:
        return _validated(paths, schema, rules, engine, stdin, step)
    except sqlite3.OperationalError as error:  # the names of a large corpus lie in a file that SQLite makes
        raise sources.SourceError(sources.TEMPORARY, f"{error}; {sources.MAKE_ROOM}") from error


def _validated(
    paths: Iterable[Path | str],
    schema: Schema,
    rules: RuleSettings,
    engine: Engine,
    stdin: BinaryIO | None,
    step: Step,
) -> Validation:
    found, names, seen = Validation(), Register(), 0
    batches: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    if not engine.is_local:  # workers have working directories of their own
        paths = [path if path == "-" else str(storage.place(path).absolute()) for path in paths]
    jobs = Jobs(paths, Context(schema, rules), None, stdin)
    for told in engine.map(work, jobs):
        if isinstance(told, Failed):
            found.findings.append(given_up(told))
            continue
        found.findings += share(told.findings)
        found.counts.update(told.counts)
        names.add(told.names)
        for doc_id, file, line in told.places:
            batches[str(Path(file).parent)].append((doc_id, file, line))
        seen += told.values
        step(seen, jobs.size_of(told.number), jobs.total)
    again = [finding for articles in batches.values() for finding in corpus.twice(articles)]
    found.findings += rules.grade(again + share(names.odd(rules.thresholds)))
    found.findings = corpus.without_explained(found.findings)
    return found


def given_up(failed: Failed[Job]) -> Finding:
    """E010 for a block that raised or whose process died, with where it begins and ends."""
    file, line = failed.job.block.start
    return Finding(
        code="E010",
        message=f"could not be worked on, {failed.job.block.where}: {failed.reason}",
        hint="look at these files; what is finished is kept for a run with --resume",
        file=file,
        line=line,
    )
