"""What the annotators agree on and what a policy settles, written as ground truth; the rest is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import files, reading, store
from dateline.adjudication import truth
from dateline.adjudication.merged import merged
from dateline.adjudication.plan import Plan, plan
from dateline.adjudication.policy import Policy
from dateline.adjudication.words import Question, Reading, questions
from dateline.agreement import compared
from dateline.findings import Finding, order
from dateline.model import content
from dateline.reading import Item
from dateline.schema import Schema
from dateline.stored_batch import Stage

Json = dict[str, Any]

SETTLED, AGREED, OPEN = "settled", "agreed", "open"
SINGLE, DECIDED, ERRORS, BROKEN = "single", "decided", "with errors", "not sound when merged"


@dataclass(frozen=True)
class Article:
    """An article and where it stands.

    - `settled`: the policy leaves nothing open; `truth` is the ground truth to be written
    - `agreed`: the annotations are equal after normalisation; nothing has to be written
    - `open`: `questions` are left
    - `decided`: it has a ground truth that a person made, which stays
    - `single`: fewer than two annotations; `with errors`: an annotation is not sound
    - `not sound when merged`: each annotation is sound and what is made of them is not
    """

    doc_id: str
    state: str
    task: Json
    names: tuple[str, ...] = ()
    plan: Plan | None = None
    truth: Json | None = None
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()

    def behind(self, reading: Reading) -> list[str]:
        """The annotators of a reading, by name."""
        return sorted(self.plan.clusters.names[side] for side in reading.sides) if self.plan else []


@dataclass
class Merging:
    """What a merge found and wrote; `counts` has the articles by state, `items` what was settled how."""

    articles: list[Article] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    items: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[str]:
        """How many articles are in which state."""
        return Counter(article.state for article in self.articles)

    @property
    def left_out(self) -> list[str]:
        """The articles that nothing is made of, because an annotation of theirs has errors."""
        return [article.doc_id for article in self.articles if article.state == ERRORS]

    def told(self) -> Iterator[str]:
        """What is left open, a line each: each conflict with its readings and who is behind them; and who has errors."""
        for article in self.articles:
            if number := len(article.questions):
                yield ""
                yield f"{article.doc_id}: {number} conflict{'s' * (number != 1)}"
            for question in article.questions:
                yield f"  {question.asks}"
                yield f"      {question.context}"
                for one in question.readings:
                    yield f"      {', '.join(article.behind(one)):<24} {one.says}"
            if article.state == ERRORS:
                yield f"left out, it has errors: {article.doc_id}, {', '.join(article.names)}"


def merge(
    annotations: Path,
    batch: str,
    schema: Schema,
    policy: Policy,
    *,
    replace: bool = False,
    dry_run: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Merging:
    """Write a ground truth for every article that the policy settles completely.

    Doing it again changes nothing. `replace` overwrites what a person decided, too; `dry_run` writes nothing.
    Findings: W830, W832, E833. Raises sources.SourceError, store.StoreError and files.Busy.
    """
    out = Merging()
    with files.lock(annotations / batch), Stage(annotations, batch) as stage:
        for article in articles(annotations, batch, schema, policy, replace):
            tick()
            out.articles.append(article)
            out.findings += article.findings
            if article.truth is not None:
                out.items.update(truth.summary(article.truth))
                stage.write(article.doc_id, truth.placed(article.task, article.truth))
        changed = (
            [path.stem for path in stage.folder.iterdir()] if dry_run else [p.stem for p in stage.install()]
        )
    out.written = sorted(changed)
    out.findings = order(out.findings)
    return out


def articles(
    annotations: Path, batch: str, schema: Schema, policy: Policy, replace: bool = False
) -> Iterator[Article]:
    """Every article of a batch and where it stands. Raises StoreError for a file that cannot be read at all."""
    for item in reading.read([annotations / batch], schema):
        if item.doc_id is not None and isinstance(item.plain, dict):
            yield article(item, schema, policy, replace)
        elif error := next((f for f in item.findings if f.severity == "error"), None):
            raise store.StoreError(Path(f"{item.file}:{error.line or item.line}"), error.message, error.hint)


def article(item: Item, schema: Schema, policy: Policy, replace: bool = False) -> Article:
    """Where an article stands under a policy."""
    task, doc_id = item.plain, item.doc_id or ""
    documents = compared(item.documents)
    names = tuple(d.annotation.annotator for d in documents)
    before = truth.existing(task)
    if len(documents) < 2:
        return Article(doc_id, SINGLE, task, names)
    if before is not None and not replace and not truth.is_made_here(before, by_review=False):
        return Article(doc_id, DECIDED, task, names, findings=_touched(before, doc_id))
    broken = [d.annotation.annotator for d in documents if not item.sound(d)]
    if broken:
        return Article(doc_id, ERRORS, task, tuple(broken))
    if before is None and all(content(d) == content(documents[0]) for d in documents):
        return Article(doc_id, AGREED, task, names)
    return _planned(Article(doc_id, OPEN, task, names), plan(documents, policy), schema, policy)


def _planned(start: Article, found: Plan, schema: Schema, policy: Policy) -> Article:
    if found.conflicts:
        stale = truth.existing(start.task)
        return Article(
            start.doc_id,
            OPEN,
            start.task,
            start.names,
            found,
            questions=tuple(questions(found)),
            findings=(_stale(start.doc_id),) if stale is not None else (),
        )
    one = merged(found, found.choices, schema)
    made = truth.annotation(one.results, one.origins, str(policy), truth.MERGE, list(start.names), schema)
    wrong = truth.errors(start.task, made, schema)
    if wrong:
        return Article(
            start.doc_id, BROKEN, start.task, start.names, found, findings=(unsound(start.doc_id, wrong),)
        )
    return Article(start.doc_id, SETTLED, start.task, start.names, found, made)


def unsound(doc_id: str, wrong: list[Finding]) -> Finding:
    """E833: what makes it unsound is in the message."""
    told = "; ".join(f"{f.code} {f.place + ': ' if f.place else ''}{f.message}" for f in wrong[:3])
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    message = f"the ground truth would not pass the checks, it was not written: {told}{more}"
    return Finding(
        code="E833",
        message=message,
        hint="let a person decide: adjudicate.py push, with --policy unanimous",
        doc_id=doc_id,
    )


def _stale(doc_id: str) -> Finding:
    message = "the annotations have changed since they were merged, and the policy no longer settles them"
    hint = "adjudicate.py push asks a person; the ground truth is as it was"
    return Finding(code="W830", message=message, hint=hint, doc_id=doc_id)


def _touched(before: Json, doc_id: str) -> tuple[Finding, ...]:
    """W832 where a ground truth that was merged has been changed by hand since."""
    made = before.get(truth.KEY)
    if not isinstance(made, dict) or truth.is_made_here(before, by_review=True):
        return ()
    message = "the ground truth was changed after it was made; it stays as it is"
    return (Finding(code="W832", message=message, hint="--replace makes it anew", doc_id=doc_id),)
