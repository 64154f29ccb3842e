"""Moves applied to the results of one annotation, as Label Studio has them; whatever is not moved stays as it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dateline.collector import quoted
from dateline.label_studio.controls import MENTION, TRIGGER, Control, control_name
from dateline.migration.moves import KEEP, over
from dateline.migration.step import Step, Undecided
from dateline.model import Document

Json = dict[str, Any]
Pair = tuple[Any, Any]


@dataclass
class Moved:
    """Each result before and after the moves (None: not there), and what stands against them."""

    pairs: list[Pair]
    undecided: list[Undecided]

    @property
    def results(self) -> list[Any]:
        """The results after the moves, in the order of those before."""
        return [after for _, after in self.pairs if after is not None]

    @property
    def changed(self) -> bool:
        """True where a result is another one than before."""
        return any(before is not after for before, after in self.pairs)


def move(results: list[Any], document: Document | None, step: Step) -> Moved:
    """The results in the new schema's names. `document` is what the old schema reads in them: defaults come from it."""
    work = _Work(results, step)
    pairs = work.twins([(result, work.result(result)) for result in results])
    for answer in work.answers(document) if document is not None else ():
        places = [
            n for n, (_, r) in enumerate(pairs, 1) if isinstance(r, dict) and r.get("id") == answer["id"]
        ]
        pairs.insert(places[-1] if places else len(pairs), (None, answer))
    return Moved(pairs, work.undecided)


