"""Start Label Studio with the project's articles, ready to annotate."""

import signal
from pathlib import Path
from typing import Annotated

import _cli
import _server
import typer


def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8080,
    data: Annotated[
        Path, typer.Option(help="The folder for the database and the account.")
    ] = _server.DEFAULT_DATA,
    batch: Annotated[str | None, typer.Option(help="Push this batch; else every batch.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Make that batch.")] = False,
    no_push: Annotated[bool, typer.Option("--no-push", help="Only start the server.")] = False,
    no_watch: Annotated[bool, typer.Option("--no-watch", help="Do not write findings back.")] = False,
    venv: Annotated[Path, typer.Option(help="Label Studio's own environment.")] = Path(".label-studio/venv"),
    lock: Annotated[Path, typer.Option(help="What is installed there.")] = Path(
        "requirements/label-studio.txt"
    ),
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Start Label Studio on 127.0.0.1, push the articles, write findings back; Ctrl-C stops it all."""
    from dateline import push
    from dateline.label_studio import server

    # Also SIGINT, which a shell has set to be ignored for what runs in its background
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    compiled = _cli.load_schema(schema)
    with _server.explained():
        server.require_free(port, data)
        command = server.environment(venv, lock, typer.echo)
        typer.echo("starting Label Studio (the first time takes a minute) ...")
        with server.running(command, data, port) as running:
            client = _server.connected(running.access)
            if not no_push:
                _server.push_all(client, compiled, annotations, push.Order(batch="", new=new), batch)
            typer.echo(f"log in as {running.email}, the password is in {data / 'server.json'}")
            typer.echo(f"Label Studio: {running.access.url}")
            try:
                _server.keep_watch(
                    client, compiled, annotations, None if no_watch else batch or "*", running.process
                )
            except KeyboardInterrupt:
                typer.echo("stopping Label Studio ...")


if __name__ == "__main__":
    _cli.run(main)
