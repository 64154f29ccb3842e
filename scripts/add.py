"""Take articles into the annotations folder."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    paths: Annotated[
        list[Path], typer.Argument(help="Text files (.txt, named by their id) or JSON with text and fields.")
    ],
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it stands.")] = None,
    published_at: Annotated[str | None, typer.Option(help="When: 2025-11-30.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47 code of the language: en.")] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help="SPDX licence of the text [NOASSERTION].")
    ] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="It was written for the dataset.")] = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
) -> None:
    """Add articles to annotations/articles/; options hold where an article does not say otherwise."""
    from dateline import articles, files, sources, store

    common = {
        "title": title,
        "publisher": publisher,
        "url": url,
        "published_at": published_at,
        "language": language,
        "license": license_,
        "synthetic": synthetic or None,
    }
    new = 0
    try:
        found = [article for path in paths for article in articles.read(path, common)]
        for article in found:
            new += articles.add(annotations, article)
    except (articles.ArticleError, sources.SourceError, store.StoreError, files.FileError) as error:
        _cli.fail(str(error))
    typer.echo(f"{len(found)} articles read, {new} written to {annotations / store.ARTICLES}")


if __name__ == "__main__":
    _cli.run(main)
