"""Bring annotations from one version of the schema to the next."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import _cli
import typer


class Form(StrEnum):
    """How the plan is printed."""

    text = "text"
    json = "json"


def main(
    old: Annotated[Path, typer.Argument(help="The schema before: a folder, a dataset, or its schema.json.")],
    new: Annotated[Path, typer.Argument(help="The schema now.")] = Path("schema"),
    annotations: _cli.AnnotationsDir = Path("annotations"),
    moves: Annotated[Path | None, typer.Option(help="What became of names that went away (TOML).")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write it; without this, only say it.")] = False,
    config: _cli.Config = Path("dateline.toml"),
    format_: Annotated[Form, typer.Option("--format", help="How to print the plan.")] = Form.text,
) -> None:
    """Say what a new schema changes, and bring the annotations there. Exit code: 0, 1 something is left, 2 bad use."""
    from dateline import bundle, files, findings
    from dateline.migration import moves as declared
    from dateline.migration import plan, told
    from dateline.schema import SchemaError

    rules = _cli.load_settings(config).rules
    try:
        before, after = bundle.read(old), bundle.read(new)
        given = declared.load(moves, before, after) if moves else declared.Moves()
    except (SchemaError, declared.MovesError) as error:
        _cli.fail(str(error))
    with _cli.progress("tried") as step:
        made = plan.plan(before, after, given, annotations, new, rules, step)
    if format_ is Form.json:
        typer.echo(json.dumps(told.as_json(made), ensure_ascii=False, indent=1))
    else:
        for line in told.lines(made):
            typer.echo(findings.printable(line))
        _cli.show(made.findings, _cli.Format.text)
    if write and not made.wrong_version:
        try:
            written = plan.write(made)
        except files.FileError as error:
            _cli.fail(str(error))
        typer.echo(f"{len(written)} files written", err=format_ is Form.json)
    elif write or format_ is Form.text:
        why = "nothing was written" + (": raise the schema's version first" if write else "; --write does it")
        typer.echo(why, err=format_ is Form.json)
    raise SystemExit(_cli.ERRORS if findings.has_errors(made.findings) else 0)


if __name__ == "__main__":
    _cli.run(main)
