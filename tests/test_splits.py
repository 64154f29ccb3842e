"""Splits that never move: groups of near-duplicates, schemes, and a ledger that remembers."""

import random
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import splits
from dateline.settings import SplitSettings
from dateline.splits import (
    Given,
    Hash,
    LedgerError,
    Row,
    SchemeError,
    Text,
    Time,
    append_ledger,
    assign,
    balance,
    read_ledger,
    scheme,
    split_of,
)

HEADER = "doc_id,group,split\n"
DAY = date(2025, 6, 1)
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


def test_nearly_equal_texts_are_one_group_also_through_others() -> None:
    words = [f"word{n}" for n in range(100)]
    texts = [
        text("wire", " ".join(words), "2025-01-01"),
        text("cut", " ".join(words[:70]), "2025-01-02"),
        text("brief", " ".join(words[:45]), "2025-01-03"),
        text("other", " ".join(words[::-1]), "2025-01-01"),
    ]
    found = assign(texts, [])
    assert found.groups == {"wire": "wire", "cut": "wire", "brief": "wire", "other": "other"}
    assert found.together == [["brief", "cut", "wire"]]
    assert found.findings == []


def reprints(*ids: str, each: int = 1) -> list[Text]:
    """Articles of a hundred words; one differs from the next in `each` of them, in a place of its own."""
    words = [f"word{n}" for n in range(100)]
    texts = []
    for n, doc_id in enumerate(ids):
        own = [f"{doc_id}{k}" for k in range(each)]
        texts.append(
            text(doc_id, " ".join([*words[: n * each], *own, *words[(n + 1) * each :]]), f"2025-01-0{n + 1}")
        )
    return texts


def test_nearly_equal_texts_in_two_splits_stay_and_are_reported() -> None:
    found = assign(reprints("a", "b", "c"), [Row("a", "a", "train"), Row("b", "b", "test")])
    assert found.splits == {"a": "train", "b": "test", "c": "train"}
    assert (found.added, found.left_out) == ([Row("c", "a", "train")], {})
    assert [(f.code, f.doc_id) for f in found.findings] == [("W913", "b"), ("W913", "c")]
    assert "that of a (similarity 0.9" in found.findings[0].message


def test_a_new_article_goes_where_its_equal_is_before_where_its_like_is() -> None:
    old, other = reprints("a", "b")
    new = Text("n", "2025-01-09", other.text.upper())
    found = assign([old, other, new], [Row("a", "a", "train"), Row("b", "b", "test")])
    assert found.splits["n"] == "test"
    assert (found.groups["n"], found.left_out) == ("b", {})


