"""Tell annotators how their work was read, while they work."""

from pathlib import Path
from typing import Annotated

import _cli
import _server
import typer


def main(
    batch: Annotated[
        str | None, typer.Argument(help="The batch; without it, every one on the server.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Go through all tasks once, and end.")] = False,
    url: _server.Url = None,
    data: _server.Data = None,
    insecure: _server.Insecure = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
    config: _cli.Config = Path("dateline.toml"),
) -> None:
    """Write into each task how it was read and what was found, within seconds of each submission; Ctrl-C ends it."""
    from dateline import feedback
    from dateline.authors import Authors
    from dateline.label_studio import projects

    compiled = _cli.load_schema(schema)
    rules = _cli.load_settings(config).rules
    with _server.explained():
        client = _server.client(url, data, insecure, is_starting=not once)
        authors = Authors(client, annotations)
        if once:
            sources = [p for group in _server.sources(client, batch, None).values() for p in group]
            with _cli.progress("read") as step:
                changed = sum(feedback.refresh(client, p, authors, compiled, step, rules) for p in sources)
            typer.echo(_cli.counted(changed, "tasks with new feedback"))
            return
        typer.echo(f"watching {client.url}")

        def current() -> list[projects.Project]:
            return [p for p in projects.ours(client) if batch in (None, p.batch)]

        feedback.Watch(client, authors, compiled, rules).run(current, typer.echo)


if __name__ == "__main__":
    _cli.run(main)
