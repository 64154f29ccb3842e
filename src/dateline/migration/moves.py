"""What a maintainer decided about names that go away, in a TOML file.

    [rename.type]
    phone_call = "call"                           # the old name = the new one
    [rename.role]
    "phone_call.participant" = "side"             # type and role by their old names = the role's new name
    [rename.attribute]
    "phone_call.medium" = "channel"
    [rename.value]
    "phone_call.medium.telephone" = "voice"
    "status.alleged" = "claimed"
    [rename.label]
    GROUP = "COLLECTIVE"
    [rename.relation]
    in_response_to = "responds_to"
    [remove.role]                                 # also type, attribute, value, label, relation
    "sanction.reason" = "why: what is marked so is taken out of the annotations"
    [default.attribute]
    "sanction.stage" = "keep"                     # the old default is written where nobody answered; "take": the new
    [default.role]
    "phone_call.GPE" = "keep"                     # the same for relations without a role

Two old names may become one new one. Names that stay need no entry.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from dateline.schema import COMMON_ATTRIBUTES, Attribute, Schema

KINDS = ("type", "role", "attribute", "value", "label", "relation")
KEEP, TAKE = "keep", "take"
Reason = Annotated[str, msgspec.Meta(min_length=1)]
Name = Annotated[str, msgspec.Meta(min_length=1)]


class MovesError(Exception):
    """A file of moves that cannot be used: `reason` and `hint`, with the file."""

    def __init__(self, path: Path | None, reason: str, hint: str | None = None) -> None:
        super().__init__((f"{path}: " if path else "") + reason + (f" ({hint})" if hint else ""))
        self.path, self.reason, self.hint = path, reason, hint


class Renames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[rename.*]`: old name -> new name."""

    type: dict[str, Name] = {}
    role: dict[str, Name] = {}
    attribute: dict[str, Name] = {}
    value: dict[str, Name] = {}
    label: dict[str, Name] = {}
    relation: dict[str, Name] = {}


class Removals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[remove.*]`: old name -> why it goes."""

    type: dict[str, Reason] = {}
    role: dict[str, Reason] = {}
    attribute: dict[str, Reason] = {}
    value: dict[str, Reason] = {}
    label: dict[str, Reason] = {}
    relation: dict[str, Reason] = {}


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[default.*]`: whether what an old default said is written down, or the new one holds."""

    attribute: dict[str, Literal["keep", "take"]] = {}
    role: dict[str, Literal["keep", "take"]] = {}


class Moves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tables of the file. Keys are names of the old schema, with their type before them where they have one."""

    rename: Renames = Renames()
    remove: Removals = Removals()
    default: Defaults = Defaults()

    def new(self, kind: str, old: str) -> str | None:
        """The new name, without its type, of what the old schema calls so; None for what is removed."""
        if old in self.removed(kind):
            return None
        return self.renamed(kind).get(old, last(kind, old))

    def renamed(self, kind: str) -> Mapping[str, str]:
        """The table of renames of a kind."""
        table: dict[str, str] = getattr(self.rename, kind)
        return table

    def removed(self, kind: str) -> Mapping[str, str]:
        """The table of removals of a kind."""
        table: dict[str, str] = getattr(self.remove, kind)
        return table

    def full(self, kind: str, old: str) -> str | None:
        """The new name with the new names of type and attribute before it; None for what is removed with any of them."""
        own = self.new(kind, old)
        above = over(kind, old)
        if above is None or own is None:
            return own
        before = self.full(*above)
        return None if before is None else f"{before}.{own}"


def over(kind: str, name: str) -> tuple[str, str] | None:
    """Kind and name of what a name belongs to: a role to its type, a value to its attribute."""
    if kind in ("role", "attribute") and "." in name:
        return "type", name.partition(".")[0]
    if kind == "value":
        attribute = name.split(".", 2)[:2] if _is_own(name) else [name.partition(".")[0]]
        return "attribute", ".".join(attribute)
    return None


def last(kind: str, name: str) -> str:
    """A name without what it belongs to; values may hold points."""
    above = over(kind, name)
    return name if above is None else name[len(above[1]) + 1 :]


def _is_own(value: str) -> bool:
    """True for a value of a type's own attribute, which has three parts; a common one, such as status, has no type."""
    return value.partition(".")[0] not in COMMON_ATTRIBUTES


