"""Words and the pieces that a model's tokenizer makes of them, there and back.

A tag belongs to a word. The model sees pieces: a word's first piece carries its tag, and its tag is read
there. What is longer than the model can take goes through it in windows that overlap; each word is read in
the window in which it stands farthest from the edges. So every word gets a tag, whatever its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.train.errors import TrainError

IGNORED = -100  # the label that cross entropy leaves out
_ROOM = 8  # pieces of text that a window must hold at least


@dataclass(frozen=True)
class Example:
    """A row to tag: its words, a tag for each (empty where unknown), and the words that go before them.

    `before` is the model's first segment, repeated in every window. `allowed` are the labels that may be
    answered here, None for all.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    allowed: frozenset[str] | None = None


@dataclass(frozen=True)
class Window:
    """What goes through the model at once: `inputs` by name, and each word's first piece (word -> place)."""

    inputs: Mapping[str, list[int]]
    heads: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.inputs["input_ids"])

    def labels(self, tags: Sequence[str], ids: Mapping[str, int]) -> list[int]:
        """A label for each piece; IGNORED for all but first pieces, and for tags that have no id."""
        labels = [IGNORED] * len(self)
        for word, place in self.heads.items():
            labels[place] = ids.get(tags[word], IGNORED)
        return labels


def windows(tokenizer: Any, example: Example, limit: int) -> list[Window]:
    """The windows of an example, at most `limit` pieces each; a quarter of each stands in the next one too.

    TrainError where `before` leaves hardly any room.
    """
    first = [list(example.before)] if example.before else []
    taken = len(tokenizer(*first, [], is_split_into_words=True)["input_ids"]) if first else 2
    room = limit - taken - tokenizer.num_special_tokens_to_add(pair=bool(first))
    if room < _ROOM:
        words = " ".join(example.before)
        raise TrainError(f"the model takes {limit} pieces at once: too few for {words!r} and a text")
    encoded = tokenizer(
        *first,
        list(example.words),
        is_split_into_words=True,
        truncation="only_second" if first else "only_first",
        max_length=limit,
        stride=room // 4,
        return_overflowing_tokens=True,
    )
    segment = len(first)
    return [_window(tokenizer, encoded, n, segment) for n in range(len(encoded["input_ids"]))]


def _window(tokenizer: Any, encoded: Any, number: int, segment: int) -> Window:
    heads: dict[int, int] = {}
    pairs = zip(encoded.word_ids(number), encoded.sequence_ids(number), strict=True)
    for place, (word, sequence) in enumerate(pairs):
        if word is not None and sequence == segment:
            heads.setdefault(word, place)
    names = [name for name in tokenizer.model_input_names if name in encoded]
    return Window({name: encoded[name][number] for name in names}, heads)


def taught(windows: Sequence[Window], tags: Sequence[str]) -> list[str]:
    """The tags as they can be taught: a span begins with its first word that has a piece in some window.

    Without this, a span whose first word the tokenizer drops would seem to go on with the one before it.
    """
    heads = {word for window in windows for word in window.heads}
    out = list(tags)
    begins = False
    for word, tag in enumerate(tags):
        begins = tag.startswith("B-") or (begins and tag.startswith("I-"))
        if begins and word in heads:
            out[word] = f"B-{tag[2:]}"
            begins = False
    return out


def merge(seen: Iterable[tuple[Window, Sequence[str]]], length: int) -> tuple[list[str], int]:
    """A tag for each of `length` words, of windows and the tags of their pieces; and how many had no piece.

    A word without a piece (the tokenizer drops it: a lone control character) goes on with the span that
    stands on both its sides, else it is O. An I- that continues nothing becomes a B-.
    """
    best: dict[int, tuple[int, str]] = {}
    for window, tags in seen:
        for word, place in window.heads.items():
            distance = min(place, len(window) - 1 - place)
            if word not in best or distance > best[word][0]:
                best[word] = (distance, tags[place])
    found = [best[word][1] if word in best else None for word in range(length)]
    return _whole(found), length - len(best)


def _whole(tags: Sequence[str | None]) -> list[str]:
    """Tags without gaps, each I- after a B- or I- of its label."""
    out: list[str] = []
    for place, tag in enumerate(tags):
        label = out[-1][2:] if out and out[-1] != "O" else None
        if tag is None:
            following = next((t for t in tags[place:] if t is not None), "O")
            out.append(f"I-{label}" if label is not None and following == f"I-{label}" else "O")
        else:
            out.append(f"B-{tag[2:]}" if tag.startswith("I-") and tag[2:] != label else tag)
    return out
