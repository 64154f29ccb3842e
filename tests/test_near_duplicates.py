"""Near-duplicates: which texts are the same, which nearly, and that neither order nor shards matter."""

import json
import random
import unicodedata
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import near_duplicates, shingles
from dateline.near_duplicates import Corpus, Link, similarity, sketches

STORIES = ("brenmark-package", "hjelmstad-freezes-assets", "leave-zahrestan-now")


def invented(seed: int, n: int = 300) -> list[str]:
    """Words of an article that shares none of its runs with another."""
    chance = random.Random(seed)
    return ["".join(chance.choices("aeioulnrst", k=chance.randint(2, 9))) for _ in range(n)]


def changed(words: list[str], share: float, seed: int) -> list[str]:
    """A reprint: a part of the words, in one piece, replaced."""
    cut = int(len(words) * share)
    return [*words[: len(words) - cut], *invented(seed + 10_000, cut)]


def digest(text: str) -> bytes:
    return shingles.digest(shingles.words(text)[0], text)


def links(texts: dict[str, str]) -> list[Link]:
    return near_duplicates.of(texts).links()


@pytest.fixture(scope="module")
def sample(root: Path) -> dict[str, str]:
    """The articles of our own corpus by name."""
    paths = (root / "annotations/articles").glob("sample-*.json")
    return {path.stem[18:]: json.loads(path.read_bytes())["text"] for path in paths}


def test_the_reprints_of_the_corpus_are_found_and_nothing_else(sample: dict[str, str]) -> None:
    found = links(sample)
    assert {id_ for link in found for id_ in (link.first, link.second)} == set(STORIES)
    assert len(found) == len(STORIES) - 1
    for link in found:
        assert link.similarity == similarity(sample[link.first], sample[link.second])
        assert not link.equal


def test_unlike_articles_are_far_from_the_threshold(sample: dict[str, str]) -> None:
    others = [text for name, text in sample.items() if name not in STORIES]
    assert max(similarity(a, b) for a, b in combinations(others, 2)) < 0.1
    assert min(similarity(sample[a], sample[b]) for a, b in combinations(STORIES, 2)) > 0.5


