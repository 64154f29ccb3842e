"""BIO tags over tokens, and back: `B-x` begins a span of label x, `I-x` goes on with it, `O` is in none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

OUTSIDE = "O"
Span = tuple[int, int, str]


def tags(n: int, spans: Iterable[Span]) -> list[str]:
    """The tags of `n` tokens with these spans: half-open token ranges, none empty, none overlapping.

    Raises ValueError where a span is empty, lies outside the tokens or overlaps another.
    """
    found = [OUTSIDE] * n
    reach = 0
    for first, last, label in sorted(spans):
        if not reach <= first < last <= n:
            raise ValueError(
                f"the span {first}-{last} ({label}) is empty, overlaps another or leaves the {n} tokens"
            )
        found[first:last] = [f"I-{label}"] * (last - first)
        found[first] = f"B-{label}"
        reach = last
    return found


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans that the tags say, in order, as (first token, the one after the last, label).

    An `I-x` that goes on with nothing begins a span, as in CoNLL's evaluation: what a model writes need not
    be well-formed. So `tags(len(t), spans(t))` is `t` for tags that are.
    """
    found: list[Span] = []
    first, label = 0, ""
    for n, tag in enumerate((*tags, OUTSIDE)):
        here = tag[2:] if tag != OUTSIDE else ""
        if label and (here != label or tag[0] == "B"):
            found.append((first, n, label))
            label = ""
        if here and not label:
            first, label = n, here
    return found


def offsets(tags: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """The spans in code points of the article, from a row's `tags`, `starts` and `ends`."""
    return [(starts[first], ends[last - 1], label) for first, last, label in spans(tags)]


def leftmost_longest(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int | None]]:
    """For each span in the order of the text its index, and the index of the one that it gives way to.

    A span gives way to a kept one that it overlaps: one that begins before it, one that begins with it and is
    longer, or one that is equal and stands before it in `spans`. None: it is kept.
    """
    kept: int | None = None
    for n in sorted(range(len(spans)), key=lambda n: (spans[n][0], -spans[n][1], n)):
        if kept is not None and spans[n][0] < spans[kept][1]:
            yield n, kept
        else:
            kept = n
            yield n, None
