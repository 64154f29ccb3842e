"""What a schema folder must hold: the files, the meta-schema, and no clash between names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline import strict_json

if TYPE_CHECKING:
    from dateline.schema import EventType, MentionLabel, Schema

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
RESERVED_RELATIONS = ("same_event", "same_entity")
RESERVED_CONTROLS = ("trigger", "mention", "value", "wikidata", "note", "text")
SPARE_COLORS = (
    "#0b7285", "#c92a2a", "#5c940d", "#862e9c", "#e8590c", "#364fc7", "#087f5b", "#a61e4d", "#495057", "#9c36b5",
    "#2b8a3e", "#d9480f", "#1864ab", "#5f3dc4", "#66a80f", "#c2255c", "#0c8599", "#e67700", "#343a40", "#6741d9",
)  # fmt: skip

_OBJECTS = {"type": "object", "additionalProperties": {"type": "object"}}
_STRINGS = {"enum": {"items": {"type": "string"}}}
# what the loader takes for granted beyond the meta-schema, by file; the rest of `schema/` are event types
_SHAPES: dict[str, Any] = {
    "document.schema.json": {
        "required": ["$id", "title", "x-schema-version", "x-guideline-version", "$defs"],
        "properties": {
            "$id": {"type": "string"},
            "$defs": {
                "required": ["event"],
                "properties": {
                    "event": {
                        "type": "object",
                        "required": ["properties"],
                        "properties": {
                            "properties": {
                                "required": ["type", "attributes"],
                                "properties": {
                                    "type": {"type": "object"},
                                    "attributes": {
                                        "type": "object",
                                        "required": ["properties"],
                                        "properties": {"properties": _OBJECTS},
                                    },
                                },
                            }
                        },
                    }
                },
            },
        },
    },
    "common.schema.json": {
        "required": ["$id", "title", "$defs"],
        "properties": {
            "$id": {"type": "string"},
            "title": {"const": "common"},
            "$defs": {
                **_OBJECTS,
                "required": ["mention_label", "relation_type", "status", "polarity"],
                "properties": {
                    name: {"type": "object", "required": ["enum", keyword], "properties": _STRINGS}
                    for name, keyword in (
                        ("mention_label", "x-mention-labels"),
                        ("relation_type", "x-relations"),
                    )
                },
            },
        },
    },
    "events": {
        "required": ["$id", "title", "description", "properties"],
        "properties": {
            "$id": {"type": "string"},
            "properties": {
                "properties": {
                    part: {"type": "object", "properties": {"properties": _OBJECTS}}
                    for part in ("arguments", "attributes")
                }
            },
        },
    },
}


class SchemaError(Exception):
    """A schema folder that cannot be used: `file`, `reason` and, where known, `hint`."""

    def __init__(self, file: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"{file}: {reason}" + (f" ({hint})" if hint else ""))
        self.file, self.reason, self.hint = file, reason, hint


@dataclass(frozen=True)
class Files:
    """The folder's files as parsed; `events` by type name."""

    folder: Path
    document: dict[str, Any]
    common: dict[str, Any]
    keywords: dict[str, Any]
    events: dict[str, dict[str, Any]]


def read_folder(folder: Path) -> Files:
    """Read all files and hold each against the meta-schema. Raises SchemaError."""
    if not folder.is_dir():
        raise SchemaError(str(folder), "there is no such folder", "give the schema's folder with --schema")
    keywords = _read_keywords(folder / "x-keywords.schema.json")
    document = _read(folder / "document.schema.json")
    common = _read(folder / "common.schema.json")
    events: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "events").glob("*.schema.json")):
        events[path.name.removesuffix(".schema.json")] = _read(path)
    if not events:
        raise SchemaError(str(folder / "events"), "there is no event type", "add events/<type>.schema.json")
    files = Files(folder, document, common, keywords, events)
    for path, spec in _named(files):
        _meta_check(path, spec, keywords)
    _check_enumerations(files)
    return files


