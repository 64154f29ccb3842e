"""Write or compare the guideline's pages: those that the schema gives, and the excerpts in the others."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    folder: Annotated[Path, typer.Argument(help="The guideline's folder.")] = Path("docs/guideline"),
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit 1 for stale pages.")] = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Make the guideline from the schema, and fill in excerpts from the annotated articles."""
    from dateline import files, guideline

    try:
        wanted = guideline.pages(_cli.load_schema(schema), folder, annotations)
    except guideline.GuidelineError as error:
        _cli.fail(f"{folder}/{error}")
    differing, left = guideline.stale(wanted, folder)
    if check:
        if differing or left:
            names = ", ".join(str(folder / name) for name in [*differing, *left])
            _cli.fail(f"stale: {names}; make it anew: scripts/guideline.py {folder}", _cli.ERRORS)
        return
    try:
        for name in differing:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            files.write_text(folder / name, wanted[name])
        for name in left:
            (folder / name).unlink()
    except (files.FileError, OSError) as error:
        _cli.fail(str(error))
    typer.echo(f"{len(wanted)} pages, {len(differing)} written, {len(left)} removed: {folder}")


if __name__ == "__main__":
    _cli.run(main)
