"""A migration on trial, task by task, and its writing: a task is moved as a whole or not at all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import checks, files, store
from dateline.collector import replaced
from dateline.findings import Finding, order
from dateline.label_studio import convert, projects
from dateline.migration import adjudicated, changes, meaning, uses, versions
from dateline.migration.changes import Change
from dateline.migration.moves import KINDS, Moves
from dateline.migration.results import move
from dateline.migration.step import Step, Undecided
from dateline.model import Document
from dateline.schema import Schema
from dateline.settings import RuleSettings
from dateline.stored_batch import batch_files, read_task

Json = dict[str, Any]
Tick = Callable[[], None]

MOVED, VERSION, DONE, LEFT = "moved", "version", "done", "left"


@dataclass
class Outcome:
    """What becomes of one task's file.

    `state`: `moved` (annotations change), `version` (only the version that the task bears does), `done` (it has the
    new schema already), `left` (findings say what people have to decide; the file stays as it is).
    """

    path: Path
    state: str
    before: str = ""
    after: str = ""
    annotations: int = 0


@dataclass
class Plan:
    """A migration as it would be written: changes, outcomes by file, what hangs on each change, findings."""

    old: Schema
    new: Schema
    changes: list[Change]
    outcomes: list[Outcome] = field(default_factory=list)
    uses: uses.Uses = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)

    @property
    def wrong_version(self) -> bool:
        """True where the new schema's version does not say what changed: nothing may be written then."""
        return any(finding.code == "E106" for finding in self.findings)

    def counts(self) -> Counter[str]:
        """Number of tasks by state."""
        return Counter(outcome.state for outcome in self.outcomes)


def plan(
    old: Schema,
    new: Schema,
    moves: Moves,
    annotations: Path,
    where: Path = Path("schema"),
    rules: RuleSettings | None = None,
    tick: Tick = lambda: None,
) -> Plan:
    """Try the migration on every stored task of every batch; nothing is written.

    `where` is the new schema's place, for E106. Other findings: E107, and errors of the checks that only the new
    schema sees; where `rules` makes one of these no error, it does not stand against a migration.
    """
    found = changes.compare(old, new, moves)
    made = Plan(old, new, found)
    made.findings += versions.check(old, new, changes.needed(found), where)
    trial = _Trial(Step(old, new, moves), projects.addresses(annotations), rules or RuleSettings(), made)
    for batch in store.batches(annotations):
        for path in batch_files(annotations, batch):
            made.outcomes.append(trial.file(path))
            tick()
    made.findings = order(made.findings)
    return made


def write(made: Plan) -> list[Path]:
    """Bring the plan to the files; the files that changed. Doing it again changes nothing.

    Raises ValueError where the version is wrong, files.FileError for a file that changed meanwhile or cannot be
    written, and files.Busy where another one is at work on the batch. What was written until then is whole.
    """
    if made.wrong_version:
        raise ValueError("the new schema's version is not raised: tasks could not say what they have become")
    todo: dict[Path, list[Outcome]] = defaultdict(list)
    for outcome in made.outcomes:
        if outcome.state in (MOVED, VERSION):
            todo[outcome.path.parent].append(outcome)
    written = []
    for folder, outcomes in todo.items():
        with files.lock(folder):  # the batch's, which push and pull hold
            for outcome in outcomes:
                if outcome.path.read_bytes() != outcome.before.encode():
                    raise files.FileError(outcome.path, "has changed since it was read", "run again")
                written += [outcome.path] if files.write_text(outcome.path, outcome.after) else []
    return written


