"""How far annotators agree, layer by layer, and on what they do not."""

import json
import shlex
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _agreement
import _batches
import _cli
import typer

if TYPE_CHECKING:
    from dateline.agreement import Agreement
    from dateline.model import Document
    from dateline.schema import Schema
    from dateline.settings import Settings


class By(StrEnum):
    """What the numbers can be broken down by."""

    type = "type"
    pair = "pair"
    batch = "batch"
    month = "month"


def main(
    batch: Annotated[list[str] | None, typer.Argument(help="Batches; without any, every batch.")] = None,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
    config: _cli.Config = Path("dateline.toml"),
    format_: Annotated[_cli.Format, typer.Option("--format", help="How to print.")] = _cli.Format.text,
    by: Annotated[list[By] | None, typer.Option(help="Break the numbers down; may be given again.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many disagreements to list; 0 for all.")] = 20,
) -> None:
    """Compare annotations of the same articles. Exit code: 0 measured, 2 bad use or unreadable input."""
    from dateline import agreement, settings, sources

    for name in batch or ():
        if not (annotations / name).exists():
            _cli.fail(_batches.missing(name, annotations))
    compiled = _cli.load_schema(schema)
    left_out: list[str] = []
    try:
        wanted = settings.load(config)
        agreement.check_names(wanted.agreement.thresholds, compiled)
        with _cli.progress("compared") as step:
            articles = _articles(batch, annotations, compiled, left_out, step)
            found = _measure(articles, compiled, wanted, limit)
    except (sources.SourceError, settings.SettingsError) as error:
        _cli.fail(str(error))
    findings = agreement.shortfalls(found.rows, wanted.agreement.thresholds)
    if format_ is _cli.Format.json:
        from msgspec import to_builtins

        whole = {**found.as_json(), "left_out": left_out, "findings": to_builtins(findings)}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    if format_ is _cli.Format.text:
        if found.counts["compared"]:
            _agreement.show(found, [which.value for which in by or ()], left_out)
        else:
            _nothing(left_out, [annotations / name for name in batch or ()] or [annotations])
    _cli.show(findings, format_)


def _nothing(left_out: list[str], paths: list[Path]) -> None:
    """Say why nothing was compared: a table would be empty."""
    from dateline.findings import printable

    for name in left_out:
        typer.echo(printable(f"left out, it has errors: {name}"))
    if left_out:
        which = f"make validate ARGS={shlex.quote(shlex.join(map(str, paths)))} says which errors"
        why = f"those with errors are left out, and no article has two others; {which}"
    else:
        why = "no article has annotations by two annotators"
    typer.echo(printable(f"nothing to compare: {why}"))


def _measure(
    articles: "Iterator[list[Document]]", schema: "Schema", wanted: "Settings", limit: int
) -> "Agreement":
    from dateline import agreement
    from dateline.label_studio import access, errors

    try:
        server = access.find().url
    except errors.LabelStudioError:
        server = None  # without one the list has no links
    how = wanted.agreement
    return agreement.measure(
        articles, schema, resamples=how.resamples, seed=how.seed, limit=limit, server=server
    )


def _articles(
    batch: list[str] | None,
    annotations: Path,
    schema: "Schema",
    left_out: list[str],
    step: Callable[[], None],
) -> "Iterator[list[Document]]":
    """The sound annotations of each article; `left_out` takes in those with errors."""
    from dateline import reading

    for item in reading.read([annotations / name for name in batch] if batch else [annotations], schema):
        step()
        sound = [document for document in item.documents if item.sound(document)]
        if item.documents:
            yield sound
        broken = [d.annotation.annotator for d in item.documents if not item.sound(d)]
        left_out += [f"{item.doc_id}, {name}" for name in broken]
        if not item.documents and (errors := [f for f in item.findings if f.severity == "error"]):
            left_out.append(f"{item.file}: {errors[0].message}")


if __name__ == "__main__":
    _cli.run(main)
