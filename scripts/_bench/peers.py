"""What people use today for the same corpus. Run as `peers.py CASE OUT CONFIG FILE...`; CONFIG is the labeling config."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def script(out: Path, _config: Path, files: list[Path]) -> None:
    """The script that nearly everybody writes: a row for each annotation, spans and relations as lists."""
    from datasets import Dataset

    rows: list[dict[str, Any]] = []
    for path in files:
        with path.open(encoding="utf-8") as file:
            tasks = json.load(file)
        for task in tasks:
            for annotation in task["annotations"]:
                result = annotation["result"]
                spans = [
                    {
                        "id": r["id"],
                        "start": r["value"]["start"],
                        "end": r["value"]["end"],
                        "text": r["value"]["text"],
                        "label": r["value"]["labels"][0],
                    }
                    for r in result
                    if r["type"] == "labels"
                ]
                relations = [
                    {
                        "head": r["from_id"],
                        "tail": r["to_id"],
                        "label": r["labels"][0] if r["labels"] else None,
                    }
                    for r in result
                    if r["type"] == "relation"
                ]
                rows.append(
                    {
                        "id": task["id"],
                        "text": task["data"]["text"],
                        "title": task["data"].get("title"),
                        "spans": spans,
                        "relations": relations,
                    }
                )
    Dataset.from_list(rows).save_to_disk(str(out))


def converter_json_min(out: Path, config: Path, files: list[Path]) -> None:
    """Label Studio's own converter, its minimal JSON."""
    _convert("JSON_MIN", out, config, files)


def converter_conll(out: Path, config: Path, files: list[Path]) -> None:
    """Label Studio's own converter, tokens with tags."""
    _convert("CONLL2003", out, config, files)


def _convert(form: str, out: Path, config: Path, files: list[Path]) -> None:
    from label_studio_sdk.converter import converter as sdk

    make: Any = sdk.Converter  # untyped
    converter = make(str(config), str(out), download_resources=False)
    for path in files:
        converter.convert(str(path), str(out / path.stem), form, is_dir=False)


def load_dataset_json(out: Path, _config: Path, files: list[Path]) -> None:
    """`load_dataset("json")` on the export as it is; what it makes lies in its cache."""
    from datasets import load_dataset

    load_dataset("json", data_files=[str(path) for path in files], cache_dir=str(out))


CASES: dict[str, Callable[[Path, Path, list[Path]], None]] = {
    case.__name__: case for case in (script, converter_json_min, converter_conll, load_dataset_json)
}

if __name__ == "__main__":
    CASES[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), [Path(arg) for arg in sys.argv[4:]])
