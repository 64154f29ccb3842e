"""From `schema/` to compiled types: what an annotator may mark, ask and draw.

`load` reads the folder, holds every file against the meta-schema and refuses clashes, so that the
rest of Dateline can trust what it gets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dateline import schema_rules
from dateline.schema_rules import SchemaError

__all__ = [
    "Attribute",
    "Claims",
    "EventType",
    "MentionLabel",
    "RelationType",
    "Role",
    "Schema",
    "SchemaError",
    "compiled",
    "load",
]

SAME_EVENT = "same_event"
SAME_ENTITY = "same_entity"
COMMON_ATTRIBUTES = ("status", "polarity")


@dataclass(frozen=True)
class Role:
    """A role of an event type: which mention labels fill it, and how often."""

    name: str
    description: str
    labels: tuple[str, ...]
    required: bool = False
    expected: bool = False
    max_entities: int | None = None
    min_entities: int | None = None


@dataclass(frozen=True)
class Attribute:
    """A question with a closed list of answers; `default` holds where nobody answered."""

    name: str
    description: str
    values: tuple[str, ...]
    default: str | None = None
    required: bool = False
    meanings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claims:
    """What an event of a type says of the claims in `role`: it `affirms` or `denies` them.

    `by` are the roles of those who say so, `source` those of whom the claim is taken from.
    """

    stance: str
    role: str
    by: tuple[str, ...]
    source: tuple[str, ...]


@dataclass(frozen=True)
class Acts:
    """Who does what to whom in an event of a type: the roles that act, and those that it is done to.

    Of each side the first role that is filled counts. `mutual`: without an actor those on the other side do it
    to each other.
    """

    verb: str
    by: tuple[str, ...]
    to: tuple[str, ...]
    mutual: bool = False


@dataclass(frozen=True)
class EventType:
    """An event type: one file of `schema/events/`."""

    name: str
    description: str
    roles: dict[str, Role]
    attributes: dict[str, Attribute]
    default_role: dict[str, str]
    distinct_roles: tuple[tuple[str, str], ...]
    color: str
    hotkey: str | None
    mark: str
    not_: str
    core: bool
    crosswalk: dict[str, Any]
    examples: tuple[dict[str, str], ...]
    counter_examples: tuple[dict[str, str], ...]
    claims: Claims | None = None
    acts: Acts | None = None

    def roles_for(self, label: str) -> list[str]:
        """The roles that a mention with this label may fill, in schema order."""
        return [role.name for role in self.roles.values() if label in role.labels]


@dataclass(frozen=True)
class MentionLabel:
    """A kind of mention; `always_entity` is false where only joined mentions have an entity.

    `asks` names the text fields that belong to it: `value` (EDTF) or `wikidata`.
    """

    name: str
    description: str
    color: str
    hotkey: str | None
    always_entity: bool
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationType:
    """A relation between events; `*` in `head` or `tail` stands for every type."""

    name: str
    description: str
    head: tuple[str, ...]
    tail: tuple[str, ...]
    acyclic: bool

    def joins(self, head: str, tail: str) -> bool:
        """True when the relation may run between events of these types."""
        return bool({head, "*"} & set(self.head)) and bool({tail, "*"} & set(self.tail))


@dataclass(frozen=True)
class Schema:
    """Everything that `schema/` says, compiled. Dictionaries keep the schema's order."""

    version: str
    guideline_version: str
    types: dict[str, EventType]
    labels: dict[str, MentionLabel]
    relations: dict[str, RelationType]
    common: dict[str, Attribute]
    bundle: dict[str, Any]

    def attributes_of(self, type_: str) -> dict[str, Attribute]:
        """The common attributes and the type's own, in schema order; unknown types have the common ones."""
        own = self.types[type_].attributes if type_ in self.types else {}
        return {**self.common, **own}

    def roles_of(self, type_: str) -> dict[str, Role]:
        """The roles of a type; none for an unknown one."""
        return self.types[type_].roles if type_ in self.types else {}

    @cached_property
    def _fast(self) -> Any:
        import jsonschema_rs

        return jsonschema_rs.validator_for(self.bundle)

    def accepts(self, plain: Any) -> bool:
        """True for a record of the right shape, by jsonschema-rs; what it refuses `validator` has words for."""
        try:
            return bool(self._fast.is_valid(plain))
        except ValueError:  # it cannot take everything that Python holds, such as a lone surrogate
            return False

    @cached_property
    def validator(self) -> Any:
        """A `jsonschema` validator of the record, with the dispatch on the event type."""
        import jsonschema
        from referencing import Registry, Resource

        # crawled once: else every $ref into an embedded file crawls the whole bundle again
        registry: Any = (
            Registry().with_resource(self.bundle["$id"], Resource.from_contents(self.bundle)).crawl()
        )
        return jsonschema.Draft202012Validator(self.bundle, registry=registry)


def load(folder: Path | str) -> Schema:
    """Compile a schema folder. Raises SchemaError (file, what, how to mend) for one that cannot be used."""
    return compiled(schema_rules.read_folder(Path(folder)))


