"""Check annotations: Label Studio exports and records."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import _cli
import typer

if TYPE_CHECKING:
    from dateline.schema import Schema


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
    where: _cli.EngineAddress = None,
    workers: _cli.Workers = None,
    config: _cli.Config = Path("dateline.toml"),
    explain: Annotated[str | None, typer.Option(help="Tell what a code means, and end.")] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Show what can be mended, as a diff.")] = False,
    write: Annotated[bool, typer.Option("--write", help="With --fix: write what was mended.")] = False,
) -> None:
    """Check Label Studio exports and records. Exit code: 0 no error, 1 errors, 2 bad use or unreadable input."""
    from dateline import engine, findings, sources, validation

    if explain is not None:
        _explain(explain)
    if write and not fix:
        _cli.fail("--write belongs to --fix")
    rules = _cli.load_settings(config).rules
    compiled = _cli.load_schema(schema)
    if fix:
        _fix(paths or ["annotations"], compiled, write)
    machine = _cli.machine(where, workers)
    try:
        with _cli.rate("checked") as step:
            found = validation.validate(
                paths or ["annotations"], compiled, rules, machine, sys.stdin.buffer, step
            )
    except (sources.SourceError, engine.EngineError) as error:
        _cli.fail(str(error))
    shown = findings.order(findings.select(found.findings, _cli.codes(select), _cli.codes(ignore)))
    _cli.show(shown, format_)
    if format_ is _cli.Format.text:
        typer.echo(_cli.summary(shown, found.counts))
    raise SystemExit(_cli.ERRORS if findings.has_errors(shown) else 0)


def _explain(code: str) -> NoReturn:
    from dateline import findings, rulebook

    try:
        text = rulebook.explain(code)
    except rulebook.UnknownCode as error:
        _cli.fail(error.message)
    typer.echo("\n".join(findings.printable(line) for line in text.splitlines()))
    raise SystemExit(0)


def _fix(paths: list[str], schema: "Schema", write: bool) -> NoReturn:
    """Show what can be mended, and with `write` do it. Exit code: 1 where something stays to be written."""
    from dateline import files, fix, sources
    from dateline.findings import printable

    if "-" in paths:
        _cli.fail("standard input cannot be mended: give files")
    mended = 0
    try:
        for found in fix.fix(paths, schema):
            for line in found.diff():
                typer.echo(printable(line))
            for told in (
                *(f"mended: {what}" for what in found.mended),
                *(f"left: {what}" for what in found.left),
            ):
                typer.echo(printable(f"{found.file}: {told}"))
            mended += bool(found.mended) and (not write or found.write())
    except (sources.SourceError, files.FileError) as error:
        _cli.fail(str(error))
    said = "mended" if write else "could be mended; --write does it" if mended else "could be mended"
    typer.echo(f"{mended} file{'s' * (mended != 1)} {said}")
    raise SystemExit(_cli.ERRORS if mended and not write else 0)


if __name__ == "__main__":
    _cli.run(main)
