"""What the annotator is told about a task: how each annotation was read, and what was found in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dateline import checks, people
from dateline.authors import Authors
from dateline.findings import Finding, order
from dateline.label_studio import convert, stored
from dateline.label_studio.client import Client
from dateline.label_studio.errors import LabelStudioError
from dateline.label_studio.projects import Project
from dateline.model import Document, Event
from dateline.schema import Schema
from dateline.settings import RuleSettings

Json = dict[str, Any]

KEY = "findings"  # of a task's data
EVERY = 1.0  # seconds between two looks
OVERLAP = 5.0  # seconds looked back: a change becomes visible a moment after the time that it bears
DEFAULT = RuleSettings()
_QUIET = ("I8",)  # states that the annotator sees anyway
_AGAIN = "Mended and updated? Reload the page (F5): an open task goes on showing these lines."


def of_task(
    task: Json, project: Project, authors: Authors, schema: Schema, rules: RuleSettings = DEFAULT
) -> str:
    """The text for a server's task: findings first, then a line an event; empty without annotations."""
    remote = [a for a in task.get("annotations", ()) if isinstance(a, dict)]
    parts = []
    for theirs in remote:
        place = {"task": task["id"], "project": project.id}
        annotation = stored.taken({**theirs, **place}, authors.own(theirs, task), project.key)
        parts.append(_of_annotation({"data": task["data"], "annotations": [annotation]}, schema, rules))
    return "\n\n".join(parts)


def _of_annotation(task: Json, schema: Schema, rules: RuleSettings) -> str:
    reading = convert.read_task(task, schema)
    who = task["annotations"][0]["completed_by"]
    found = list(reading.findings)
    for document, tainted in zip(reading.documents, reading.tainted, strict=True):
        found += checks.check(document, schema, tainted, thresholds=rules.thresholds)
    told = [f for f in order(rules.grade(found)) if not f.code.startswith(_QUIET)]
    lines = [f"{who}: {_count(told)}", *(_finding(f) for f in told), *([_AGAIN] if told else [])]
    for document in reading.documents:
        lines += ["read as:", *events(document)] if document.events else ["read as: no event"]
    return "\n".join(lines)


def _count(found: list[Finding]) -> str:
    return f"{len(found)} finding{'s' * (len(found) != 1)}" if found else "no findings"


def _finding(finding: Finding) -> str:
    place = f"{finding.place}: " if finding.place else ""
    mend = f" Mend: {finding.hint}." if finding.hint else ""
    return f"{finding.code} {place}{finding.message}.{mend}"


def events(document: Document) -> Iterator[str]:
    """How each event was read: type, triggers, roles with who fills them, answers; `*` marks a default."""
    words = {mention.id: mention.text for mention in document.mentions}
    mains = {event.id: event.main.text for event in document.events}
    for event in document.events:
        yield f"{event.type} {_triggers(event)}: {'; '.join(_parts(event, words)) or 'no arguments'}"
    for relation in document.relations:
        yield f"«{mains[relation.head]}» {relation.type} «{mains[relation.tail]}»"


def _triggers(event: Event) -> str:
    return " ".join(f"«{trigger.text}»" for trigger in event.triggers)


def _parts(event: Event, words: dict[str, str]) -> Iterator[str]:
    for role, fillers in event.arguments.items():
        yield f"{role} = {', '.join(words[f.mention] + '*' * (f.via == 'default') for f in fillers)}"
    yield ", ".join(
        f"{name} {answer}{'*' * (name in event.defaulted)}" for name, answer in event.attributes.items()
    )


def write_back(client: Client, task: Json, text: str) -> bool:
    """Put the text into the task's data where it says something else; True where it did."""
    if (task["data"].get(KEY) or "") == text:
        return False
    client.update_task(task["id"], data={**task["data"], KEY: text})
    return True


def refresh(
    client: Client,
    project: Project,
    authors: Authors,
    schema: Schema,
    tick: Callable[[], None] = lambda: None,
    rules: RuleSettings = DEFAULT,
) -> int:
    """Bring the text of every task of a project up to date; how many changed."""
    changed = 0
    for task in client.tasks(project.id):
        changed += write_back(client, task, of_task(task, project, authors, schema, rules))
        tick()
    return changed


@dataclass
class Watch:
    """Looks for what was submitted, and writes back how it was read.

    Works with any server, by `updated_at`. The first look at a project takes in everything, so nothing that
    happened while nobody watched is missed; while the server is away, it waits.
    """

    client: Client
    authors: Authors
    schema: Schema
    rules: RuleSettings = DEFAULT
    since: dict[int, str] = field(default_factory=dict)
    done: dict[int, str] = field(default_factory=dict)

    def look(self, projects: list[Project]) -> int:
        """One look at each project; how many tasks got another text."""
        return sum(self._project(project) for project in projects)

    def _project(self, project: Project) -> int:
        changed = 0
        latest = since = self.since.get(project.id)
        for task in self.client.tasks(project.id, since=since and _earlier(since)):
            if self.done.get(task["id"]) != task["updated_at"]:
                text = of_task(task, project, self.authors, self.schema, self.rules)
                changed += write_back(self.client, task, text)
                self.done[task["id"]] = task["updated_at"]
            latest = max(latest or "", task["updated_at"])
        if latest:
            self.since[project.id] = latest
        return changed

    def run(
        self, projects: Callable[[], list[Project]], say: Callable[[str], None], *, every: float = EVERY
    ) -> None:
        """Look again and again, until interrupted. `projects` is asked each time, so new ones are seen."""
        away = False
        while True:
            try:
                changed = self.look(projects())
                if changed or away:
                    say(
                        f"{changed} task{'s' * (changed != 1)} with new feedback"
                        if changed
                        else "the server is back"
                    )
                away = False
            except (LabelStudioError, people.BadMap) as error:
                if not away:
                    say(f"waiting: {error}")
                away = True
            time.sleep(every)


def _earlier(moment: str) -> str:
    return (datetime.fromisoformat(moment) - timedelta(seconds=OVERLAP)).isoformat().replace("+00:00", "Z")
