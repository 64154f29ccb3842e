"""Print, write or compare the page of all rules."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    out: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit 1 if it is stale.")] = None,
) -> None:
    """Print the page of all rules, generated from the rules' own titles, reasons and examples."""
    from dateline import rulebook

    _cli.generated(rulebook.page(), out, check, "scripts/rules.py --out")


if __name__ == "__main__":
    _cli.run(main)
