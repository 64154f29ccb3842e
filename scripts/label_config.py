"""Print, write or compare the labeling config that the schema gives."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    schema: _cli.SchemaDir = Path("schema"),
    out: Annotated[Path | None, typer.Option(help="Write the config to this file.")] = None,
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit 1 if it is stale.")] = None,
) -> None:
    """Print the Label Studio labeling config generated from the schema."""
    from dateline.label_studio import config

    _cli.generated(config.xml(_cli.load_schema(schema)), out, check, "scripts/label_config.py --out")


if __name__ == "__main__":
    _cli.run(main)
