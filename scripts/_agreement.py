"""How an agreement is printed: tables of layers, time, and what people disagree on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dateline.agreement import Agreement, Row


def show(found: "Agreement", by: Sequence[str], left_out: Sequence[str]) -> None:
    """Print the tables of an agreement, broken down by `by`, the time it took, and the disagreements."""
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
