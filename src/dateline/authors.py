"""Who made an annotation that lies on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dateline import people
from dateline.label_studio import stored
from dateline.label_studio.client import Client
from dateline.stored_batch import used_pseudonyms

Json = dict[str, Any]

OWN_META = "annotations"  # of a task on the server: who made what push brought there, by import id


class Authors:
    """Who made a server's annotation, as a pseudonym."""

    def __init__(self, client: Client, annotations: Path) -> None:
        self.emails = client.emails()
        self.people = people.load(annotations, used_pseudonyms(annotations))

    def own(self, theirs: Json, task: Json, local: Json | None = None) -> Json:
        """What Dateline knows of a server's annotation: who made it, by which guideline, from what."""
        meta = task.get("meta") or {}
        noted = (meta.get(OWN_META) or {}).get(str(theirs.get("import_id")))
        known = (
            {key: noted[key] for key in stored.KNOWN_HERE if key in noted} if isinstance(noted, dict) else {}
        )
        version = task["data"].get("guideline_version")
        own = {"guideline_version": version} if isinstance(version, str) and version else {}
        return {**own, **known, "completed_by": self.of(theirs, meta, local)}

    def of(self, theirs: Json, meta: Json, local: Json | None = None) -> str:
        """By what push wrote down for those it brought itself, else by e-mail; an old file teaches a lost map."""
        noted = (meta.get(OWN_META) or {}).get(str(theirs.get("import_id")))
        if isinstance(noted, dict) and noted.get("completed_by"):
            return str(noted["completed_by"])
        user = theirs.get("completed_by")
        number = user.get("id") if isinstance(user, dict) else user
        email = self.emails.get(number) if isinstance(number, int) else None
        if email is None:
            return str(local["completed_by"]) if local else f"u{number}"
        if local is not None:
            self.people.learn(email, str(local["completed_by"]))
        return self.people.of(email)
