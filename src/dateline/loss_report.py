"""The loss report: what the views could not hold, counted by view and kind, and listed item by item.

`losses.jsonl` beside the manifest has a line for each item, in the order of views and articles; fields that
do not apply are left out. The manifest has for each view and kind the policy, the count and the first
items, so that it stays small however many articles there are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from dateline.views.loss import Loss

NAME = "losses.jsonl"
FIRST = 10  # items of each kind in the manifest

Report = dict[str, dict[str, dict[str, Any]]]  # view -> kind -> policy, count, first


def lines(losses: Iterable[Loss]) -> str:
    """The content of `losses.jsonl`."""
    return "".join(json.dumps(_plain(loss), ensure_ascii=False) + "\n" for loss in losses)


def read(text: str) -> list[Loss]:
    """What `lines` has written."""
    return [msgspec.json.decode(line, type=Loss) for line in text.split("\n") if line]


def report(losses: Iterable[Loss], policies: Mapping[str, Mapping[str, str]]) -> Report:
    """For each view its kinds of loss, those that did not happen too. `policies`: view -> kind -> sentence."""
    found: dict[tuple[str, str], list[Loss]] = defaultdict(list)
    for loss in losses:
        found[loss.view, loss.kind].append(loss)
    return {
        view: {kind: _told(policy, found[view, kind]) for kind, policy in kinds.items()}
        for view, kinds in policies.items()
        if kinds
    }


def totals(told: Report) -> dict[str, int]:
    """The number of items by view, for the views that lost any."""
    counts = {view: sum(kind["count"] for kind in kinds.values()) for view, kinds in told.items()}
    return {view: count for view, count in counts.items() if count}


def _told(policy: str, losses: list[Loss]) -> dict[str, Any]:
    first = [{k: v for k, v in _plain(loss).items() if k not in ("view", "kind")} for loss in losses[:FIRST]]
    return {"policy": policy, "count": len(losses), "first": first}


def _plain(loss: Loss) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(loss).items() if value is not None}