def _read_keywords(path: Path) -> dict[str, Any]:
    """Our meta-schema, which has to be a schema itself and hold draft 2020-12."""
    import jsonschema
    from jsonschema.exceptions import SchemaError as NoSchema

    keywords = _read(path)
    if not isinstance(keywords.get("$id"), str) or "allOf" not in keywords:
        raise SchemaError(str(path), "is not the meta-schema of the x- keywords")
    try:
        jsonschema.Draft202012Validator.check_schema(keywords)
    except NoSchema as error:
        raise SchemaError(str(path), f"at {_pointer(error.absolute_path)}: {error.message}") from error
    return keywords


def _check_enumerations(files: Files) -> None:
    path = str(files.folder / "common.schema.json")
    for name, keyword in (("mention_label", "x-mention-labels"), ("relation_type", "x-relations")):
        spec = files.common.get("$defs", {}).get(name, {})
        if set(spec.get("enum", ())) != set(spec.get(keyword, ())) or not spec.get("enum"):
            raise SchemaError(path, f"$defs/{name}: enum and {keyword} do not name the same things")
    for name in ("status", "polarity"):
        _check_values(Path(path), name, files.common["$defs"].get(name, {}))


def _named(files: Files) -> Iterator[tuple[Path, dict[str, Any]]]:
    yield files.folder / "document.schema.json", files.document
    yield files.folder / "common.schema.json", files.common
    for name, spec in files.events.items():
        yield event_file(files, name), spec


def event_file(files: Files, name: str) -> Path:
    """The path of an event type's file."""
    return files.folder / "events" / f"{name}.schema.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        value = strict_json.decode(path.read_bytes())
    except OSError as error:
        raise SchemaError(str(path), f"cannot be read: {error.strerror or error}") from error
    except strict_json.BadJson as error:
        raise SchemaError(f"{path}:{error.line}", error.message, error.hint) from error
    if not isinstance(value, dict):
        raise SchemaError(str(path), "is not a JSON object")
    return value


def _meta_check(path: Path, spec: dict[str, Any], keywords: dict[str, Any]) -> None:
    import jsonschema
    from jsonschema.exceptions import best_match

    registry = _registry(keywords)
    shape = _SHAPES.get(path.name, _SHAPES["events"])
    for validator in (
        jsonschema.Draft202012Validator(keywords, registry=registry),
        jsonschema.Draft202012Validator(shape),
    ):
        error = best_match(validator.iter_errors(spec))
        if error is not None:
            raise SchemaError(str(path), f"at {_pointer(error.absolute_path)}: {error.message}")
    if path.parent.name == "events":
        _event_shape(path, spec)


def _registry(keywords: dict[str, Any]) -> Any:
    from jsonschema_specifications import REGISTRY
    from referencing import Resource

    return REGISTRY.with_resource(keywords["$id"], Resource.from_contents(keywords))


def _pointer(path: Any) -> str:
    return "/" + "/".join(str(part) for part in path)


def _event_shape(path: Path, spec: dict[str, Any]) -> None:
    name = path.name.removesuffix(".schema.json")
    if spec["title"] != name:
        raise SchemaError(
            str(path), f"the title is {spec['title']!r}, the file's name says {name!r}", "make them equal"
        )
    _check_name(path, name, "event type")
    for role, details in spec["properties"].get("arguments", {}).get("properties", {}).items():
        _check_name(path, role, "role")
        if "x-labels" not in details:
            raise SchemaError(
                str(path), f"role {role!r} has no x-labels", "list the mention labels that may fill it"
            )
    for attribute, details in spec["properties"].get("attributes", {}).get("properties", {}).items():
        _check_name(path, attribute, "attribute")
        _check_values(path, attribute, details)


def _check_name(path: Path, name: str, kind: str) -> None:
    if not NAME.fullmatch(name):
        reason = f"{kind} {name!r} is not a name of lower-case letters, digits and single underscores"
        raise SchemaError(str(path), reason)


def _check_values(path: Path, attribute: str, details: dict[str, Any]) -> None:
    values = details.get("enum")
    if not values or not all(isinstance(value, str) and value.strip() == value != "" for value in values):
        raise SchemaError(str(path), f"attribute {attribute!r} needs an enum of strings")
    if "default" in details and details["default"] not in values:
        raise SchemaError(
            str(path), f"the default of {attribute!r} is not one of its values: {details['default']!r}"
        )
    unknown = set(details.get("x-values", values)) - set(values)
    if unknown:
        raise SchemaError(
            str(path), f"x-values of {attribute!r} explains what is no value: {sorted(unknown)}"
        )


