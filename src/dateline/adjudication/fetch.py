"""A review project -> ground truth: the decisions of a reviewer, brought home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import files, people, reading, store
from dateline.adjudication import project as projects_
from dateline.adjudication import screen, truth
from dateline.adjudication.merge import unsound
from dateline.adjudication.plan import plan
from dateline.adjudication.policy import REVIEW, parse
from dateline.adjudication.review import Review, Unsettled
from dateline.adjudication.send import META, stale, submitted
from dateline.agreement import compared
from dateline.authors import Authors
from dateline.findings import Finding, order
from dateline.label_studio import projects, stored
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError
from dateline.label_studio.projects import Project
from dateline.reading import Item
from dateline.schema import Schema
from dateline.stored_batch import Stage

Json = dict[str, Any]


@dataclass
class Fetched:
    """What a pull of decisions found and wrote; `counts` has the tasks by what became of them."""

    counts: Counter[str] = field(default_factory=Counter)
    written: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    items: Counter[str] = field(default_factory=Counter)


def pull(
    client: Client,
    annotations: Path,
    batch: str,
    schema: Schema,
    *,
    replace: bool = False,
    dry_run: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Fetched:
    """Write a ground truth for every article whose conflicts are all decided; doing it again changes nothing.

    Findings: W831 (a conflict that is not decided), W832, E833, W834, W835, I827 (an unsubmitted draft). Raises
    LabelStudioError, people.BadMap, sources.SourceError, store.StoreError and files.Busy.
    """
    found = projects_.find(client, batch)
    if found is None:
        raise LabelStudioError(
            f"{client.url} has no review of the batch {batch}", "adjudicate.py push makes one"
        )
    with files.lock(annotations / batch), Stage(annotations, batch) as stage:
        run = _Run(client, annotations, found, schema, replace, Authors(client, annotations), stage)
        for task in client.tasks(found.id):
            tick()
            run.task(task)
        if dry_run:
            run.out.written = sorted(path.stem for path in stage.folder.iterdir())
        else:
            people.save(run.authors.people, annotations)
            run.out.written = sorted(path.stem for path in stage.install())
    run.out.findings = order(run.out.findings)
    return run.out


class _Run:
    def __init__(
        self,
        client: Client,
        annotations: Path,
        project: Project,
        schema: Schema,
        replace: bool,
        authors: Authors,
        stage: Stage,
    ) -> None:
        self.client, self.annotations, self.project, self.schema = client, annotations, project, schema
        self.replace, self.authors, self.stage = replace, authors, stage
        self.out = Fetched()

    def task(self, task: Json) -> None:
        """Take the decisions of one task, where they are complete and about the annotations as they are."""
        doc_id = str(task["data"].get("doc_id"))
        url = projects.task_url(self.client.url, self.project.id, task["id"])
        if task.get("drafts"):
            self._say("I827", "the review has an unsubmitted draft: not read", "press Update", doc_id, url)
        given = list(submitted(task))
        if len(given) != 1:
            self.out.counts["decided twice" if given else "not begun"] += 1
            if given:
                message = f"{len(given)} annotations decide the conflicts: none is taken"
                self._say("W835", message, "keep one, delete the others", doc_id, url)
            return
        review = self._review(task, doc_id)
        if review is None:
            self.out.counts["out of date"] += 1
            self.out.findings.append(stale(doc_id, url))
            return
        self._decide(review, given[0], doc_id, url)

    def _review(self, task: Json, doc_id: str) -> Review | None:
        """The review as it would be pushed now; None where that is another one than was pushed."""
        path = store.task_path(self.annotations, self.project.batch, doc_id)
        meta = (task.get("meta") or {}).get(META) or {}
        if not path.exists():
            return None
        self.item: Item = next(iter(reading.read([path], self.schema)))
        documents = compared(self.item.documents)
        if len(documents) < 2 or not all(self.item.sound(d) for d in documents):
            return None
        review = Review(plan(documents, parse(meta.get("policy", ""))), self.schema, self.project.key)
        return review if review.digest == meta.get("digest") else None

    def _decide(self, review: Review, annotation: Json, doc_id: str, url: str) -> None:
        decisions = screen.decisions(annotation["result"])
        left = review.unanswered(decisions) or review.contradictions(decisions, annotation["result"])
        if left:
            self.out.counts["not all decided"] += 1
            self.out.findings += [_left(one, doc_id, url) for one in left]
            return
        results, origins = review.decided(decisions, annotation["result"])
        who = self.authors.of({**annotation, "completed_by": _last(annotation)}, {}, None)
        made = truth.annotation(results, origins, REVIEW, who, review.plan.clusters.names, self.schema)
        lead_time = annotation.get("lead_time")
        timed = {} if lead_time is None else {"lead_time": lead_time}
        self._write(stored.ordered({**made, **timed}), doc_id, url)

    def _write(self, made: Json, doc_id: str, url: str) -> None:
        task = self.item.plain
        before = truth.existing(task)
        wrong = truth.errors(task, made, self.schema)
        if wrong:
            self.out.counts["not sound"] += 1
            self.out.findings.append(unsound(doc_id, wrong))
        elif before is not None and not self.replace and not truth.is_made_here(before, by_review=True):
            self.out.counts["kept"] += 1
            message = "there is a ground truth that this review did not make; it stays as it is"
            self._say("W832", message, "--replace puts the review's in its place", doc_id, url)
        else:
            self.out.counts["decided"] += 1
            self.out.items.update(truth.summary(made))
            self.stage.write(doc_id, truth.placed(task, made))

    def _say(self, code: str, message: str, hint: str, doc_id: str, url: str) -> None:
        self.out.findings.append(Finding(code=code, message=message, hint=hint, doc_id=doc_id, url=url))


def _last(annotation: Json) -> Any:
    """Who decided: the last to press Update, not the account that pushed the annotation."""
    return annotation.get("updated_by") or annotation.get("completed_by")


def _left(one: Unsettled, doc_id: str, url: str) -> Finding:
    readings = " | ".join(reading.says for reading in one.question.readings)
    message = f"conflict {one.number}, {one.question.asks}: {one.why} ({readings})"
    return Finding(
        code="W831",
        message=message,
        hint="choose a reading, or mend the marks and choose 'as marked'; then Update",
        doc_id=doc_id,
        start=one.question.start,
        url=url,
    )
