"""The tokenizer: what it cuts, and what must hold of any text."""

import json
from pathlib import Path

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import TEXTS

from dateline import tokens
from dateline.tokens import Tokens, tokenize

NAUGHTY = Path(__file__).parents[2] / "shared/corpora/big-list-of-naughty-strings/blns.json"

# every kind of character that clusters are made of, beside what the pattern looks out for
_PIECES = [
    *"aZé7.,:'’\"-–/%$#@_()!?…",
    " ",
    "\n",
    "\u00a0",
    "\u2028",
    "\x1f",
    "\x00",
    "'s",
    "l'",
    "U.S.",
    "3.5",
]
_PIECES += [
    "http://a.b/c",
    "www.",
    "\u0301",
    "\u20e3",
    "\ufe0f",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u00ad",
    "\u2060",
]
_PIECES += [
    "😀",
    "👩",
    "🏽",
    "🇯",
    "🇵",
    "ℹ",
    "©",
    "1\ufe0f\u20e3",
    "\U000e0067",
    "\u0600",
    "\u0d4e",
    "\U000110bd",
]
_PIECES += [
    "ᄀ",
    "ᅡ",
    "ᆨ",
    "각",
    "東",
    "か",
    "ト",
    "ー",
    "\u3099",
    "ไ",
    "ด์",
    "\u0e33",
    "ກ",
    "ក\u17d2",
    "က",
    "\u102b",
]
_PIECES += [
    "مُ",
    "ـ",
    "٣",
    "٫",
    "ש",
    "״",
    "क",
    "\u094d",
    "ि",
    "।",
    "\u200f",
    "\u202e",
    "𝔘",
    "\uffff",
    "\U0010ffff",
]
_ODD = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
ANY = TEXTS | _ODD | st.text(st.characters(exclude_categories=["Cs"]))