class _Work:
    """One annotation: its regions by id as (control, label), those that go, and what is undecided."""

    def __init__(self, results: list[Any], step: Step) -> None:
        self.step, self.moves = step, step.moves
        self.undecided: list[Undecided] = []
        self.labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.words: dict[str, str] = {}
        for result in results:
            if isinstance(result, dict) and result.get("type") == "labels":
                value = _value(result)
                for label in _strings(value.get("labels")):
                    self.labels[str(result.get("id"))].append((str(result.get("from_name")), label))
                self.words[str(result.get("id"))] = str(value.get("text"))
        self.gone = {
            id_
            for id_, labels in self.labels.items()
            if all(label in self.moves.removed(_kind(control)) for control, label in labels)
        }

    def result(self, result: Any) -> Any:
        """One result in the new names; None for one that goes."""
        if not isinstance(result, dict):
            return result
        if result.get("type") == "relation":
            return self._relation(result)
        if str(result.get("id")) in self.gone:
            return None
        control = self.step.asked.get(str(result.get("from_name")))
        if control is None or control.kind != result.get("type"):
            return result
        if control.kind == "labels":
            return self._region(result, _kind(control.name))
        return self._answer(result, control) if control.attribute else result

    def _region(self, result: Json, kind: str) -> Json | None:
        labels = _strings(_value(result).get("labels"))
        become = self._names(kind, labels, str(result.get("id")))
        if labels and not become:
            return None
        return _with(result, "labels", become) if become != labels else result

    def _answer(self, result: Json, control: Control) -> Json | None:
        region = str(result.get("id"))
        attribute = (
            f"{control.event_type}.{control.attribute}" if control.event_type else str(control.attribute)
        )
        target = self._name("attribute", attribute, region)
        if target is None:
            return None
        given = _strings(_value(result).get("choices"))
        full = self._names("value", [f"{attribute}.{value}" for value in given], region)
        values = [name[len(target) + 1 :] if name.startswith(f"{target}.") else name for name in full]
        if given and not values:
            return None
        name = _control(target)
        if (name, values) == (control.name, given):
            return result
        return {**_with(result, "choices", values), "from_name": name}

    def _relation(self, result: Json) -> Json | None:
        ends = [str(result.get("from_id")), str(result.get("to_id"))]
        if self.gone & set(ends):
            return None
        triggers = [
            (end, label) for end in ends for control, label in self.labels.get(end, ()) if control == TRIGGER
        ]
        mentions = [
            label for end in ends for control, label in self.labels.get(end, ()) if control == MENTION
        ]
        if len(triggers) == len(mentions) == 1:
            return self._argument(result, *triggers[0], mentions[0])
        labels = _strings(result.get("labels"))
        become = self._names("relation", labels, ends[0])
        if labels and not become:
            return None
        return {**result, "labels": become} if become != labels else result

    def _argument(self, result: Json, region: str, type_: str, label: str) -> Json | None:
        labels = _strings(result.get("labels"))
        if not labels:
            return self._silent(result, region, type_, label)
        known = {name for name in labels if f"{type_}.{name}" in self.step.had["role"]}
        become: list[str] = []
        for name in labels:
            full = self._name("role", f"{type_}.{name}", region) if name in known else name
            become += [] if full is None else [full.rpartition(".")[2]]
        if not become:
            return None
        become = list(dict.fromkeys(become))
        return {**result, "labels": become} if become != labels else result

    def _silent(self, result: Json, region: str, type_: str, label: str) -> Json | None:
        """A relation without a role, which has that of the schema: the same one after, or it is written down."""
        known = self.step.old.types.get(type_)
        role = known.default_role.get(label) if known else None
        if role is None:
            return result
        target, above = self._name("role", f"{type_}.{role}", region), self.moves.full("type", type_)
        if target is None:
            return None
        there = self.step.new.types.get(above or "")
        now = there.default_role.get(self.moves.new("label", label) or "") if there else None
        if now == target.rpartition(".")[2] or there is None:
            return result
        decided = self.moves.default.role.get(f"{type_}.{label}")
        if decided == KEEP:
            return _labelled(result, [target.rpartition(".")[2]])
        if decided is None:
            message = f"a relation from {type_} {self._quoted(region)} to a {label} has no role: it meant {role}, and would mean {now or 'nothing'}"
            self._say(message, f'declare [default.role] "{type_}.{label}" = "keep" or "take"', region)
        return result

    def answers(self, document: Document) -> list[Json]:
        """The old defaults, written down where nobody answered and the new schema has another one."""
        found = []
        for event in document.events:
            region = event.main.region or ""
            for name in self.step.old.attributes_of(event.type) if region not in self.gone else ():
                common = name in self.step.old.common
                full = name if common else f"{event.type}.{name}"
                if (old := event.attributes.get(name)) is None or name in event.defaulted:
                    answer = self._default(event.type, full, old, region)
                    found += [_choice(event.main, answer[0], answer[1])] if answer else []
        return found

    def _default(self, type_: str, attribute: str, old: str | None, region: str) -> tuple[str, str] | None:
        """Control and value that keep an unanswered question's meaning, where that has to be written down."""
        target = self.moves.full("attribute", attribute)
        become = None if old is None else self.moves.new("value", f"{attribute}.{old}")
        there = self.step.asks.get(target or "")
        if target is None or there is None or become == there.default:
            return None
        decided = self.moves.default.attribute.get(attribute)
        if decided == KEEP and become is not None:
            return _control(target), become
        if decided is None:
            message = f"nobody answered {attribute} at {type_} {self._quoted(region)}: that meant {old or 'nothing'}, and would mean {there.default or 'nothing'}"
            self._say(message, f'declare [default.attribute] "{attribute}" = "keep" or "take"', region)
        return None

    def _names(self, kind: str, given: list[str], region: str) -> list[str]:
        """The new names, each once; what the old schema does not know stays."""
        known = self.step.had[kind]
        found = [self._name(kind, name, region) if name in known else name for name in given]
        return list(dict.fromkeys(name for name in found if name is not None))

    def _name(self, kind: str, name: str, region: str) -> str | None:
        """The new full name; None where it was removed; undecided where the new schema lacks it."""
        target, above = self.moves.full(kind, name), over(kind, name)
        missing = target is not None and target not in self.step.has[kind]
        if missing and (above is None or self.moves.full(*above) in self.step.has[above[0]]):
            message = f"the {kind} {name} is in use at {self._quoted(region)}, and the new schema has none"
            hint = f'declare [rename.{kind}] "{name}" = "its new name", or [remove.{kind}] "{name}" = "why"'
            self._say(message, hint, region)
        return target

    def twins(self, pairs: list[Pair]) -> list[Pair]:
        """Answers that moves have put into one question: equal ones once; two different ones are undecided."""
        seen: dict[tuple[str, str], Pair] = {}
        out: list[Pair] = []
        for before, after in pairs:
            slot = _slot(after)
            was, first = seen.setdefault(slot, (before, after)) if slot else (before, after)
            if slot is None or _slot(was) == _slot(before):
                out.append((before, after))
            elif _said(first) == _said(after):
                out.append((before, None))
            else:
                answers = " and ".join(repr(", ".join(_said(r))) for r in (first, after))
                message = f"two answers at {self._quoted(slot[0])} become answers to one question, {slot[1]}: {answers}"
                self._say(message, "keep one of them", slot[0])
                out.append((before, after))
        return out

    def _quoted(self, region: str) -> str:
        return quoted(self.words.get(region, region))

    def _say(self, message: str, hint: str, region: str) -> None:
        settled = hint.startswith("declare ")
        self.undecided.append(Undecided(message, hint, region or None, settled))


def _control(attribute: str) -> str:
    """The control that asks an attribute, which has its type before it where it is a type's own."""
    return control_name(*attribute.split(".", 1)) if "." in attribute else attribute


def _kind(control: str) -> str:
    return "type" if control == TRIGGER else "label"


def _value(result: Json) -> Json:
    value = result.get("value")
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _with(result: Json, key: str, values: list[str]) -> Json:
    return {**result, "value": {**_value(result), key: values}}


def _labelled(result: Json, labels: list[str]) -> Json:
    order = ("from_id", "to_id", "type", "direction")
    return {**{key: result[key] for key in order if key in result}, **result, "labels": labels}


def _slot(result: Any) -> tuple[str, str] | None:
    """Region and question of an answer."""
    if not isinstance(result, dict) or result.get("type") != "choices":
        return None
    return str(result.get("id")), str(result.get("from_name"))


def _said(result: Json) -> list[str]:
    return _strings(_value(result).get("choices"))


def _choice(trigger: Any, control: str, answer: str) -> Json:
    value = {"start": trigger.start, "end": trigger.end, "text": trigger.text, "choices": [answer]}
    return {"id": trigger.region, "from_name": control, "to_name": "text", "type": "choices", "value": value}
