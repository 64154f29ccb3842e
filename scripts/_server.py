"""What the commands that talk to Label Studio share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    import subprocess

    from dateline.findings import Finding
    from dateline.label_studio.access import Access
    from dateline.label_studio.client import Client
    from dateline.label_studio.projects import Project
    from dateline.schema import Schema

Url = Annotated[
    str | None,
    typer.Option(help="The server; else LABEL_STUDIO_URL, .env, or the one that serve.py started."),
]
Data = Annotated[Path | None, typer.Option(help="The data folder of the local server to use.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Send the token over plain http to another host.")]

DEFAULT_DATA = Path(".label-studio/data")


@contextmanager
def explained() -> Iterator[None]:
    """End with one line for what can go wrong with a server, a file or a map."""
    from dateline import files, people, sources, store
    from dateline.label_studio.errors import LabelStudioError

    try:
        yield
    except (LabelStudioError, files.FileError, store.StoreError, people.BadMap, sources.SourceError) as error:
        _cli.fail(str(error))


def client(url: str | None, data: Path | None, insecure: bool) -> "Client":
    """The server that the options, the environment, `.env` or the local server's state name."""
    from dateline.label_studio import access
    from dateline.label_studio.client import Client

    return Client(access.find(url, data=data, default_data=DEFAULT_DATA, insecure=insecure))


def one_batch(annotations: Path, given: str | None) -> str:
    """The batch that was named, or the only one, or `main` where there is none yet."""
    from dateline import store

    found = store.batches(annotations)
    if given is None and len(found) > 1:
        _cli.fail(f"which batch? {', '.join(found)}")
    return given or (found[0] if found else "main")


def sources(client: "Client", batch: str | None, ids: list[int] | None) -> "dict[str, list[Project]]":
    """The projects to pull, by batch."""
    from dateline.label_studio import projects

    if ids and batch is None:
        _cli.fail("--project needs the batch that it is for")
    if ids and batch:
        return {batch: [projects.by_id(client, id, batch) for id in ids]}
    found: dict[str, list[Project]] = {}
    for project in projects.ours(client):
        if batch in (None, project.batch):
            found.setdefault(project.batch, []).append(project)
    if not found:
        _cli.fail(f"{client.url} has no project{f' of batch {batch}' if batch else ''}; push makes one")
    return found


def drifts(client: "Client", schema: "Schema", projects: "list[Project]") -> "list[Finding]":
    """How the projects' configs differ from the schema's: printed, and returned."""
    from dateline import drift, push

    found = [f for p in projects for f in drift.findings(push.check_config(client, schema, p), p.title)]
    _cli.show(found, _cli.Format.text)
    return found


def connected(access: "Access") -> "Client":
    """A client for a server that has just been started; fails where the token is not valid there."""
    from dateline.label_studio.client import Client

    client = Client(access)
    client.whoami()
    return client


def push_all(client: "Client", schema: "Schema", annotations: Path, batch: str | None) -> None:
    """Push one batch, or every one (`main` where there is none yet)."""
    from dateline import push, store

    names = [batch] if batch else store.batches(annotations) or ["main"]
    for name in names:
        articles = push.articles_of(annotations, name)
        done = push.push(client, schema, annotations, push.Order(batch=name), articles)
        _cli.show(done.findings, _cli.Format.text)
        for project in done.projects:
            typer.echo(f"{project.title}: {len(articles)} articles, {client.url}/projects/{project.id}/data")


def keep_watch(
    client: "Client",
    schema: "Schema",
    annotations: Path,
    batch: str | None,
    process: "subprocess.Popen[bytes]",
) -> None:
    """Write findings back (`*`: for every batch, None: not at all) for as long as the server runs."""
    from dateline import feedback
    from dateline.authors import Authors
    from dateline.label_studio import projects

    def current() -> "list[Project]":
        if process.poll() is not None:
            _cli.fail(f"Label Studio has ended (exit code {process.returncode})", _cli.ERRORS)
        return [p for p in projects.ours(client) if batch in ("*", p.batch)]

    if batch is None:
        process.wait()
    else:
        feedback.Watch(client, Authors(client, annotations), schema).run(current, typer.echo)
