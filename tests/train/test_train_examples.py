"""What a tagger of arguments reads, and how its tags come back to the row."""

from hypothesis import given
from hypothesis import strategies as st

from dateline.train import decode, examples
from dateline.train.align import Example, Window, merge
from dateline.train.data import Row
from dateline.views import bio

ROLES = ("speaker", "claim")


@st.composite
def rows(draw):
    """A row with a trigger anywhere and spans anywhere, also across the trigger."""
    n = draw(st.integers(1, 30))
    first = draw(st.integers(0, n - 1))
    last = draw(st.integers(first + 1, n))
    edges = sorted(draw(st.sets(st.integers(0, n), max_size=8)))
    spans = [(a, b, draw(st.sampled_from(ROLES))) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    words = tuple(f"w{k}" for k in range(n))
    places = tuple(range(0, 3 * n, 3)), tuple(range(2, 3 * n + 2, 3))
    return Row("d", words, *places, tuple(bio.tags(n, spans)), "press_denial", first, last)


@given(row=rows(), context=st.none() | st.integers(0, 12))
def test_marking_and_reading_back(row, context):
    example = examples.marked(row, {"press_denial": frozenset(ROLES)}, context)
    assert len(example.words) == len(example.tags)
    trigger = example.words[example.words.index("<t>") + 1 : example.words.index("</t>")]
    assert trigger == row.tokens[row.first : row.last]
    whole = Window({"input_ids": [0] * len(example.words)}, {n: n for n in range(len(example.words))})
    answered, _ = merge([(whole, example.tags)], len(example.words))
    found = bio.spans(examples.unmarked(row, answered, context))
    part = row.around(context)
    assert found == [s for s in bio.spans(row.tags) if part.start <= s[0] and s[1] <= part.stop]
    assert examples.unmarked(row, answered, context) == decode.cropped(
        row, decode.near(row, context), context
    )


def test_only_roles_of_the_type_may_be_answered():
    row = Row("d", ("a", "b"), (0, 2), (1, 3), ("B-speaker", "O"), "press_denial", 1, 2)
    allowed = examples.roles([row])
    assert allowed == {"press_denial": {"speaker"}}
    assert examples.marked(row, allowed, None) == Example(
        ("a", "<t>", "b", "</t>"), ("B-speaker", "O", "O", "O"), ("press", "denial"), frozenset({"speaker"})
    )


def test_labels_are_whole():
    row = Row("d", ("a", "b"), (0, 2), (1, 3), ("B-speaker", "O"))
    assert examples.labels([row]) == ["O", "B-speaker", "I-speaker"]
    assert examples.labels([]) == ["O"]
