"""Does an exported folder hold what its annotations say? Both are read again and compared value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from dateline import accounting, making, manifest, reading, resolve, splits, store, views
from dateline.findings import Finding
from dateline.model import Document
from dateline.reading import Item
from dateline.schema import Schema
from dateline.views.features import arrow_schema
from dateline.views.parts import Row

Tables = dict[tuple[str, str], list[Row]]  # the rows of each view and split

_HINT = "export again; if it stays, this is a defect of Dateline"


def check_export(annotations: Path, folder: Path, schema: Schema) -> list[Finding]:
    """E807 for each row, count, column or file of `folder` that its batches in `annotations` do not give.

    The batches and views are those of the folder's manifest. The `annotations` view is compared with every
    sound annotation, with the counts of what was drawn; `documents` and `events` with those that count.
    Errors in the input itself are findings of `reading`, not of this. Raises OSError or ValueError for a
    folder without a readable manifest or ledger.
    """
    said = manifest.read(folder)
    paths = [annotations / batch for batch in sorted(said["batches"])]
    items = list(reading.read(paths, schema))
    scheme = splits.remembered(said["splits"])
    ledger = splits.read_ledger(annotations / (scheme.ledger or store.LEDGER))
    wanted, findings = tables(items, schema, ledger, said["rows"], scheme, omit=not said["text"]["kept"])
    return [
        *findings,
        *compare(wanted, stored(folder), folder.name),
        *_columns(folder),
        *_counts(said, stored(folder)),
    ]


def tables(
    items: Iterable[Item],
    schema: Schema,
    ledger: Iterable[splits.Row],
    names: Iterable[str],
    scheme: splits.Scheme | None = None,
    omit: bool = False,
) -> tuple[Tables, list[Finding]]:
    """The rows that these items give to the views, and what is lost between an annotation and its record."""
    items = [item for item in items if item.documents]
    times = Counter(item.doc_id for item in items)
    findings: list[Finding] = []
    found: list[views.Sheet] = []
    for item in (i for i in items if times[i.doc_id] == 1):
        drawn = [_results(item, n) for n in range(len(item.documents))]
        sound = [d for d in item.documents if item.sound(d)]
        chosen = _chosen(item, sound)
        for document, results in zip(item.documents, drawn, strict=True):
            if item.sound(document):
                size = accounting.recorded(document) if results is None else accounting.size(results)
                findings += [] if results is None else accounting.compare(results, document)
                found.append(views.Sheet(document, schema, document is chosen, size))
    return _placed(found, ledger, names, scheme, omit), findings


def _results(item: Item, n: int) -> list[dict[str, Any]] | None:
    """What was drawn in the nth annotation that was submitted; None for a record, which no drawing came with."""
    if "annotations" not in item.plain:
        return None
    submitted = [a for a in item.plain["annotations"] if not (isinstance(a, dict) and a.get("was_cancelled"))]
    results: list[dict[str, Any]] = submitted[n]["result"] if len(submitted) == len(item.documents) else []
    return results


def _chosen(item: Item, sound: list[Document]) -> Document | None:
    decision = resolve.resolve(sound)
    whole = len(sound) == len(item.documents)
    return decision.document if whole or decision.reason == resolve.GROUND_TRUTH else None


def _placed(
    found: list[views.Sheet],
    ledger: Iterable[splits.Row],
    names: Iterable[str],
    scheme: splits.Scheme | None,
    omit: bool,
) -> Tables:
    """The rows by view and split; an article that the ledger lacks is in none, and missed by the comparison."""
    places = {row.doc_id: row.split for row in ledger}
    articles = {
        d.doc_id: splits.Text(d.doc_id, d.source.published_at, d.text) for d in (s.document for s in found)
    }
    assignment = splits.assign(articles.values(), [splits.Row(k, k, v) for k, v in places.items()], scheme)
    out: Tables = {}
    for view in names:
        for sheet in found:
            doc_id = sheet.document.doc_id
            if doc_id not in assignment.left_out:
                rows, _ = making.made(view, sheet, omit)
                out.setdefault((view, places.get(doc_id, "none")), []).extend(rows)
    return {place: rows for place, rows in out.items() if rows}


def stored(folder: Path) -> Tables:
    """The rows of every Parquet file below `folder`, whether the manifest names it or not."""
    import pyarrow.parquet as pq

    out: Tables = {}
    for path in sorted(folder.rglob("*.parquet")):
        place = path.parent.name, path.name.partition("-")[0]
        out.setdefault(place, []).extend(pq.read_table(path).to_pylist())
    return out


def compare(wanted: Tables, found: Tables, name: str) -> list[Finding]:
    """E807 for each row that differs, is missing or is too much."""
    places = sorted(wanted.keys() | found.keys())
    return [f for p in places for f in _compare(wanted.get(p, []), found.get(p, []), "/".join((name, *p)))]


def _compare(wanted: list[Row], found: list[Row], place: str) -> Iterator[Finding]:
    for n, (want, have) in enumerate(zip_longest(wanted, found)):
        if have is None:
            yield _finding(f"{place}: row {n} is missing: {_name(want)}", want)
        elif want is None:
            yield _finding(f"{place}: row {n} is in no annotation: {_name(have)}", have)
        elif (at := difference(want, have)) is not None:
            yield _finding(f"{place}: row {n}, {_name(want)}: {at} is not what the annotations say", want)


def difference(a: Any, b: Any, at: str = "") -> str | None:
    """The JSON pointer of the first place where two plain values differ in value or type; None if nowhere."""
    if a is b:
        return None
    if type(a) is not type(b):
        return at or "/"
    if isinstance(a, dict):
        pairs = [(key, a.get(key), b.get(key)) for key in [*a, *(k for k in b if k not in a)]]
        if a.keys() != b.keys():
            return f"{at}/{next(key for key, _, _ in pairs if (key in a) != (key in b))}"
    elif isinstance(a, list):
        if len(a) != len(b):
            return f"{at}/{min(len(a), len(b))}"
        pairs = [(n, *pair) for n, pair in enumerate(zip(a, b, strict=True))]
    else:
        return None if a == b else at or "/"
    return next((d for key, x, y in pairs if (d := difference(x, y, f"{at}/{key}")) is not None), None)


def _name(row: Row) -> str:
    annotator = row.get("annotation", {}).get("annotator")
    return " ".join(str(part) for part in (row["doc_id"], row.get("event_id"), annotator) if part)


def _columns(folder: Path) -> Iterator[Finding]:
    """E807 for a file whose columns, in Arrow or in the features beside them, are not its view's."""
    import pyarrow.parquet as pq

    for path in sorted(folder.rglob("*.parquet")):
        view = path.parent.name
        wanted, have = arrow_schema(views.COLUMNS.get(view, {})), pq.read_schema(path)
        same = (have.metadata or {}).get(b"huggingface") == wanted.metadata[b"huggingface"]
        if not (same and have.equals(wanted)):
            yield _finding(f"{path.relative_to(folder.parent)}: its columns are not those of a view {view}")


def _counts(said: dict[str, Any], found: Tables) -> Iterator[Finding]:
    """E807 for a count of the manifest that the files do not bear out."""
    have = Counter({place: len(rows) for place, rows in found.items()})
    told = Counter({(view, split): n for view, rows in said["rows"].items() for split, n in rows.items()})
    for view, split in sorted(have.keys() | told.keys()):
        if have[view, split] != told[view, split]:
            message = f"the manifest tells of {told[view, split]} rows in {view}/{split}: there are {have[view, split]}"
            yield _finding(message)


def _finding(message: str, row: Row | None = None) -> Finding:
    doc_id = str(row["doc_id"]) if row else None
    return Finding(code="E807", message=message, hint=_HINT, doc_id=doc_id)
