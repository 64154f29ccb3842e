"""Check annotations: Label Studio exports and records."""

import sys
from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files and folders, - for standard input; without any, the folder annotations."),
    ] = None,
    schema: _cli.SchemaDir = Path("schema"),
    format_: Annotated[
        _cli.Format, typer.Option("--format", help="How to print findings.")
    ] = _cli.Format.text,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these codes, or beginnings of codes: E2,W4.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these codes, or beginnings of codes.")] = None,
) -> None:
    """Check Label Studio exports and records. Exit code: 0 no error, 1 errors, 2 bad use or unreadable input."""
    from collections import Counter

    from dateline import findings, reading, sources

    compiled = _cli.load_schema(schema)
    counts: Counter[str] = Counter()
    found: list[findings.Finding] = []
    try:
        with _cli.progress("checked") as step:
            for item in reading.read(paths or ["annotations"], compiled, sys.stdin.buffer):
                counts.update(item.counts)
                found += item.findings
                step()
    except sources.SourceError as error:
        _cli.fail(str(error))
    shown = findings.order(findings.select(found, _cli.codes(select), _cli.codes(ignore)))
    _cli.show(shown, format_)
    if format_ is _cli.Format.text:
        typer.echo(_cli.summary(shown, counts))
    raise SystemExit(_cli.ERRORS if findings.has_errors(shown) else 0)


if __name__ == "__main__":
    _cli.run(main)
