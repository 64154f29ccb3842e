"""The best one-to-one assignment on a sparse bipartite graph.

What it works on is small: things that touch in the text. The graph falls apart into its connected
components, nearly all of one edge, and only the rest is solved. That needs no library.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Edge = tuple[int, int]
Rank = Callable[[int], Any]


def best(edges: Iterable[Edge], weight: Callable[[int, int], int], left: Rank, right: Rank) -> list[Edge]:
    """The pairs with the largest summed weight, each side used once, sorted.

    `weight` gives a positive integer for an edge; what is no edge is never paired. `left` and `right`
    give the content that stands behind an index, as something that can be compared: equally good
    assignments are told apart by content and never by index or side, so that their order does not matter.
    """
    found: list[Edge] = []
    for inner in components(edges):
        found += inner if len(inner) == 1 else _solve(inner, weight, left, right)
    return sorted(found)


def components(edges: Iterable[Edge]) -> Iterator[list[Edge]]:
    """The edges by connected component."""
    at: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in edges:
        at[0, edge[0]].append(edge)
        at[1, edge[1]].append(edge)
    while at:
        todo, seen = [next(iter(at))], set()
        while todo:
            for edge in at.pop(todo.pop(), ()):
                seen.add(edge)
                todo += [(0, edge[0]), (1, edge[1])]
        yield sorted(seen)


def _solve(edges: list[Edge], weight: Callable[[int, int], int], left: Rank, right: Rank) -> list[Edge]:
    rows = sorted({i for i, _ in edges}, key=left)
    columns = sorted({j for _, j in edges}, key=right)
    known = {edge: weight(*edge) for edge in edges}
    sizes = (len(columns), [right(j) for j in columns]), (len(rows), [left(i) for i in rows])
    if sizes[0] < sizes[1]:  # fewer first, then by content: the sides have no order of their own
        cost = [[-known.get((i, j), 0) for i in rows] for j in columns]
        pairs = [(rows[i], columns[j]) for j, i in enumerate(hungarian(cost))]
    else:
        cost = [[-known.get((i, j), 0) for j in columns] for i in rows]
        pairs = [(rows[i], columns[j]) for i, j in enumerate(hungarian(cost))]
    return [pair for pair in pairs if pair in known]


def hungarian(cost: list[list[int]]) -> list[int]:
    """For each row its column in an assignment of least cost; there are at least as many columns as rows.

    Shortest augmenting paths with potentials, in rows² · columns steps. Sources: Kuhn 1955, "The Hungarian
    method for the assignment problem"; Jonker and Volgenant 1987, "A shortest augmenting path algorithm".
    """
    columns = len(cost[0])
    of_row, of_column = [0] * (len(cost) + 1), [0] * (columns + 1)  # potentials; position 0 is no row
    row_at = [0] * (columns + 1)
    for row in range(1, len(cost) + 1):
        row_at[0] = row
        _augment(cost, of_row, of_column, row_at)
    found = [0] * len(cost)
    for column in range(1, columns + 1):
        if row_at[column]:
            found[row_at[column] - 1] = column - 1
    return found


def _augment(cost: list[list[int]], of_row: list[int], of_column: list[int], row_at: list[int]) -> None:
    """Find a column for the row at `row_at[0]`, moving others where that is cheaper."""
    free = set(range(1, len(row_at)))
    least = dict.fromkeys(free, 1 << 62)
    came_from = [0] * len(row_at)
    used, here = [0], 0
    while row_at[here]:
        row = row_at[here]
        line, base = cost[row - 1], of_row[row]
        for column in free:
            reduced = line[column - 1] - base - of_column[column]
            if reduced < least[column]:
                least[column], came_from[column] = reduced, here
        here = min(free, key=lambda column: (least[column], column))
        step = least[here]
        for column in used:
            of_row[row_at[column]] += step
            of_column[column] -= step
        for column in free:
            least[column] -= step
        free.remove(here)
        used.append(here)
    while here:
        row_at[here], here = row_at[came_from[here]], came_from[here]
