"""What differs between two schemas, and how much it matters: names first, then what is said about each name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dateline.migration import known, shape
from dateline.migration.moves import KINDS, Moves, attributes, last, names, over
from dateline.migration.versions import LEVELS
from dateline.schema import Attribute, EventType, Role, Schema

PATCH, MINOR, MAJOR = LEVELS
Key = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One difference. `kind` and `name` say of what (by its old name, what is added by its new one).

    `said` is the difference in words; `level` the version that it asks: `major` where an annotation or a row of a
    dataset may be refused, vanish or mean something else, `minor` where all that was right stays right, `patch`
    where no annotation can tell. `uses` is what to count in annotations to know what hangs on it.
    """

    kind: str
    name: str
    said: str
    level: str
    uses: Key | None = None


def needed(changes: Iterable[Change]) -> str | None:
    """The highest level among the changes; None where there are none."""
    return max((change.level for change in changes), key=LEVELS.index, default=None)


def compare(old: Schema, new: Schema, moves: Moves) -> list[Change]:
    """All differences, those that break first, else in the order of kinds and of the schema."""
    found = [change for kind in KINDS for change in _names(kind, old, new, moves)]
    for name, type_ in old.types.items():
        if (there := new.types.get(moves.new("type", name) or "")) is not None:
            found += _type(type_, there, new, moves)
    found += _attributes(old, new, moves)
    found += _labels(old, new, moves)
    found += _relations(old, new, moves)
    found += [Change("record", at, said, level) for at, said, level in shape.compare(old, new, moves)]
    if old.guideline_version != new.guideline_version:
        said = f"{old.guideline_version} -> {new.guideline_version}"
        found.append(Change("guideline", "version", said, PATCH))
    return sorted(found, key=lambda change: -LEVELS.index(change.level))


def _names(kind: str, old: Schema, new: Schema, moves: Moves) -> Iterator[Change]:
    """What was renamed, removed and added; what goes or comes with a type or attribute is told with that alone."""
    had, has = list(names(old, kind)), list(names(new, kind))
    become = {name: moves.full(kind, name) for name in had}
    for name, target in become.items():
        if name in moves.renamed(kind):
            merged = " (which others are, too)" if list(become.values()).count(target) > 1 else ""
            said = f"renamed to {last(kind, str(target))}{merged}{known.note(kind, name)}"
            yield Change(kind, name, said, MAJOR, (kind, name))
        elif target not in has and _stands(kind, name, moves, new):
            why = moves.removed(kind).get(name)
            said = (f"removed: {why}" if why else "removed") + known.note(kind, name)
            yield Change(kind, name, said, MAJOR, (kind, name))
    kept = {target for target in become.values() if target}
    for name in has:
        above = over(kind, name)
        if name not in kept and (
            above is None or above[1] in {moves.full(above[0], n) for n in names(old, above[0])}
        ):
            level, said = _added(kind, name, new)
            yield Change(kind, name, said, level)


def _stands(kind: str, name: str, moves: Moves, new: Schema) -> bool:
    """True where what the name belongs to is still there, so that its going is a change of its own."""
    above = over(kind, name)
    return above is None or moves.full(*above) in set(names(new, above[0]))


def _added(kind: str, name: str, new: Schema) -> tuple[str, str]:
    if kind == "role":
        type_, _, role = name.partition(".")
        return (MAJOR, "added, and required") if new.types[type_].roles[role].required else (MINOR, "added")
    if kind == "attribute":
        attribute = attributes(new)[name]
        asks = attribute.required and attribute.default is None
        return (MAJOR, "added, and to be answered") if asks else (MINOR, "added")
    return MINOR, "added"