def refuse_clashes(schema: Schema, files: Files) -> None:
    """Raise SchemaError for two things that an annotator or a reader could not tell apart."""
    _refuse_ui_clashes(schema, files)
    relations = {*schema.relations, *RESERVED_RELATIONS}
    ids: dict[str, str] = {}
    for name, type_ in schema.types.items():
        path = str(event_file(files, name))
        other = ids.setdefault(files.events[name]["$id"], path)
        if other != path:
            raise SchemaError(path, f"has the $id of {other}")
        for role in type_.roles.values():
            if role.name in relations:
                raise SchemaError(path, f"role {role.name!r} has the name of a relation", "name it otherwise")
            _known_labels(path, f"role {role.name!r}", role.labels, schema)
        _refuse_attribute_clashes(path, name, schema)
        _check_defaults(path, name, files, schema)
    _check_relations(schema, files)


def _refuse_ui_clashes(schema: Schema, files: Files) -> None:
    colors: dict[str, str] = {}
    hotkeys: dict[str, str] = {}
    items: list[MentionLabel | EventType] = [*schema.labels.values(), *schema.types.values()]
    for item in items:
        name = item.name
        path = str(event_file(files, name) if name in schema.types else files.folder / "common.schema.json")
        if colors.setdefault(item.color, name) != name:
            raise SchemaError(path, f"{name} and {colors[item.color]} have one colour, {item.color}")
        if item.hotkey is not None and hotkeys.setdefault(item.hotkey, name) != name:
            raise SchemaError(path, f"{name} and {hotkeys[item.hotkey]} have one hotkey, {item.hotkey!r}")


def _refuse_attribute_clashes(path: str, name: str, schema: Schema) -> None:
    type_ = schema.types[name]
    for attribute in type_.attributes:
        if attribute in schema.common or attribute in RESERVED_CONTROLS:
            raise SchemaError(
                path, f"attribute {attribute!r} has the name of a common one", "name it otherwise"
            )
        if attribute in type_.roles or attribute in schema.relations:
            raise SchemaError(path, f"{attribute!r} is an attribute and also a role or a relation")


def _known_labels(path: str, what: str, labels: Any, schema: Schema) -> None:
    unknown = [label for label in labels if label not in schema.labels]
    if unknown:
        raise SchemaError(path, f"{what} names unknown mention labels: {', '.join(unknown)}")


def _check_defaults(path: str, name: str, files: Files, schema: Schema) -> None:
    type_, spec = schema.types[name], files.events[name]
    _known_labels(path, "x-default-role", type_.default_role, schema)
    for label, role in type_.default_role.items():
        if role not in type_.roles:
            raise SchemaError(path, f"x-default-role names the unknown role {role!r}")
        if label not in type_.roles[role].labels:
            raise SchemaError(
                path, f"the default role {role!r} does not accept {label}", "add the label to the role"
            )
    required = spec["properties"].get("arguments", {}).get("required", [])
    distinct = [role for pair in type_.distinct_roles for role in pair]
    for role in (*spec.get("x-expected-roles", []), *required, *distinct, *_party_roles(type_)):
        if role not in type_.roles:
            raise SchemaError(
                path, f"a required, expected, distinct, x-claim or x-acts role is unknown: {role!r}"
            )
    for attribute in spec["properties"].get("attributes", {}).get("required", []):
        if attribute not in type_.attributes:
            raise SchemaError(path, f"a required attribute is unknown: {attribute!r}")


def _party_roles(type_: EventType) -> tuple[str, ...]:
    claims, acts = type_.claims, type_.acts
    said = (claims.role, *claims.by, *claims.source) if claims else ()
    return (*said, *acts.by, *acts.to) if acts else said


def _check_relations(schema: Schema, files: Files) -> None:
    path = str(files.folder / "common.schema.json")
    for relation in schema.relations.values():
        for type_ in (*relation.head, *relation.tail):
            if type_ != "*" and type_ not in schema.types:
                raise SchemaError(path, f"relation {relation.name!r} names the unknown type {type_!r}")


def text_of(bundle: dict[str, Any]) -> str:
    """The composed schema as it stands in an exported folder."""
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"
