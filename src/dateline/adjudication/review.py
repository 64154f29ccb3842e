"""The review of an article: what the reviewer gets, and what their decisions make of it."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec

from dateline.adjudication import screen
from dateline.adjudication.atoms import ANSWER, REGION, Atom, atoms, patched, results
from dateline.adjudication.merged import Merged, merged
from dateline.adjudication.origins import Origin
from dateline.adjudication.plan import Plan
from dateline.adjudication.words import Question, Reading, questions
from dateline.model import Mention, Trigger
from dateline.schema import Schema

Json = dict[str, Any]


@dataclass(frozen=True)
class Unsettled:
    """A conflict that a review leaves open, and why."""

    number: int
    question: Question
    why: str


class Review:
    """An article's conflicts, in the order of the text, each reading under a letter.

    The letters are drawn by lot for each conflict (a hash with the project's key as its seed), so that they
    stay the same and tell nothing of who is behind them.
    """

    def __init__(self, plan: Plan, schema: Schema, seed: str) -> None:
        self.plan, self.schema, self.seed = plan, schema, seed
        told = questions(plan)
        order = sorted(range(len(told)), key=lambda n: (told[n].start, told[n].kind, told[n].asks, n))
        self.order = order  # numbers of plan.conflicts
        self.questions = [told[n] for n in order]
        self.letters = [self._lots(question) for question in self.questions]

    def _lots(self, question: Question) -> dict[str, Reading]:
        def lot(reading: Reading) -> tuple[str, tuple[int, ...]]:
            drawn = (self.seed, self.plan.clusters.sides[0].document.doc_id, question.asks, question.context)
            return sha256("\0".join((*drawn, reading.says)).encode()).hexdigest(), reading.sides

        return dict(zip(_letters(), sorted(question.readings, key=lot), strict=False))

    # What the reviewer gets

    @cached_property
    def every(self) -> list[Merged]:
        """The article as each annotation would have it decided."""
        return [
            self._decided([None] * len(self.order), side) for side in range(len(self.plan.clusters.sides))
        ]

    @cached_property
    def start(self) -> set[Atom]:
        """What is agreed, and all that any reading has; answers that differ are left to the list."""
        return _united(self.every)

    def results(self) -> list[Json]:
        """The starting annotation; a region that not every reading has says which conflict it belongs to."""
        common = set.intersection(*(atoms(one.results) for one in self.every))
        out = results(self.start, self.plan.clusters.sides[0].document.text)
        for result in out:
            if result.get("type") == "labels" and not atoms([result]) <= common:
                marks = self._marks((result["value"]["start"], result["value"]["end"]))
                result |= {"meta": {"text": [marks]}} if marks else {}
        return out

    def _marks(self, span: tuple[int, int]) -> str:
        found = [
            f"{n} {letter}"
            for n, letters in enumerate(self.letters, 1)
            for letter, reading in letters.items()
            if span in reading.spans
        ]
        return f"conflict {', '.join(found)}" if found else ""

    def conflicts(self, names: bool) -> list[Json]:
        """The list above the text, for `screen.xml`; with the annotators' names only where asked for."""
        last = {"value": "as marked in the text below", "alias": screen.AS_MARKED}
        return [
            {
                "asks": f"{n}. {question.asks}",
                "context": question.context,
                "readings": [*(self._reading(letter, r, names) for letter, r in letters.items()), last],
            }
            for n, (question, letters) in enumerate(zip(self.questions, self.letters, strict=True), 1)
        ]

    def _reading(self, letter: str, reading: Reading, names: bool) -> Json:
        who = f" ({', '.join(self.names(reading.sides))})" if names else ""
        return {"value": f"{letter}{who}: {reading.says}", "alias": letter}

    def names(self, sides: Iterable[int]) -> list[str]:
        """The annotators behind a reading."""
        return sorted(self.plan.clusters.names[side] for side in sides)

    def notes(self) -> list[str]:
        """What the annotators noted for whoever adjudicates."""
        parts: list[Mention | Trigger] = []
        for side in self.plan.clusters.sides:
            parts += [*side.mentions, *(t for event in side.events for t in event.triggers)]
        return sorted({f"note at «{p.text}»: {p.note}" for p in parts if p.note is not msgspec.UNSET})

    def text(self) -> str:
        """What the panel above the list says."""
        count = f"{len(self.order)} conflict{'s' * (len(self.order) != 1)}"
        lines = [f"Review: {count}. Choose a reading for each; all readings are marked in the text."]
        lines.append("'as marked': mend the marks by hand, then choose it. Then press Update.")
        return "\n".join([*lines, *self.notes()])

    @cached_property
    def digest(self) -> str:
        """Of all that a decision depends on: where it differs, the annotations have changed under the review."""
        said = [self.conflicts(names=False), sorted(map(str, self.start))]
        return sha256(msgspec.json.encode(said)).hexdigest()[:16]

    # What comes of the decisions

    def unanswered(self, given: dict[int, str]) -> list[Unsettled]:
        """The conflicts without a valid decision."""
        return [
            Unsettled(n + 1, self.questions[n], "it is not decided")
            for n, letters in enumerate(self.letters)
            if given.get(n) != screen.AS_MARKED and given.get(n) not in letters
        ]

    def decided(self, given: dict[int, str], submitted: list[Any]) -> tuple[list[Json], dict[str, Origin]]:
        """The results and their origins that a full set of decisions makes of the reviewer's annotation."""
        renders = self._renders(given)
        made = patched(atoms(submitted), self.start, _united(renders))
        origins = {ref: origin for one in renders for ref, origin in one.origins.items()}
        known = _all(renders)
        by_hand = {a for a in made if a not in known}
        text = self.plan.clusters.sides[0].document.text
        mended = {a.id for a in by_hand if a.kind == REGION}
        kept = {ref: origin for ref, origin in origins.items() if ref not in mended}
        for atom in by_hand:
            if atom.kind == ANSWER:
                kept.pop(f"{atom.id} {atom.about[0]}", None)
        return results(made, text), kept

    def contradictions(self, given: dict[int, str], submitted: list[Any]) -> list[Unsettled]:
        """Conflicts left as they are marked where two readings are still marked."""
        found = []
        marked = atoms(submitted)
        for n, letters in enumerate(self.letters):
            if given.get(n) == screen.AS_MARKED:
                own = self._own(n, [reading.sides[0] for reading in letters.values()])
                if sum(bool(atoms_) and atoms_ <= marked for atoms_ in own) > 1:
                    found.append(Unsettled(n + 1, self.questions[n], "both readings are still marked"))
        return found

    def _own(self, n: int, sides: Sequence[int]) -> list[set[Atom]]:
        """For each reading of a conflict the atoms that no other reading of it has."""
        renders = []
        for side in sides:
            choice: list[int | None] = [sides[0]] * len(self.order)
            choice[n] = side
            renders.append(atoms(self._decided(choice, sides[0]).results))
        return [one - {a for r in renders if r is not one for a in r} for one in renders]

    def _renders(self, given: dict[int, str]) -> list[Merged]:
        """The article as decided; once for each annotation where something is left as it is marked."""
        chosen = [
            letters[given[n]].sides[0] if given[n] in letters else None
            for n, letters in enumerate(self.letters)
        ]
        sides = range(len(self.plan.clusters.sides)) if None in chosen else [0]
        return [self._decided(chosen, side) for side in sides]

    def _decided(self, chosen: Sequence[int | None], rest: int) -> Merged:
        """With these annotations' readings, in the order of `questions`; `rest` where there is None."""
        sides = dict(zip(self.order, chosen, strict=True))
        full = [sides[n] if sides[n] is not None else rest for n in range(len(self.order))]
        return merged(self.plan, self.plan.decided(full), self.schema)


def _letters() -> Iterable[str]:
    return iter(string.ascii_uppercase)


def _all(renders: Sequence[Merged]) -> set[Atom]:
    return {atom for one in renders for atom in atoms(one.results)}


def _united(renders: Sequence[Merged]) -> set[Atom]:
    """All atoms; of the answers only those that no two renderings give differently."""
    found = _all(renders)
    values: dict[tuple[str, Any], set[Atom]] = {}
    for atom in found:
        if atom.kind == ANSWER:
            values.setdefault((atom.id, atom.about[0]), set()).add(atom)
    return found - {atom for same in values.values() if len(same) > 1 for atom in same}
