"""What was made or changed in the batch's files, brought to the server."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dateline import files, merge, store
from dateline.authors import OWN_META
from dateline.findings import Finding
from dateline.label_studio import projects, stored
from dateline.label_studio.client import Client
from dateline.label_studio.errors import Refused
from dateline.label_studio.projects import Project
from dateline.merge import Change
from dateline.stored_batch import batch_files, doc_id_of, read_task

Json = dict[str, Any]

_NOTED = ("completed_by", *stored.KNOWN_HERE)


class Outbox:
    """What one project is to get: what was changed here since the last pull, and with `new` what it never had.

    A change on both sides is finding E822, and nothing is sent. What arrived is noted in the files, one by one, so
    that a run that is cut off can be repeated.
    """

    def __init__(self, client: Client, annotations: Path, project: Project, new: bool) -> None:
        self.client, self.annotations, self.project, self.new = client, annotations, project, new
        self.counts: Counter[str] = Counter()
        self.findings: list[Finding] = []

    def send(self, docs: set[str]) -> None:
        """Bring the work on these articles to the server."""
        paths = batch_files(self.annotations, self.project.batch)
        todo = {path.stem for path in paths if self._has_work(read_task(path))}
        if not todo:
            return
        for task in self.client.tasks(self.project.id):
            doc_id = doc_id_of(task, self.project.key)
            path = store.task_path(self.annotations, self.project.batch, doc_id)
            if path.stem in todo and doc_id in docs:
                self._task(path, task, doc_id)

    def _has_work(self, local: Json) -> bool:
        return any(
            self._is_changed(a) or (self.new and goes(a, self.project)) for a in local.get("annotations", ())
        )

    def _is_changed(self, annotation: Json) -> bool:
        return annotation.get("origin") == self.project.key and stored.is_changed(annotation)

    def _task(self, path: Path, task: Json, doc_id: str) -> None:
        local = read_task(path)
        for theirs in task["annotations"]:
            theirs |= {"task": task["id"], "project": self.project.id}
        out = list(local["annotations"])
        for place, ours in enumerate(out):
            if self._is_changed(ours):
                theirs = next((a for a in task["annotations"] if a["id"] == ours["id"]), None)
                out[place] = (
                    self._change(ours, theirs, doc_id) if theirs else ours
                )  # pull reports what is gone
            elif self.new and goes(ours, self.project):
                out[place] = self._create(ours, task, doc_id, out)
        files.write_text(path, store.task_text({**local, "annotations": out}))

    def _change(self, ours: Json, theirs: Json, doc_id: str) -> Json:
        there = stored.digest(theirs)
        if there not in (stored.digest(ours), ours["base"]):
            self._conflict(ours, theirs, doc_id)
            return ours
        if there == ours["base"]:
            self.client.update_annotation(ours["id"], stored.payload(ours))
            self.counts["annotations changed"] += 1
        return stored.ordered({**ours, "base": stored.digest(ours)})

    def _conflict(self, ours: Json, theirs: Json, doc_id: str) -> None:
        difference = merge.difference(ours, theirs)
        change = Change("conflict", doc_id, str(ours.get("completed_by")), ours["id"], *difference)
        file = store.task_path(self.annotations, self.project.batch, doc_id)
        url = projects.task_url(self.client.url, self.project.id, theirs["task"])
        found = merge.finding(change, file, url)
        self.findings += [found] if found else []

    def _create(self, ours: Json, task: Json, doc_id: str, all_ours: list[Json]) -> Json:
        number = stored.import_id(doc_id, ours)
        theirs = _numbered(task, number)
        if theirs is None:
            theirs = self._created(ours, number, task, doc_id)
            task["annotations"].append(theirs)
            self.counts["annotations created"] += 1
        elif any(a.get("origin") == self.project.key and a.get("id") == theirs["id"] for a in all_ours):
            self._second(ours, doc_id)
            return ours
        return stored.bound(
            ours, {**theirs, "task": task["id"], "project": self.project.id}, self.project.key
        )

    def _second(self, ours: Json, doc_id: str) -> None:
        who = str(ours.get("completed_by"))
        message = f"a second new annotation by {who}: only one of them was sent"
        hint = "remove one of the two from the file, or give it another annotator"
        self.findings.append(Finding(code="W828", message=message, hint=hint, doc_id=doc_id, annotator=who))

    def _created(self, ours: Json, number: int, task: Json, doc_id: str) -> Json:
        """Say first who made it, then send it: a run that is cut off in between leaves nobody with another's work."""
        meta = task.get("meta") or {}
        noted = {**(meta.get(OWN_META) or {}), **_notes(doc_id, [ours])}
        if noted != meta.get(OWN_META):
            task["meta"] = {**meta, OWN_META: noted}
            self.client.update_task(task["id"], meta=task["meta"])
        once = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.project.key}/{task['id']}/{number}")
        try:
            fields = {**stored.payload(ours), "import_id": number, "unique_id": str(once)}
            return self.client.create_annotation(task["id"], fields)
        except Refused as refused:
            arrived = _numbered(self.client.task(task["id"]), number) if refused.status == 409 else None
            if arrived is None:
                raise
            return arrived


def attach(task: Json, local: Json, project: Project) -> None:
    """Let a new task carry the annotations that never were on a server, and who made them."""
    doc_id = task["data"]["doc_id"]
    unbound = list(
        {
            stored.import_id(doc_id, a): a for a in local.get("annotations", ())[::-1] if goes(a, project)
        }.values()
    )
    if unbound:
        task["annotations"] = [{**stored.payload(a), "id": stored.import_id(doc_id, a)} for a in unbound]
        task["meta"] = {**task.get("meta", {}), OWN_META: _notes(doc_id, unbound)}


def goes(annotation: Json, project: Project) -> bool:
    """True for an annotation that never was on a server and may be seen in this project."""
    fits = project.annotator is None or annotation.get("completed_by") == project.annotator
    return annotation.get("origin") is None and fits


def unsent(annotations: Path, batch: str) -> Iterator[tuple[str, Json]]:
    """The batch's annotations that no server has as they are here, with their article."""
    for path in batch_files(annotations, batch):
        task = read_task(path)
        found = (a for a in task.get("annotations", ()) if a.get("base") is None or stored.is_changed(a))
        yield from ((str(task["data"].get("doc_id")), a) for a in found)


def _numbered(task: Json, number: int) -> Json | None:
    return next((a for a in task["annotations"] if a.get("import_id") == number), None)


def _notes(doc_id: str, annotations: list[Json]) -> Json:
    """Who made each, by import id: the account that sends it is somebody else."""
    return {str(stored.import_id(doc_id, a)): {k: a[k] for k in _NOTED if a.get(k)} for a in annotations}
