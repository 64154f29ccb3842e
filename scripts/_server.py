"""What the commands that talk to Label Studio share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
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
    from dateline.push import Order
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


def client(url: str | None, data: Path | None, insecure: bool, is_starting: bool = False) -> "Client":
    """The server that the options, the environment, `.env` or the local server's state name."""
    from dateline.label_studio import access
    from dateline.label_studio.client import Client

    found = access.find(url, data=data, default_data=DEFAULT_DATA, insecure=insecure)
    return Client(found, is_starting=is_starting)


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


def push_all(
    client: "Client",
    schema: "Schema",
    annotations: Path,
    wanted: "Order",
    batch: str | None,
) -> "list[Finding]":
    """Push a batch, or every one; says what was done, and returns the findings, which it has printed."""
    from dateline import push

    findings: list[Finding] = []
    there = push.listing(client, annotations, batch)
    planned = push.plan(annotations, batch, there)
    if batch is not None:
        push.check_known(annotations, replace(wanted, batch=batch), there, len(planned[batch]))
    for name, articles in planned.items():
        with _cli.progress(f"pushed to {name}") as step:
            done = push.push(client, schema, annotations, replace(wanted, batch=name), articles, step)
        _cli.show(done.findings, _cli.Format.text)
        counts = ", ".join(_cli.counted(number, what) for what, number in sorted(done.counts.items()))
        for project in done.projects:
            typer.echo(f"{project.title}: {client.url}/projects/{project.id}/data")
        typer.echo(f"{name}: {counts or 'nothing to push'}")
        findings += done.findings
    return findings


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
        rules = _cli.load_settings(Path("dateline.toml")).rules
        feedback.Watch(client, Authors(client, annotations), schema, rules).run(current, typer.echo)
