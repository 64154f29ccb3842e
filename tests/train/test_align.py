"""Words become pieces, pieces are tagged, and every word has the tag of its first piece again."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dateline.train import align
from dateline.train.align import IGNORED, Example, Window
from dateline.views import bio

pytestmark = pytest.mark.slow
TEXTS = [
    ["The", "minister", "spoke", "by", "phone", "on", "Monday", ",", "unbelievably", "."],
    ["Déjà", "vu", "東京"],
]
LABELS = ("phone_call", "sanction")
IDS = {
    "O": 0,
    **{f"{p}-{name}": 1 + n for n, (name, p) in enumerate((name, p) for name in LABELS for p in "BI")},
}
TAGS = {n: tag for tag, n in IDS.items()}


@pytest.fixture(scope="module", params=["wordpiece", "bytes"])
def tokenizer(request, installed):
    """One that drops and joins as BERT's does, and one of bytes as RoBERTa's, both with few pieces."""
    from tokenizers import ByteLevelBPETokenizer, Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertTokenizerFast, RobertaTokenizerFast

    if request.param == "wordpiece":
        made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        made.normalizer, made.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        trainer = trainers.WordPieceTrainer(vocab_size=60, special_tokens=special, show_progress=False)
        made.train_from_iterator((" ".join(words) for words in TEXTS), trainer)
        return BertTokenizerFast(vocab=made.get_vocab(), model_max_length=64)
    raw = ByteLevelBPETokenizer(add_prefix_space=True)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    raw.train_from_iterator((" ".join(words) for words in TEXTS), vocab_size=300, special_tokens=special)
    return RobertaTokenizerFast(tokenizer_object=raw._tokenizer, add_prefix_space=True)


words = st.lists(
    st.one_of(st.sampled_from([w for text in TEXTS for w in text]), st.text(min_size=1, max_size=12)),
    max_size=60,
)


@st.composite
def tagged(draw):
    """Words with well-formed tags."""
    given_words = draw(words)
    spans, at = [], 0
    while at < len(given_words):
        length = draw(st.integers(1, 5))
        label = draw(st.sampled_from((None, *LABELS)))
        if label is not None:
            spans.append((at, min(at + length, len(given_words)), label))
        at += length
    return tuple(given_words), tuple(bio.tags(len(given_words), spans))


def seen_by_a_perfect_model(tokenizer, example, limit):
    """The windows, each with the tags of a model that gives back every label it was taught; O elsewhere."""
    windows = align.windows(tokenizer, example, limit)
    tags = align.taught(windows, example.tags)
    return [(window, [TAGS.get(label, "O") for label in window.labels(tags, IDS)]) for window in windows]


@settings(max_examples=150)
@example(
    text=(("The", "The", "\n", "The"), ("B-sanction", "I-sanction", "B-sanction", "I-sanction")),
    before=(),
    limit=40,
)
@given(text=tagged(), before=st.sampled_from([(), ("phone", "call")]), limit=st.integers(40, 80))
def test_what_is_taught_is_what_is_read(tokenizer, text, before, limit):
    row = Example(*text, before)
    seen = seen_by_a_perfect_model(tokenizer, row, limit)
    found, lost = align.merge(seen, len(row.words))
    assert all(len(window) <= limit for window, _ in seen)
    heads = {word for window, _ in seen for word in window.heads}
    assert lost == len(row.words) - len(heads)
    assert [found[word] for word in sorted(heads)] == [
        _relabelled(text[1], word, heads) for word in sorted(heads)
    ]


def _relabelled(tags, word, heads):
    """The tag, as it is read where the words before it have no piece: an I- whose B- is lost begins the span."""
    if tags[word][0] != "I":
        return tags[word]
    first = max(n for n in range(word) if tags[n][0] == "B")
    return tags[word] if any(n in heads for n in range(first, word)) else "B" + tags[word][1:]


def test_a_word_of_many_pieces_has_one_label(tokenizer):
    example = Example(("by", "unbelievably", "phone"), ("O", "B-sanction", "I-sanction"))
    (window,) = align.windows(tokenizer, example, 64)
    labels = window.labels(example.tags, IDS)
    assert [label for label in labels if label != IGNORED] == [0, IDS["B-sanction"], IDS["I-sanction"]]
    assert len(window) > 5


def test_long_texts_go_through_in_windows_that_overlap(tokenizer):
    example = Example(tuple("spoke" for _ in range(100)), ("O",) * 100, ("phone", "call"))
    windows = align.windows(tokenizer, example, 40)
    assert len(windows) > 2
    assert {word for window in windows for word in window.heads} == set(range(100))
    assert all(set(a.heads) & set(b.heads) for a, b in pairwise(windows))
    ids = [window.inputs["input_ids"] for window in windows]
    assert len({tuple(i[:3]) for i in ids}) == 1, "the first segment stands in every window"


def test_a_first_segment_that_leaves_no_room_is_refused(tokenizer):
    with pytest.raises(align.TrainError, match="too few"):
        align.windows(tokenizer, Example(("a",), ("O",), ("unbelievably",) * 30), 32)


def test_the_window_in_which_a_word_stands_deepest_decides():
    early = Window({"input_ids": [0] * 6}, {0: 1, 1: 4})
    late = Window({"input_ids": [0] * 6}, {1: 2, 2: 4})
    tags = ["O", "O", "B-sanction", "O", "B-phone_call", "O"]
    assert align.merge([(early, tags), (late, tags)], 3) == (["O", "B-sanction", "B-phone_call"], 0)


def test_words_without_pieces_go_on_with_the_span_around_them():
    window = Window({"input_ids": [0] * 5}, {0: 1, 2: 2, 3: 3})
    tags = ["O", "B-sanction", "I-sanction", "O", "O"]
    assert align.merge([(window, tags)], 5) == (["B-sanction", "I-sanction", "I-sanction", "O", "O"], 2)
    assert align.merge([(window, ["O", "O", "I-sanction", "O", "O"])], 4) == (
        ["O", "O", "B-sanction", "O"],
        1,
    )
