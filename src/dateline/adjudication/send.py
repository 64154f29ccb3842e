"""Articles with conflicts -> a review project in Label Studio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import files
from dateline.adjudication import project as projects_
from dateline.adjudication import screen
from dateline.adjudication.merge import ERRORS, OPEN, Article, articles
from dateline.adjudication.policy import Policy
from dateline.adjudication.review import Review
from dateline.findings import Finding, order
from dateline.label_studio import client as wire
from dateline.label_studio import projects, stored, write
from dateline.label_studio.client import Client
from dateline.label_studio.projects import Project
from dateline.model import Article as Text
from dateline.schema import Schema

Json = dict[str, Any]
META = "review"  # of a task: under which policy and digest it was made


@dataclass
class Sent:
    """What a push did, by task; `project` is None where there is nothing to review and never was.

    `left_out` are the articles that nobody is asked about, because an annotation of theirs has errors.
    """

    project: Project | None = None
    counts: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    left_out: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def push(
    client: Client,
    annotations: Path,
    batch: str,
    schema: Schema,
    policy: Policy,
    *,
    names: bool = False,
    replace: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Sent:
    """Bring every article with conflicts to the batch's review project; doing it again changes nothing.

    A task whose annotations have changed is made anew unless somebody has begun to decide it (finding W834). One
    that nobody has begun and that is no longer in question is taken away. Raises LabelStudioError,
    sources.SourceError, store.StoreError and files.Busy.
    """
    out = Sent()
    with files.lock(annotations / batch):
        found = []
        for article in articles(annotations, batch, schema, policy, replace):
            tick()
            found.append(article)
        open_ = {a.doc_id: a for a in found if a.state == OPEN}
        out.left_out = [a.doc_id for a in found if a.state == ERRORS]
        out.findings += [f for a in found for f in a.findings]
        out.project = projects_.ready(client, batch, schema) if open_ else projects_.find(client, batch)
        if out.project is not None:
            _Run(client, schema, policy, out.project, names, out).bring(open_)
    out.findings = order(out.findings)
    return out


@dataclass
class _Run:
    client: Client
    schema: Schema
    policy: Policy
    project: Project
    names: bool
    out: Sent

    def bring(self, open_: dict[str, Article]) -> None:
        tasks = {doc_id: self._task(article) for doc_id, article in open_.items()}
        for there in list(self.client.tasks(self.project.id)):
            doc_id = str(there["data"].get("doc_id"))
            wanted = tasks.get(doc_id)
            if wanted is not None and there.get("meta") == wanted["meta"]:
                self.out.counts["unchanged"] += 1
                del tasks[doc_id]
            elif not is_touched(there):
                self.client.delete_task(there["id"])
                self.out.counts["replaced" if wanted else "withdrawn"] += 1
            elif wanted is not None:
                self.out.findings.append(
                    stale(doc_id, projects.task_url(self.client.url, self.project.id, there["id"]))
                )
                del tasks[doc_id]
        for piece in wire.batches(tasks.values()):
            self.client.import_tasks(self.project.id, piece)
            self.out.counts["sent"] += len(piece)

    def _task(self, article: Article) -> Json:
        if article.plan is None:
            raise ValueError(f"{article.doc_id} has nothing to review")
        review = Review(article.plan, self.schema, self.project.key)
        self.out.conflicts += len(review.order)
        first = article.plan.clusters.sides[0].document
        text = Text(doc_id=first.doc_id, text=first.text, text_sha256=first.text_sha256, source=first.source)
        task = write.article_task(text, self.schema.version, self.schema.guideline_version)
        task["data"] |= {"findings": review.text(), screen.CONFLICTS: review.conflicts(self.names)}
        start = {"was_cancelled": False, "ground_truth": False, "result": review.results()}
        digest = {"policy": str(self.policy), "digest": review.digest, "start": stored.digest(start)}
        return {**task, "meta": {META: {**digest, "names": self.names}}, "annotations": [start]}


def is_touched(task: Json) -> bool:
    """True where a reviewer has begun: an answer, another annotation, a draft, or another state of the marks."""
    started = (task.get("meta") or {}).get(META) or {}
    there = [a for a in task.get("annotations", ()) if isinstance(a, dict)]
    return bool(task.get("drafts")) or any(stored.digest(a) != started.get("start") for a in there)


def stale(doc_id: str, url: str) -> Finding:
    """W834: the review is about annotations that are no longer so."""
    message = "the annotations have changed since the review was pushed: its decisions are not taken"
    hint = "delete its task in the review project and push again"
    return Finding(code="W834", message=message, hint=hint, doc_id=doc_id, url=url)


def submitted(task: Json) -> Iterator[Json]:
    """The annotations of a review that decide anything; skipped ones and drafts are none."""
    for annotation in task.get("annotations", ()):
        decided = isinstance(annotation, dict) and screen.decisions(annotation.get("result") or [])
        if decided and not annotation.get("was_cancelled"):
            yield annotation
