"""Other versions of the project's schema: a copy of its folder, and edits on the copy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dateline import schema
from dateline.schema import Schema
from dateline.schema_rules import Files

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]
Edit = Callable[["Copy"], None]


class Copy:
    """The files of a schema's copy, to be changed in place."""

    def __init__(self, source: Path = ROOT / "schema") -> None:
        self.files: dict[str, Json] = {
            p.relative_to(source).as_posix(): json.loads(p.read_text(encoding="utf-8"))
            for p in sorted(source.rglob("*.json"))
        }

    @property
    def common(self) -> Json:
        return self.files["common.schema.json"]["$defs"]

    def type(self, name: str) -> Json:
        return self.files[f"events/{name}.schema.json"]

    @property
    def types(self) -> list[Json]:
        return [spec for name, spec in self.files.items() if name.startswith("events/")]

    def roles(self, type_: str) -> Json:
        return self.type(type_)["properties"]["arguments"]["properties"]

    def attributes(self, type_: str) -> Json:
        return self.type(type_)["properties"]["attributes"]["properties"]

    def write(self, folder: Path) -> Path:
        for name, spec in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(spec, ensure_ascii=False, indent=1), encoding="utf-8")
        return folder


def edited(version: str, *edits: Edit) -> Schema:
    """The project's schema with these edits."""
    copy = _edited(version, edits)
    events = {
        name[7:].partition(".")[0]: spec for name, spec in copy.files.items() if name.startswith("events/")
    }
    plain = (copy.files[f"{name}.schema.json"] for name in ("document", "common", "x-keywords"))
    return schema.compiled(Files(Path("edited"), *plain, dict(sorted(events.items()))))


def written(folder: Path, version: str, *edits: Edit) -> Path:
    """The same as a folder."""
    return _edited(version, edits).write(folder)


def _edited(version: str, edits: tuple[Edit, ...]) -> Copy:
    copy = Copy()
    copy.files["document.schema.json"]["x-schema-version"] = version
    for edit in edits:
        edit(copy)
    return copy


def swapped(value: Any, old: str, new: str) -> Any:
    """Every key and string that is `old` as `new`, in the same order."""
    if isinstance(value, dict):
        return {new if key == old else key: swapped(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [swapped(inner, old, new) for inner in value]
    return new if value == old else value


def rename_type(old: str, new: str) -> Edit:
    def edit(copy: Copy) -> None:
        spec = swapped(copy.files.pop(f"events/{old}.schema.json"), old, new)
        spec["$id"] = spec["$id"].replace(f"/{old}.", f"/{new}.")
        copy.files[f"events/{new}.schema.json"] = spec
        copy.common["relation_type"] = swapped(copy.common["relation_type"], old, new)

    return edit


def rename_role(type_: str, old: str, new: str) -> Edit:
    def edit(copy: Copy) -> None:
        copy.files[f"events/{type_}.schema.json"] = swapped(copy.type(type_), old, new)

    return edit


rename_attribute = rename_role


def rename_value(type_: str | None, attribute: str, old: str, new: str) -> Edit:
    def edit(copy: Copy) -> None:
        holder = copy.common if type_ is None else copy.attributes(type_)
        holder[attribute] = swapped(holder[attribute], old, new)

    return edit


def rename_label(old: str, new: str) -> Edit:
    def edit(copy: Copy) -> None:
        copy.common["mention_label"] = swapped(copy.common["mention_label"], old, new)
        for name in [name for name in copy.files if name.startswith("events/")]:
            copy.files[name] = swapped(copy.files[name], old, new)

    return edit


def rename_relation(old: str, new: str) -> Edit:
    def edit(copy: Copy) -> None:
        copy.common["relation_type"] = swapped(copy.common["relation_type"], old, new)

    return edit


def remove_label(name: str) -> Edit:
    def edit(copy: Copy) -> None:
        label = copy.common["mention_label"]
        label["enum"].remove(name)
        del label["x-mention-labels"][name]
        for spec in copy.types:
            spec.get("x-default-role", {}).pop(name, None)
            for role in spec["properties"].get("arguments", {}).get("properties", {}).values():
                role["x-labels"] = [other for other in role["x-labels"] if other != name] or ["ORG"]

    return edit


def remove_role(type_: str, name: str) -> Edit:
    def edit(copy: Copy) -> None:
        spec = copy.type(type_)
        del copy.roles(type_)[name]
        arguments = spec["properties"]["arguments"]
        arguments["required"] = [role for role in arguments.get("required", []) if role != name]
        spec["x-expected-roles"] = [role for role in spec.get("x-expected-roles", []) if role != name]
        spec["x-default-role"] = {k: v for k, v in spec.get("x-default-role", {}).items() if v != name}
        spec["x-distinct-roles"] = [pair for pair in spec.get("x-distinct-roles", []) if name not in pair]

    return edit


def remove_attribute(type_: str, name: str) -> Edit:
    def edit(copy: Copy) -> None:
        attributes = copy.type(type_)["properties"]["attributes"]
        del attributes["properties"][name]
        attributes["required"] = [other for other in attributes.get("required", []) if other != name]

    return edit


def remove_value(type_: str | None, attribute: str, value: str) -> Edit:
    def edit(copy: Copy) -> None:
        spec = (copy.common if type_ is None else copy.attributes(type_))[attribute]
        spec["enum"].remove(value)
        spec.get("x-values", {}).pop(value, None)
        if spec.get("default") == value:
            del spec["default"]

    return edit


def remove_relation(name: str) -> Edit:
    def edit(copy: Copy) -> None:
        copy.common["relation_type"]["enum"].remove(name)
        del copy.common["relation_type"]["x-relations"][name]

    return edit


def remove_type(name: str) -> Edit:
    def edit(copy: Copy) -> None:
        del copy.files[f"events/{name}.schema.json"]
        for relation in copy.common["relation_type"]["x-relations"].values():
            for end in ("head", "tail"):
                relation[end] = [other for other in relation[end] if other != name] or ["*"]

    return edit


def change(type_: str, edit: Callable[[Json], Any]) -> Edit:
    """Any edit on the file of an event type."""

    def run(copy: Copy) -> None:
        edit(copy.type(type_))

    return run


def change_common(edit: Callable[[Json], Any]) -> Edit:
    """Any edit on what all types share."""

    def run(copy: Copy) -> None:
        edit(copy.common)

    return run