# What is a word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Same words.", "same  WORDS"),
        ("Same words.\r\n", "\u00a0“Same”, words!"),
        ("ﬁnal straße ①", "FINAL STRASSE 1"),
        ("caf\u00e9", "cafe\u0301"),
        ("\u1112\u1161\u11ab", "한"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("東京で\n会談", "東京で会談"),
        ("co\u00adoperate", "cooperate"),
        ("می\u200cشود", "میشود"),
        ("fine 👍🏽", "fine"),
        ("A ❤\ufe0f B", "a b"),
        ("\u0301word", "word"),
        ("", ""),
    ],
)
def test_form_is_nothing(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a1", "a 1"),
        ("क", "कि"),
        ("...", "!!!"),
        ("US-China", "USChina"),
        ("東京", "京東"),
        ("صلح", "سلح"),
        ("a", ""),
    ],
)
def test_words_are_something(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("US-China talks", ["us", "china", "talks"]),
        ("東京で会談", list("東京で会談")),
        ("Xi在北京said", ["xi", "在", "北", "京", "said"]),
        ("ประเทศ", ["ป", "ร", "ะ", "เ", "ท", "ศ"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("قال الرئيس، أمس", ["قال", "الرئيس", "أمس"]),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    assert shingles.split(text) == words


ANY = st.text(st.characters(), max_size=60) | st.text("aée\u0301 中ﬁß\u200d\u1112\u1161가ǅΣςkK", max_size=20)


@given(ANY)
def test_the_short_way_for_plain_texts_gives_what_the_long_one_gives(text: str) -> None:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    codes, starts = shingles.words(text)
    plain, begins = shingles.words(folded)
    assert (codes.tolist(), starts.tolist()) == (plain.tolist(), begins.tolist())


@given(ANY)
def test_a_composed_text_is_its_decomposed_one(text: str) -> None:
    assert digest(unicodedata.normalize("NFD", text)) == digest(unicodedata.normalize("NFC", text))


WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=30)


@given(WORDS, WORDS)
def test_similarity_is_the_jaccard_index_of_runs_of_three_words(a: list[str], b: list[str]) -> None:
    first, second = ({tuple(w[n : n + 3]) for n in range(len(w) - 2)} for w in (a, b))
    assert similarity(" ".join(a), "  ".join(b).upper()) == len(first & second) / len(first | second)


# What is near


def test_the_threshold_is_kept_on_both_sides() -> None:
    for seed in range(40):
        words = invented(seed)
        for share in (0.1, 0.25, 0.3, 0.36, 0.45):
            texts = {"a": " ".join(words), "b": " ".join(changed(words, share, seed))}
            near = similarity(texts["a"], texts["b"]) >= near_duplicates.THRESHOLD
            assert near == (share <= 0.3)
            assert len(links(texts)) == near


def test_pairs_at_the_threshold_are_nearly_all_found() -> None:
    found = 0
    for seed in range(200):
        words = invented(seed)
        texts = [" ".join(words), " ".join(changed(words, 0.32, seed))]
        assert 0.5 <= similarity(*texts) < 0.53
        found += len(links(dict(zip("ab", texts, strict=True))))
    assert found >= 194


@pytest.mark.parametrize("text", ["東京で首相が記者会見を行い、", "قال الرئيس إن المحادثات "])
def test_other_scripts_have_near_duplicates_too(text: str) -> None:
    chance = random.Random(1)
    letters = [c for c in text if c.isalpha()]
    words = ["".join(chance.choices(letters, k=4)) for _ in range(200)]
    glue = "" if "京" in text else " "
    reprint = [*words[:170], *("".join(chance.choices(letters, k=4)) for _ in range(30))]
    texts = {"a": glue.join(words), "b": glue.join(reprint), "c": glue.join(reversed(words))}
    assert [(link.first, link.second) for link in links(texts)] == [("a", "b")]


def test_short_texts_are_only_ever_equal() -> None:
    words = invented(1, 39)
    texts = {"a": " ".join(words), "b": " ".join([*words[:-1], "end"]), "c": " ".join(words).upper()}
    assert links(texts) == [Link("a", "c", 1.0, True)]
    assert [(x.first, x.second) for x in near_duplicates.of(texts, min_words=39).links()] == [
        ("a", "b"),
        ("a", "c"),
    ]


def corpus(n: int = 120) -> dict[str, str]:
    """Articles with reprints of several degrees, reprints of reprints, and equal ones."""
    texts = {}
    for seed in range(n // 6):
        words = invented(seed)
        chain = changed(words[30:], 0.1, seed + 1)
        variants = [words, words, changed(words, 0.1, seed), changed(words, 0.6, seed), chain, chain[40:]]
        texts |= {f"{seed}-{k}": " ".join(variant) for k, variant in enumerate(variants)}
    return texts


def test_neither_order_nor_shards_change_what_is_found() -> None:
    texts = corpus()
    expected = links(texts)
    assert len(expected) > 60
    ids = list(texts)
    for seed in range(3):
        random.Random(seed).shuffle(ids)
        cut = seed * 40 + 7
        pieces = [sketches(texts[i] for i in part) for part in (ids[:cut], ids[cut:])]
        assert Corpus(ids, np.concatenate(pieces), texts.__getitem__).links() == expected


def test_links_join_exactly_what_is_near_directly_or_through_others() -> None:
    texts = corpus(60)
    near = {
        frozenset(pair)
        for pair in combinations(texts, 2)
        if similarity(*(texts[i] for i in pair)) >= near_duplicates.THRESHOLD
    }
    assert {frozenset((link.first, link.second)) for link in links(texts)} <= near
    joined = {frozenset(group) for group in components(texts, [set(pair) for pair in near])}
    assert joined == {
        frozenset(group) for group in components(texts, [{x.first, x.second} for x in links(texts)])
    }


def components(texts: dict[str, str], pairs: list[set[str]]) -> list[set[str]]:
    """The plainest way to make groups of pairs."""
    groups = [{text} for text in texts]
    for pair in pairs:
        merged = set().union(*(group for group in groups if group & pair))
        groups = [group for group in groups if not group & pair] + [merged]
    return groups


def test_across_names_every_text_with_a_partner_elsewhere_and_only_real_pairs() -> None:
    texts = corpus(60)
    parts = {doc_id: ("train", "test", "dev")[n % 3] for n, doc_id in enumerate(texts) if n % 7}
    near = [
        {a, b}
        for a, b in combinations(parts, 2)
        if parts[a] != parts[b] and similarity(texts[a], texts[b]) >= near_duplicates.THRESHOLD
    ]
    found = near_duplicates.of(texts).across(parts)
    assert all({link.first, link.second} in near for link in found)
    assert {i for link in found for i in link[:2]} == set().union(*near)


def test_many_copies_of_one_text_are_one_group() -> None:
    """A run of texts with one band is longer than what is compared pair by pair."""
    words = invented(5)
    texts = {f"{n:03}": " ".join([*words[:-3], *invented(n, 3)]) for n in range(150)}
    assert len(links(texts)) == len(texts) - 1


def test_nothing_gives_nothing() -> None:
    assert links({}) == []
    assert links({"a": "", "b": "one"}) == []
    assert links({"a": "", "b": ""}) == [Link("a", "b", 1.0, True)]
