"""Bring articles, and what was changed in a batch's annotations, to Label Studio."""

from pathlib import Path
from typing import Annotated

import _cli
import _server
import typer


def main(
    batch: Annotated[str | None, typer.Argument(help="The batch; without it, every one.")] = None,
    annotators: Annotated[str, typer.Option(help="A project for each of them: a1,a2.")] = "",
    overlap: Annotated[int, typer.Option(min=1, help="How many people annotate each article.")] = 2,
    records: Annotated[list[Path] | None, typer.Option(help="Records that go along as predictions.")] = None,
    with_annotations: Annotated[
        bool, typer.Option("--with-annotations", help="Send annotations that never were on a server, too.")
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Make the batch, of the articles that no batch has.")
    ] = False,
    update_config: Annotated[
        bool,
        typer.Option("--update-config", help="Bring the labeling config up to date where it loses nothing."),
    ] = False,
    url: _server.Url = None,
    data: _server.Data = None,
    insecure: _server.Insecure = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Bring articles to Label Studio; doing it again changes nothing. Exit code: 0, 1 where something was refused, 2."""
    from dateline import findings, people, push, reading

    compiled = _cli.load_schema(schema)
    with _server.explained():
        given = [d for item in reading.read(records, compiled) for d in item.documents] if records else []
        wanted = push.Order(
            batch=batch or "",
            annotators=tuple(part.strip() for part in annotators.split(",") if part.strip()),
            overlap=overlap,
            records=tuple(given),
            with_annotations=with_annotations,
            update_config=update_config,
            new=new,
        )
        known = people.load(annotations) if wanted.annotators else people.People({})
        if nobody := [name for name in wanted.annotators if known.email_of(name) is None]:
            names = findings.printable(", ".join(nobody))
            map_ = annotations / people.FILE
            typer.echo(
                f"note: {map_} does not say who is {names}: add it before anything is pulled", err=True
            )
        client = _server.client(url, data, insecure)
        found = _server.push_all(client, compiled, annotations, wanted, batch)
    raise SystemExit(_cli.ERRORS if findings.has_errors(found) else 0)


if __name__ == "__main__":
    _cli.run(main)
