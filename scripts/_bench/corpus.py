"""Corpora of any size, the same for the same seed: machine-annotated news as Label Studio exports it.

Built from the schema, so that a new event type is in it and every article is valid. Article `n` is the same in
a corpus of any size. Form: a JSON array of tasks on one line, 100,000 tasks a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from _bench import articles
from _bench.words import LANGUAGES, Language
from dateline.model import sha256
from dateline.schema import Schema

Json = dict[str, Any]

PART = 100_000  # articles a file: 1.2 GB
SEED = 7
_PIECE = 500  # articles that are made at a time
_MEDIAN, _SIGMA, _LONGEST = 3000, 0.6, 60_000  # bytes of an article's text: a log-normal distribution
_REPRINT = 0.03  # of the articles repeat one of the thousand before them, half of them with a line added
_TWICE = 0.06  # are annotated twice; two thirds of these alike, and every sixth is adjudicated
_SHARES = [language.share for language in LANGUAGES]
_OUTLETS = 40


def write(folder: Path, size: int, schema: Schema, seed: int = SEED) -> list[Path]:
    """Write a corpus into a new folder, piece by piece and on every core; returns its files."""
    folder.mkdir(parents=True)
    files = []
    for begin in range(0, size, PART):
        path = folder / f"tasks-{begin // PART:05}.json"
        with path.open("wb") as file:
            for n, piece in enumerate(_pieces(begin, min(begin + PART, size), schema, seed)):
                file.write((b"," if n else b"[") + piece)
            file.write(b"]\n")
        files.append(path)
    return files


def _pieces(begin: int, end: int, schema: Schema, seed: int) -> Iterator[bytes]:
    ranges = [range(at, min(at + _PIECE, end)) for at in range(begin, end, _PIECE)]
    # a copy: the validators that a schema keeps once it was used cannot be sent to another process
    encode = partial(_encoded, schema=replace(schema), seed=seed)
    if len(ranges) < 4:
        yield from map(encode, ranges)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(encode, ranges)


def _encoded(numbers: range, schema: Schema, seed: int) -> bytes:
    import msgspec

    return b",".join(msgspec.json.encode(task(n, schema, seed)) for n in numbers)


def task(n: int, schema: Schema, seed: int = SEED) -> Json:
    """The task of article `n`, with its annotations."""
    rng = _rng(seed, "task", n)
    origin, added = _origin(n, seed)
    written = _written(origin, schema, seed)
    text = f"{written.text}\n\n{written.title} ({n})" if added else written.text
    day = date(2015, 1, 1) + timedelta(days=n % 3650)
    return {
        "id": n + 1,
        "data": {
            "doc_id": f"bench-{n:07}",
            "text": text,
            "text_sha256": sha256(text),
            "title": written.title,
            "publisher": f"Outlet {rng.randrange(_OUTLETS)}",
            "published_at": day.isoformat(),
            "schema_version": schema.version,
            "guideline_version": schema.guideline_version,
            "findings": "",
        },
        "meta": {
            "source": {"url": None, "language": written.language, "license": "CC0-1.0", "synthetic": True}
        },
        "annotations": list(_annotations(n, written.results, rng)),
        "drafts": [],
        "predictions": [],
        "project": 1,
        "created_at": f"{day}T08:00:00.000000Z",
        "updated_at": f"{day}T09:00:00.000000Z",
    }


def _origin(n: int, seed: int) -> tuple[int, bool]:
    """The article whose text this one has (itself, mostly), and whether a line is added to it."""
    added = False
    while n > 0 and (rng := _rng(seed, "origin", n)).random() < _REPRINT:
        added = added or rng.random() < 0.5
        n -= rng.randint(1, min(n, 1000))
    return n, added


def _written(n: int, schema: Schema, seed: int) -> articles.Written:
    rng = _rng(seed, "text", n)
    language: Language = rng.choices(LANGUAGES, _SHARES)[0]
    size = min(int(_MEDIAN * exp(rng.gauss(0, _SIGMA))), _LONGEST)
    return articles.write(language, size, schema, rng)


def _annotations(n: int, results: list[Json], rng: Random) -> Iterator[Json]:
    first, second = rng.sample(range(1, 9), 2)
    yield _annotation(n, 0, first, results, rng)
    if rng.random() < _TWICE:
        alike = rng.random() < 2 / 3
        yield _annotation(n, 1, second, results if alike else _less(results), rng)
        if not alike and rng.random() < 0.5:
            yield _annotation(n, 2, 9, results, rng)


def _annotation(n: int, nth: int, who: int, results: list[Json], rng: Random) -> Json:
    return {
        "id": 3 * n + nth + 1,
        "completed_by": who,
        "result": results,
        "was_cancelled": False,
        "ground_truth": nth == 2,
        "created_at": f"2025-01-01T08:0{nth}:00.000000Z",
        "updated_at": f"2025-01-01T08:0{nth}:30.000000Z",
        "lead_time": rng.randrange(3000) / 10,
        "task": n + 1,
        "project": 1,
    }


def _less(results: list[Json]) -> list[Json]:
    """The results without an answer that need not be there, as a second annotator may have seen it."""
    dropped = next((r for r in results if r.get("from_name") in ("value", "wikidata", "status")), None)
    return [r for r in results if r is not dropped]


def _rng(seed: int, what: str, n: int) -> Random:
    return Random(f"{seed} {what} {n}")  # noqa: S311 (no secret)
