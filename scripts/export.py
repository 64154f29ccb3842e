"""Make a Hugging Face dataset of each batch of annotations."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    from dateline.outcome import Outcome


def main(
    batch: Annotated[list[str] | None, typer.Argument(help="Batches; without any, every batch.")] = None,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
    out: Annotated[Path, typer.Option(help="The folder for datasets.")] = Path("exports"),
    name: Annotated[str | None, typer.Option(help="One dataset of this name, of all the batches.")] = None,
    views: Annotated[
        list[str] | None, typer.Option(help="Only these views: documents,events,annotations.")
    ] = None,
    hold_back: Annotated[
        bool, typer.Option("--hold-back", help="Leave out articles with errors and list them.")
    ] = False,
) -> None:
    """Validate, choose, split and write datasets. Exit code: 0 written, 1 errors and nothing written, 2 bad use."""
    from dateline import export, files, sources, store
    from dateline import views as known

    compiled = _cli.load_schema(schema)
    batches = tuple(batch or store.batches(annotations))
    if not batches:
        _cli.fail(
            f"there is no batch in {annotations}: a batch is a folder of tasks beside {store.ARTICLES}/"
        )
    wanted = tuple(v.strip() for part in views or () for v in part.split(",")) or known.NAMES
    ends = [0]
    for dataset, parts in [(name, batches)] if name else [(b, (b,)) for b in batches]:
        plan = export.Plan(annotations, parts, out, dataset, wanted, hold_back)
        try:
            with _cli.progress(f"{dataset}: articles") as step:
                outcome = export.export(plan, compiled, step)
        except (export.ExportError, files.FileError, sources.SourceError) as error:
            _cli.fail(str(error))
        ends.append(_report(dataset, outcome))
    raise SystemExit(max(ends))


def _report(dataset: str, outcome: "Outcome") -> int:
    from dateline.findings import order, printable

    shown = [f for f in order(outcome.findings) if f.severity != "info"]
    _cli.show(shown, _cli.Format.text)
    typer.echo(_cli.summary(outcome.findings, outcome.counts))
    if outcome.path is None:
        hint = "mend the errors, or leave out what they are about with --hold-back"
        typer.echo(f"{dataset}: nothing written; {hint}\n", err=True)
        return _cli.ERRORS
    for held in outcome.held_back:
        typer.echo(printable(f"held back: {held.doc_id}: {held.reason}"))
    typer.echo(f"\n{'view':<14}" + "".join(f"{split:>12}" for split in next(iter(outcome.rows.values()))))
    for view, by_split in outcome.rows.items():
        typer.echo(f"{view:<14}" + "".join(f"{count:>12,}" for count in by_split.values()))
    typer.echo(f"\ndataset: {outcome.path}\n")
    return 0


if __name__ == "__main__":
    _cli.run(main)
