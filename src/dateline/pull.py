"""Label Studio -> `annotations/`: what people did on the server, merged into the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import files, merge, people, store
from dateline.authors import OWN_META, Authors
from dateline.findings import Finding, order
from dateline.label_studio import projects, stored
from dateline.label_studio.client import Client
from dateline.label_studio.projects import Project
from dateline.merge import Change
from dateline.model import sha256
from dateline.stored_batch import Stage, batch_files, doc_id_of, read_task

Json = dict[str, Any]
Tick = Callable[[], None]

_OWN_DATA = "findings"


@dataclass
class Pulled:
    """What a pull found and did."""

    tasks: int = 0
    annotations: int = 0
    written: list[Path] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    renamed: set[tuple[str, str]] = field(
        default_factory=set
    )  # pseudonyms in the files, and what they are now
    findings: list[Finding] = field(default_factory=list)


def pull(
    client: Client,
    annotations: Path,
    batch: str,
    sources: list[Project],
    side: str | None = None,
    tick: Tick = lambda: None,
) -> Pulled:
    """Merge the annotations of the batch's projects into its files, one task at a time.

    Nothing in the batch changes until everything has been read; then each file changes as a whole. `side` (`ours` or
    `theirs`) settles what has changed on both sides. Findings: E810, E821, E822, E823, W824.
    Raises LabelStudioError, StoreError, and files.Busy where another one is at work on the batch.
    """
    store.check_batch(annotations, batch)
    with files.lock(annotations / batch), Stage(annotations, batch) as stage:
        run = _Run(client, stage, side, Authors(client, annotations), tick)
        for project in sources:
            run.project(project)
        run.unseen({project.key for project in sources})
        people.save(run.authors.people, annotations)
        run.out.written = stage.install()
    projects.remember(annotations, client.url, sources)
    run.out.findings = order(run.out.findings)
    return run.out


class _Run:
    """One pull: what it has seen, and what comes out of it."""

    def __init__(self, client: Client, stage: Stage, side: str | None, authors: Authors, tick: Tick) -> None:
        self.client, self.stage, self.side, self.authors, self.tick = client, stage, side, authors, tick
        self.out = Pulled()
        self.docs: set[tuple[str, str]] = set()
        self.expected: dict[tuple[str, int], tuple[str, str]] = {}

    def project(self, project: Project) -> None:
        """Merge one project's tasks."""
        seen: dict[str, int] = {}
        for task in self.client.tasks(project.id):
            self.tick()
            self.out.tasks += 1
            doc_id = doc_id_of(task, project.key)
            if doc_id in seen:
                self._say(
                    "E823",
                    f"tasks {seen[doc_id]} and {task['id']} are the same article",
                    "merge by hand and delete one",
                    doc_id,
                    project,
                    task,
                )
            seen[doc_id] = task["id"]
            self.task(task, doc_id, project)

    def task(self, task: Json, doc_id: str, project: Project) -> None:
        """Merge one task's annotations into the article's file."""
        remote = [a for a in task.get("annotations", ()) if isinstance(a, dict)]
        self.out.annotations += len(remote)
        local = self.stage.read(doc_id)
        self._expect(local, doc_id, project.key)
        for annotation in remote:
            annotation |= {"task": task["id"], "project": project.id}
            self.expected.pop((project.key, annotation["id"]), None)
        if not remote:
            return
        base = local or _fresh(task, doc_id)
        if problem := self._text_problem(task, base, doc_id):
            self._say("E821", problem, "push again, or put the article's text right", doc_id, project, task)
            return

        def own(theirs: Json, ours: Json | None) -> Json:
            return self.authors.own(theirs, task, ours)

        merged, changes = merge.merged(
            list(base.get("annotations", ())), remote, project.key, doc_id, own, self.side
        )
        merged = [self._checked_owner(a, project, doc_id) for a in merged]
        pairs = zip(base.get("annotations", ()), merged, strict=False)  # what is new comes last
        names = {(str(a.get("completed_by")), str(b.get("completed_by"))) for a, b in pairs}
        self.out.renamed |= {(before, now) for before, now in names if before != now}
        self._note(changes, project, task)
        self.stage.write(doc_id, {**base, "annotations": merged})

    def unseen(self, origins: set[str]) -> None:
        """Report what the files have of these projects and the server has not."""
        for path in batch_files(self.stage.annotations, self.stage.batch):
            if path.stem not in self.stage.read_names:
                task = read_task(path)
                for origin in origins:
                    self._expect(task, str(task["data"].get("doc_id")), origin)
        for (_, number), (doc_id, who) in sorted(self.expected.items(), key=lambda item: (item[1], item[0])):
            self._note([Change("gone", doc_id, who, number)])

    def _expect(self, local: Json | None, doc_id: str, origin: str) -> None:
        if local is None or (doc_id, origin) in self.docs:
            return
        self.docs.add((doc_id, origin))
        for a in local.get("annotations", ()):
            if a.get("origin") == origin and isinstance(a.get("id"), int):
                self.expected[origin, a["id"]] = (doc_id, str(a.get("completed_by")))

    def _text_problem(self, task: Json, base: Json, doc_id: str) -> str | None:
        text = task["data"].get("text")
        if not isinstance(text, str):
            return "the task on the server has no text; nothing of it is taken"
        path = store.article_path(self.stage.annotations, doc_id)
        known = store.read_article(path).text if path.exists() else base["data"].get("text")
        return (
            None if text == known else "the text on the server is not the article's; nothing of it is taken"
        )

    def _checked_owner(self, annotation: Json, project: Project, doc_id: str) -> Json:
        if annotation.get("origin") != project.key:
            return annotation
        rest = {key: value for key, value in annotation.items() if key != "meant_for"}
        if (
            project.annotator is None
            or annotation["completed_by"] == project.annotator
            or annotation.get("ground_truth")
        ):
            return rest
        message = f"annotation {annotation['id']} in the project of {project.annotator} was made by {annotation['completed_by']}"
        self._say(
            "E810",
            message,
            "each annotator works in a project of their own",
            doc_id,
            project,
            annotation,
            annotation["completed_by"],
        )
        return stored.ordered({**rest, "meant_for": project.annotator})

    def _note(self, changes: list[Change], project: Project | None = None, task: Json | None = None) -> None:
        url = projects.task_url(self.client.url, project.id, task["id"]) if project and task else None
        self.out.changes += changes
        for change in changes:
            file = store.task_path(self.stage.annotations, self.stage.batch, change.doc_id)
            found = merge.finding(change, file, url)
            self.out.findings += [found] if found else []

    def _say(
        self,
        code: str,
        message: str,
        hint: str,
        doc_id: str,
        project: Project,
        at: Json,
        annotator: str | None = None,
    ) -> None:
        url = projects.task_url(self.client.url, project.id, at.get("task") or at["id"])
        self.out.findings.append(
            Finding(code=code, message=message, hint=hint, doc_id=doc_id, annotator=annotator, url=url)
        )


def _fresh(task: Json, doc_id: str) -> Json:
    """The file's content for a task that no file has: without what is ours to tell the annotator."""
    kept = {key: value for key, value in task["data"].items() if key not in ("doc_id", _OWN_DATA)}
    data = {"doc_id": doc_id, **kept}
    if isinstance(data.get("text"), str):
        data.setdefault("text_sha256", sha256(data["text"]))
    meta = {key: value for key, value in (task.get("meta") or {}).items() if key != OWN_META}
    return {"data": data, **({"meta": meta} if meta else {}), "annotations": []}
