"""From choices to one annotation: its record, its results, and for each item from whom it comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dateline.adjudication.chosen import Choices, Chosen, Form, Happening, chosen
from dateline.adjudication.origins import Origin, origins
from dateline.adjudication.plan import Plan
from dateline.agreement.spans import Span
from dateline.label_studio import write
from dateline.model import Document, Entity, Event, Filler, Mention, Provenance, Relation, Trigger
from dateline.schema import Schema
from dateline.union_find import UnionFind

Json = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    """One annotation made of several; `origins` by item, as `origins.refs` names them."""

    document: Document
    results: list[Json]
    origins: dict[str, Origin]


def merged(plan: Plan, choices: Choices, schema: Schema) -> Merged:
    """The annotation that the choices make. What they leave open is not in it."""
    there = chosen(plan, choices, schema)
    regions = Regions(there)
    document = _Builder(there, regions, schema).document()
    results = write.results_of(document, schema)
    return Merged(document, results, origins(there, regions.mentions, regions.triggers, results))


class Regions:
    """Ids for regions that tell nothing of who drew them, and are the same in every merge of the article."""

    def __init__(self, there: Chosen) -> None:
        doc_id = there.plan.clusters.sides[0].document.doc_id
        self.mentions = {m: _id(doc_id, *form) for m, form in there.forms.items()}
        self.triggers = {
            (event.c, span): _id(doc_id, *span, event.type, _before(there.plan, event.c, span))
            for event in there.events
            for span in event.triggers
        }


def _id(*parts: object) -> str:
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def _before(plan: Plan, c: int, span: Span) -> int:
    """How many earlier events may have a trigger here, too."""
    keys = [key for key in plan.slots if key[0] == "trigger" and key[1] < c]
    return len({key[1] for key in keys if span in plan.slots[key].votes.values()})


class _Builder:
    def __init__(self, there: Chosen, regions: Regions, schema: Schema) -> None:
        self.there, self.regions, self.schema = there, regions, schema
        self.clusters = there.plan.clusters
        self.number = {form: f"m{n}" for n, form in enumerate(sorted(set(there.forms.values())), 1)}
        self.ids = {event.c: f"e{n}" for n, event in enumerate(there.events, 1)}

    def document(self) -> Document:
        """The record, in the order and with the ids of a record that was read."""
        first = self.clusters.sides[0].document
        self.text = first.text
        mentions, entities = self._mentions()
        return Document(
            schema_version=self.schema.version,
            doc_id=first.doc_id,
            text=first.text,
            text_sha256=first.text_sha256,
            source=first.source,
            mentions=mentions,
            entities=entities,
            events=[self._event(event) for event in self.there.events],
            relations=self._relations(),
            annotation=Provenance(ground_truth=True, guideline_version=self.schema.guideline_version),
        )

    def _mentions(self) -> tuple[list[Mention], list[Entity]]:
        groups = self._groups()
        members: dict[str, list[Form]] = {}
        for form in self.number:
            members.setdefault(groups.find(self.number[form]), []).append(form)
        numbers: dict[str, str] = {}
        mentions = []
        for form, id_ in self.number.items():
            root = groups.find(id_)
            label = self.schema.labels.get(form[2])
            if len(members[root]) > 1 or label is None or label.always_entity:
                numbers.setdefault(root, f"n{len(numbers) + 1}")
            mentions.append(self._mention(form, id_, numbers.get(root)))
        items = self._items(groups)
        return mentions, [Entity(id=id_, wikidata=items.get(root)) for root, id_ in numbers.items()]

    def _groups(self) -> UnionFind:
        """The mentions that are one: by agreement, by decision, and clusters with one extent."""
        sets = UnionFind(self.number.values())
        for group in [*self.there.plan.blocks, *self._decided()]:
            ids = [self.number[self.there.forms[m]] for m in group if m in self.there.forms]
            for other in ids[1:]:
                sets.union(ids[0], other)
        return sets

    def _decided(self) -> Iterable[list[int]]:
        for key in self.there.by_kind.get("entity", ()):
            for blocks in self.there.value(*key) or ():
                yield [m for block in blocks for m in block]

    def _items(self, groups: UnionFind) -> dict[str, str]:
        found: dict[str, str] = {}
        for key in self.there.by_kind.get("wikidata", ()):
            item = self.there.value(*key)
            inside = [m for m in key[1] if m in self.there.forms]
            if item is not None and inside:
                root = groups.find(self.number[self.there.forms[inside[0]]])
                found[root] = min(item, found.get(root, item))
        return found

    def _mention(self, form: Form, id_: str, entity: str | None) -> Mention:
        ms = [m for m, f in self.there.forms.items() if f == form]
        keys = [key for key in self.there.by_kind.get("value", ()) if key[1] in ms]
        given = {key[2]: self.there.value(*key) for key in keys}
        label = self.schema.labels.get(form[2])
        asks = label.asks if label else ()
        return Mention(
            id=id_,
            label=form[2],
            start=form[0],
            end=form[1],
            text=self.text[form[0] : form[1]],
            entity=entity,
            attributes={
                name: value for name, value in sorted(given.items()) if value is not None and name in asks
            },
            region=self.regions.mentions[ms[0]],
        )

    def _event(self, event: Happening) -> Event:
        triggers = [
            Trigger(
                start=start,
                end=end,
                text=self.text[start:end],
                main=(start, end) == event.main,
                region=self.regions.triggers[event.c, (start, end)],
            )
            for start, end in event.triggers
        ]
        return Event(
            id=self.ids[event.c],
            type=event.type,
            triggers=triggers,
            arguments={role: self._fillers(event, role) for role, ms in event.arguments.items() if ms},
            attributes={name: str(choice.value) for name, choice in event.answers.items()},
            defaulted=[name for name in event.answers if self._is_default(event, name)],
        )

    def _fillers(self, event: Happening, role: str) -> list[Filler]:
        forms = sorted({self.there.forms[m] for m in event.arguments[role]})
        return [Filler(mention=self.number[f], via=self._via(event, role, f)) for f in forms]

    def _via(self, event: Happening, role: str, form: Form) -> str:
        """By default only where nobody drew it, it is the one role of the mention, and the schema says the same."""
        ms = {m for m, f in self.there.forms.items() if f == form}
        alone = sum(bool(ms & set(found)) for found in event.arguments.values()) == 1
        type_ = self.schema.types.get(event.type)
        silent = type_ is not None and type_.default_role.get(form[2]) == role
        drawn = any(
            filler.via == "drawn" and self.clusters.mention_of[side, annotation.index[filler.mention]] in ms
            for side, n in self.clusters.events[event.c].items()
            for annotation in [self.clusters.sides[side]]
            for filler in annotation.events[n].arguments.get(role, ())
        )
        return "default" if silent and alone and not drawn else "drawn"

    def _is_default(self, event: Happening, name: str) -> bool:
        group = self.clusters.events[event.c]
        sides = [side for side in event.answers[name].sides if side in group]
        return all(name in self.clusters.sides[side].events[group[side]].defaulted for side in sides)

    def _relations(self) -> list[Relation]:
        keys = [
            key for key in self.there.by_kind.get("relation", ()) if key[1] in self.ids and key[2] in self.ids
        ]
        found = [
            (self.ids[k[1]], self.ids[k[2]], type_) for k in keys for type_ in self.there.value(*k) or ()
        ]
        found.sort(key=lambda r: (int(r[0][1:]), int(r[1][1:]), r[2]))
        return [Relation(type=type_, head=head, tail=tail) for head, tail, type_ in found]
