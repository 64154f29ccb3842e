"""Measure validation and export, and what people use today, on corpora of any size."""

from pathlib import Path
from typing import Annotated

import _cli
import typer


def main(
    sizes: Annotated[str, typer.Option(help="Articles: 1000,10000.")] = "1000,10000,100000",
    cases: Annotated[str | None, typer.Option(help="Only these cases, with commas between.")] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each case; the median counts.")] = 3,
    repeats_up_to: Annotated[
        int, typer.Option(help="So many articles at most for that; larger sizes run once.")
    ] = 10_000,
    peers_up_to: Annotated[
        int, typer.Option(help="So many articles at most for peers; some hold everything in memory.")
    ] = 10_000,
    format_: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    report: Annotated[
        Path | None, typer.Option(help="Write the results into this page, and the plot beside it.")
    ] = None,
    work: Annotated[Path, typer.Option(help="Where corpora are kept and cases run.")] = Path("build/bench"),
    schema: _cli.SchemaDir = Path("schema"),
    config: Annotated[Path, typer.Option(help="The labeling config.")] = Path("annotations/label_config.xml"),
) -> None:
    """Run every case as a process of its own, in turns, and print medians. Exit code: 0, 1 where a case failed, 2."""
    from _bench import report as reports
    from _bench.cases import BY_NAME, CASES
    from _bench.runs import Bench, BenchError

    if format_ not in ("text", "json"):
        _cli.fail(f"there is no format {format_!r} (there is: text, json)")
    chosen = (
        [part.strip() for part in cases.split(",")] if cases else [c.name for c in CASES if not c.on_demand]
    )
    for name in chosen:
        if name not in BY_NAME:
            _cli.fail(f"there is no case {name!r} (there is: {', '.join(BY_NAME)})")
    bench = Bench(
        _sizes(sizes),
        tuple(BY_NAME[n] for n in chosen),
        repeats,
        work.resolve(),  # cases run in folders of their own
        schema,
        config,
        peers_up_to=peers_up_to,
        repeats_up_to=repeats_up_to,
    )
    _cli.load_schema(schema)
    if report is not None and not reports.takes(report):
        _cli.fail(f"{report} has no place for results: see docs/benchmark.md")
    try:
        results = list(bench.run(lambda line: typer.echo(line, err=True)))
    except BenchError as error:
        typer.echo(error.output, err=True)
        _cli.fail(str(error), _cli.ERRORS)
    typer.echo(reports.as_json(results) if format_ == "json" else reports.as_text(results, bench))
    if report is not None:
        reports.write(report, results, bench)


def _sizes(given: str) -> tuple[int, ...]:
    try:
        found = tuple(int(part.replace("_", "")) for part in given.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        _cli.fail(f"--sizes takes numbers with commas between, not {given!r}")
    return found


if __name__ == "__main__":
    _cli.run(main)
