"""Put the words of the articles back into a dataset that was exported without them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    from dateline.rehydrate import Result

SHOWN = 20  # articles without a copy that are named


def main(
    folder: Annotated[Path, typer.Argument(help="A dataset that was exported with --text omit.")],
    articles: Annotated[
        list[Path],
        typer.Option(help="Your copies: JSON, JSONL or .txt files, or folders of them; may be given again."),
    ],
    out: Annotated[Path | None, typer.Option(help="Where to write; without it FOLDER-with-text.")] = None,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Write also where copies are missing; the rest can follow later."),
    ] = False,
) -> None:
    """Prove every copy by its SHA-256 and put its words back. Exit code: 0 written whole, 1 copies are missing, 2 bad use."""
    from dateline import files, rehydrate, sources

    target = out or folder.with_name(f"{folder.resolve().name}-with-text")
    try:
        with _cli.progress("copies") as step:
            result = rehydrate.rehydrate(folder, articles, target, partial, step)
    except (rehydrate.RehydrateError, files.FileError, sources.SourceError) as error:
        _cli.fail(str(error))
    raise SystemExit(_report(result))


def _report(result: "Result") -> int:
    from dateline.findings import printable

    _cli.show(result.unread, _cli.Format.text)
    for doc_id, reason in list(result.missing.items())[:SHOWN]:
        typer.echo(printable(f"{doc_id}: {reason}"))
    if len(result.missing) > SHOWN:
        typer.echo(f"and {len(result.missing) - SHOWN:,} more")
    typer.echo(f"copies: {result.articles - len(result.missing):,} of {result.articles:,} articles proven")
    if result.path is None:
        typer.echo("nothing written; give the missing copies, or write the rest with --partial", err=True)
        return _cli.ERRORS
    typer.echo(f"dataset: {result.path}")
    return _cli.ERRORS if result.missing else 0


if __name__ == "__main__":
    _cli.run(main)