def names(schema: Schema, kind: str) -> Iterator[str]:
    """All names of a kind, with what they belong to before them."""
    if kind == "type":
        yield from schema.types
    elif kind == "label":
        yield from schema.labels
    elif kind == "relation":
        yield from schema.relations
    elif kind == "role":
        yield from (f"{t.name}.{role}" for t in schema.types.values() for role in t.roles)
    elif kind == "attribute":
        yield from attributes(schema)
    else:
        yield from (f"{name}.{value}" for name, a in attributes(schema).items() for value in a.values)


def attributes(schema: Schema) -> dict[str, Attribute]:
    """The common attributes by name, the types' own by `type.attribute`."""
    own = {f"{t.name}.{a.name}": a for t in schema.types.values() for a in t.attributes.values()}
    return {**schema.common, **own}


def load(path: Path, old: Schema, new: Schema) -> Moves:
    """The moves of a file, held against both schemas. Raises MovesError for one that cannot be used."""
    try:
        moves = msgspec.convert(tomllib.loads(path.read_bytes().decode("utf-8")), Moves)
    except (OSError, UnicodeDecodeError) as error:
        raise MovesError(path, f"cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise MovesError(path, f"is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        tables = f"rename.KIND, remove.KIND ({', '.join(KINDS)}), default.attribute, default.role"
        raise MovesError(path, str(error), f"known: {tables}") from error
    try:
        check(moves, old, new)
    except MovesError as error:
        raise MovesError(path, error.reason, error.hint) from None
    return moves


def check(moves: Moves, old: Schema, new: Schema) -> None:
    """Raise MovesError for a move that the two schemas do not know, or that contradicts another."""
    for kind in KINDS:
        had, has = set(names(old, kind)), set(names(new, kind))
        for name in (*moves.renamed(kind), *moves.removed(kind)):
            _known(name, had, f"{kind} {name!r} is not in the old schema")
        for name in moves.renamed(kind).keys() & moves.removed(kind).keys():
            raise MovesError(None, f"{kind} {name!r} is renamed and removed", "keep one of the two")
        targets = {moves.full(kind, name) for name in moves.renamed(kind)}
        for name in moves.renamed(kind):
            _check_rename(moves, kind, name, has, targets)
        for name in moves.removed(kind):
            stays = _staying(moves, kind, name)
            if stays in has and stays not in targets:
                raise MovesError(
                    None, f"{kind} {name!r} is removed, but the new schema has it", "drop one of the two"
                )
    _check_defaults(moves, old)


def _check_rename(moves: Moves, kind: str, name: str, has: set[str], targets: set[str | None]) -> None:
    target = moves.full(kind, name)
    if target is None:
        raise MovesError(
            None, f"{kind} {name!r} is renamed, but what it belongs to is removed", "drop one of the two"
        )
    if kind == "attribute" and "." not in name:
        raise MovesError(
            None, f"{name!r} is common to all types: its name is fixed", "rename its values only"
        )
    _known(target, has, f"{kind} {name!r} becomes {target!r}, which is not in the new schema")
    stays = _staying(moves, kind, name)
    if stays in has and stays not in targets:
        hint = "only what the new schema has no more can become something else"
        raise MovesError(None, f"{kind} {name!r} is renamed, but the new schema still has it", hint)


def _staying(moves: Moves, kind: str, name: str) -> str | None:
    """How a name would be called if only what it belongs to were renamed."""
    above = over(kind, name)
    before = moves.full(*above) if above else None
    return name if above is None else before and f"{before}.{last(kind, name)}"


def _check_defaults(moves: Moves, old: Schema) -> None:
    known = set(attributes(old))
    for name in moves.default.attribute:
        _known(name, known, f"default.attribute: {name!r} is not in the old schema")
    roles = {f"{t.name}.{label}" for t in old.types.values() for label in t.default_role}
    for name in moves.default.role:
        _known(name, roles, f"default.role: no default role of the old schema is {name!r}")


def _known(name: str, known: set[str], reason: str) -> None:
    if name not in known:
        close = get_close_matches(name, sorted(known), n=3)
        raise MovesError(None, reason, f"did you mean {' or '.join(close)}?" if close else None)
