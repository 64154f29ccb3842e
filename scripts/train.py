"""Train a model on an exported dataset and score it beside looking words up."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import typer

if TYPE_CHECKING:
    from dateline.train import Outcome


def main(
    data: Annotated[Path, typer.Option(help="An exported folder, such as exports/sample.")],
    model: Annotated[
        str, typer.Option(help="A folder, a name on the Hub, or small: one made for the CPU.")
    ] = "small",
    out: Annotated[
        Path | None, typer.Option(help="Where the model goes; without it, models/NAME-OF-DATA.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides about new weights, order and dropout.")] = 13,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often the data is gone through.")] = None,
    rate: Annotated[float | None, typer.Option(min=0, help="The highest learning rate.")] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="How many windows are learnt from at once.")
    ] = None,
    context: Annotated[
        int | None, typer.Option(min=0, help="Tokens beside a trigger that are read for its arguments.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, mps, or auto.")] = "auto",
) -> None:
    """Train taggers of triggers and of arguments. Exit code: 0 trained, 2 bad use or unreadable input."""
    from dateline import files, train
    from dateline.findings import printable

    target = out or Path("models") / data.resolve().name
    plan = train.Plan(data, model, target, seed, epochs, rate, batch, context, device)
    try:
        outcome = train.train(plan, lambda line: typer.echo(printable(line), err=True))
    except (train.TrainError, files.FileError) as error:
        _cli.fail(str(error))
    _report(outcome)


def _report(outcome: "Outcome") -> None:
    from dateline.findings import printable
    from dateline.train import SIX, SYSTEMS, shown

    for split, systems in outcome.scores.items():
        n = systems["model"].counts["gold documents"]
        head = f"{split}, {n} article{'s' * (n != 1)}"
        typer.echo(f"\n{head:<28}" + "".join(f"{measure:>8}" for measure in SIX))
        for system in SYSTEMS:
            typer.echo(f"  {system:<26}" + "".join(f"{shown(v):>8}" for v in outcome.f1(split, system)))
    for view, cut in outcome.cut.items():
        said = f"{cut.windowed:,} of {cut.rows:,} rows in several windows, {cut.wordless:,} words without a piece"
        typer.echo(("\n" if view == "triggers" else "") + f"{view}: {said}")
    typer.echo(f"\nF1; ceiling is gold through the same views. {outcome.verdict}")
    typer.echo(f"\nmodel: {printable(str(outcome.plan.out))}")
    typer.echo(f"more of its scores: {printable(_score(outcome))}\n")


def _score(outcome: "Outcome") -> str:
    """The command that scores it beside the lexicon, on the articles that tell most."""
    from dateline.train import PREDICTIONS

    split = outcome.unseen or "train"
    made = outcome.plan.out / PREDICTIONS
    given = [outcome.plan.data, made / f"{split}.jsonl", "--against", made / f"lexicon-{split}.jsonl"]
    words = shlex.join([*map(str, given), "--split", split])
    return f'make score ARGS="{words}"'


if __name__ == "__main__":
    _cli.run(main)
