"""Merge what people did in Label Studio into the files of a batch."""

from pathlib import Path
from typing import Annotated

import _cli
import _server
import typer


def main(
    batch: Annotated[
        str | None, typer.Argument(help="The batch; without it, every batch on the server.")
    ] = None,
    project: Annotated[
        list[int] | None, typer.Option(help="Projects that were made by hand; give the batch, too.")
    ] = None,
    ours: Annotated[bool, typer.Option("--ours", help="Where both sides changed, keep the files'.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Where both sides changed, take the server's.")
    ] = False,
    url: _server.Url = None,
    data: _server.Data = None,
    insecure: _server.Insecure = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Pull annotations; doing it again changes nothing. Exit code: 0, 1 conflicts or other errors, 2 no server."""
    from dateline import findings, merge, people, pull

    if ours and theirs:
        _cli.fail("--ours and --theirs exclude each other")
    side = merge.OURS if ours else merge.THEIRS if theirs else None
    compiled = _cli.load_schema(schema)
    found: list[findings.Finding] = []
    with _server.explained():
        client = _server.client(url, data, insecure)
        for name, sources in _server.sources(client, batch, project).items():
            found += _server.drifts(client, compiled, sources)
            with _cli.progress("pulled") as step:
                done = pull.pull(client, annotations, name, sources, side, step)
            _cli.show(done.findings, _cli.Format.text)
            for line in merge.told(done.changes):
                typer.echo(findings.printable(line))
            for before, now in sorted(done.renamed):
                typer.echo(findings.printable(f"{before} is {now} now, by {annotations / people.FILE}"))
            numbers = {
                "tasks": done.tasks, "annotations": done.annotations, "files changed": len(done.written)
            }  # fmt: skip
            typer.echo(f"{name}: {', '.join(_cli.counted(n, what) for what, n in numbers.items())}")
            found += done.findings
    raise SystemExit(_cli.ERRORS if findings.has_errors(found) else 0)


if __name__ == "__main__":
    _cli.run(main)
