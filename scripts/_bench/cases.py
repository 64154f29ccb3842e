"""What is measured: each case a command as people run it, in one table, with what it does and does not do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parents[1]
BATCH = "bench"
FLOOR = "floor"

Command = list[str | Path]


@dataclass(frozen=True)
class Place:
    """Where a run happens: the corpus in the batch `bench` of `annotations`, and a folder that is to be made."""

    annotations: Path
    out: Path
    schema: Path
    config: Path
    size: int

    @property
    def files(self) -> list[Path]:
        """The files of the corpus."""
        return sorted((self.annotations / BATCH).iterdir())


@dataclass(frozen=True)
class Case:
    """A case: `does` for people, `loses` what the counts of what it kept do not say.

    `peer` marks what is not Dateline; a case on demand runs only where it is named.
    """

    name: str
    command: Callable[[Place], Command]
    does: str
    loses: str = ""
    peer: bool = False
    on_demand: bool = False


def _script(name: str, *words: str | Path) -> Command:
    return [sys.executable, SCRIPTS / name, *words]


def _export(place: Place, *more: str) -> Command:
    given = ("--annotations", place.annotations, "--schema", place.schema, "--out", place.out.parent)
    return _script("export.py", BATCH, *given, "--name", place.out.name, *more)


def _peer(name: str) -> Callable[[Place], Command]:
    return lambda place: _script("_bench/peers.py", name, place.out, place.config, *place.files)


CASES: tuple[Case, ...] = (
    Case(
        FLOOR,
        lambda place: _script("_bench/floor.py", place.out, *place.files),
        "blocks, orjson, Parquet: documents and events",
        "checks, merging, all but the first annotation",
    ),
    Case(
        "validate",
        lambda place: _script("validate.py", place.annotations / BATCH, "--schema", place.schema),
        "every check on every annotation",
        "writes no data",
    ),
    Case(
        "export",
        lambda place: _export(place, "--views", "documents,events"),
        "every check, and the views documents and events",
        "by design: annotations that were not chosen",
    ),
    Case("export_all", _export, "every check, and every view", "nothing"),
    Case(
        "script",
        _peer("script"),
        "json.load, a loop, Dataset.from_list, save_to_disk",
        "checks, answers, events, who annotated",
        peer=True,
    ),
    Case(
        "converter_json_min",
        _peer("converter_json_min"),
        "Label Studio's converter, JSON_MIN",
        "checks, ids of regions, which region an answer is about",
        peer=True,
    ),
    Case(
        "converter_conll",
        _peer("converter_conll"),
        "Label Studio's converter, CONLL2003",
        "checks, offsets, triggers or mentions (whichever comes second), what overlaps",
        peer=True,
    ),
    Case(
        "load_dataset_json",
        _peer("load_dataset_json"),
        'load_dataset("json") on the export',
        "checks; results stay JSON, without columns of a known type",
        peer=True,
    ),
    Case(
        "sync",
        lambda place: _script("_bench/sync.py", str(place.size), place.out),
        "push and pull with a Label Studio of its own (its start included)",
        on_demand=True,
    ),
)
BY_NAME = {case.name: case for case in CASES}
