"""What the commands share: options, exit codes, progress, and errors said in one line."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from dateline.findings import Finding
    from dateline.schema import Schema

ERRORS, USAGE = 1, 2

SchemaDir = Annotated[Path, typer.Option("--schema", help="The schema's folder.")]
AnnotationsDir = Annotated[Path, typer.Option("--annotations", help="The annotations' folder.")]


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    github = "github"


def run(function: Callable[..., None]) -> None:
    """Run a script's command. A broken pipe and Ctrl-C end it without a traceback."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(function)
    try:
        app()
    except KeyboardInterrupt:
        fail("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ERRORS) from None


def fail(message: str, code: int = USAGE) -> NoReturn:
    """Say on standard error why it ends here, and end."""
    from dateline.findings import printable

    typer.echo(f"error: {printable(message)}", err=True)
    raise SystemExit(code)


def load_schema(folder: Path) -> "Schema":
    """The schema; ends with exit code 2 and the reason where it cannot be used."""
    from dateline import schema

    try:
        return schema.load(folder)
    except schema.SchemaError as error:
        fail(str(error))


def codes(given: list[str] | None) -> list[str]:
    """Codes given in several options or with commas between; exit code 2 for one that no rule begins with."""
    from dateline.rules import RULES

    found = [code.strip().upper() for part in given or () for code in part.split(",") if code.strip()]
    for code in found:
        if not any(rule.startswith(code) for rule in RULES):
            fail(f"no code begins with {code!r}; a code is a letter and three digits, such as E201")
    return found


def show(findings: "Iterable[Finding]", format_: Format) -> None:
    """Print findings on standard output."""
    from dateline import findings as f

    if format_ is Format.json:
        typer.echo(f.as_json(findings))
        return
    colors = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "info": typer.colors.BLUE}
    colored = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for finding in findings:
        if format_ is Format.github:
            typer.echo(f.as_github(finding))
        else:
            styled = typer.style(finding.code, fg=colors[finding.severity], bold=True)
            text = f.as_text(finding)
            typer.echo(text.replace(finding.code, styled, 1) if colored else text)


def summary(findings: "Iterable[Finding]", counts: Mapping[str, int]) -> str:
    """What was read and what was found, in one line each."""
    from dateline.findings import counts as by_severity

    read = [
        f"{number} {name.removesuffix('s') if number == 1 else name}"
        for name, number in counts.items()
        if number
    ]
    found = [
        f"{number} {name}{'s' * (number != 1 and name != 'info')}"
        for name, number in by_severity(findings).items()
    ]
    return f"read: {', '.join(read) or 'nothing'}\nfound: {', '.join(found)}"


@contextmanager
def progress(what: str) -> Iterator[Callable[[], None]]:
    """A counter on standard error while a terminal is there; yields the function that counts one more."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    columns = SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda: bar.advance(task)


def generated(text: str, out: Path | None, check: Path | None, command_line: str) -> None:
    """Print a generated file, write it to `out`, or compare it with `check` (exit 1 if it differs)."""
    from dateline import files

    if check is not None:
        current = check.read_bytes().decode("utf-8", "replace") if check.is_file() else None
        if current != text:
            fail(f"{check} is stale; make it anew: {command_line} {check}", ERRORS)
    elif out is not None:
        try:
            files.write_text(out, text)
        except files.FileError as error:
            fail(str(error))
    else:
        typer.echo(text, nl=False)
