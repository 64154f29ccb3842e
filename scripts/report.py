"""A report to look at: one HTML file over an exported dataset or over annotations."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _batches
import _cli
import typer

if TYPE_CHECKING:
    from dateline.report import Material
    from dateline.settings import Settings


def main(
    paths: Annotated[
        list[Path],
        typer.Argument(help="An exported folder (exports/sample), or annotations: batches, files, folders."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it build/reports/NAME.html.")
    ] = None,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
    config: _cli.Config = Path("dateline.toml"),
) -> None:
    """Write the report. It needs no network and no server: open it from disk. Exit code: 0 written, 2 bad use or unreadable input."""
    from dateline import files, report, sources

    wanted = _cli.load_settings(config)
    try:
        with _cli.progress("articles read") as step:
            material = _gather(paths, annotations, schema, wanted, step)
        target = out or Path("build/reports") / f"{files.safe_name(material.name)}.html"
        if any(report.is_export(folder) for folder in target.resolve().parents):
            _cli.fail(
                f"{target} lies in an exported dataset, whose manifest does not know it; choose another place"
            )
        with _cli.progress("articles written") as step:
            target.parent.mkdir(parents=True, exist_ok=True)
            files.write_text(target, report.html(material, wanted.agreement, step))
    except (report.ReportError, files.FileError, sources.SourceError, OSError) as error:
        _cli.fail(str(error))
    typer.echo(f"report: {target} ({len(material.entries):,} articles, {target.stat().st_size / 1e6:.1f} MB)")


def _gather(
    paths: list[Path],
    annotations: Path,
    schema: Path,
    wanted: "Settings",
    step: Callable[[], None],
) -> "Material":
    """The material: of an exported folder, or of annotations; a batch may be given by its name."""
    from dateline import report, store

    if any(report.is_export(path) for path in paths):
        if len(paths) > 1:
            _cli.fail("give one exported folder, or annotations, not both and not several")
        return report.from_export(paths[0], wanted.rules, step)
    found = [
        annotations / path if not path.exists() and (annotations / path).exists() else path for path in paths
    ]
    for path in found:
        if not path.exists() and str(path) != "-":
            _cli.fail(f"{path}: not found; {_batches.missing(str(path), annotations)}")
    name = " and ".join(path.resolve().stem for path in found)
    compiled = _cli.load_schema(schema)
    return report.from_annotations(found, compiled, name, annotations / store.LEDGER, wanted.rules, step)


if __name__ == "__main__":
    _cli.run(main)
