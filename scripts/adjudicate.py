"""Make one ground truth of several annotations: merge what agrees, bring the rest to a review and home again."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import _cli
import _server
import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline.adjudication import Policy
    from dateline.findings import Finding

app = typer.Typer(
    help="Settle where annotators differ.",
    no_args_is_help=True,
    **_cli.PLAIN,
)
Batch = Annotated[str, typer.Argument(help="The batch.")]
PolicyText = Annotated[
    str, typer.Option("--policy", help="unanimous, majority (three annotations or more) or 'prefer NAME'.")
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Make ground truth anew that a person decided, too.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing, show what would be written.")]


@app.command()
def merge(
    batch: Batch,
    policy: PolicyText = "unanimous",
    replace: Replace = False,
    dry_run: DryRun = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Write ground truth where nothing is left to decide, list the rest. Exit code: 0, 1 errors, 2 bad use."""
    from dateline import adjudication
    from dateline.findings import printable

    compiled, chosen = _cli.load_schema(schema), _policy(policy)
    with _server.explained(), _cli.progress("merged") as step:
        done = adjudication.merge(
            annotations, batch, compiled, chosen, replace=replace, dry_run=dry_run, tick=step
        )
    for line in done.told():
        typer.echo(printable(line))
    _left_out(len(done.left_out), annotations / batch)
    typer.echo(_counts(f"{batch}, {chosen}", done.counts, "no article"))
    _written(done.written, done.items, dry_run)
    _end(done.findings)


@app.command()
def push(
    batch: Batch,
    policy: PolicyText = "unanimous",
    names: Annotated[bool, typer.Option("--names", help="Show who is behind each reading.")] = False,
    replace: Replace = False,
    url: _server.Url = None,
    data: _server.Data = None,
    insecure: _server.Insecure = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Bring what is left to decide to a review project; doing it again changes nothing. Exit code: 0, 1, 2."""
    from dateline import adjudication

    compiled, chosen = _cli.load_schema(schema), _policy(policy)
    with _server.explained(), _cli.progress("read") as step:
        client = _server.client(url, data, insecure)
        done = adjudication.push(
            client, annotations, batch, compiled, chosen, names=names, replace=replace, tick=step
        )
    if done.project is not None:
        typer.echo(f"{done.project.title}: {client.url}/projects/{done.project.id}/data")
    typer.echo(
        _counts(
            f"{batch}, {done.conflicts} conflict{'s' * (done.conflicts != 1)}",
            done.counts,
            "nothing to review",
        )
    )
    _left_out(len(done.left_out), annotations / batch)
    _end(done.findings)


@app.command()
def pull(
    batch: Batch,
    replace: Replace = False,
    dry_run: DryRun = False,
    url: _server.Url = None,
    data: _server.Data = None,
    insecure: _server.Insecure = False,
    annotations: _cli.AnnotationsDir = Path("annotations"),
    schema: _cli.SchemaDir = Path("schema"),
) -> None:
    """Bring decisions home as ground truth; doing it again changes nothing. Exit code: 0, 1 errors, 2 no server."""
    from dateline import adjudication

    compiled = _cli.load_schema(schema)
    with _server.explained(), _cli.progress("pulled") as step:
        client = _server.client(url, data, insecure)
        done = adjudication.pull(
            client, annotations, batch, compiled, replace=replace, dry_run=dry_run, tick=step
        )
    typer.echo(_counts(batch, done.counts, "no task"))
    _written(done.written, done.items, dry_run)
    _end(done.findings)


def _policy(text: str) -> "Policy":
    from dateline import adjudication

    try:
        return adjudication.parse(text)
    except ValueError as error:
        _cli.fail(str(error))


def _counts(what: str, counts: "Mapping[str, int]", nothing: str) -> str:
    return f"{what}: {', '.join(f'{n} {state}' for state, n in sorted(counts.items())) or nothing}"


def _left_out(articles: int, folder: Path) -> None:
    """Say how many articles are not settled because of errors, and what lists these."""
    from dateline.findings import printable

    if articles:
        number = "1 article is" if articles == 1 else f"{articles:,} articles are"
        which = f"make validate ARGS={shlex.quote(str(folder))} says which"
        typer.echo(printable(f"{number} left out and not settled, for errors in annotations: {which}"))


def _written(written: list[str], items: "Mapping[str, int]", dry_run: bool) -> None:
    from dateline.findings import printable

    for doc_id in written:
        typer.echo(printable(f"{'would write' if dry_run else 'written'}: {doc_id}"))
    if items:
        typer.echo(f"items of ground truth: {', '.join(f'{n:,} {how}' for how, n in sorted(items.items()))}")


def _end(found: "list[Finding]") -> None:
    from dateline import findings

    _cli.show(found, _cli.Format.text)
    raise SystemExit(_cli.ERRORS if findings.has_errors(found) else 0)


if __name__ == "__main__":
    _cli.run_app(app)
