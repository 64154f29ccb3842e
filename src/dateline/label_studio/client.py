"""The only door to Label Studio's API; the only importer of its SDK.

Values are plain JSON: the SDK gives the address, the token of either kind and its refresh; its typed models are left
aside because they cost most of the time and memory of a large project.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from dateline.label_studio.access import LOOPBACK, Access
from dateline.label_studio.errors import LabelStudioError, Refused, Unsure

if TYPE_CHECKING:
    import httpx
    from label_studio_sdk.client import LabelStudio

Json = dict[str, Any]

BATCH_TASKS, BATCH_BYTES = 200, 4 * 2**20  # of one import; the server takes about a hundred times its bytes
PAGE = 100
PATIENCE = 30.0  # seconds to go on trying
UNKNOWN = 2.0  # the same, where nobody listens and no answer ever came: more likely the wrong address than a restart
_AGAIN = (408, 429, 502, 503, 504)


class Client:
    """One server and one account. Every method raises LabelStudioError; none ever shows the token.

    `is_starting`: the server may have been started a moment ago, and is waited for while nobody listens.
    """

    def __init__(self, access: Access, patience: float = PATIENCE, *, is_starting: bool = False) -> None:
        self.url, self.patience = access.url, patience
        self._token = access.token
        self._may_come = is_starting
        self._sdk = _sdk(access)

    def __repr__(self) -> str:
        return f"Client({self.url})"

    # What the server has

    def whoami(self) -> Json:
        """The account that the token belongs to."""
        return self._object("GET", "api/current-user/whoami")

    def emails(self) -> dict[int, str]:
        """The e-mail address of everybody in the organisation, by user id."""
        return {user["id"]: user["email"] for user in self._json("GET", "api/users/")}

    def projects(self) -> list[Json]:
        """All projects that the account sees, oldest first."""
        found: list[Json] = []
        while True:
            params = {"page": len(found) // PAGE + 1, "page_size": PAGE}
            answer = self._json("GET", "api/projects/", params=params)
            found += answer["results"]
            if not answer.get("next"):
                return sorted(found, key=lambda project: int(project["id"]))

    def project(self, id: int) -> Json:
        """One project, its labeling config included."""
        return self._object("GET", f"api/projects/{id}/")

    def create_project(self, **fields: Any) -> Json:
        """A new project."""
        return self._object("POST", "api/projects/", fields)

    def update_project(self, id: int, **fields: Any) -> Json:
        """Change a project. The server refuses (Refused, 400) a config that its annotations do not fit."""
        return self._object("PATCH", f"api/projects/{id}/", fields)

    # Tasks

    def tasks(
        self, project: int, *, since: str | None = None, full: bool = True, size: int = PAGE
    ) -> Iterator[Json]:
        """A project's tasks by id, page by page; with annotations and predictions where `full`.

        `since` (ISO 8601, UTC) leaves out what has not been touched after that moment.
        """
        # Each page begins after the last task of the one before: what is deleted meanwhile makes us skip nothing
        touched = [_filter("updated_at", "Datetime", since)] if since is not None else []
        params = {"project": project, "resolve_uri": "false", "page": 1, "page_size": size}
        params |= {"fields": "all"} if full else {"include": "id,data,updated_at,total_annotations"}
        last = 0
        while True:
            items = [*touched, _filter("id", "Number", last)]
            query = {"ordering": ["tasks:id"], "filters": {"conjunction": "and", "items": items}}
            page = self._json("GET", "api/tasks/", params={**params, "query": json.dumps(query)})["tasks"]
            yield from page
            if len(page) < size:
                return
            last = page[-1]["id"]

    def task(self, id: int) -> Json:
        """One task with its annotations, drafts and predictions."""
        return self._object("GET", f"api/tasks/{id}/?resolve_uri=false")

    def snapshot(self, project: int) -> Iterator[bytes]:
        """The server's own JSON export, in pieces: made as a file on the server first, and deleted there after."""
        made = self._object("POST", f"api/projects/{project}/exports/", {"title": "dateline"})
        where = f"api/projects/{project}/exports/{made['id']}"
        while made["status"] in ("created", "in_progress"):
            time.sleep(0.5)
            made = self._object("GET", where)
        if made["status"] != "completed":
            raise LabelStudioError(f"the export of project {project} on {self.url} failed")
        http = self._sdk._client_wrapper.httpx_client
        with http.stream(f"{where}/download", method="GET", params={"exportType": "JSON"}) as answer:
            yield from answer.iter_bytes(2**16)
        self._send("DELETE", where)

    def import_tasks(self, project: int, tasks: list[Json]) -> list[int]:
        """Add tasks, with the annotations and predictions that they carry; their new ids in order.

        Raises Unsure where the answer got lost. Keep a call small (`batches`): the server takes it in memory.
        """
        answer = self._json("POST", f"api/projects/{project}/import?return_task_ids=true", tasks)
        return [int(id) for id in answer["task_ids"]]

    def update_task(self, id: int, **fields: Any) -> None:
        """Set a task's `data` or `meta` as a whole."""
        self._json("PATCH", f"api/tasks/{id}/", fields)

    def delete_task(self, id: int) -> None:
        """Delete a task with everything on it."""
        self._send("DELETE", f"api/tasks/{id}/")

    # Annotations

    def create_annotation(self, task: int, fields: Json) -> Json:
        """Add an annotation. With a `unique_id` it can be repeated: the second time it is Refused with 409."""
        return self._object("POST", f"api/tasks/{task}/annotations/", fields, again="unique_id" in fields)

    def update_annotation(self, id: int, fields: Json) -> Json:
        """Change an annotation; the last one to write wins."""
        return self._object("PATCH", f"api/annotations/{id}/", fields)

    def delete_annotation(self, id: int) -> None:
        """Delete an annotation."""
        self._send("DELETE", f"api/annotations/{id}/")

    def create_prediction(self, task: int, result: list[Json], model_version: str) -> Json:
        """Add a prediction."""
        return self._object(
            "POST", "api/predictions/", {"task": task, "result": result, "model_version": model_version}
        )

    # The wire

    def _object(self, method: str, path: str, body: Any = None, *, again: bool | None = None) -> Json:
        answer = self._json(method, path, body, again=again)
        if not isinstance(answer, dict):
            raise LabelStudioError(f"{self.url} answered {path} with something else than an object")
        return answer

    def _json(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Json | None = None,
        again: bool | None = None,
    ) -> Any:
        answer = self._send(method, path, body, params=params, again=again)
        try:
            return msgspec.json.decode(answer.content)
        except msgspec.DecodeError as error:
            raise LabelStudioError(
                f"{self.url} did not answer with JSON", "is it a Label Studio server?"
            ) from error

    def _send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Json | None = None,
        again: bool | None = None,
    ) -> httpx.Response:
        """One request, sent again with back-off while that is safe: always when it cannot have arrived.

        A server that has answered before and cannot be reached now may be starting anew: it is waited for.
        """
        import httpx

        repeatable = method != "POST" if again is None else again
        begun, wait = time.monotonic(), 0.2
        deadline = begun + self.patience
        while True:
            try:
                answer = self._once(method, path, body, params)
                self._may_come = True
                if answer.status_code not in _AGAIN or not repeatable or time.monotonic() > deadline:
                    return self._accepted(answer, f"{method} {path.partition('?')[0]}")
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                known = self._may_come or isinstance(error, httpx.ConnectTimeout)
                if time.monotonic() > (deadline if known else min(deadline, begun + UNKNOWN)):
                    raise LabelStudioError(
                        f"cannot reach {self.url}: {error}", "is the server running? make annotate starts one"
                    ) from None
            except httpx.TransportError as error:
                if not repeatable:
                    raise Unsure(f"the connection to {self.url} broke: {error}", "run it again") from None
                if time.monotonic() > deadline:
                    raise LabelStudioError(
                        f"the connection to {self.url} broke: {error}", "run it again"
                    ) from None
            time.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the load, hides nothing
            wait = min(wait * 2, 5.0)

    def _once(self, method: str, path: str, body: Any, params: Json | None) -> httpx.Response:
        from label_studio_sdk.core.api_error import ApiError

        content = None if body is None else msgspec.json.encode(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            return self._sdk._client_wrapper.httpx_client.request(
                path,
                method=method,
                params=params,
                content=content,
                headers=headers,
                request_options={"max_retries": 0},
            )
        except ApiError as error:  # a refresh token that is not taken
            raise Refused(error.status_code or 401, None, "the token was refused") from None
        except ValueError as error:  # an answer to the refresh that is not JSON
            raise LabelStudioError(
                f"{self.url} did not answer with JSON", "is it a Label Studio server?"
            ) from error

    def _accepted(self, answer: httpx.Response, what: str) -> httpx.Response:
        if answer.is_success:
            return answer
        if answer.is_redirect:
            raise LabelStudioError(
                f"{self.url} sends us elsewhere", "give the address that the browser shows"
            )
        text = answer.content[:5000].decode("utf-8", "replace").replace(self._token, "***")
        try:
            said = json.loads(text)
        except ValueError:
            said = None
        raise Refused(answer.status_code, said, what)


def _sdk(access: Access) -> LabelStudio:
    import httpx
    from label_studio_sdk.client import LabelStudio
    from label_studio_sdk.core.api_error import ApiError

    local = urlsplit(access.url).hostname in LOOPBACK
    http = httpx.Client(timeout=httpx.Timeout(120, connect=10), follow_redirects=False, trust_env=not local)
    try:
        return LabelStudio(  # type: ignore[no-untyped-call]
            base_url=access.url, api_key=access.token, httpx_client=http, timeout=120, max_retries=0
        )
    except ApiError:
        raise LabelStudioError(
            "the token has expired", "make a new one in Label Studio: Account & Settings"
        ) from None


def _filter(field: str, kind: str, value: str | int) -> Json:
    return {"filter": f"filter:tasks:{field}", "operator": "greater", "type": kind, "value": value}


def batches(
    tasks: Iterable[Json], most: int = BATCH_TASKS, most_bytes: int = BATCH_BYTES
) -> Iterator[list[Json]]:
    """Cut into pieces of bounded number and size; a task that is larger than that goes alone."""
    piece: list[Json] = []
    size = 0
    for task in tasks:
        weight = len(msgspec.json.encode(task))
        if piece and (len(piece) >= most or size + weight > most_bytes):
            yield piece
            piece, size = [], 0
        piece.append(task)
        size += weight
    if piece:
        yield piece
