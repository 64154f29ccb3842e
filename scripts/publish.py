"""Publish a finished export on the Hugging Face Hub, as it is, in one commit."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    folder: Annotated[Path, typer.Argument(help="A dataset that export.py has written.")],
    repo: Annotated[
        str | None,
        typer.Option(help="The dataset repository, as in NAME or ORGANISATION/NAME; a dry run needs none."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check, list files and sizes, and send nothing.")
    ] = False,
    private: Annotated[bool, typer.Option("--private", help="Only for those whom you let in.")] = False,
) -> None:
    """Check the folder against its manifest and bring it to the Hub. Exit code: 0 published, 1 refused, 2 bad use or no Hub."""
    from dateline import hub, publish
    from dateline.findings import printable

    if repo is None and not dry_run:
        _cli.fail("say where it goes: --repo NAME or ORGANISATION/NAME; or look at it first with --dry-run")
    try:
        release = publish.check(folder)
        for path, size in release.files.items():
            typer.echo(f"{size:>15,}  {printable(path)}")
        typer.echo(f"{sum(release.files.values()):>15,}  bytes in {len(release.files)} files")
        for problem in release.problems:
            typer.echo(printable(f"refused: {problem}"), err=True)
        if release.problems:
            raise SystemExit(_cli.ERRORS)
        if dry_run or repo is None:
            typer.echo(f"dry run: nothing was sent{f' to {repo}' if repo else ''}")
            return
        typer.echo(f"published: {hub.push(release, repo, private)}")
    except publish.PublishError as error:
        _cli.fail(str(error))


if __name__ == "__main__":
    _cli.run(main)
