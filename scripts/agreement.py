"""How far annotators agree, layer by layer, and on what they do not."""

import json
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    from dateline.agreement import Agreement, Row
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
    config: Annotated[Path, typer.Option(help="The project's configuration.")] = Path("dateline.toml"),
    format_: Annotated[_cli.Format, typer.Option("--format", help="How to print.")] = _cli.Format.text,
    by: Annotated[list[By] | None, typer.Option(help="Break the numbers down; may be given again.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many disagreements to list; 0 for all.")] = 20,
) -> None:
    """Compare annotations of the same articles. Exit code: 0 measured, 2 bad use or unreadable input."""
    from dateline import agreement, settings, sources

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
        _print(found, by or [], left_out)
    _cli.show(findings, format_)


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


def _print(found: "Agreement", by: Sequence[By], left_out: list[str]) -> None:
    from dateline.findings import printable

    typer.echo(", ".join(f"{n:,} {name}" for name, n in found.counts.items() if n) or "no annotations")
    for name in left_out:
        typer.echo(printable(f"left out, it has errors: {name}"))
    for head, names in _TABLES:
        typer.echo("\n" + _line(*head))
        for layer in dict.fromkeys(row.layer for row in found.rows if row.measure == names[0]):
            rows = [row for row in found.rows if row.layer == layer]
            typer.echo(_layer(layer, rows, names))
            for which in by:
                for group in dict.fromkeys(row.group for row in rows if row.by == which):
                    typer.echo(_group(group, [r for r in rows if (r.by, r.group) == (which, group)], names))
    _print_time(found)
    _print_disagreements(found)


_TABLES = (
    (("layer", "items", "F1 exact", "overlap", "drawn only", "from scratch"), ("f1_exact", "f1_overlap")),
    (("clusters", "items", "B³ exact", "overlap", "", "from scratch"), ("bcubed_exact", "bcubed_overlap")),
    (("answers", "events", "alpha", "raw", "drawn only", "from scratch"), ("alpha", "raw")),
)


def _line(name: str, n: str, first: str, second: str, drawn: str = "", scratch: str = "") -> str:
    return f"{name:<30}{n:>8}  {first:<22}{second:<22}{drawn:<12}{scratch}".rstrip()


def _layer(layer: str, rows: "list[Row]", names: tuple[str, str]) -> str:
    at = {(r.measure, r.defaults, r.pre_annotated): r for r in rows if not r.by}
    first, second = (at[name, "with", "with"] for name in names)
    drawn, scratch = at.get((names[0], "without", "with")), at[names[0], "with", "without"]
    cells = _value(drawn, short=True) if drawn else "", _value(scratch, short=True)
    return _line(layer, f"{first.n:,}", _value(first), _value(second), *cells)


def _group(group: str, rows: "list[Row]", names: tuple[str, str]) -> str:
    from dateline.findings import printable

    first, second = (next((r for r in rows if r.measure == name), None) for name in names)
    return _line("  " + printable(group), f"{first.n if first else 0:,}", _value(first), _value(second))


def _value(row: "Row | None", short: bool = False) -> str:
    if row is None or row.n == 0:
        return "no data"
    if row.value is None:
        return "undefined"
    interval = "" if short or row.low is None else f" [{row.low:.3f}, {row.high:.3f}]"
    return f"{row.value:.3f}{interval}"


def _print_time(found: "Agreement") -> None:
    from dateline.findings import printable

    timed = [row for row in sorted(found.time, key=lambda row: row[:3]) if row[3] is not None]
    if timed:
        typer.echo(f"\n{'article':<60}{'annotator':<16}minutes")
    for doc_id, _, annotator, seconds in timed:
        typer.echo(printable(f"{doc_id:<60}{annotator:<16}{(seconds or 0) / 60:.1f}"))


def _print_disagreements(found: "Agreement") -> None:
    from dateline.findings import printable

    typer.echo(f"\ndisagreements: {found.total:,}, the worst {len(found.disagreements):,} of them:")
    for d in found.disagreements:
        typer.echo("\n" + printable(f"{d.weight:>3} {d.doc_id}: {d.message}  [{d.layer}]"))
        for reading in d.readings:
            typer.echo(printable(f"      {reading.annotator:<12} {reading.says}"))
            typer.echo(printable(f"      {'':<12} {reading.text}"))
        if d.url:
            typer.echo(f"      open         {d.url}")


if __name__ == "__main__":
    _cli.run(main)
