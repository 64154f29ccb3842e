"""BIO tags and spans are two ways to say the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.views import bio

TAGS = st.lists(st.sampled_from(["O", "B-a", "I-a", "B-b", "I-b", "B-I-a", "I-B-a"]), max_size=12)


@st.composite
def apart(draw: st.DrawFn) -> tuple[int, list[bio.Span]]:
    """A number of tokens and spans that do not overlap."""
    found: list[bio.Span] = []
    at = 0
    for _ in range(draw(st.integers(0, 5))):
        first = at + draw(st.integers(0, 2))
        at = first + draw(st.integers(1, 3))
        found.append((first, at, draw(st.sampled_from(["a", "b", "I-a", "a-b"]))))
    return at + draw(st.integers(0, 2)), found


@given(apart())
def test_spans_come_back_from_their_tags(case: tuple[int, list[bio.Span]]) -> None:
    n, spans = case
    tags = bio.tags(n, reversed(spans))
    assert len(tags) == n
    assert bio.spans(tags) == spans


@given(TAGS)
def test_any_tags_are_spans_and_mending_them_changes_no_span(tags: list[str]) -> None:
    spans = bio.spans(tags)
    assert bio.spans(bio.tags(len(tags), spans)) == spans
    inside = {n for first, last, _ in spans for n in range(first, last)}
    assert inside == {n for n, tag in enumerate(tags) if tag != "O"}


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("", []),
        ("O O", []),
        ("B-a I-a O B-a", [(0, 2, "a"), (3, 4, "a")]),
        ("B-a B-a I-a", [(0, 1, "a"), (1, 3, "a")]),
        ("I-a I-a", [(0, 2, "a")]),
        ("B-a I-b I-b", [(0, 1, "a"), (1, 3, "b")]),
        ("O I-a B-a", [(1, 2, "a"), (2, 3, "a")]),
    ],
)
def test_spans_of(tags: str, wanted: list[bio.Span]) -> None:
    assert bio.spans(tags.split()) == wanted


@pytest.mark.parametrize(
    "spans", [[(0, 2, "a"), (1, 3, "b")], [(1, 1, "a")], [(2, 4, "a")], [(-1, 1, "a")], [(2, 1, "a")]]
)
def test_what_tags_cannot_say_is_refused(spans: list[bio.Span]) -> None:
    with pytest.raises(ValueError, match="the span"):
        bio.tags(3, spans)


def test_offsets_are_code_points() -> None:
    assert bio.offsets(["O", "B-a", "I-a"], [3, 7, 12], [6, 11, 14]) == [(7, 14, "a")]


SPANS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda s: (s[0], s[0] + s[1])), max_size=8
)


@given(SPANS)
def test_the_leftmost_and_longest_are_kept_and_nothing_is_dropped_without_need(
    spans: list[tuple[int, int]],
) -> None:
    found = dict(bio.leftmost_longest(spans))
    assert sorted(found) == list(range(len(spans)))
    kept = sorted(spans[n] for n, other in found.items() if other is None)
    assert all(one[1] <= other[0] for one, other in pairwise(kept))
    for n, other in found.items():
        if other is not None:
            assert found[other] is None
            (start, end), (first, last) = spans[n], spans[other]
            assert first <= start < last
            assert (first, -last, other) < (start, -end, n)
