"""Score predicted events against gold, and one system against another."""

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import _cli
import _score
import typer

if TYPE_CHECKING:
    from dateline.score import Difference, Scores, Value


class Form(StrEnum):
    """How the scores are printed."""

    text = "text"
    json = "json"


class Mode(StrEnum):
    """What an event is."""

    event = "event"
    mention = "mention"


def main(
    gold: Annotated[str, typer.Argument(help="Records, a Parquet file of events, or an exported folder.")],
    predictions: Annotated[str, typer.Argument(help="The same, or JSON lines of strings; - is stdin.")],
    against: Annotated[str | None, typer.Option(help="Another system's predictions, to compare.")] = None,
    split: Annotated[str | None, typer.Option(help="The split of exported folders; else all.")] = None,
    config: Annotated[str | None, typer.Option(help="The view of exported folders; else documents.")] = None,
    mode: Annotated[Mode, typer.Option(help="Score events, or each mention of one alone.")] = Mode.event,
    coreference: Annotated[bool, typer.Option(help="Any mention of the gold entity is right.")] = False,
    ignore_extra: Annotated[bool, typer.Option(help="Leave out articles that gold does not have.")] = False,
    resamples: Annotated[int, typer.Option(min=1, max=100_000, help="How often --against draws.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="What --against draws.")] = 0,
    documents: Annotated[int, typer.Option(min=0, help="List so many articles, the worst first.")] = 0,
    format_: Annotated[Form, typer.Option("--format", help="How to print.")] = Form.text,
) -> None:
    """Score predictions. Exit code: 0 scored, 2 bad use, unreadable input, or gold that cannot be used."""
    from dateline import score, sources

    def scored(path: str) -> "Scores":
        return score.score(
            known,
            _load(path, split, config),
            mode=mode.value,
            coreference=coreference,
            ignore_extra=ignore_extra,
        )

    try:
        known = _load(gold, split, config)
        first, second = scored(predictions), scored(against) if against is not None else None
    except (sources.SourceError, score.UnusableError) as error:
        _cli.fail(str(error))
    differences = score.compare(first, second, resamples=resamples, seed=seed) if second else {}
    if format_ is Form.json:
        typer.echo(json.dumps(_plain(first, second, differences), ensure_ascii=False, indent=1))
        return
    _score.show(first, documents)
    if second:
        _score.show_against(second, differences)


def _load(path: str, split: str | None, config: str | None) -> "list[Value]":
    """All values below a path; ends with exit code 2 where there is none that can be read."""
    from dateline import score

    given = list(score.load(path, split, config, sys.stdin.buffer))
    if not any(isinstance(value, score.Given) for value in given):
        why = next(
            (f"line {f.line or 1}: {f.message}" for f in given if not isinstance(f, score.Given)), "empty"
        )
        _cli.fail(f"{path}: nothing in it can be read ({why})")
    return list(given)


def _plain(
    first: "Scores", second: "Scores | None", differences: "Mapping[str, Difference]"
) -> dict[str, object]:
    if second is None:
        return first.as_json()
    compared = {measure: one._asdict() for measure, one in differences.items()}
    return {**first.as_json(), "against": second.as_json(), "difference": compared}


if __name__ == "__main__":
    _cli.run(main)
