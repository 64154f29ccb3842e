"""Which mentions are one entity, as far as the annotators agree, and what is left to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from dateline.adjudication.clusters import Clusters
from dateline.adjudication.policy import Choice
from dateline.adjudication.slots import Identities, Slot
from dateline.union_find import UnionFind

Block = tuple[int, ...]
Choose = Callable[[Slot], Choice | None]


@dataclass(frozen=True)
class Settled:
    """Mentions that are one by agreement or policy (`blocks`), by which `pairs`; the slots that join blocks or name them."""

    blocks: list[Block]
    pairs: dict[tuple[int, int], Choice]
    slots: list[Slot]


def settle(clusters: Clusters, choose: Choose) -> Settled:
    """Join what is joined; blocks that somebody joins and somebody parts, undecided, are a slot together."""
    known = Identities(clusters)
    pairs = {(slot.key[1], slot.key[2]): choose(slot) for slot in known.joined()}
    blocks = _blocks(
        range(len(clusters.mentions)), (p for p, choice in pairs.items() if choice and choice.value)
    )
    broken = [block for block in blocks if _contradicts(block, known, pairs)]
    whole = [block for block in blocks if block not in broken] + [(m,) for block in broken for m in block]
    home = {m: block for block in whole for m in block}
    open_pairs = [pair for pair, choice in pairs.items() if choice is None]
    open_pairs += [(block[0], m) for block in broken for m in block[1:]]
    links = {(home[x], home[y]) for x, y in open_pairs if home[x] != home[y]}
    slots = [known.parts(group) for group in _groups(links)]
    slots += [slot for block in sorted(whole) if any((slot := known.items(block)).votes.values())]
    return Settled(sorted(whole), {pair: choice for pair, choice in pairs.items() if choice}, slots)


def _contradicts(block: Block, known: Identities, pairs: dict[tuple[int, int], Choice | None]) -> bool:
    """True where the chain of joins makes one of two mentions that somebody keeps apart, and nothing says so."""
    for pair in combinations(block, 2):
        choice = pairs.get(pair)
        if not (choice and choice.value) and not all(known.same(*pair).values()):
            return True
    return False


def _blocks(mentions: Iterable[int], joined: Iterable[tuple[int, int]]) -> list[Block]:
    sets = UnionFind(f"{m:09}" for m in mentions)
    for x, y in joined:
        sets.union(f"{x:09}", f"{y:09}")
    return _members(sets, mentions)


def _members(sets: UnionFind, mentions: Iterable[int]) -> list[Block]:
    found: dict[str, list[int]] = {}
    for m in sorted(mentions):
        found.setdefault(sets.find(f"{m:09}"), []).append(m)
    return [tuple(ms) for ms in found.values()]


def _groups(links: Iterable[tuple[Block, Block]]) -> list[list[Block]]:
    """Blocks that hang together by what is undecided."""
    links = sorted(links)
    known = sorted({block for link in links for block in link})
    number = {block: n for n, block in enumerate(known)}
    groups = _blocks(range(len(known)), ((number[a], number[b]) for a, b in links))
    return [[known[n] for n in group] for group in groups]
