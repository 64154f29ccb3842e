"""What a split lacks: event types that the dataset has and train or test has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dateline.findings import Finding

_WITH_ALL = ("train", "test")


def lacking(
    articles: Mapping[str, int], types: Mapping[str, Counter[str]], least: int = 0
) -> dict[str, list[str]]:
    """The event types that train and test lack, though the dataset has them.

    By split, `articles` says how many there are, `types` how many events of each type. A split without any
    article lacks nothing, nor does a dataset of fewer articles than `least`.
    """
    if sum(articles.values()) < least:
        return {}
    there = sorted(sum(types.values(), Counter[str]()))
    lacks = {s: [t for t in there if t not in types.get(s, ())] for s in _WITH_ALL if articles.get(s)}
    return {split: missing for split, missing in lacks.items() if missing}


def findings(lacks: Mapping[str, list[str]], types: Mapping[str, Counter[str]]) -> list[Finding]:
    """W917 for each type that test lacks; what train lacks is W903, of labels of every kind."""
    events = sum(types.values(), Counter[str]())
    return [
        Finding(
            code="W917",
            message=f"test has no {type_}, and the dataset has {events[type_]:,}: no score says anything about it",
            hint="annotate more articles about it; those that are there stay where they are",
        )
        for type_ in lacks.get("test", ())
    ]
