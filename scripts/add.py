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
    from dateline import articles, files, findings, sources, store

    common = {
        "title": title,
        "publisher": publisher,
        "url": url,
        "published_at": published_at,
        "language": language,
        "license": license_,
        "synthetic": synthetic or None,
    }
    new, lacks = 0, False
    try:
        found = [article for path in paths for article in articles.read(path, common)]
        for article in found:
            written = articles.add(annotations, article)
            missing = articles.not_given(article)
            said = (
                f"{'written' if written else 'as it was'}{', without ' * bool(missing)}{', '.join(missing)}"
            )
            typer.echo(findings.printable(f"{store.article_path(annotations, article.doc_id)}: {said}"))
            new, lacks = new + written, lacks or bool(missing)
    except (articles.ArticleError, sources.SourceError, store.StoreError, files.FileError) as error:
        _cli.fail(str(error))
    if lacks:
        typer.echo(
            "what is missing can be said later: add the article again, with --title, --license and so on"
        )
    typer.echo(
        f"{_cli.counted(len(found), 'articles read')}, {new} written to {annotations / store.ARTICLES}"
    )
    typer.echo("make push brings articles to a running Label Studio; make annotate does when it starts one")


if __name__ == "__main__":
    _cli.run(main)
