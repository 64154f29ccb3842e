"""`annotations/` -> Label Studio: articles become tasks, and what was changed here reaches the server."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dateline import drift, files, store
from dateline.findings import Finding, order
from dateline.label_studio import client as wire
from dateline.label_studio import config, projects, write
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError, Unsure
from dateline.label_studio.projects import Project
from dateline.model import Article, Document, sha256
from dateline.outbox import Outbox, attach
from dateline.schema import Schema
from dateline.stored_batch import batch_files, doc_id_of, read_task

Json = dict[str, Any]
Tick = Callable[[], None]

MAIN = "main"  # the batch of articles that nobody gave another
TRIES = 4  # of an import whose answer got lost
_DATA_WE_SET = ("title", "publisher", "published_at", "text_sha256")
_VERSIONS = ("schema_version", "guideline_version")


@dataclass(frozen=True)
class Order:
    """What to push. `annotators`: a project each; else one project that each article is to be annotated in `overlap`
    times. `records` go along as predictions with new tasks; `with_annotations`: what was never on a server goes, too;
    `new`: the batch may be one that there is not yet.
    """

    batch: str
    annotators: tuple[str, ...] = ()
    overlap: int = 2
    records: tuple[Document, ...] = ()
    with_annotations: bool = False
    update_config: bool = False
    new: bool = False


@dataclass
class Pushed:
    """What a push did: counts by what was done, the projects, and what it could not do."""

    counts: Counter[str] = field(default_factory=Counter)
    projects: list[Project] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def push(
    client: Client,
    schema: Schema,
    annotations: Path,
    wanted: Order,
    articles: Sequence[Article],
    tick: Tick = lambda: None,
) -> Pushed:
    """Bring the articles, and what was changed in the batch's annotations, to the server.

    Running it again does nothing twice, and without articles no project is made. Findings: E821 (the text of an
    annotated article has changed), E822, E823, E825, W826. Raises LabelStudioError, StoreError, and files.Busy where
    another one is at work on the batch.
    """
    store.check_batch(annotations, wanted.batch)
    run = _Run(client, schema, annotations, wanted, tick)
    with files.lock(annotations / wanted.batch):
        for project in projects_for(client, schema, wanted, make=bool(articles)):
            run.project(project, articles)
    projects.remember(annotations, client.url, run.out.projects)
    run.out.findings = order(run.out.findings)
    return run.out


def listing(client: Client, annotations: Path, batch: str | None = None) -> dict[str, set[str]]:
    """The batches that the server has, each with its articles' ids.

    No ids where the server has nothing but the batch that every new article goes to: they would decide nothing.
    """
    found = projects.ours(client)
    there: dict[str, set[str]] = {project.batch: set() for project in found}
    if there.keys() <= {_home(store.batches(annotations), batch)}:
        return there
    for project in found:
        there[project.batch] |= {doc_id_of(t, project.key) for t in client.tasks(project.id, full=False)}
    return there


def plan(
    annotations: Path, batch: str | None = None, there: Mapping[str, set[str]] | None = None
) -> dict[str, list[Article]]:
    """The articles of a batch, or of every one: those that it has a file for, else those that it has on the server.

    `there` is what `listing` gives. An article that no batch has yet belongs to the batch that is asked for, else to
    the only one there is, else to `main`.
    """
    paths = sorted((annotations / store.ARTICLES).glob("*.json"))
    held = {n: {path.name for path in batch_files(annotations, n)} for n in store.batches(annotations)}
    sent = {n: {store.article_path(annotations, d).name for d in docs} for n, docs in (there or {}).items()}
    # a batch on the server that has no article of ours may be another project's
    found = [*held, *(n for n in sent if n not in held and sent[n] & {path.name for path in paths})]
    home = _home(found, batch)
    out: dict[str, list[Article]] = {name: [] for name in ([batch] if batch else found)}
    for path in paths:
        owners = _with(held, path.name) or _with(sent, path.name) or [home]
        for name in owners:
            if name in out or name == home:
                out.setdefault(name, []).append(store.read_article(path))
    return out


def _home(found: Sequence[str], batch: str | None) -> str:
    return batch or (found[0] if len(found) == 1 else MAIN)


def _with(batches: Mapping[str, set[str]], name: str) -> list[str]:
    return [batch for batch, names in batches.items() if name in names]


def check_known(annotations: Path, wanted: Order, there: Iterable[str], articles: int) -> None:
    """Raise StoreError for a batch that is neither here nor on the server, unless it is `main`, or asked for as new.

    `articles`: how many it would begin with; without any it is refused in any case.
    """
    store.check_batch(annotations, wanted.batch)
    known = sorted({*store.batches(annotations), *there})
    if wanted.batch in known or (articles and (wanted.new or wanted.batch == MAIN)):
        return
    near = difflib.get_close_matches(wanted.batch, known, 1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    left = f"{articles} article{'s' * (articles != 1)} that no batch has"
    hint = (
        f"--new makes it, with {left}" if articles else "no article is left for a new one; add.py brings some"
    )
    known_here = f"there is: {', '.join(known) or 'none'}"
    raise store.StoreError(annotations, f"there is no batch {wanted.batch!r}{meant}", f"{known_here}; {hint}")


def projects_for(client: Client, schema: Schema, wanted: Order, make: bool = True) -> list[Project]:
    """The batch's projects on the server, those that are missing made, unless they are not to be."""
    found: dict[str | None, Project] = {}
    for project in projects.of_batch(client, wanted.batch):
        found.setdefault(project.annotator, project)
    text = config.xml(schema)
    names: Iterable[str | None] = wanted.annotators or found or (None,)
    if not make:
        return [found[n] for n in names if n in found]
    return [found.get(n) or projects.create(client, wanted.batch, n, text, wanted.overlap) for n in names]


