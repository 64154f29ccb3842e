"""Print, write or compare the list of the licences of all packages of the default install."""

from pathlib import Path
from typing import Annotated

import _cli
import _licences
import typer


def main(
    out: Annotated[Path | None, typer.Option(help="Write the list to this file.")] = None,
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit 1 if it is stale.")] = None,
    lock: Annotated[Path, typer.Option(help="The locked packages.")] = Path("requirements/default.txt"),
) -> None:
    """Print the licences of the locked packages, from what their installed files say. Exit code: 0, 1 stale, 2."""
    try:
        text = _licences.page(_licences.locked(lock))
    except _licences.Unknown as error:
        _cli.fail(str(error))
    _cli.generated(text, out, check, "scripts/licences.py --out")


if __name__ == "__main__":
    _cli.run(main)
