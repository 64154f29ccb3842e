"""A benchmark: corpora that are made once, cases that take turns, medians of what each cost."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median

from _bench import corpus, kept, measure
from _bench.cases import BATCH, Case, Place
from dateline.schema import Schema, load

HERE = Path(__file__).parent
# offline, one cache for each run: nothing is looked up or found ready
_ENV = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

Say = Callable[[str], None]


class BenchError(Exception):
    """A benchmark that cannot go on: a case that failed, and the end of what it printed."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


@dataclass(frozen=True)
class Result:
    """The medians of a case at a size; `kept` counts what its output holds."""

    case: str
    size: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    peak_process_mib: float
    kept: dict[str, int] | None = None


@dataclass(frozen=True)
class Bench:
    """What to run: `work` holds corpora and outputs; the schema and the labeling config are the project's own."""

    sizes: tuple[int, ...]
    cases: tuple[Case, ...]
    repeats: int
    work: Path
    schema: Path
    config: Path
    seed: int = corpus.SEED
    peers_up_to: int = 10_000
    repeats_up_to: int = 10_000

    def run(self, say: Say) -> Iterator[Result]:
        """The results, size by size. Raises BenchError."""
        compiled = load(self.schema)
        for size in self.sizes:
            files = self._corpus(size, compiled, say)
            cases = [case for case in self.cases if not case.peer or size <= self.peers_up_to]
            for case in (case for case in self.cases if case not in cases):
                say(f"{size:>9,}  {case.name:<20} left out: more than --peers-up-to")
            yield from self._size(size, files, cases, say)

    def of_corpora(self) -> dict[int, kept.Kept]:
        """What each corpus holds."""
        compiled = load(self.schema)
        return {size: kept.of_corpus(self._corpus(size, compiled, lambda _: None)) for size in self.sizes}

    def _corpus(self, size: int, schema: Schema, say: Say) -> list[Path]:
        folder = self.work / "corpora" / f"{size}-{self.seed}-{_fingerprint(schema)}"
        if not folder.is_dir():
            say(f"making {size:,} articles ...")
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            corpus.write(unfinished, size, schema, self.seed)
            unfinished.rename(folder)
        return sorted(folder.iterdir())

    def _size(self, size: int, files: Sequence[Path], cases: Sequence[Case], say: Say) -> Iterator[Result]:
        _warm(files)
        costs: dict[str, list[measure.Cost]] = defaultdict(list)
        found: dict[str, dict[str, int]] = {}
        for turn in range(self.repeats if size <= self.repeats_up_to else 1):
            for case in cases:
                with self._place(size, files) as place:
                    cost = _once(case, place)
                    if turn == 0 and case.name in kept.COUNT:
                        found[case.name] = dict(kept.COUNT[case.name](place.out))
                    if case.name == "sync":
                        say((place.annotations.parent / "log").read_text())
                costs[case.name].append(cost)
                say(f"{size:>9,}  {case.name:<20}{cost.wall_s:>9.2f} s{cost.peak_mib:>9.0f} MiB")
        yield from (_median(case.name, size, costs[case.name], found.get(case.name)) for case in cases)

    @contextmanager
    def _place(self, size: int, files: Sequence[Path]) -> Iterator[Place]:
        """A folder for one run: no ledger, cache or dataset of an earlier one is in it."""
        here = self.work / f"run-{os.getpid()}"
        batch = here / "annotations" / BATCH
        batch.mkdir(parents=True)
        try:
            for file in files:
                (batch / file.name).symlink_to(file.resolve())
            yield Place(
                here / "annotations", here / "out", self.schema.resolve(), self.config.resolve(), size
            )
        finally:
            shutil.rmtree(here)


def _once(case: Case, place: Place) -> measure.Cost:
    here = place.annotations.parent
    env = {**_ENV, "HF_HOME": str(here / "cache")}
    cost = measure.run(case.command(place), here, env, here / "log")
    if cost.code:
        end = (here / "log").read_text(errors="replace")[-2000:]
        raise BenchError(f"{case.name} at {place.size:,} articles ended with exit code {cost.code}", end)
    return cost


def _median(name: str, size: int, costs: list[measure.Cost], found: dict[str, int] | None) -> Result:
    return Result(
        name,
        size,
        round(median(c.wall_s for c in costs), 3),
        round(median(c.cpu_s for c in costs), 3),
        round(median(c.peak_mib for c in costs), 1),
        round(median(c.peak_process_mib for c in costs), 1),
        found,
    )


def _warm(files: Sequence[Path]) -> None:
    """Bring a corpus into the page cache, so that the first case does not pay for the disk."""
    for path in files:
        with path.open("rb") as file:
            while file.read(2**24):
                pass


def _fingerprint(schema: Schema) -> str:
    """What a corpus depends on besides its size and seed."""
    sources = b"".join((HERE / name).read_bytes() for name in ("corpus.py", "articles.py", "words.py"))
    return sha256(sources + repr(schema.bundle).encode()).hexdigest()[:10]