class _Trial:
    """The moves, tried on one file after the other."""

    def __init__(self, step: Step, known: dict[str, str], rules: RuleSettings, made: Plan) -> None:
        self.step, self.known, self.rules, self.made = step, known, rules, made
        bare = Moves(rename=step.moves.rename, remove=step.moves.remove)
        self.bare = Step(step.old, step.new, bare) if _in_one_way(step.moves) else None

    def file(self, path: Path) -> Outcome:
        """One task's file."""
        try:
            task, before = read_task(path), path.read_bytes().decode("utf-8")
        except store.StoreError as error:
            message = f"the file cannot be read as a stored task: {error.reason}"
            self.made.findings.append(
                Finding(code="E107", message=message, hint=error.hint, file=str(path), line=1)
            )
            return Outcome(path, LEFT)
        if found := list(self._version(task)):
            return self._left(path, before, found)
        annotations = task.get("annotations", [])
        if not isinstance(annotations, list) or not all(isinstance(a, dict) for a in annotations):
            return self._left(
                path, before, [Finding(code="E107", message="its annotations are no list of annotations")]
            )
        done = task["data"].get("schema_version") == self.step.new.version != self.step.old.version
        tried = [self._annotation(task, a, path, done) for a in annotations]
        if found := [finding for _, findings in tried for finding in findings]:
            return self._left(path, before, found)
        return self._moved(path, before, task, [a for a, _ in tried])

    def _moved(self, path: Path, before: str, task: Json, annotations: list[Any]) -> Outcome:
        changed = sum(a is not b for a, b in zip(annotations, task.get("annotations", ()), strict=True))
        if not changed and task["data"].get("schema_version") == self.step.new.version:
            return Outcome(path, DONE, before, before)
        data = {**task["data"], "schema_version": self.step.new.version}
        after = {**task, "data": data} | ({"annotations": annotations} if annotations else {})
        return Outcome(path, MOVED if changed else VERSION, before, store.task_text(after), changed)

    def _left(self, path: Path, text: str, found: list[Finding]) -> Outcome:
        for finding in found:
            line = 1
            if finding.region and (at := text.find(json.dumps(finding.region, ensure_ascii=False))) > 0:
                line += text.count("\n", 0, at)
            self.made.findings.append(replaced(finding, file=str(path), line=line))
        return Outcome(path, LEFT, text, text)

    def _version(self, task: Json) -> Iterator[Finding]:
        """A task of a version from which this migration does not start."""
        given, old, new = task["data"].get("schema_version"), self.step.old.version, self.step.new.version
        if given in (None, old, new):
            return
        level = versions.raised(given, old) if _is_version(given) else None
        if level is None or level == "major":
            message = f"the task has the schema {given}; this migration goes from {old} to {new}"
            hint = f"migrate it from {given} first: give that schema as OLD"
            yield Finding(code="E107", message=message, hint=hint, doc_id=_doc_id(task))

    def _annotation(self, task: Json, annotation: Json, path: Path, done: bool) -> tuple[Json, list[Finding]]:
        """The annotation after the moves (the same object where nothing changes), and what stands against them."""
        if not isinstance(annotation.get("result"), list):
            return annotation, []
        if done and not self._is_late(annotation):
            return annotation, []
        document, errors = self._read(task, annotation, self.step.old)
        if document is not None:
            uses.count(document, self.step.old, self.made.uses, str(path))
        moved = move(annotation["result"], document, self.step)
        after = adjudicated.moved(annotation, moved) if moved.changed else annotation
        if moved.undecided:
            return after, self._found(moved.undecided, task, annotation)
        there, now = self._read(task, after, self.step.new)
        known = {(f.code, f.region) for f in errors}
        url = projects.link(annotation, self.known)
        fresh = [replaced(f, url=url) for f in now if (f.code, f.region) not in known]
        if fresh or document is None or there is None:
            return after, fresh
        return after, self._found(meaning.differences(document, there, self.step), task, annotation)

    def _is_late(self, annotation: Json) -> bool:
        """True for one that came under the old screen into a task that was migrated before.

        Where moves run in a ring (two names change places) that cannot be seen.
        """
        return self.bare is not None and move(annotation["result"], None, self.bare).changed

    def _found(self, undecided: list[Undecided], task: Json, annotation: Json) -> list[Finding]:
        """What people have to decide; of what one declaration would settle the first place, and how many there are."""
        first: dict[str, Undecided] = {}
        for one in undecided:
            first.setdefault(one.hint + ("" if one.settled else one.message), one)
        number = Counter(one.hint for one in undecided)
        where: dict[str, Any] = {
            "doc_id": _doc_id(task),
            "annotator": _name(annotation.get("completed_by")),
            "url": projects.link(annotation, self.known),
        }
        found = []
        for one in first.values():
            more = f" (and {number[one.hint] - 1} more)" if one.settled and number[one.hint] > 1 else ""
            message = one.message + more
            found.append(Finding(code="E107", message=message, hint=one.hint, region=one.region, **where))
        return found

    def _read(self, task: Json, annotation: Json, schema: Schema) -> tuple[Document | None, list[Finding]]:
        """An annotation as a schema reads it, skipped or not, and the errors on it."""
        data = {**task["data"], "schema_version": schema.version}
        alone = {**task, "data": data, "annotations": [{**annotation, "was_cancelled": False}]}
        reading = convert.read_task(alone, schema)
        found = list(reading.findings)
        for document, tainted in zip(reading.documents, reading.tainted, strict=True):
            found += checks.check(document, schema, tainted, reading.findings, self.rules.thresholds)
        errors = [finding for finding in self.rules.grade(found) if finding.severity == "error"]
        return (reading.documents[0] if reading.documents else None), errors


def _in_one_way(moves: Moves) -> bool:
    """True where no name is both moved and moved to, so that moving twice is moving once."""
    for kind in KINDS:
        sources = {*moves.renamed(kind), *moves.removed(kind)}
        become = {moves.full(kind, name) for name in moves.renamed(kind)}
        if sources & become:
            return False
    return True


def _is_version(value: object) -> bool:
    parts = value.split(".") if isinstance(value, str) else []
    return len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)


def _doc_id(task: Json) -> str | None:
    given = task["data"].get("doc_id")
    return given if isinstance(given, str) else None


def _name(who: Any) -> str | None:
    return (
        who if isinstance(who, str) else None if who is None else f"u{who}" if isinstance(who, int) else None
    )
