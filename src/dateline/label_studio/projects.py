"""Which project of a server is whose: told by a line in the project's description, that outlives our files."""

from __future__ import annotations

import csv
import io
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from dateline import __version__, private, store
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError

Json = dict[str, Any]

LINKS = "projects.csv"
_HEAD = ("origin", "url")
_MARK = re.compile(r"\[dateline batch=(\S+) annotator=(\S+) key=([0-9a-f]{12})\]")


@dataclass(frozen=True)
class Project:
    """A project that belongs to a batch; `annotator` where it is one person's, `key` the same wherever it is met."""

    id: int
    title: str
    key: str
    batch: str
    annotator: str | None
    config: str


def of_batch(client: Client, batch: str) -> list[Project]:
    """The batch's projects on the server, oldest first."""
    return [project for project in ours(client) if project.batch == batch]


def ours(client: Client) -> list[Project]:
    """Every project on the server that Dateline made."""
    found = [_project(plain) for plain in client.projects()]
    return [project for project in found if project is not None]


def by_id(client: Client, id: int, batch: str) -> Project:
    """A project that was made by hand, as one of the batch; one with a mark is what its mark says."""
    plain = client.project(id)
    key = sha256(f"{client.url}/projects/{id}".encode()).hexdigest()[:12]
    return _project(plain) or Project(id, plain["title"], key, batch, None, plain["label_config"])


def _project(plain: Json) -> Project | None:
    description = plain.get("description") or ""
    mark = _MARK.search(description)
    if (
        mark is None and "[dateline batch" in description
    ):  # passing over it would make the project a second time
        reason = f"project {plain['id']} ({plain['title']}): its description has a line [dateline batch …] that this Dateline ("
        raise LabelStudioError(
            f"{reason}{__version__}) does not know", "restore the line, or use a newer Dateline"
        )
    if mark is None:
        return None
    _check_batch(mark[1], f" (project {plain['id']})")
    annotator = None if mark[2] == "-" else mark[2]
    return Project(int(plain["id"]), plain["title"], mark[3], mark[1], annotator, plain["label_config"])


def _check_batch(batch: str, where: str = "") -> None:
    try:
        store.check_batch(Path(), batch)
    except store.StoreError as error:
        raise LabelStudioError(error.reason + where, error.hint) from None


def create(client: Client, batch: str, annotator: str | None, config: str, overlap: int) -> Project:
    """A new project for the batch, or for one annotator's part in it."""
    for part in (batch,) if annotator is None else (batch, annotator):
        if part == "-" or not re.fullmatch(r"[^\s\[\]]+", part):  # the mark could not be read again
            raise LabelStudioError(
                f"{part!r} cannot name a project", "no spaces or brackets, and more than a hyphen"
            )
    _check_batch(batch)
    mark = f"[dateline batch={batch} annotator={annotator or '-'} key={secrets.token_hex(6)}]"
    title = f"{batch}: {annotator}" if annotator else batch
    plain = client.create_project(
        title=f"{title:_<3.50}",
        description=f"News articles, events marked. Keep the next line, Dateline knows the project by it.\n{mark}",
        label_config=config,
        maximum_annotations=1 if annotator else overlap,
        overlap_cohort_percentage=100,
        enable_empty_annotation=True,
        show_skip_button=True,
    )
    key = mark[-13:-1]
    return Project(int(plain["id"]), plain["title"], key, batch, annotator, config)


# Where a stored annotation can be opened


def remember(annotations: Path, url: str, projects: list[Project]) -> None:
    """Note under which address the projects are reached now; the file is this machine's, git ignores it."""
    known = addresses(annotations)
    if not known and (annotations / LINKS).exists() and _rows(annotations)[:1] != [list(_HEAD)]:
        return  # another version's: it is no more than a help, and is not ours to write over
    new = {**known, **{project.key: url for project in projects}}
    if new != known:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerows(sorted(new.items()))
        private.write(annotations / LINKS, out.getvalue())


def addresses(annotations: Path) -> dict[str, str]:
    """The server's address for each origin that this machine has talked to."""
    head, *rows = _rows(annotations) or [[]]
    return {row[0]: row[1] for row in rows if len(row) == 2} if tuple(head) == _HEAD else {}


def _rows(annotations: Path) -> list[list[str]]:
    path = annotations / LINKS
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def link(annotation: Json, known: dict[str, str]) -> str | None:
    """The address that opens a stored annotation's task; None where it lies on a server not known here."""
    url = known.get(str(annotation.get("origin")))
    if url is None or annotation.get("project") is None or annotation.get("task") is None:
        return None
    return task_url(url, int(annotation["project"]), int(annotation["task"]))


def task_url(url: str, project: int, task: int) -> str:
    """The address that opens a task in the browser."""
    return f"{url}/projects/{project}/data?task={task}"
