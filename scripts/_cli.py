"""What the commands share: options, exit codes, progress, and errors said in one line."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from dateline.engine import Engine
    from dateline.findings import Finding
    from dateline.schema import Schema
    from dateline.settings import Settings

ERRORS, USAGE = 1, 2
# help and errors without rich, which takes three times as long to import as all else that they need
PLAIN: Any = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}

SchemaDir = Annotated[Path, typer.Option("--schema", help="The schema's folder.")]
AnnotationsDir = Annotated[Path, typer.Option("--annotations", help="The annotations' folder.")]
Config = Annotated[Path, typer.Option("--config", help="The project's configuration.")]
EngineAddress = Annotated[
    str | None, typer.Option("--engine", help="local or dask://HOST:PORT; else DATELINE_ENGINE, else local.")
]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes on this machine; else one a core.")]


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    github = "github"


def run(function: Callable[..., None]) -> None:
    """Run a script's command. A broken pipe and Ctrl-C end it without a traceback."""
    app = typer.Typer(**PLAIN)
    app.command()(function)
    run_app(app)


def run_app(app: typer.Typer) -> None:
    """Run a script that has several commands, in the same way."""
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


def load_settings(path: Path) -> "Settings":
    """The project's configuration; ends with exit code 2 and the reason where it cannot be used."""
    from dateline import settings

    try:
        return settings.load(path)
    except settings.SettingsError as error:
        fail(str(error))


def machine(address: str | None, workers: int | None) -> "Engine":
    """The engine; ends with exit code 2 for one that there is not."""
    from dateline import engine

    try:
        return engine.of(address, workers)
    except engine.EngineError as error:
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
    # errors last, where they are seen: above a hundred warnings nobody finds them
    findings = sorted(findings, key=lambda finding: finding.severity == "error" and format_ is Format.text)
    colors = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "info": typer.colors.BLUE}
    colored = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for finding in findings:
        if format_ is Format.github:
            typer.echo(f.as_github(finding))
        else:
            styled = typer.style(finding.code, fg=colors[finding.severity], bold=True)
            text = f.as_text(finding)
            typer.echo(text.replace(finding.code, styled, 1) if colored else text)


def counted(number: int, what: str) -> str:
    """A number and what there is of it, as in `1 task created`; `what` begins with a plural."""
    noun, space, rest = what.partition(" ")
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}{space}{rest}"


def summary(findings: "Iterable[Finding]", counts: Mapping[str, int]) -> str:
    """What was read and what was found, in one line each."""
    from dateline.findings import counts as by_severity

    read = [counted(number, name) for name, number in counts.items() if number]
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


@contextmanager
def rate(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """A bar on standard error while a terminal is there, with the rate and the time that is left.

    Yields a function that takes how many values were read so far, the bytes just read and those in all.
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    fields = TextColumn("{task.description} {task.fields[seen]:,} ({task.fields[speed]:,.0f}/s)")
    columns = fields, BarColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, seen=0, speed=0.0)

        def step(seen: int, size: int, total: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            bar.update(task, total=total, advance=size, seen=seen, speed=seen / elapsed if elapsed else 0.0)

        yield step


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
