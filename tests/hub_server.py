"""A small part of the Hub's HTTP API, on this machine: repositories of files, with regular and LFS uploads.

Written from what `huggingface_hub` 2.4 asks for. It stands in for a service that cannot be run here; that the
real one answers alike is not shown by it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "hf_for_tests"


@dataclass
class Repo:
    private: bool = False
    files: dict[str, bytes] = field(default_factory=lambda: {".gitattributes": b"*.parquet filter=lfs\n"})
    commits: list[str] = field(default_factory=lambda: ["0" * 40])


@dataclass
class Hub:
    repos: dict[str, Repo] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def create(self, body: dict[str, Any]) -> tuple[int, Any]:
        name = "/".join(filter(None, (body.get("organization"), body["name"])))
        status = 409 if name in self.repos else 200
        private = body.get("visibility") == "private" or bool(body.get("private"))
        self.repos.setdefault(name, Repo(private))
        return status, {"url": f"{self.address}/datasets/{name}", "name": name}

    def info(self, name: str) -> tuple[int, Any]:
        repo = self.repos[name]
        files = [{"rfilename": path} for path in sorted(repo.files)]
        return 200, {"id": name, "private": repo.private, "sha": repo.commits[-1], "siblings": files}

    def modes(self, body: dict[str, Any]) -> tuple[int, Any]:
        def mode(path: str) -> str:
            return "lfs" if path.endswith(".parquet") else "regular"

        files = [
            {"path": f["path"], "uploadMode": mode(f["path"]), "shouldIgnore": False} for f in body["files"]
        ]
        return 200, {"files": files}

    def batch(self, body: dict[str, Any]) -> tuple[int, Any]:
        objects = [
            {**one, "actions": {"upload": {"href": f"{self.address}/upload/{one['oid']}"}}}
            for one in body["objects"]
        ]
        return 200, {"transfer": "basic", "objects": objects}

    def commit(self, name: str, lines: list[dict[str, Any]]) -> tuple[int, Any]:
        repo = self.repos[name]
        head = next(line["value"] for line in lines if line["key"] == "header")
        if head.get("parentCommit") not in (None, repo.commits[-1]):
            return 412, {"error": "a commit has happened since"}
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                repo.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                repo.files[value["path"]] = self.blobs[value["oid"]]
            elif line["key"] == "deletedFile":
                del repo.files[value["path"]]
        repo.commits.append(hashlib.sha1(json.dumps(lines).encode()).hexdigest())
        oid = repo.commits[-1]
        return 200, {
            "success": True,
            "commitOid": oid,
            "commitUrl": f"{self.address}/datasets/{name}/commit/{oid}",
        }

    def answer(self, method: str, path: str, data: bytes) -> tuple[int, Any]:
        if method == "PUT":
            oid = path.rpartition("/")[2]
            assert hashlib.sha256(data).hexdigest() == oid
            self.blobs[oid] = data
            return 200, {}
        if path.endswith("/commit/main"):
            name = path.removeprefix("/api/datasets/").removesuffix("/commit/main")
            return self.commit(name, [json.loads(line) for line in data.splitlines() if line])
        body = json.loads(data) if data else {}
        if path == "/api/repos/create":
            return self.create(body)
        if path == "/api/validate-yaml":
            return 200, {"errors": [], "warnings": []}
        if path.endswith("/preupload/main"):
            return self.modes(body)
        if path.endswith(".git/info/lfs/objects/batch"):
            return self.batch(body)
        name = path.removeprefix("/api/datasets/")
        return self.info(name) if name in self.repos else (404, {"error": f"there is no {path}"})


@contextmanager
def running() -> Iterator[Hub]:
    """A hub on a free port of 127.0.0.1."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            path = self.path.partition("?")[0]
            length = int(self.headers.get("Content-Length") or 0)
            data = self.rfile.read(length) if length else self._chunks()
            hub.asked.append(f"{self.command} {path}")
            allowed = self.command == "PUT" or self.headers.get("Authorization") == f"Bearer {TOKEN}"
            status, said = (
                hub.answer(self.command, path, data) if allowed else (401, {"error": "who are you?"})
            )
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _chunks(self) -> bytes:
            data = b""
            while "chunked" in self.headers.get("Transfer-Encoding", ""):
                size = int(self.rfile.readline(), 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
            return data

        do_GET = do_POST = do_PUT = _do  # noqa: N815 - the library's names

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
