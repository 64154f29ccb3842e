"""The sentence splitter: where sentences end, and what must hold of any text."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import TEXTS

from dateline import sentences
from dateline.tokens import tokenize

NAUGHTY = Path(__file__).parents[2] / "shared/corpora/big-list-of-naughty-strings/blns.json"
_PIECES = [
    *"aZé.!?,;-()[]\"'“”‘’«»„。！？「」؟।።",
    " ",
    "\n",
    "\r\n",
    "\u2028",
    "\u3000",
    "\u00a0",
    "\x85",
    "\t",
]
_PIECES += ["Mr. ", "U.S. ", "J. ", "No. ", "z. B. ", "3.5", "www.a.b/c.d", "...", "\u0301", "👨\u200d👩\u200d👧", "\u200b", "\ufeff"]  # fmt: skip
ANY = TEXTS | st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)
LANGUAGES = st.sampled_from(
    ["en", "und", "zh-Hant", "de-AT", "ar", "hi", "ja", "fr", "x-none", "", "EN-us", "qq"]
)


def of(text: str, language: str = "en") -> list[str]:
    """The sentences as words, when they are as promised: each token in one, in order."""
    tokens = tokenize(text)
    found = sentences.split(text, tokens, language)
    assert [at for first, last in found for at in range(first, last)] == list(range(len(tokens.texts)))
    assert all(first < last for first, last in found)
    said = [text[tokens.starts[first] : tokens.ends[last - 1]] for first, last in found]
    assert all(len(s.splitlines()) == 1 for s in said)  # no line break inside
    return said


@given(ANY, LANGUAGES)
@example("Z\u3000. A", "en")
@example("J.\u2028Lee. 。।\u2028Z\u2028.𝔘", "en")
def test_sentences_are_whole_tokens_in_order_and_end_with_the_line(text: str, language: str) -> None:
    of(text, language)


@pytest.mark.skipif(
    not NAUGHTY.exists(), reason="the big list of naughty strings is not beside the repository"
)
def test_naughty_strings() -> None:
    for text in json.loads(NAUGHTY.read_bytes()):
        of(text)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Mr. Smith left. Dr. J. Lee (see p. 3) agreed.", "Mr. Smith left.|Dr. J. Lee (see p. 3) agreed."),
        ("en", "He left the U.S. The U.S. Army came. It cost $3.5m.", "He left the U.S.|The U.S. Army came.|It cost $3.5m."),
        ("en", 'He said "No." Then he left (by car). So?', 'He said "No."|Then he left (by car).|So?'),
        ("en", '"Why? I know not," he said. "Go!" They went.', '"Why? I know not," he said.|"Go!"|They went.'),
        ("en", "On Jan. 3 at 5 p.m. Sen. Ann Lee met him. Done.", "On Jan. 3 at 5 p.m. Sen. Ann Lee met him.|Done."),
        ("en", "Visit www.a.com. Yes! Wait... what? No.", "Visit www.a.com.|Yes!|Wait... what?|No."),
        ("en", "A headline\n\nOVRIN, Oct. 8 — Text.\n• one;\r\n• two", "A headline|OVRIN, Oct. 8 — Text.|• one;|• two"),
        ("en", "A\u2028B\x0bC", "A|B|C"),
        ("zh-Hant", "他走了。她說：“不。”然後走了！", "他走了。|她說：“不。”|然後走了！"),
        ("ja", "彼は来た。次に行く。", "彼は来た。|次に行く。"),
        ("ar", "هل ذهب؟ نعم. لا!", "هل ذهب؟|نعم.|لا!"),
        ("ur", "وہ گیا۔ وہ آیا۔", "وہ گیا۔|وہ آیا۔"),
        ("hi", "वह गया। फिर आया।", "वह गया।|फिर आया।"),
        ("am", "ሰላም። እሺ።", "ሰላም።|እሺ።"),
        ("de", "Er kam z. B. am 3. März. Danach ging er.", "Er kam z. B. am 3. März.|Danach ging er."),
        ("und", "He left. She came to Mr. Lee.", "He left.|She came to Mr. Lee."),
        ("qq", "He left. She came.", "He left.|She came."),
    ],
)  # fmt: skip
def test_sentences_of(language: str, text: str, wanted: str) -> None:
    assert "|".join(of(text, language)) == wanted


def test_a_text_of_white_space_has_none() -> None:
    assert of("") == of(" \n\u3000\n") == []


def test_where_the_library_breaks_the_line_stays_whole(capfd: pytest.CaptureFixture[str]) -> None:
    """It does on an ideographic space after an initial, which no line given to it has."""
    assert sentences.stretches("Z\u3000. A", "en") == ["Z\u3000. A"]
    assert "panicked" in capfd.readouterr().err
    assert of("Z\u3000. A\u3000bit.\u3000Done.") == ["Z\u3000. A\u3000bit.", "Done."]
    assert "panicked" not in capfd.readouterr().err


def test_an_interrupt_is_not_taken_for_a_broken_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sentencex

    def interrupted(language: str, text: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(sentencex, "segment", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sentences.stretches("A.", "en")


def test_a_stop_inside_a_token_ends_nothing() -> None:
    assert sentences.stretches("See www.a.b?X=1. End", "en")[0] == "See www.a.b?"
    assert of("See www.a.b?X=1. End") == ["See www.a.b?X=1.", "End"]
