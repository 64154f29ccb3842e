"""Where a span may begin or end: grapheme clusters, by a short way that must agree with the long one."""

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from dateline.checks import text as rules
from dateline.checks.case import Case, breaks

# one of each class of Unicode Standard Annex 29, what pictographs and Indic conjuncts are made of, and stackers
_PIECES = [
    *("\r", "\n", "\x00", "\u0301", "\u200d", "\U0001f1e9", "\u0600", "\u0d4e", "\u0903", "\u1100", "\u1161"),
    *("\u11a8", "\uac00", "\uac01", "a", "\u597d", "\u041f", " ", "\U0001f600", "\ufe0f", "\U0001f3fd"),
    *("\u0915", "\u094d", "\u0937", "\u200c", "\u1cf5", "\u1cf6", "\U00011a3a", "\u00ad", "\u200b"),
]
TEXTS = st.lists(st.sampled_from(_PIECES) | st.characters(exclude_categories=["Cs"]), max_size=12).map(
    "".join
)


@given(TEXTS)
@example("\U00011a3a\u0915")  # a stacker of no class joins with an Indic consonant
def test_no_cluster_crosses_where_two_characters_are_apart(text: str) -> None:
    found = breaks(text)
    assert {at for at in range(len(text) + 1) if rules._apart(text, at)} <= found


@given(TEXTS.filter(bool), st.integers(0, 2))
@example("\U0001f1e9" * 130, 0)  # longer than the stretch that is looked at
def test_spans_end_at_clusters_exactly_where_the_whole_text_says_so(text: str, times: int) -> None:
    text *= 1 + times
    case = Case.__new__(Case)
    case.document = type("Doc", (), {"text": text})()  # type: ignore[assignment]
    found = {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}
    assert {at for at in range(len(text) + 1) if rules._parts(case, at)} == found
