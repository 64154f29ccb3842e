"""What adjudication wrote down of a ground truth, kept true when its results are moved."""

from __future__ import annotations

from typing import Any

from dateline.adjudication.origins import refs
from dateline.adjudication.truth import KEY
from dateline.label_studio import stored
from dateline.migration.results import Moved

Json = dict[str, Any]


def moved(annotation: Json, results: Moved) -> Json:
    """The annotation with the moved results. `id`, `base` and `origin` stay: push notices by them what changed here.

    Items of an adjudication are named by controls and relation labels, so they move along; its digest stays that of
    what adjudication wrote where nobody had changed that.
    """
    after = {**annotation, "result": results.results}
    made = annotation.get(KEY)
    if not isinstance(made, dict):
        return after
    names = dict(pair for before, now in results.pairs for pair in _renamed(before, now))
    fresh = {**made, "items": [_group(group, names) for group in made.get("items", ())]}
    if made.get("digest") == stored.digest(annotation):
        fresh["digest"] = stored.digest(after)
    return {**after, KEY: fresh}


def _renamed(before: Any, after: Any) -> list[tuple[str, str | None]]:
    """Old and new name of each item of a result; None for one that goes."""
    old = refs(before) if isinstance(before, dict) else []
    new = refs(after) if isinstance(after, dict) else []
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    fresh = [name for name in new if name not in old]
    return [(name, name if name in new else fresh[0] if fresh else None) for name in old]


def _group(group: Any, names: dict[str, str | None]) -> Any:
    if not isinstance(group, dict) or not isinstance(group.get("items"), list):
        return group
    items = [names.get(item, item) for item in group["items"]]
    return {**group, "items": list(dict.fromkeys(item for item in items if item is not None))}
