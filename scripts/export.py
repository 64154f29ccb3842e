"""Make a Hugging Face dataset of each batch of annotations."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    from dateline.outcome import Outcome
    from dateline.settings import SplitSettings


class Split(StrEnum):
    """The schemes that articles can be placed by."""

    hash = "hash"
    time = "time"
    given = "given"


class Text(StrEnum):
    """Whether the words of the articles are in the dataset."""

    keep = "keep"
    omit = "omit"


def main(
    batch: Annotated[list[str] | None, typer.Argument(help="Batches; without any, every batch.")] = None,
    annotations: Annotated[
        str, typer.Option(help="The annotations' folder, or a URL: s3://bucket/…")
    ] = "annotations",
    schema: _cli.SchemaDir = Path("schema"),
    out: Annotated[str, typer.Option(help="The folder for datasets, or a URL.")] = "exports",
    name: Annotated[str | None, typer.Option(help="One dataset of this name, of all the batches.")] = None,
    views: Annotated[list[str] | None, typer.Option(help="Only these views, as in documents,events.")] = None,
    text: Annotated[
        Text, typer.Option(help="omit: without the words of the articles, to be put back by rehydrate.py.")
    ] = Text.keep,
    hold_back: Annotated[
        bool, typer.Option("--hold-back", help="Leave out articles with errors and list them.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from what an interrupted run has finished.")
    ] = False,
    where: _cli.EngineAddress = None,
    workers: _cli.Workers = None,
    config: Annotated[Path, typer.Option(help="The project's configuration.")] = Path("dateline.toml"),
    split: Annotated[
        Split | None, typer.Option(help="How new articles are placed; what has a split keeps it.")
    ] = None,
    test_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that test begins, for time.")
    ] = None,
    validation_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that validation begins, for time.")
    ] = None,
    split_file: Annotated[
        Path | None, typer.Option(help="A CSV file with doc_id and split, for given.")
    ] = None,
) -> None:
    """Validate, choose, split and write datasets. Exit code: 0 written, 1 errors and nothing written, 2 bad use."""
    from dateline import engine, export, files, sources, store
    from dateline import views as known

    compiled = _cli.load_schema(schema)
    home, target, there = _places(annotations, out)
    batches = tuple(batch or there)
    if not batch:
        _tell_of_loose(home)
    if not batches:
        _cli.fail(
            f"there is no batch in {annotations}: a batch is a folder of tasks beside {store.ARTICLES}/"
        )
    settings = _cli.load_settings(config)
    division = _division(config, split, test_from, validation_from, split_file)
    machine = _cli.machine(where, workers)
    wanted = tuple(v.strip() for part in views or () for v in part.split(",")) or known.NAMES
    ends = [0]
    for dataset, parts in [(name, batches)] if name else [(b, (b,)) for b in batches]:
        plan = export.Plan(
            home,
            parts,
            target,
            dataset,
            wanted,
            hold_back,
            division,
            settings.rules,
            text.value,
            resume,
            settings.dataset,
        )
        try:
            with _cli.rate(f"{dataset}: articles") as step:
                outcome = export.export(plan, compiled, step, machine)
        except (export.ExportError, engine.EngineError, files.FileError, sources.SourceError) as error:
            _cli.fail(str(error))
        except KeyboardInterrupt:
            _cli.fail("interrupted; what is finished is kept, and --resume goes on from there", 130)
        ends.append(_report(dataset, outcome, [view for view in wanted if view not in outcome.rows]))
    raise SystemExit(max(ends))


def _places(annotations: str, out: str) -> tuple[Path, Path, list[str]]:
    """The two places, on this machine or behind URLs, and the batches of the first."""
    from dateline import storage, store

    try:
        home = storage.place(annotations)
        return home, storage.place(out), store.batches(home)
    except OSError as error:
        _cli.fail(f"{error.filename or annotations}: {error.strerror or error}")


def _tell_of_loose(home: Path) -> None:
    """Say which files no dataset has, since they lie beside the batches."""
    from dateline import findings, sources, storage

    for path in [] if storage.is_url(home) or not home.is_dir() else sources.loose(home):
        said = f"note: {path} stands in no batch, and no dataset has it: move it into a folder of its batch"
        typer.echo(findings.printable(said), err=True)


def _division(
    config: Path, split: Split | None, test: datetime | None, validation: datetime | None, file: Path | None
) -> "SplitSettings":
    """`[splits]` of the configuration with what the options say instead."""
    from msgspec.structs import replace

    from dateline import settings

    given: dict[str, str | date] = {"strategy": split.value} if split else {}
    days = {"test_from": test, "validation_from": validation}
    given |= {name: day.date() for name, day in days.items() if day} | ({"file": str(file)} if file else {})
    try:
        wanted = replace(settings.load(config).splits, **given)
    except settings.SettingsError as error:
        _cli.fail(str(error))
    belongs = {"test_from": "time", "validation_from": "time", "file": "given"}
    if stray := [name for name in given if belongs.get(name, wanted.strategy) != wanted.strategy]:
        option = "--split-file" if stray[0] == "file" else f"--{stray[0].replace('_', '-')}"
        _cli.fail(f"{option} belongs to --split {belongs[stray[0]]}, and the split is {wanted.strategy}")
    return wanted


def _report(dataset: str, outcome: "Outcome", left_out: list[str]) -> int:
    from dateline import loss_report
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
    typer.echo(f"articles: {', '.join(f'{n} {state}' for state, n in outcome.standing.items())}")
    typer.echo(f"\n{'view':<14}" + "".join(f"{split:>12}" for split in next(iter(outcome.rows.values()))))
    for view, by_split in outcome.rows.items():
        typer.echo(f"{view:<14}" + "".join(f"{count:>12,}" for count in by_split.values()))
    if left_out:
        typer.echo(f"\nleft out, for there is nothing in them but words: {', '.join(left_out)}")
    if totals := loss_report.totals(outcome.losses):
        said = ", ".join(f"{view} {count:,}" for view, count in totals.items())
        typer.echo(f"\nnot in a view: {said} (each is listed in {loss_report.NAME})")
    typer.echo(f"\ndataset: {outcome.path}\n")
    return 0


if __name__ == "__main__":
    _cli.run(main)
