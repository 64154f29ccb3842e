"""What of a corpus is still there in what a case wrote: counted in the output, not told from the documentation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Kept = Counter[str]

PARTS = ("annotations", "regions", "answers", "relations")


def of_corpus(files: Iterable[Path]) -> Kept:
    """What there is: `relations` are all that was drawn, arguments included."""
    from _bench import floor

    blocks = (block for path in files for block in floor.blocks(path))
    return _of_results(
        a["result"] for block in blocks for task in json.loads(block) for a in task["annotations"]
    )


def _of_results(annotations: Iterable[list[Json]]) -> Kept:
    kept: Kept = Counter()
    names = {"labels": "regions", "relation": "relations"}
    for results in annotations:
        kept["annotations"] += 1
        kept.update(names.get(r["type"], "answers") for r in results)
    return kept


def of_floor(out: Path) -> Kept:
    """Regions, answers and relations of its documents."""
    kept: Kept = Counter()
    for row in _rows(out / "documents.parquet", ("mentions", "events", "relations")):
        kept["annotations"] += 1
        kept["regions"] += len(row["mentions"]) + len(row["events"])
        kept["answers"] += sum(m["value"] is not None for m in row["mentions"])
        kept["answers"] += sum(len(e["attributes"]) for e in row["events"])
        kept["relations"] += len(row["relations"])
    return kept


def of_export(out: Path) -> Kept:
    """Of `annotations` where it is among the views, else of `documents`; the record's own answers only.

    A relation that joined two triggers or two mentions is kept where they are one event or one entity.
    """
    view = "annotations" if (out / "annotations").is_dir() else "documents"
    kept: Kept = Counter()
    for path in sorted((out / view).glob("*.parquet")):
        for row in _rows(path, ("mentions", "entities", "events", "relations")):
            kept["annotations"] += 1
            kept += _of_record(row)
    return kept


def _of_record(row: Json) -> Kept:
    events, mentions = row["events"], row["mentions"]
    triggers = sum(len(e["triggers"]) for e in events)
    named = [m for m in mentions if m["entity"] is not None]
    arguments = [f for e in events for f in e["arguments"]]
    return Counter(
        regions=len(mentions) + triggers,
        answers=sum(len(m["attributes"]) for m in mentions)
        + sum(e["wikidata"] is not None for e in row["entities"])
        + sum(_answered(event) for event in events),
        relations=len(arguments)
        + len(row["relations"])
        + (triggers - len(events))
        + (len(named) - len(row["entities"])),
    )


def _answered(event: Json) -> int:
    given = [event["status"], event["polarity"], *event["attributes"]]
    return sum(answer is not None for answer in given) - len(event["defaulted"])


def of_script(out: Path) -> Kept:
    """Its spans and relations; it reads no answer."""
    from datasets import load_from_disk

    kept: Kept = Counter()
    for row in load_from_disk(str(out)):
        kept += Counter(annotations=1, regions=len(row["spans"]), relations=len(row["relations"]))
    return kept


def of_json_min(out: Path) -> Kept:
    """Spans; an answer counts only where it says which region it is about."""
    kept: Kept = Counter()
    for path in out.glob("*/result.json"):
        for row in json.loads(path.read_bytes()):
            lists = [value for value in row.values() if isinstance(value, list)]
            placed = [
                item for values in lists for item in values if isinstance(item, dict) and "start" in item
            ]
            kept["annotations"] += 1
            kept["regions"] += sum("labels" in item for item in placed)
            kept["answers"] += sum("labels" not in item for item in placed)
    return kept


def of_conll(out: Path) -> Kept:
    """Beginnings of tagged stretches."""
    kept: Kept = Counter()
    for path in out.glob("*/result.conll"):
        with path.open(encoding="utf-8") as file:
            for line in file:
                kept["annotations"] += line == "\n"
                kept["regions"] += " -X- _ B-" in line
    return kept


def of_load_dataset(out: Path) -> Kept:
    """The results, nested as they were."""
    from datasets import Dataset

    kept: Kept = Counter()
    for path in out.rglob("*.arrow"):
        kept += _of_results(a["result"] for row in Dataset.from_file(str(path)) for a in row["annotations"])
    return kept


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[Json]:
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(batch_size=512, columns=list(columns)):
        yield from batch.to_pylist()


COUNT: dict[str, Callable[[Path], Kept]] = {
    "floor": of_floor,
    "export": of_export,
    "export_all": of_export,
    "script": of_script,
    "converter_json_min": of_json_min,
    "converter_conll": of_conll,
    "load_dataset_json": of_load_dataset,
}
