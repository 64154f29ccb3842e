"""The files of a dataset: the same bytes however the input was cut into blocks, and bounded sizes."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import rows, shards
from dateline.spool import Spool
from dateline.views.features import arrow_schema

COLUMNS: Any = {"doc_id": "string", "text": "string", "spans": [{"start": "int64", "end": "int64"}]}
SCHEMA = arrow_schema(COLUMNS)
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def article(n: int, count: int) -> list[dict[str, Any]]:
    spans = [{"start": k, "end": k + 1} for k in range(count)]
    return [{"doc_id": f"d{n}", "text": f"{n}é" * (n % 7) * 20, "spans": spans} for _ in range(count)]


def spooled(folder: Path, counts: list[int], cuts: list[int]) -> tuple[Spool, Any, Any, Any]:
    """Articles with so many rows each, in blocks that end at the cuts."""
    spool = Spool(folder)
    edges = [0, *sorted({c for c in cuts if 0 < c < len(counts)}), len(counts)]
    places, sizes, weight = [], [], []
    for block, (start, end) in enumerate(itertools.pairwise(edges)):
        spool.begin(block)
        found = [(n - start, row) for n in range(start, end) for row in article(n, counts[n])]
        table = rows.table("v", [row for _, row in found], COLUMNS)
        lengths = np.array([len(row["text"]) for _, row in found], np.int64)
        heavy = rows.weights(table, COLUMNS, lengths)
        by_article = np.bincount([n for n, _ in found], heavy, end - start)
        places += [(block, n) for n in range(end - start)]
        sizes += counts[start:end]
        weight += by_article.astype(np.int64).tolist()
        table = table.append_column(rows.ARTICLE, pa.array([n for n, _ in found], pa.int32()))
        spool.write(block, "v", table.append_column(rows.WEIGHT, pa.array(heavy)))
    return spool, np.array(places), np.array(sizes), np.array(weight, np.int64)


def made(folder: Path, counts: list[int], cuts: list[int], limit: int) -> dict[str, bytes]:
    spool, places, sizes, weight = spooled(folder / "spool", counts, cuts)
    plan = shards.plan("v", "train", places, sizes, weight, limit)
    out = folder / "out"
    out.mkdir()
    written = [shards.write(out, shard, spool, SCHEMA) for shard in plan]
    assert [w.rows for w in written] == [s.rows for s in plan]
    assert [w.bytes for w in written] == [(out / w.path).stat().st_size for w in written]
    return {w.path: (out / w.path).read_bytes() for w in written}


@few
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
    st.lists(st.integers(1, 39), max_size=6),
    st.integers(200, 20_000),
)
def test_blocks_do_not_change_a_byte(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], cuts: list[int], limit: int
) -> None:
    whole = made(tmp_path_factory.mktemp("whole"), counts, [], limit)
    assert made(tmp_path_factory.mktemp("cut"), counts, cuts, limit) == whole
    found = [row for data in whole.values() for row in pq.read_table(pa.BufferReader(data)).to_pylist()]
    assert found == [row for n, count in enumerate(counts) for row in article(n, count)]


def test_row_groups_are_bounded_and_do_not_depend_on_the_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "GROUP_ROWS", 10)
    monkeypatch.setattr(shards, "GROUP", 3000)
    counts = [n % 5 for n in range(90)]
    files = [made(tmp_path / str(n), counts, list(range(0, 90, n)), 10**9) for n in (90, 7, 1)]
    assert files[0] == files[1] == files[2]
    (data,) = files[0].values()
    meta = pq.read_metadata(pa.BufferReader(data))
    groups = [meta.row_group(n).num_rows for n in range(meta.num_row_groups)]
    assert sum(groups) == sum(counts)
    assert max(groups) <= 10
    assert len(groups) > 10


def test_files_are_bounded_and_named_with_their_number(tmp_path: Path) -> None:
    names = list(made(tmp_path, [3] * 30, [10, 20], 4000))
    assert len(names) > 3
    assert names[0] == f"v/train-00000-of-{len(names):05d}.parquet"
    assert names[-1] == f"v/train-{len(names) - 1:05d}-of-{len(names):05d}.parquet"


def test_an_article_larger_than_the_limit_is_a_file_of_its_own() -> None:
    places = np.array([(0, n) for n in range(3)])
    plan = shards.plan("v", "test", places, np.array([1, 2, 1]), np.array([10, 10_000, 10]), 100)
    assert [[p.articles for p in s.pieces] for s in plan] == [[[0]], [[1]], [[2]]]


def test_a_spool_that_lost_rows_is_noticed(tmp_path: Path) -> None:
    spool, places, sizes, weight = spooled(tmp_path / "spool", [2, 2], [])
    (shard,) = shards.plan("v", "train", places, sizes + 1, weight)
    (tmp_path / "out").mkdir()
    with pytest.raises(shards.ShortError, match="4 rows in place of 6"):
        shards.write(tmp_path / "out", shard, spool, SCHEMA)


def test_what_the_columns_do_not_hold_is_refused() -> None:
    fine = {"doc_id": "a", "text": None, "spans": [{"start": 1, "end": 2}]}
    assert rows.table("v", [fine], COLUMNS).to_pylist() == [fine]
    for wrong in (
        {**fine, "more": 1},
        {"doc_id": "a"},
        {**fine, "spans": [{"start": 1}]},
        {**fine, "text": 1},
    ):
        with pytest.raises(rows.RowsDifferError, match="view v"):
            rows.table("v", [wrong], COLUMNS)
