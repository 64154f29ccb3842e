"""Check any dataset for leaks between its splits."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Dataset folders as on the Hugging Face Hub, or files named by split."),
    ],
    text_column: Annotated[
        str | None, typer.Option(help="The column of the texts, where it is none of the usual.")
    ] = None,
    similarity: Annotated[
        float, typer.Option(min=0.5, max=1, help="From where on two texts are nearly equal.")
    ] = 0.5,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these codes, or beginnings of codes.")] = None,
    format_: Annotated[
        _cli.Format, typer.Option("--format", help="How to print findings.")
    ] = _cli.Format.text,
) -> None:
    """Compare the splits: equal and nearly equal texts, and the same events. Exit code: 0 no leak, 1 leaks, 2 bad use."""
    from dateline import findings, leaks

    try:
        report = leaks.check(paths, text_column, similarity)
    except leaks.LeakError as error:
        _cli.fail(str(error))
    shown = findings.order(findings.select(report.findings, (), _cli.codes(ignore)))
    _cli.show(shown, format_)
    found = sum(f.code in leaks.LEAKS for f in shown)
    if format_ is _cli.Format.text:
        typer.echo(_cli.summary(shown, report.counts))
        typer.echo(f"leaks: {found or 'none was found'}")
    raise SystemExit(_cli.ERRORS if found else 0)


if __name__ == "__main__":
    _cli.run(main)
