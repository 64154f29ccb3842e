"""Compile inline marks to an annotation, check it, and store it in a batch."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    marked: Annotated[Path, typer.Argument(help="The file with the marked text.")],
    article: Annotated[Path, typer.Option(help="The article that was marked.")],
    annotator: Annotated[str, typer.Option(help="The pseudonym of who marked it.")],
    batch: Annotated[str | None, typer.Option(help="Store the annotation in this batch.")] = None,
    ground_truth: Annotated[bool, typer.Option(help="It is the adjudicated annotation.")] = False,
    from_: Annotated[str, typer.Option("--from", help="The annotators it was adjudicated from: a1,a2.")] = "",
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Compile marks ([words|spec]) over an article's text into an annotation."""
    from dateline import collector, files, findings, inline, marks, store

    compiled_schema = _cli.load_schema(schema)
    try:
        source = marked.read_bytes().decode("utf-8")
        task, reading = marks.annotate(
            source,
            store.read_article(article),
            compiled_schema,
            annotator,
            ground_truth,
            [x for x in from_.split(",") if x],
        )
    except (inline.InlineError, marks.TextDiffers, store.StoreError, UnicodeDecodeError, OSError) as error:
        _cli.fail(f"{marked}: {error}")
    typer.echo(marks.summary(reading.documents[0]))
    for finding in findings.order(reading.findings):
        where = finding if finding.file else collector.replaced(finding, file=str(marked))
        typer.echo(findings.as_text(where))
    if findings.has_errors(reading.findings):
        _cli.fail(f"nothing was stored: mend the errors in {marked} first", _cli.ERRORS)
    if batch is not None:
        try:
            typer.echo(f"stored: {marks.store_annotation(task, annotations, batch)}")
        except (store.StoreError, files.FileError) as error:
            _cli.fail(str(error))


if __name__ == "__main__":
    _cli.run(main)
