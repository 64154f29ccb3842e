"""Which annotation of an article counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.model import Document, content

GROUND_TRUTH = "ground truth"
ONLY = "only annotation"
EQUAL = "equal annotations"


@dataclass(frozen=True)
class Decision:
    """The annotation that counts and why; `document` is None where none can be chosen.

    `code` is the finding that says so, for an article that is held back.
    """

    document: Document | None
    reason: str
    code: str | None = None


def resolve(documents: Sequence[Document]) -> Decision:
    """Ground truth, else the only annotation, else annotations that are all equal; else none.

    Of equal ones the first by annotator counts.
    """
    truths = [d for d in documents if d.annotation.ground_truth]
    if len(truths) > 1:
        return Decision(None, f"{len(truths)} annotations are marked as ground truth", "E911")
    if truths:
        return Decision(truths[0], GROUND_TRUTH)
    if len(documents) == 1:
        return Decision(documents[0], ONLY)
    ordered = sorted(documents, key=lambda d: (d.annotation.annotator, d.annotation.annotation or 0))
    if not ordered:
        return Decision(None, "no annotation")
    if all(content(d) == content(ordered[0]) for d in ordered[1:]):
        return Decision(ordered[0], EQUAL)
    names = ", ".join(d.annotation.annotator for d in ordered)
    return Decision(None, f"{len(ordered)} annotations differ ({names}) and none is ground truth", "W912")
