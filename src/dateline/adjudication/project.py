"""The review project of a batch: told by a line in its description, as other projects are, but by another one."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from dateline.adjudication import screen
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError, Refused
from dateline.label_studio.projects import Project
from dateline.schema import Schema

Json = dict[str, Any]
_MARK = re.compile(r"\[dateline review=(\S+) key=([0-9a-f]{12})\]")


def find(client: Client, batch: str) -> Project | None:
    """The batch's review project, the oldest if there are several. Neither push nor pull takes it for another."""
    for plain in client.projects():
        mark = _MARK.search(plain.get("description") or "")
        if mark is not None and mark[1] == batch:
            return Project(int(plain["id"]), plain["title"], mark[2], batch, None, plain["label_config"])
    return None


def ready(client: Client, batch: str, schema: Schema) -> Project:
    """The review project with the schema's screen, made where there is none."""
    found, text = find(client, batch), screen.xml(schema)
    if found is None:
        return _create(client, batch, text)
    if found.config.split() == text.split():
        return found
    try:
        client.update_project(found.id, label_config=text)
    except Refused as refused:
        reason = f"the project {found.title!r} has decisions on another version of the screen"
        hint = "bring them home (adjudicate.py pull), delete the project, push again"
        raise LabelStudioError(reason, hint) from refused
    return replace(found, config=text)


def _create(client: Client, batch: str, config: str) -> Project:
    if not re.fullmatch(r"[^\s\[\]]+", batch):
        raise LabelStudioError(f"{batch!r} cannot name a project", "no spaces or brackets")
    key = secrets.token_hex(6)
    keep = "Keep the next line, Dateline knows the project by it."
    plain = client.create_project(
        title=f"{batch[:41]} (review)",
        description=f"Where annotations differ: choose a reading for each conflict. {keep}\n[dateline review={batch} key={key}]",
        label_config=config,
        maximum_annotations=1,
        overlap_cohort_percentage=100,
        enable_empty_annotation=True,
        show_skip_button=True,
    )
    return Project(int(plain["id"]), plain["title"], key, batch, None, config)
