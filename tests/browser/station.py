"""Where a browser test works: the server and its account."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from dateline.label_studio import config
from dateline.schema import Schema

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


@dataclass(frozen=True)
class Station:
    """The server and its account; makes projects through the API, and nothing else."""

    url: str
    email: str
    password: str = field(repr=False)
    api: httpx.Client

    def project(self, schema: Schema, tasks: list[Json]) -> tuple[int, list[int]]:
        """A new project with the schema's config and these tasks: its id and theirs."""
        made = self._sent("/api/projects/", {"title": "browser test", "label_config": config.xml(schema)})
        answer = self._sent(f"/api/projects/{made['id']}/import?return_task_ids=true", tasks)
        return made["id"], answer["task_ids"]

    def task(self, id: int) -> Json:
        return self.api.get(f"/api/tasks/{id}").raise_for_status().json()

    def _sent(self, path: str, body: Any) -> Json:
        return self.api.post(path, json=body).raise_for_status().json()