def _type(old: EventType, new: EventType, schema: Schema, moves: Moves) -> Iterator[Change]:
    yield from _looks("type", old.name, (old.color, old.hotkey), (new.color, new.hotkey))
    for name, role in old.roles.items():
        if (there := new.roles.get(moves.new("role", f"{old.name}.{name}") or "")) is not None:
            yield from _role(old.name, role, there, schema, moves)
    yield from _default_roles(old, new, schema, moves)
    if _claims(old, moves) != new.claims:
        level = MINOR if old.claims is None else MAJOR
        yield Change(
            "type", old.name, "x-claim: another part in the view of claims", level, ("type", old.name)
        )
    pairs = [tuple(moves.new("role", f"{old.name}.{role}") for role in pair) for pair in old.distinct_roles]
    if {frozenset(pair) for pair in pairs} != {frozenset(pair) for pair in new.distinct_roles}:
        yield Change("type", old.name, "other pairs of roles that stand against each other", MINOR)
    order = [r for name in old.roles if (r := moves.new("role", f"{old.name}.{name}")) in new.roles]
    if order != [name for name in new.roles if name in order]:
        yield Change("type", old.name, "another order of roles", PATCH)
    words = ("description", "mark", "not_", "examples", "counter_examples", "crosswalk", "core", "acts")
    told = [word.strip("_") for word in words if getattr(old, word) != getattr(new, word)]
    if told:
        yield Change("type", old.name, f"another {', '.join(told)}", PATCH)


def _claims(old: EventType, moves: Moves) -> object:
    """What the old type says of claims, in the new names."""
    if old.claims is None:
        return None

    def role(name: str) -> str:
        return moves.new("role", f"{old.name}.{name}") or name

    by, source = (tuple(role(name) for name in part) for part in (old.claims.by, old.claims.source))
    return replace(old.claims, role=role(old.claims.role), by=by, source=source)


def _role(type_: str, old: Role, new: Role, schema: Schema, moves: Moves) -> Iterator[Change]:
    name = f"{type_}.{old.name}"
    uses = "role", name
    takes = {label: moves.new("label", label) for label in old.labels}
    for label, target in takes.items():
        if target in schema.labels and target not in new.labels:
            yield Change("role", name, f"takes no {label} any more", MAJOR, ("filler", f"{name}.{label}"))
    if wider := [label for label in new.labels if label not in takes.values()]:
        yield Change("role", name, f"takes {', '.join(wider)}, too", MINOR)
    if old.required != new.required:
        yield Change(
            "role",
            name,
            "required" if new.required else "not required any more",
            MAJOR if new.required else MINOR,
        )
    if old.max_entities != new.max_entities:
        fewer = new.max_entities is not None and new.max_entities < (old.max_entities or 10**9)
        said = f"at most {_number(new.max_entities)} entities ({_number(old.max_entities)} before)"
        yield Change("role", name, said, MAJOR if fewer else MINOR, uses)
    if old.min_entities != new.min_entities:
        said = f"at least {new.min_entities or 1} entities ({old.min_entities or 1} before), else a warning"
        yield Change("role", name, said, MINOR, uses)
    if old.expected != new.expected:
        yield Change("role", name, "expected" if new.expected else "not expected any more", MINOR)
    if old.description != new.description:
        yield Change("role", name, "another description", PATCH)


def _number(most: int | None) -> str:
    return "any number of" if most is None else str(most)


def _default_roles(old: EventType, new: EventType, schema: Schema, moves: Moves) -> Iterator[Change]:
    seen = set()
    for label, role in old.default_role.items():
        target = moves.new("label", label)
        seen.add(target)
        now = new.default_role.get(target or "")
        if target in schema.labels and now != moves.new("role", f"{old.name}.{role}"):
            said = f"an unlabelled relation to a {label} means {now or 'nothing'} ({role} before)"
            decided = moves.default.role.get(f"{old.name}.{label}")
            said += f"; {decided}" if decided else ""
            yield Change("type", old.name, said, MAJOR, ("default.role", f"{old.name}.{label}"))
    for label, role in new.default_role.items():
        if label not in seen:
            yield Change("type", old.name, f"an unlabelled relation to a {label} means {role}", MINOR)


