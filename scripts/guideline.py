"""Print, write or compare the guideline's page on event types."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    schema: _cli.SchemaDir = Path("schema"),
    out: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit 1 if it is stale.")] = None,
) -> None:
    """Print the guideline's page on event types, generated from the schema."""
    from dateline import guideline

    _cli.generated(guideline.page(_cli.load_schema(schema)), out, check, "scripts/guideline.py --out")


if __name__ == "__main__":
    _cli.run(main)
