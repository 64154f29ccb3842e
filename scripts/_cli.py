"""What the commands share: options, exit codes, and errors said in one line."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from dateline.schema import Schema

ERRORS, USAGE = 1, 2

SchemaDir = Annotated[Path, typer.Option("--schema", help="The schema's folder.")]
AnnotationsDir = Annotated[Path, typer.Option("--annotations", help="The annotations' folder.")]


def run(function: Callable[..., None]) -> None:
    """Run a script's command. A broken pipe and Ctrl-C end it without a traceback."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(function)
    try:
        app()
    except KeyboardInterrupt:
        fail("interrupted", 130)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(ERRORS) from None


def fail(message: str, code: int = USAGE) -> NoReturn:
    """Say on standard error why it ends here, and end."""
    typer.echo(f"error: {message}", err=True)
    raise SystemExit(code)


def load_schema(folder: Path) -> "Schema":
    """The schema; ends with exit code 2 and the reason where it cannot be used."""
    from dateline import schema

    try:
        return schema.load(folder)
    except schema.SchemaError as error:
        fail(str(error))


def generated(text: str, out: Path | None, check: Path | None, command_line: str) -> None:
    """Print a generated file, write it to `out`, or compare it with `check` (exit 1 if it differs)."""
    from dateline import files

    if check is not None:
        current = check.read_text(encoding="utf-8") if check.is_file() else None
        if current != text:
            fail(f"{check} is stale; make it anew: {command_line} {check}", ERRORS)
    elif out is not None:
        files.write_text(out, text)
    else:
        typer.echo(text, nl=False)
