"""How scores are printed: a table of measures, F1 by type and by article, and two systems side by side."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import _cli
import typer

if TYPE_CHECKING:
    from dateline.score import Difference, Score, Scores


def show(scores: "Scores", documents: int) -> None:
    """Print the tables of a system, and of so many articles, the worst first."""
    typer.echo(", ".join(f"{n:,} {name}" for name, n in scores.counts.items() if n))
    how = ["exact", *["by mention"] * (scores.mode == "mention"), *["coreference"] * scores.coreference]
    _table(", ".join(how), scores.table)
    _table("spans that overlap", scores.overlap)
    _f1_by("F1 by type", scores.by_type)
    if documents:
        _f1_by("F1 by article, the worst first", scores.worst(documents))
    if scores.findings:
        typer.echo("")
    _cli.show(scores.findings, _cli.Format.text)


def show_against(other: "Scores", differences: "Mapping[str, Difference]") -> None:
    """Print how far the other system is behind or ahead."""
    typer.echo(f"\n{'against the other':<30}{'its F1':>11}{'difference':>11}   95 % interval        p")
    for name, one in differences.items():
        interval = "–" if one.low is None else f"[{one.low:+.3f}, {one.high:+.3f}]"
        gap = "–" if one.difference is None else f"{one.difference:+.3f}"
        p = "–" if one.p is None else f"{one.p:.3f}"
        typer.echo(f"{name:<30}{_share(other[name].f1):>11}{gap:>11}   {interval:<19}{p:>6}")
    _cli.show(other.findings, _cli.Format.text)


def _table(title: str, table: "Mapping[str, Score]") -> None:
    from dateline.findings import printable

    columns = "".join(f"{name:>11}" for name in ("precision", "recall", "F1", "right", "predicted", "gold"))
    typer.echo(f"\n{printable(title):<30}{columns}")
    for name, one in table.items():
        shares = "".join(f"{_share(value):>11}" for value in (one.precision, one.recall, one.f1))
        typer.echo(f"{name:<30}{shares}{one.right:>11,}{one.predicted:>11,}{one.gold:>11,}")


def _f1_by(title: str, tables: "Mapping[str, Mapping[str, Score]]") -> None:
    from dateline.findings import printable

    names = ("TC", "AI", "AC", "AI+", "AC+")
    typer.echo(f"\n{title:<50}" + "".join(f"{name:>8}" for name in names))
    for name, table in tables.items():
        typer.echo(f"{printable(name):<50}" + "".join(f"{_share(table[one].f1):>8}" for one in names))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
