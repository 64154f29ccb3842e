"""Disjoint sets of strings."""

from __future__ import annotations

from collections.abc import Iterable


class UnionFind:
    """Sets that only ever merge; the smallest member stands for its set, whatever the order of merging."""

    def __init__(self, members: Iterable[str]) -> None:
        self._parent = {member: member for member in members}

    def __contains__(self, member: str) -> bool:
        return member in self._parent

    def find(self, member: str) -> str:
        """The member that stands for the set."""
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def union(self, a: str, b: str) -> None:
        """Make one set of the sets of both."""
        low, high = sorted((self.find(a), self.find(b)))
        self._parent[high] = low
