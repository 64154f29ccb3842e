"""The ground truth of an article's file: what is written there, and whose word it is.

Beside the keys of every stored annotation, one that adjudication made has `adjudication`:

- `by`: the policy, or `review`; the person who decided is `completed_by`, the annotators are `from`
- `digest`: of the annotation as it was written, so that a later hand is noticed
- `items`: for each way of settling and each set of annotators the items, as `origins.refs` names them
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from dateline import checks
from dateline.adjudication.origins import Origin, refs
from dateline.adjudication.policy import EDITED, REVIEW
from dateline.findings import Finding, order
from dateline.label_studio import convert, stored
from dateline.schema import Schema

Json = dict[str, Any]
KEY = "adjudication"
MERGE = "merge"  # who decided, where no person did


def annotation(
    results: list[Json], origins: Mapping[str, Origin], by: str, who: str, names: list[str], schema: Schema
) -> Json:
    """A ground truth as it is stored."""
    made: Json = {
        "completed_by": who,
        "was_cancelled": False,
        "ground_truth": True,
        "guideline_version": schema.guideline_version,
        "from": sorted(names),
        "result": stored.results(results),
    }
    made[KEY] = {"by": by, "digest": stored.digest(made), "items": _grouped(made["result"], origins)}
    return stored.ordered(made)


def _grouped(results: list[Json], origins: Mapping[str, Origin]) -> list[Json]:
    groups: dict[Origin, list[str]] = {}
    for ref in dict.fromkeys(ref for result in results for ref in refs(result)):
        groups.setdefault(origins.get(ref, Origin(EDITED, ())), []).append(ref)
    return [
        {"how": origin.how, "from": list(origin.names), "items": items}
        for origin, items in sorted(groups.items())
    ]


def existing(task: Json) -> Json | None:
    """The ground truth that a stored task has, the first if there are several."""
    return next(
        (a for a in task.get("annotations", ()) if isinstance(a, dict) and a.get("ground_truth")), None
    )


def is_made_here(truth: Json, by_review: bool) -> bool:
    """True for a ground truth of adjudication's that nobody has touched since; one of a review only where asked."""
    made = truth.get(KEY)
    if not isinstance(made, dict) or made.get("digest") != stored.digest(truth):
        return False
    return by_review or made.get("by") != REVIEW


def placed(task: Json, truth: Json) -> Json:
    """The task with this ground truth; one that it had keeps its place on the server."""
    before = existing(task)
    place = ("id", "task", "project", "origin", "base")
    kept: Json = {key: before[key] for key in place if key in before} if before else {}
    others = [a for a in task["annotations"] if a is not before]
    return {**task, "annotations": [*others, stored.ordered({**kept, **truth})]}


def errors(task: Json, truth: Json, schema: Schema) -> list[Finding]:
    """What makes a ground truth unfit to be written."""
    reading = convert.read_task({**task, "annotations": [truth]}, schema)
    found = list(reading.findings)
    for document, tainted in zip(reading.documents, reading.tainted, strict=True):
        found += checks.check(document, schema, tainted, reading.findings)
    return [finding for finding in order(found) if finding.severity == "error"]


def summary(truth: Json) -> dict[str, int]:
    """How many items of an adjudicated ground truth were settled how; what a hand has put out of shape is left out."""
    counts: Counter[str] = Counter()
    made = truth.get(KEY)
    groups = made.get("items") if isinstance(made, dict) else None
    for group in groups if isinstance(groups, list) else ():
        if (
            isinstance(group, dict)
            and isinstance(group.get("how"), str)
            and isinstance(group.get("items"), list)
        ):
            counts[group["how"]] += len(group["items"])
    return dict(sorted(counts.items()))
