"""The loss report: what the views could not hold, counted by view and kind, and listed item by item.

`losses.jsonl` beside the manifest has a line for each item, in the order of views and articles; fields that
do not apply are left out. The manifest has for each view and kind the policy, the count and the first
items, so that it stays small however many articles there are.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from dateline.views.loss import Loss

NAME = "losses.jsonl"
FIRST = 10  # items of each kind in the manifest

Report = dict[str, dict[str, dict[str, Any]]]  # view -> kind -> policy, count, first


def lines(losses: Iterable[Loss]) -> str:
    """The content of `losses.jsonl`."""
    return "".join(map(line, losses))


def line(loss: Loss) -> str:
    """One line of it."""
    return json.dumps(_plain(loss), ensure_ascii=False) + "\n"


def read(text: str) -> list[Loss]:
    """What `lines` has written."""
    return [msgspec.json.decode(line, type=Loss) for line in text.split("\n") if line]


class Tally:
    """Losses counted by view and kind, with the first of each."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, view: str, kind: str, line: str) -> None:
        """Count one by its line."""
        self._counts[view, kind] += 1
        if len(self._first[view, kind]) < FIRST:
            self._first[view, kind].append(line)

    def has(self, view: str, kind: str) -> bool:
        """Whether a view has lost anything of this kind."""
        return bool(self._counts[view, kind])

    def report(self, policies: Mapping[str, Mapping[str, str]]) -> Report:
        """For each view its kinds of loss, those that did not happen too. `policies`: view -> kind -> sentence."""
        return {
            view: {kind: self._told(view, kind, policy) for kind, policy in kinds.items()}
            for view, kinds in policies.items()
            if kinds
        }

    def _told(self, view: str, kind: str, policy: str) -> dict[str, Any]:
        found = map(json.loads, self._first[view, kind])
        first = [{k: v for k, v in loss.items() if k not in ("view", "kind")} for loss in found]
        return {"policy": policy, "count": self._counts[view, kind], "first": first}


def report(losses: Iterable[Loss], policies: Mapping[str, Mapping[str, str]]) -> Report:
    """The report of losses that are in memory."""
    tally = Tally()
    for loss in losses:
        tally.add(loss.view, loss.kind, line(loss))
    return tally.report(policies)


def totals(told: Report) -> dict[str, int]:
    """The number of items by view, for the views that lost any."""
    counts = {view: sum(kind["count"] for kind in kinds.values()) for view, kinds in told.items()}
    return {view: count for view, count in counts.items() if count}


def _plain(loss: Loss) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(loss).items() if value is not None}