def test_appending_articles_moves_none_of_the_old_ones() -> None:
    """200 more, among them reprints and copies of the old ones and of each other, and older ones."""
    chance = random.Random(6)

    def invented(n: int) -> str:
        return " ".join("".join(chance.choices("abcdefghij", k=6)) for _ in range(n))

    def dated(n: int) -> str | None:
        return chance.choice([None, f"20{chance.randint(10, 26)}-0{n % 9 + 1}-1{n % 7}"])

    texts = [Text(f"old-{n}", dated(n), invented(120)) for n in range(100)]
    first = assign(texts, [])
    assert set(first.splits.values()) == set(splits.SPLITS)
    origin = {}
    for n in range(200):
        base = chance.choice(texts)
        forms = [
            invented(120),
            base.text.upper(),
            f"{base.text} {invented(20)}",
            base.text[: len(base.text) * 3 // 4],
        ]
        kind = chance.randrange(len(forms))
        if kind:
            origin[f"new-{n}"] = base.doc_id
        texts.append(Text(f"new-{n}", dated(n), forms[kind]))
    chance.shuffle(texts)
    second = assign(texts, first.added)
    assert len(origin) > 100
    assert {doc_id: second.splits[doc_id] for doc_id in first.splits} == first.splits
    assert {row.doc_id for row in second.added} == {t.doc_id for t in texts} - set(first.splits)
    assert all(second.splits[new] == second.splits[old] for new, old in origin.items())
    assert (second.findings, second.left_out) == ([], {})


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


# Schemes


def by_time(published: str | None, *days: str) -> str | None:
    days_ = [date.fromisoformat(day) for day in days]
    found = assign([text("a", published=published)], [], Time(*days_))
    assert found.left_out.keys() == {"a"} - found.splits.keys()
    return found.splits.get("a")


@pytest.mark.parametrize(
    ("published", "split"),
    [
        ("2025-05-31", "validation"),
        ("2025-05-31T23:59:59+09:00", "validation"),
        ("2025-06-01", "test"),
        ("2025-06-01T00:00:00Z", "test"),
        ("2025-04-30", "train"),
        ("1999-12-31", "train"),
        ("2025-06", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_time_goes_by_the_day_as_it_is_written(published: str | None, split: str | None) -> None:
    assert by_time(published, "2025-06-01", "2025-05-01") == split


def test_without_validation_all_before_the_day_is_train() -> None:
    assert by_time("2025-05-31", "2025-06-01") == "train"


def test_a_group_that_straddles_goes_by_its_oldest_member_and_is_reported() -> None:
    texts = [*reprints("a", "b", "c"), Text("undated", None, reprints("a")[0].text)]
    found = assign(texts, [], Time(date(2025, 1, 2)))
    assert set(found.splits.values()) == {"train"}
    assert [(f.code, f.doc_id) for f in found.findings] == [("W916", "a")]
    assert "b (2025-01-02), c (2025-01-03) would be elsewhere" in found.findings[0].message


def test_time_remembers_where_it_put_an_article_when_an_older_reprint_comes() -> None:
    old, new = reprints("old", "new")
    scheme = Time(date(2025, 1, 2))
    first = assign([new], [], scheme)
    assert first.splits == {"new": "test"}
    second = assign([new, old], first.added, scheme)
    assert second.splits == {"new": "test", "old": "test"}
    assert [f.code for f in second.findings] == ["W916"]


def test_each_division_by_time_has_a_ledger_of_its_own() -> None:
    days = date(2025, 6, 1), date(2025, 5, 1)
    assert Time(days[0]).ledger == "splits-time-2025-06-01.csv"
    assert Time(*days).ledger == "splits-time-2025-05-01-to-2025-06-01.csv"


def given_(folder: Path, *lines: str) -> Given:
    path = folder / "official.csv"
    path.write_text("".join(f"{line}\n" for line in lines))
    found = scheme(SplitSettings(strategy="given", file=str(path)))
    assert isinstance(found, Given)
    return found


def test_a_given_split_is_the_file_and_nothing_else(tmp_path: Path) -> None:
    file = given_(tmp_path, "split,doc_id,note", "test,b,x", "train,a,", "train,gone,")
    texts = [*reprints("a", "b", "c"), text("d")]
    found = assign(texts, file.rows, file)
    assert found.splits == {"a": "train", "b": "test"}
    assert set(found.left_out) == {"c", "d"}
    assert [(f.code, f.doc_id) for f in found.findings] == [("W914", "c"), ("W914", "d"), ("W913", "b")]
    (unknown,) = file.unknown({t.doc_id for t in texts})
    assert (unknown.code, "gone" in unknown.message) == ("W915", True)


def test_equal_texts_that_a_file_tears_apart_are_an_error(tmp_path: Path) -> None:
    file = given_(tmp_path, "doc_id,split", "a,train", "b,test")
    found = assign([text("a", "w"), text("b", "w")], file.rows, file)
    assert [(f.code, f.doc_id) for f in found.findings] == [("E902", "b")]
    assert set(found.left_out) == {"b"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("doc_id\n", 1),
        ("doc_id,split,split\n", 1),
        ("doc_id,split\na,dev\n", 2),
        ("doc_id,split\na,test\na,test\n", 3),
    ],
)
def test_a_file_of_splits_that_cannot_be_used_names_the_line(content: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "official.csv"
    path.write_text(content)
    with pytest.raises(LedgerError, match=rf"official\.csv:{line}: "):
        splits.read_given(path)


def test_the_ledger_can_be_given_as_a_file(root: Path) -> None:
    path = root / "annotations/splits.csv"
    assert {(r.doc_id, r.split) for r in splits.read_given(path)} == {
        (r.doc_id, r.split) for r in read_ledger(path)
    }


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (SplitSettings(strategy="time"), "--test-from"),
        (SplitSettings(strategy="given"), "--split-file"),
        (SplitSettings(shares=(0.8, 0.1, 0.2)), "must make 1"),
        (SplitSettings(strategy="time", test_from=DAY, validation_from=DAY), "must begin before"),
    ],
)
def test_a_scheme_says_what_it_lacks(settings: SplitSettings, said: str) -> None:
    with pytest.raises(SchemeError, match=re.escape(said)):
        scheme(settings)


def test_other_shares_are_for_new_articles_only() -> None:
    ids = [f"doc-{n}" for n in range(2000)]
    half = Hash((0.5, 0.0, 0.5))
    first = assign([text(i) for i in ids[:500]], [])
    second = assign([text(i) for i in ids], first.added, half)
    assert {i: second.splits[i] for i in ids[:500]} == first.splits
    later = [second.splits[i] for i in ids[500:]]
    assert later.count("validation") == 0
    assert later.count("train") == pytest.approx(750, abs=60)


@given(st.text(min_size=1))
def test_a_split_without_a_share_gets_nothing(doc_id: str) -> None:
    assert split_of(doc_id, (1.0, 0.0, 0.0)) == "train"
    assert split_of(doc_id, (0.0, 0.0, 1.0)) == "test"


# Balance


def test_what_train_and_test_lack() -> None:
    articles = {"train": 1, "test": 2, "validation": 1}
    events = {"train": ["call"], "test": ["call", "sanction", "sanction"], "validation": ["denial"]}
    types = {split: Counter(found) for split, found in events.items()}
    lacks = balance.lacking(articles, types)
    assert lacks == {"train": ["denial", "sanction"], "test": ["denial"]}
    (finding,) = balance.findings(lacks, types)
    assert (finding.code, "test has no denial" in finding.message) == ("W917", True)
    assert balance.lacking(articles, types, least=5) == {}


def test_a_split_without_articles_lacks_nothing() -> None:
    assert balance.lacking({"train": 2}, {"train": Counter(call=1, denial=1)}) == {}


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