def check_config(client: Client, schema: Schema, project: Project) -> drift.Drift:
    """How the project's config differs from the schema's, and what an update would orphan."""
    found = drift.compare(project.config, config.xml(schema))
    if found.lost:
        drift.count_uses(found, client.tasks(project.id))
    return found


class _Run:
    """One push: where from, where to, and what comes out of it."""

    def __init__(self, client: Client, schema: Schema, annotations: Path, wanted: Order, tick: Tick) -> None:
        self.client, self.schema, self.annotations, self.wanted, self.tick = (
            client,
            schema,
            annotations,
            wanted,
            tick,
        )
        self.out = Pushed()
        self.predictions = _predictions(wanted.records, schema)

    def project(self, given: Project, articles: Sequence[Article]) -> None:
        """Bring one project up to date; where its config would orphan results, they may be brought up to date first."""
        found = check_config(self.client, self.schema, given)
        project = self._configured(given, found)
        there = self._listing(project)
        fresh = [
            a for a in articles if a.doc_id not in there or self._must_go_anew(a, there[a.doc_id], project)
        ]
        for piece in wire.batches(self._task(article, project) for article in fresh):
            self._import(project, piece)
            for _ in piece:
                self.tick()
        outbox = Outbox(self.client, self.annotations, project, self.wanted.with_annotations)
        outbox.send({article.doc_id for article in articles})
        self.out.counts += outbox.counts
        self.out.findings += outbox.findings
        if found.loses and self.wanted.update_config and outbox.counts:
            found = check_config(self.client, self.schema, project)
            project = self._configured(project, found)
        if project is given:
            self.out.findings += drift.findings(found, project.title)
        self.out.projects.append(project)

    def _configured(self, project: Project, found: drift.Drift) -> Project:
        """The project with the schema's config, where that was asked for and orphans nothing; else as it is."""
        if not found or not self.wanted.update_config or found.loses:
            return project
        text = config.xml(self.schema)
        self.client.update_project(project.id, label_config=text)
        self.out.counts["configs updated"] += 1
        return replace(project, config=text)

    def _listing(self, project: Project) -> dict[str, Json]:
        """The project's tasks by article, a hash in place of the text; a second one of an article is a finding."""
        found: dict[str, Json] = {}
        for task in self.client.tasks(project.id, full=False):
            doc_id = doc_id_of(task, project.key)
            if doc_id in found:
                message = f"tasks {found[doc_id]['id']} and {task['id']} are the same article"
                self._say("E823", message, "delete one of them", doc_id, project, task)
                continue
            text = task["data"].pop("text", None)
            found[doc_id] = {**task, "sha": sha256(text) if isinstance(text, str) else None}
        return found

    def _must_go_anew(self, article: Article, there: Json, project: Project) -> bool:
        """Bring an article's task up to date; True where it had to be deleted, its text being another."""
        self.tick()
        if there["sha"] != article.text_sha256:
            return self._delete_unused(article, there, project)
        data = write.article_task(article, self.schema.version, self.schema.guideline_version)["data"]
        keys: tuple[str, ...] = _DATA_WE_SET if there["total_annotations"] else (*_DATA_WE_SET, *_VERSIONS)
        keys += (_VERSIONS[0],) if self._is_migrated(article, there) else ()
        if all(there["data"].get(key) == data[key] for key in keys):
            self.out.counts["tasks unchanged"] += 1
        else:
            now = self.client.task(there["id"])
            self.client.update_task(there["id"], data={**now["data"], **{key: data[key] for key in keys}})
            self.out.counts["tasks updated"] += 1
        return False

    def _is_migrated(self, article: Article, there: Json) -> bool:
        """True where the annotated article's file was brought to this schema, and the server's task was not."""
        path = store.task_path(self.annotations, self.wanted.batch, article.doc_id)
        if there["data"].get("schema_version") == self.schema.version or not path.exists():
            return False
        return bool(read_task(path)["data"].get("schema_version") == self.schema.version)

    def _delete_unused(self, article: Article, there: Json, project: Project) -> bool:
        now = self.client.task(there["id"])
        if now.get("annotations") or now.get("drafts"):
            message = f"the text has changed, but task {there['id']} of project {project.title!r} is annotated: its offsets would be wrong"
            hint = "put the text back; or give the new text a doc_id of its own"
            self._say("E821", message, hint, article.doc_id, project, there)
            return False
        self.client.delete_task(there["id"])
        self.out.counts["tasks replaced"] += 1
        return True

    def _task(self, article: Article, project: Project) -> Json:
        task = write.article_task(article, self.schema.version, self.schema.guideline_version)
        if article.doc_id in self.predictions:
            task["predictions"] = self.predictions[article.doc_id]
        path = store.task_path(self.annotations, self.wanted.batch, article.doc_id)
        if self.wanted.with_annotations and path.exists():
            attach(task, read_task(path), project)
        return task

    def _import(self, project: Project, piece: list[Json]) -> None:
        """Send a piece; where the answer got lost, look what has arrived and send the rest."""
        for _ in range(TRIES):
            try:
                self.out.counts["tasks created"] += (
                    len(self.client.import_tasks(project.id, piece)) if piece else 0
                )
                return
            except Unsure:
                there = {doc_id_of(task, project.key) for task in self.client.tasks(project.id, full=False)}
                rest = [task for task in piece if task["data"]["doc_id"] not in there]
                self.out.counts["tasks created"] += len(piece) - len(rest)
                piece = rest
        raise LabelStudioError(f"the connection to {self.client.url} broke {TRIES} times", "run it again")

    def _say(self, code: str, message: str, hint: str, doc_id: str, project: Project, task: Json) -> None:
        url = projects.task_url(self.client.url, project.id, task["id"])
        self.out.findings.append(Finding(code=code, message=message, hint=hint, doc_id=doc_id, url=url))


def _predictions(records: Iterable[Document], schema: Schema) -> dict[str, list[Json]]:
    """The records as predictions by article; the model's version says whose they are."""
    found: dict[str, list[Json]] = {}
    for record in records:
        prediction = {
            "result": write.results_of(record, schema),
            "model_version": record.annotation.annotator,
        }
        found.setdefault(record.doc_id, []).append(prediction)
    return found
