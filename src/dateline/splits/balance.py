"""What a split lacks: event types that the dataset has and train or test has not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from dateline.findings import Finding

_WITH_ALL = ("train", "test")


def lacking(
    splits: Mapping[str, str], types: Iterable[tuple[str, str]], least: int = 0
) -> dict[str, list[str]]:
    """The event types that train and test lack, though the dataset has them.

    `splits` gives the split of each article, `types` an article and a type for each event. A split without
    any article lacks nothing, nor does a dataset of fewer articles than `least`.
    """
    if len(splits) < least:
        return {}
    seen = {(type_, splits[doc_id]) for doc_id, type_ in types}
    there = sorted({type_ for type_, _ in seen})
    found: dict[str, list[str]] = defaultdict(list)
    for split in (s for s in _WITH_ALL if s in splits.values()):
        for type_ in there:
            if (type_, split) not in seen:
                found[split].append(type_)
    return dict(found)


def findings(lacks: Mapping[str, list[str]], types: Iterable[tuple[str, str]]) -> list[Finding]:
    """W917 for each type that test lacks; what train lacks is W903, of labels of every kind."""
    events = Counter(type_ for _, type_ in types)
    return [
        Finding(
            code="W917",
            message=f"test has no {type_}, and the dataset has {events[type_]:,}: no score says anything about it",
            hint="annotate more articles about it; those that are there stay where they are",
        )
        for type_ in lacks.get("test", ())
    ]
