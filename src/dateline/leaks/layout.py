"""Which files of a folder are which split, as the Hugging Face Hub reads it.

The YAML `configs` of README.md decides; without it names do: `train-00000-of-00001.parquet`,
`events/test.jsonl`, `dev/part.csv` (https://huggingface.co/docs/datasets/repository_structure).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENDINGS = (".parquet", ".jsonl", ".ndjson", ".json", ".csv", ".tsv")
_PACKED = ".gz"
_WORDS = {
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "eval": "test", "evaluation": "test",
}  # fmt: skip
_HEAD = re.compile(r"\A---\r?\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)


class LeakError(Exception):
    """A folder or file that cannot be read at all: the path and the reason."""


@dataclass(frozen=True)
class Part:
    """A file of a split of a config; `name` is how it is told of."""

    config: str
    split: str
    path: Path
    name: str


def parts(paths: Iterable[Path]) -> list[Part]:
    """The files of folders and files, by config and split, in order. Raises LeakError where there is none."""
    found: list[Part] = []
    for path in paths:
        if not path.exists():
            raise LeakError(f"{path}: there is no such file or folder")
        found += _folder(path) if path.is_dir() else _file(path)
    if not found:
        raise LeakError(
            "no file belongs to a split: there must be a README.md with configs, or names such as "
            f"train.jsonl and test-00000.parquet ({', '.join(ENDINGS)}; also with .gz)"
        )
    return sorted(found, key=lambda p: (p.config, p.split, p.name))


def ending(path: Path) -> str:
    """The ending that tells the format, without `.gz`."""
    return Path(path.name.lower().removesuffix(_PACKED)).suffix


def _file(path: Path) -> Iterator[Part]:
    if ending(path) not in ENDINGS:
        raise LeakError(f"{path}: is none of {', '.join(ENDINGS)}")
    split = _split_in(path.name) or _WORDS.get(path.parent.name.lower()) or path.name.partition(".")[0]
    yield Part("", split, path, str(path))


def _folder(folder: Path) -> Iterator[Part]:
    told = _told(folder)
    for config, split, pattern in told:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and ending(path) in ENDINGS:
                yield Part(config, split, path, str(path))
    if not told:
        yield from _named(folder)


def _named(folder: Path) -> Iterator[Part]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if not path.is_file() or ending(path) not in ENDINGS or any(p.startswith(".") for p in inside):
            continue
        places = [*reversed(inside[:-1])]
        split = _split_in(inside[-1]) or next((s for p in places if (s := _split_in(p))), None)
        if split:
            config = "/".join(p for p in inside[:-1] if p != "data" and not _split_in(p))
            yield Part(config, split, path, str(path))


def _split_in(name: str) -> str | None:
    """The split that a name speaks of: a word of its own, such as in `my_train-0.csv`."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((_WORDS[word] for word in words if word in _WORDS), None)


def _told(folder: Path) -> list[tuple[str, str, str]]:
    """Config, split and pattern of each entry of the card's `configs`; nothing where there is no such list."""
    import yaml

    try:
        head = _HEAD.match((folder / "README.md").read_text("utf-8"))
        data = yaml.safe_load(head[1]) if head else None
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LeakError(f"{folder / 'README.md'}: the YAML at the top cannot be read: {error}") from error
    configs = data.get("configs") if isinstance(data, dict) else None
    return [entry for config in _list(configs) if isinstance(config, dict) for entry in _entries(config)]


def _entries(config: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    name, files = str(config.get("config_name", "default")), config.get("data_files")
    by_split = files.items() if isinstance(files, dict) else ()
    listed = [(f.get("split"), f.get("path")) for f in _list(files) if isinstance(f, dict) and "split" in f]
    for split, patterns in [*by_split, *listed]:
        for pattern in _list(patterns):
            yield name, str(split), str(pattern)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
