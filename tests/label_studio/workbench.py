"""A batch of its own on the server with its folder of annotations, and results made by hand."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import pull, push, store, stored_batch
from dateline.label_studio import projects
from dateline.label_studio.client import Client
from dateline.label_studio.projects import Project
from dateline.model import Article, Source, sha256
from dateline.schema import Schema

Json = dict[str, Any]
TEXT = "Ann Lee phoned Bo Ek on Monday, the ministry said. Acme denied it."


@dataclass
class Bench:
    """A batch of its own on the server, and its folder of annotations."""

    client: Client
    schema: Schema
    annotations: Path
    batch: str
    articles: list[Article] = field(default_factory=list)

    def article(self, doc_id: str, text: str = TEXT, **source: Any) -> Article:
        article = Article(doc_id=doc_id, text=text, text_sha256=sha256(text), source=Source(**source))
        self.articles = [*(a for a in self.articles if a.doc_id != doc_id), article]
        path = store.article_path(self.annotations, doc_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(store.article_text(article), encoding="utf-8")
        return article

    def push(self, **wanted: Any) -> push.Pushed:
        order = push.Order(batch=self.batch, **wanted)
        return push.push(self.client, self.schema, self.annotations, order, self.articles)

    def pull(self, side: str | None = None) -> pull.Pulled:
        return pull.pull(self.client, self.annotations, self.batch, self.projects(), side)

    def projects(self) -> list[Project]:
        return projects.of_batch(self.client, self.batch)

    def tasks(self, annotator: str | None = None) -> dict[str, Json]:
        (project,) = (p for p in self.projects() if p.annotator == annotator)
        return {task["data"]["doc_id"]: task for task in self.client.tasks(project.id)}

    def submit(self, doc_id: str, result: list[Json], **fields: Any) -> int:
        """What a person does in the browser, as far as the server sees it."""
        annotator = fields.pop("project_of", None)
        task = self.tasks(annotator)[doc_id]
        return int(self.client.create_annotation(task["id"], {"result": result, **fields})["id"])

    def file(self, doc_id: str) -> Json:
        return stored_batch.read_task(store.task_path(self.annotations, self.batch, doc_id))

    def write(self, doc_id: str, task: Json) -> None:
        path = store.task_path(self.annotations, self.batch, doc_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(store.task_text(task), encoding="utf-8")

    def bytes(self) -> dict[str, bytes]:
        folder = self.annotations / self.batch
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir())} if folder.exists() else {}


def region(id_: str, words: str, label: str, text: str = TEXT, control: str = "mention") -> Json:
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": id_, "from_name": control, "to_name": "text", "type": "labels", "value": value}


def link(head: str, tail: str, *labels: str) -> Json:
    given = {"labels": list(labels)} if labels else {}
    return {"from_id": head, "to_id": tail, "type": "relation", "direction": "right", **given}


def call() -> list[Json]:
    """A phone call between two people, complete."""
    return [
        region("t", "phoned", "phone_call", control="trigger"),
        region("a", "Ann Lee", "PERSON"),
        region("b", "Bo Ek", "PERSON"),
        link("t", "a", "participant"),
        link("t", "b", "participant"),
    ]