def check(text: str) -> Tokens:
    """The tokens, when they are as promised."""
    found = tokenize(text)
    assert found.texts == [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    covered = [at for start, end in zip(found.starts, found.ends, strict=True) for at in range(start, end)]
    assert covered == [at for at, character in enumerate(text) if not character.isspace()]
    bounds = {*found.starts, *found.ends}
    for cluster in regex.finditer(r"\X", text):
        inside = {*range(cluster.start() + 1, cluster.end())}
        cut = inside & bounds
        # what stands on white space alone has a cluster with it, and a token without it
        assert all(text[at - 1].isspace() for at in cut), (text, cluster.group())
    return found


@given(ANY)
@example("\u0600a\u0d4e-")
@example("ℹ\u200d👩ℹ\u200d")
@example("http://\u0301 www.a\u0301")
@example("'\u0301s a's\u0301 U.\u0301S.\u0301")
def test_tokens_cover_what_is_not_white_space_once_and_split_no_cluster(text: str) -> None:
    check(text)


@pytest.mark.skipif(
    not NAUGHTY.exists(), reason="the big list of naughty strings is not beside the repository"
)
def test_naughty_strings() -> None:
    strings = json.loads(NAUGHTY.read_bytes())
    assert len(strings) > 500
    for text in (*strings, " ".join(strings), "".join(strings)):
        check(text)


@given(ANY, ANY)
def test_what_is_remembered_is_what_would_be_cut_anew(text: str, other: str) -> None:
    warm = (tokenize(other), tokenize(text))[1]
    tokens._known.clear()
    assert tokenize(text) == warm


def test_no_more_is_remembered_than_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 10)
    tokens._known.clear()
    for n in range(25):
        assert tokenize(f"word{n} {n}:").texts == [f"word{n}", f"{n}", ":"]
        assert len(tokens._known) <= 10
    tokenize("a" * 1000)
    assert "a" * 1000 not in tokens._known


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mr. Smith's plan", "Mr|.|Smith|'s|plan"),
        ("Trump’s leaders' don't it's Sana'a’s", "Trump|’s|leaders|'|don't|it|'s|Sana'a|’s"),
        ("'Hello,' he said. ‘No.’", "'|Hello|,|'|he|said|.|‘|No|.|’"),
        ("l'Élysée, qu’il d'Estaing dell'Utri O'Brien", "l'|Élysée|,|qu’|il|d'|Estaing|dell'|Utri|O'Brien"),
        ("US-China, F-16", "US|-|China|,|F|-|16"),
        ("3.5% of $2m; US$1,200.5", "3.5|%|of|$|2m|;|US|$|1,200.5"),
        ("10:30 on 2025-11-30.", "10:30|on|2025|-|11|-|30|."),
        ("in 2024.The end.Next", "in|2024|.|The|end|.|Next"),
        ("U.S.-Japan, the U.S. At 5 p.m. J.K. Rowling", "U.S.|-|Japan|,|the|U.S.|At|5|p.m.|J.K.|Rowling"),
        ("U.S.'s Ph.D. U.S.Army", "U.S.|'s|Ph|.|D|.|U.S|.|Army"),
        ("see https://a.org/x?y=1). (www.b.com), http://", "see|https://a.org/x?y=1|)|.|(|www.b.com|)|,|http|:|/|/"),
        ("ann@b.org #tag @ann", "ann|@|b|.|org|#|tag|@|ann"),
        ("Wait... -- what?! ----", "Wait|...|--|what|?|!|----"),
        ("“Why?” (no) [x] «ja»", "“|Why|?|”|(|no|)|[|x|]|«|ja|»"),
        ("e\u0301te\u0301 été", "e\u0301te\u0301|été"),
        ("東京でトランプ氏は", "東|京|で|ト|ラ|ン|プ|氏|は"),
        ("か\u3099データー", "か\u3099|デ|ー|タ|ー"),
        ("트럼프는 \u1100\u1161", "트|럼|프|는|\u1100\u1161"),
        ("ไทย ด์", "ไ|ท|ย|ด์"),
        ("قال مُحَمَّدٌ، ٣٫٥", "قال|مُحَمَّدٌ|،|٣٫٥"),
        ("می\u200cخواهد צה״ל", "می\u200cخواهد|צה״ל"),
        ("वह गया।", "वह|गया|।"),
        ("👨\u200d👩\u200d👧👍🏽🇯🇵🇺🇸 1\ufe0f\u20e3❤\ufe0f", "👨\u200d👩\u200d👧|👍🏽|🇯🇵|🇺🇸|1\ufe0f\u20e3|❤\ufe0f"),
        ("inter\u00adnational \u200fשלום\u200f", "inter\u00adnational|\u200f|שלום|\u200f"),
        ("a \u0301b", "a|\u0301b"),
        ("", ""),
        (" \r\n\t", ""),
    ],
)  # fmt: skip
def test_tokens_of(text: str, wanted: str) -> None:
    assert "|".join(check(text).texts) == wanted


def test_finding_a_run_of_tokens() -> None:
    found = tokenize(" Ann Lee's  US-led call.")
    text = " Ann Lee's  US-led call."
    for words, wanted in {
        "Ann Lee": (0, 2),
        "'s": (2, 3),
        "US-led": (3, 6),
        "call.": (6, 8),
        "led": (5, 6),
    }.items():
        start = text.index(words)
        assert found.find(start, start + len(words)) == wanted
    for words in ("An", "nn", "Ann ", " Ann", "Ann L", "nn Lee", " "):
        start = text.index(words)
        assert found.find(start, start + len(words)) is None
    assert tokenize("").find(0, 1) is None
    assert found.find(len(text), len(text) + 4) is None


@given(ANY, st.integers(0, 40), st.integers(0, 40))
def test_found_is_exactly_what_begins_and_ends_with_tokens(text: str, start: int, end: int) -> None:
    tokens_ = tokenize(text)
    found = tokens_.find(start, end)
    if start < end and start in tokens_.starts and end in tokens_.ends:
        assert found is not None
        assert (tokens_.starts[found[0]], tokens_.ends[found[1] - 1]) == (start, end)
    else:
        assert found is None