def _attributes(old: Schema, new: Schema, moves: Moves) -> Iterator[Change]:
    there = attributes(new)
    for name, attribute in attributes(old).items():
        if (other := there.get(moves.full("attribute", name) or "")) is not None:
            yield from _attribute(name, attribute, other, moves)


def _attribute(name: str, old: Attribute, new: Attribute, moves: Moves) -> Iterator[Change]:
    default = None if old.default is None else moves.new("value", f"{name}.{old.default}")
    if default != new.default:
        said = f"no answer means {new.default or 'none'} ({old.default or 'none'} before)"
        decided = moves.default.attribute.get(name)
        said += f"; {decided}" if decided else ""
        yield Change("attribute", name, said, MAJOR, ("default.attribute", name))
    if old.required != new.required:
        asks = new.required and new.default is None
        said = "to be answered" if new.required else "not to be answered any more"
        yield Change("attribute", name, said, MAJOR if asks else MINOR)
    order = [v for value in old.values if (v := moves.new("value", f"{name}.{value}")) in new.values]
    if list(dict.fromkeys(order)) != [value for value in new.values if value in order]:
        yield Change("attribute", name, "another order of answers", PATCH)
    meant = {moves.new("value", f"{name}.{value}"): words for value, words in old.meanings.items()}
    now = {value: words for value, words in new.meanings.items() if value in meant}
    meanings = {value: words for value, words in meant.items() if value in new.values} != now
    told = [("description", old.description != new.description), ("meaning of its answers", meanings)]
    if words := [word for word, differs in told if differs]:
        yield Change("attribute", name, f"another {' and '.join(words)}", PATCH)


def _labels(old: Schema, new: Schema, moves: Moves) -> Iterator[Change]:
    for name, label in old.labels.items():
        there = new.labels.get(moves.new("label", name) or "")
        if there is None:
            continue
        uses = "label", name
        if label.always_entity != there.always_entity:
            said = "always an entity" if there.always_entity else "an entity only where joined"
            yield Change("label", name, said, MAJOR, uses)
        if lost := [ask for ask in label.asks if ask not in there.asks]:
            yield Change("label", name, f"asks no {', '.join(lost)} any more", MAJOR, uses)
        if more := [ask for ask in there.asks if ask not in label.asks]:
            yield Change("label", name, f"asks {', '.join(more)}, too", MINOR)
        yield from _looks("label", name, (label.color, label.hotkey), (there.color, there.hotkey))
        if label.description != there.description:
            yield Change("label", name, "another description", PATCH)


def _relations(old: Schema, new: Schema, moves: Moves) -> Iterator[Change]:
    for name, relation in old.relations.items():
        there = new.relations.get(moves.new("relation", name) or "")
        if there is None:
            continue
        for end in ("head", "tail"):
            joined = [moves.new("type", t) if t != "*" else t for t in getattr(relation, end)]
            now = getattr(there, end)
            lost = [t for t in joined if t not in now and "*" not in now and t is not None]
            if lost:
                yield Change("relation", name, f"joins fewer types ({end})", MAJOR, ("relation", name))
            elif set(now) - set(joined) and "*" not in joined:
                yield Change("relation", name, f"joins more types ({end})", MINOR)
        if relation.acyclic != there.acyclic:
            said = "may not run in a circle" if there.acyclic else "may run in a circle"
            yield Change("relation", name, said, MAJOR if there.acyclic else MINOR, ("relation", name))
        if relation.description != there.description:
            yield Change("relation", name, "another description", PATCH)


def _looks(
    kind: str, name: str, old: tuple[str, str | None], new: tuple[str, str | None]
) -> Iterator[Change]:
    for what, before, after in zip(("colour", "hotkey"), old, new, strict=True):
        if before != after:
            yield Change(kind, name, f"{what} {after or 'none'} ({before or 'none'} before)", PATCH)
