"""Splits that never move: groups of equal texts, a stable hash, and a ledger that remembers."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import splits
from dateline.splits import LedgerError, Row, Text, append_ledger, assign, read_ledger, split_of

HEADER = "doc_id,group,split\n"
# ids whose hash is known to lie in each split, so that a change of the function is seen
PINNED = {"a": "train", "b": "train", "g": "validation", "i": "validation", "doc-3": "test"}


def text(doc_id: str, words: str | None = None, published: str | None = None) -> Text:
    return Text(doc_id, published, words or f"the words of {doc_id}")


def a_doc(split: str, but: str = "") -> str:
    """An id that is placed in this split by itself."""
    return next(f"d{n}" for n in range(1000) if split_of(f"d{n}") == split and f"d{n}" != but)


def test_the_hash_is_stable() -> None:
    assert {doc_id: split_of(doc_id) for doc_id in PINNED} == PINNED


def test_shares_are_80_10_10() -> None:
    found = [split_of(f"doc-{n}") for n in range(5000)]
    shares = {split: found.count(split) / len(found) for split in splits.SPLITS}
    assert shares == pytest.approx({"train": 0.8, "validation": 0.1, "test": 0.1}, abs=0.02)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Same words.", "Same words."),
        ("Same words.", "same  WORDS"),
        ("Same words.\r\n", "\u00a0“Same”, words!"),
        ("ﬁnal straße ①", "FINAL STRASSE 1"),
        ("caf\u00e9", "cafe\u0301"),
        ("...", "..."),
    ],
)
def test_texts_that_are_equal_but_for_form_are_one_group(one: str, other: str) -> None:
    found = assign([text("x", one, "2025-01-02"), text("y", other, "2025-01-01")], [])
    assert found.groups == {"x": "y", "y": "y"}
    assert found.splits["x"] == found.splits["y"] == split_of("y")


@pytest.mark.parametrize(
    ("one", "other"), [("Same words.", "Same word."), ("क", "कि"), ("...", "!!!"), ("a1", "a 1")]
)
def test_other_texts_are_groups_of_their_own(one: str, other: str) -> None:
    assert assign([text("x", one), text("y", other)], []).groups == {"x": "x", "y": "y"}


def test_the_oldest_member_names_the_group_and_unknown_dates_come_last() -> None:
    members = [
        text("a", "w"),
        text("b", "w", "2025-02-01"),
        text("c", "w", "2025-01-31"),
        text("d", "w", "2025-01-31"),
    ]
    assert set(assign(members, []).groups.values()) == {"c"}


def test_what_has_a_split_keeps_it() -> None:
    there = a_doc("train")
    found = assign([text(there)], [Row(there, there, "test")])
    assert (found.splits, found.added, found.findings) == ({there: "test"}, [], [])


def test_a_new_member_joins_its_group_whatever_its_age() -> None:
    found = assign(
        [text("new", "w", "1999-01-01"), text("old", "w", "2025-01-01")], [Row("old", "old", "test")]
    )
    assert found.splits == {"new": "test", "old": "test"}
    assert found.added == [Row("new", "old", "test")]
    assert found.findings == []


def test_two_groups_that_turn_out_one_are_reported_and_not_moved() -> None:
    ledger = [Row("a", "a", "train"), Row("b", "b", "test")]
    found = assign([text("a", "w", "2025-01-01"), text("b", "w", "2025-01-02"), text("c", "w")], ledger)
    assert found.splits == {"a": "train", "b": "test", "c": "train"}
    assert found.added == [Row("c", "a", "train")]
    assert [(f.code, f.doc_id) for f in found.findings] == [("E902", "b")]


def test_two_groups_in_one_split_are_no_leak() -> None:
    ledger = [Row("a", "a", "train"), Row("b", "b", "train")]
    assert assign([text("a", "w"), text("b", "w")], ledger).findings == []


IDS = st.lists(st.text("abcdefgh", min_size=1, max_size=3), min_size=1, max_size=8, unique=True)
WORDS = st.sampled_from(["one", "One.", "two", "three"])


@given(IDS, st.data(), st.randoms(use_true_random=False))
def test_the_ledger_only_grows_and_order_does_not_matter(
    ids: list[str], data: st.DataObject, chance: random.Random
) -> None:
    """Export some, then all, then all again in another order: nothing that was placed moves."""
    texts = [text(doc_id, data.draw(WORDS)) for doc_id in ids]
    first = assign(texts[: len(texts) // 2], [])
    second = assign(texts, first.added)
    shuffled = list(texts)
    chance.shuffle(shuffled)
    again = assign(shuffled, [*first.added, *second.added])
    assert {**second.splits, **first.splits} == second.splits == again.splits
    assert {r.doc_id for r in first.added} | {r.doc_id for r in second.added} == set(ids)
    assert again.added == []
    assert assign(shuffled, first.added).added == second.added


# The file


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "splits.csv") == []


ODD = ["a,b", 'q"q', "two\nlines", "\r", "😀", " ", "=1+1", "x" * 300]


def test_rows_come_back_and_lines_that_are_there_stay(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    rows = [Row(doc_id, doc_id, "train") for doc_id in ODD]
    assert append_ledger(path, rows[:3])
    before = path.read_bytes()
    assert append_ledger(path, rows[3:])
    assert not append_ledger(path, [])
    assert path.read_bytes().startswith(before)
    assert read_ledger(path) == rows


def test_a_ledger_without_its_last_line_end_is_not_glued(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_text(HEADER + "a,a,train")
    append_ledger(path, [Row("b", "b", "test")])
    assert read_ledger(path) == [Row("a", "a", "train"), Row("b", "b", "test")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("doc,group,split\n", 1),
        ("a,a,train\n", 1),
        (HEADER + "a,a,training\n", 2),
        (HEADER + "a,a,train\n\nb,b,test\n", 3),
        (HEADER + "a,a\n", 2),
        (HEADER + "a,a,train,x\n", 2),
        (HEADER + "a,a,train\na,a,test\n", 3),
        (HEADER + 'a,a,train\n"b,b,test\n', 3),
        (HEADER + "<<<<<<< HEAD\n", 2),
        ("\ufeff" + HEADER, 1),
    ],
)
def test_a_broken_ledger_names_the_line(content: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_text(content)
    with pytest.raises(LedgerError, match=rf"splits\.csv:{line}: "):
        read_ledger(path)


def test_lines_are_those_of_the_file_also_after_a_cell_of_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_text(HEADER + '"two\nlines",x,train\nb,b,nonsense\n')
    with pytest.raises(LedgerError, match=r"splits\.csv:4: "):
        read_ledger(path)


def test_a_ledger_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_bytes(HEADER.encode() + b"\xff,a,train\n")
    with pytest.raises(LedgerError, match=r"splits\.csv:2: .*UTF-8"):
        read_ledger(path)