def compiled(files: schema_rules.Files) -> Schema:
    """The schema that files give which hold what the meta-schema asks. Raises SchemaError for clashes."""
    common = files.common["$defs"]
    labels = _labels(common["mention_label"])
    types = _types(files.events)
    relations = {
        name: RelationType(
            name, spec["description"], tuple(spec["head"]), tuple(spec["tail"]), spec["acyclic"]
        )
        for name, spec in common["relation_type"]["x-relations"].items()
    }
    attributes = {name: _attribute(name, common[name], required=True) for name in COMMON_ATTRIBUTES}
    schema = Schema(
        version=files.document["x-schema-version"],
        guideline_version=files.document["x-guideline-version"],
        types=types,
        labels=labels,
        relations=relations,
        common=attributes,
        bundle=_bundle(files),
    )
    schema_rules.refuse_clashes(schema, files)
    return schema


def _labels(spec: dict[str, Any]) -> dict[str, MentionLabel]:
    details = spec["x-mention-labels"]
    return {
        name: MentionLabel(
            name,
            details[name]["description"],
            details[name]["x-ui"]["color"].lower(),
            details[name]["x-ui"]["hotkey"],
            details[name]["entity"] == "always",
            tuple(details[name]["asks"]),
        )
        for name in spec["enum"]
    }


def _types(files: dict[str, dict[str, Any]]) -> dict[str, EventType]:
    ordered = sorted(files.items(), key=lambda item: (not item[1].get("x-core", True), item[0]))
    taken = {spec["x-ui"]["color"].lower() for _, spec in ordered if "x-ui" in spec}
    spare = (color for color in schema_rules.SPARE_COLORS if color not in taken)
    return {name: _type(name, spec, spare) for name, spec in ordered}


def _type(name: str, spec: dict[str, Any], spare: Any) -> EventType:
    arguments = spec["properties"].get("arguments", {})
    attributes = spec["properties"].get("attributes", {})
    ui = spec.get("x-ui") or {"color": next(spare), "hotkey": None}
    guideline = spec.get("x-guideline", {"mark": "", "not": ""})
    required, expected = set(arguments.get("required", ())), set(spec.get("x-expected-roles", ()))
    return EventType(
        name=name,
        description=spec["description"],
        roles={
            role: Role(
                role,
                details.get("description", ""),
                tuple(details["x-labels"]),
                role in required,
                role in expected,
                details.get("x-max-entities"),
                details.get("x-min-entities"),
            )
            for role, details in arguments.get("properties", {}).items()
        },
        attributes={
            attribute: _attribute(attribute, details, attribute in attributes.get("required", ()))
            for attribute, details in attributes.get("properties", {}).items()
        },
        default_role=dict(spec.get("x-default-role", {})),
        distinct_roles=tuple((a, b) for a, b in spec.get("x-distinct-roles", ())),
        color=ui["color"].lower(),
        hotkey=ui["hotkey"],
        mark=guideline["mark"],
        not_=guideline["not"],
        core=spec.get("x-core", True),
        crosswalk=spec.get("x-crosswalk", {}),
        examples=tuple(spec.get("x-examples", ())),
        counter_examples=tuple(spec.get("x-counter-examples", ())),
        claims=_claims(spec["x-claim"]) if "x-claim" in spec else None,
        acts=_acts(spec["x-acts"]) if "x-acts" in spec else None,
    )


def _claims(spec: dict[str, Any]) -> Claims:
    return Claims(spec["stance"], spec["role"], tuple(spec["by"]), tuple(spec["source"]))


def _acts(spec: dict[str, Any]) -> Acts:
    return Acts(spec["verb"], tuple(spec["by"]), tuple(spec["to"]), spec.get("mutual", False))


def _attribute(name: str, spec: dict[str, Any], required: bool) -> Attribute:
    return Attribute(
        name,
        spec.get("description", ""),
        tuple(spec["enum"]),
        spec.get("default"),
        required,
        spec.get("x-values", {}),
    )


def _bundle(files: schema_rules.Files) -> dict[str, Any]:
    """One self-contained schema: all files as a compound document, the dispatch on `type` composed.

    Source: JSON Schema 2020-12 core, section 9.3.1 (bundling keeps each file's `$id`). `if`/`then`
    in place of `oneOf`, because its messages name the field that is wrong.
    """
    bundle: dict[str, Any] = json.loads(json.dumps(files.document))
    event = bundle["$defs"]["event"]
    common = list(event["properties"]["attributes"]["properties"])
    event["properties"]["type"]["enum"] = sorted(files.events)
    event["allOf"] = [_dispatch(name, spec, common) for name, spec in sorted(files.events.items())]
    embedded = [files.common, *(files.events[name] for name in sorted(files.events))]
    bundle["$defs"].update({spec["title"]: spec for spec in embedded})
    return bundle


def _dispatch(name: str, spec: dict[str, Any], common: list[str]) -> dict[str, Any]:
    own = list(spec["properties"].get("attributes", {}).get("properties", {}))
    names = {"propertyNames": {"enum": [*common, *own]}}
    then: dict[str, Any] = {"$ref": spec["$id"], "properties": {"attributes": names}}
    if "arguments" not in spec["properties"]:
        then["properties"]["arguments"] = {"maxProperties": 0}
    return {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then}
