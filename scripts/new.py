"""Make an empty dataset project with event types of its own."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is the project's.")],
    types: Annotated[list[str] | None, typer.Argument(help="The event types: wildfire evacuation.")] = None,
    toolkit: Annotated[Path, typer.Option(help="The checkout that the project will work with.")] = Path(),
) -> None:
    """Make a dataset project in a folder of its own. A type that the toolkit has is copied, any other is a template."""
    from dateline import files, project
    from dateline.schema import SchemaError

    try:
        made = project.create(project.Order(folder, tuple(types or ("example_event",)), toolkit))
    except (project.ProjectError, files.FileError, SchemaError) as error:
        _cli.fail(str(error))
    for name in made:
        typer.echo(f"  {name}")
    typer.echo(
        f"{folder}: {len(made)} files. Go on with its README.md; make -C {folder} help lists what there is."
    )


if __name__ == "__main__":
    _cli.run(main)
