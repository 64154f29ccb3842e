"""A new dataset project: a folder of its own, with event types of its own, that works with this toolkit."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import files, guideline, inline, schema_rules, store
from dateline import schema as schemas
from dateline.label_studio import config

_MARKER = "dateline.toml"
_BASE = "https://dateline.example/v1/"
_FILLED = re.compile(r"@(NAME|TOOLKIT|TYPES|TYPE|WORDS|COLOR|KEY|TEXT|MARKED)@")


class ProjectError(Exception):
    """A project that cannot be made: why, and how to ask for one that can."""


@dataclass(frozen=True)
class Order:
    """What to make: the folder, the event types, and where the toolkit (its checkout) lies.

    A type that the toolkit has is copied from it; any other begins as a template to be changed.
    """

    folder: Path
    types: Sequence[str]
    toolkit: Path

    @property
    def name(self) -> str:
        """The project's name, which is that of its folder."""
        return self.folder.resolve().name

    @property
    def way(self) -> str:
        """The way from the project to the toolkit."""
        return os.path.relpath(self.toolkit.resolve(), self.folder.resolve())


def create(order: Order) -> list[str]:
    """Make the folder, whole or not at all; the paths in it. Raises ProjectError and files.FileError."""
    _refuse(order)
    with files.new_folder(order.folder, marker=_MARKER) as folder:
        _write_schema(order, folder / "schema")
        compiled = _with_own_examples(folder / "schema")
        for name in ("annotations/articles", "exports"):
            _write(folder / name / ".gitkeep", "")
        _write(folder / "annotations" / store.CONFIG, config.xml(compiled))
        _write_templates(order, folder, compiled)
        pages = folder / "docs/guideline"
        for name, text in guideline.pages(compiled, pages, folder / "annotations").items():
            _write(pages / name, text)
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _refuse(order: Order) -> None:
    if not order.types:
        raise ProjectError("a project needs an event type; name one or more, such as wildfire evacuation")
    for name in order.types:
        if not schema_rules.NAME.fullmatch(name):
            raise ProjectError(f"{name!r} is no name for an event type: lower-case letters, digits, single _")
        if order.types.count(name) > 1:
            raise ProjectError(f"the event type {name!r} is named twice")
    if len(order.types) > len(schema_rules.SPARE_COLORS):
        raise ProjectError(f"more than {len(schema_rules.SPARE_COLORS)} event types; add the others later")
    if not (order.toolkit / "schema").is_dir() or not (order.toolkit / "templates").is_dir():
        raise ProjectError(f"{order.toolkit} is not the toolkit: it has no folders schema and templates")
    if not re.fullmatch(r"[\w.-]+", order.name):
        raise ProjectError(f"{order.name!r} is no name for a project: letters, digits, - _ and . only")
    if not re.fullmatch(r"[\w ./+@~-]+", order.way):
        raise ProjectError(f"make cannot take the way from there to the toolkit: {order.way}")
    _refuse_place(order)


def _refuse_place(order: Order) -> None:
    folder = order.folder.resolve()
    if folder == order.toolkit.resolve() or order.toolkit.resolve() in folder.parents:
        raise ProjectError(
            f"{order.folder} lies in the toolkit; a project lies beside it, such as ../{folder.name}"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{order.folder} is there already and not empty; choose another name")


def _write_schema(order: Order, folder: Path) -> None:
    """The toolkit's schema with these event types, as versions 1.0.0 of schema and 1.0 of guideline."""
    source = order.toolkit / "schema"
    events = {name: path.read_text(encoding="utf-8") for name, path in _known(order).items()}
    taken = {str(value) for text in events.values() for value in json.loads(text).get("x-ui", {}).values()}
    template = (order.toolkit / "templates/event.schema.json").read_text(encoding="utf-8")
    for name in order.types:
        if name not in events:
            events[name] = _new_type(template, name, taken)
    document = (source / "document.schema.json").read_text(encoding="utf-8")
    for key, version in (("x-schema-version", "1.0.0"), ("x-guideline-version", "1.0")):
        document = re.sub(rf'("{key}": )"[^"]*"', rf'\1"{version}"', document)
    common = _with_relations((source / "common.schema.json").read_text(encoding="utf-8"), {"*", *order.types})
    made = {"common": common, "document": document, **{f"events/{n}": text for n, text in events.items()}}
    host = re.sub(r"[^a-z0-9]+", "-", order.name.lower()).strip("-") or "dataset"
    for name, text in made.items():
        _write(folder / f"{name}.schema.json", text.replace(_BASE, f"https://{host}.example/v1/"))
    name = "x-keywords.schema.json"
    _write(folder / name, (source / name).read_text(encoding="utf-8"))


def _known(order: Order) -> dict[str, Path]:
    """The files of those of the types that the toolkit has."""
    paths = {name: order.toolkit / f"schema/events/{name}.schema.json" for name in order.types}
    return {name: path for name, path in paths.items() if path.is_file()}


def _new_type(template: str, name: str, taken: set[str]) -> str:
    """The template under this name, with a colour and a key that no other type has; without, where none is left."""
    color = next(color for color in schema_rules.SPARE_COLORS if color not in taken)
    key = next((key for key in "1234567890" if key not in taken), None)
    taken |= {color, key or color}
    if key is None:
        template = re.sub(r'\n *"x-ui".*', "", template)  # the loader gives it a colour of its own
    values = {"TYPE": name, "WORDS": name.replace("_", " "), "COLOR": color, "KEY": key or ""}
    return _fill(template, values)


def _with_relations(common: str, types: set[str]) -> str:
    """The file without the relations that would join types which the project does not have."""
    spec: dict[str, Any] = json.loads(common)
    kept = spec["$defs"]["relation_type"]
    missing = [name for name, r in kept["x-relations"].items() if not {*r["head"], *r["tail"]} <= types]
    for name in missing:
        del kept["x-relations"][name]
        kept["enum"].remove(name)
    return store.as_text(spec) if missing else common


def _with_own_examples(folder: Path) -> schemas.Schema:
    """The schema, its files without the examples that show types or relations which the project does not have."""
    schema = schemas.load(folder)
    for name, type_ in schema.types.items():
        kept = [example for example in type_.examples if _compiles(example["text"], schema)]
        if len(kept) < len(type_.examples):
            path = folder / f"events/{name}.schema.json"
            spec = json.loads(path.read_text(encoding="utf-8"))
            _write(path, store.as_text(spec | {"x-examples": kept}))
    return schemas.load(folder)


def _compiles(marked: str, schema: schemas.Schema) -> bool:
    try:
        inline.compile_marks(marked, schema)
    except inline.InlineError:
        return False
    return True


def _write_templates(order: Order, folder: Path, schema: schemas.Schema) -> None:
    """README, Makefile and the rest; the README's example is the first one of the first type that has any."""
    first = next((schema.types[name] for name in order.types if schema.types[name].examples), None)
    if first is None:
        raise ProjectError(f"no example shows only {', '.join(order.types)}; name another event type, too")
    marked = first.examples[0]["text"]
    values = {
        "NAME": order.name,
        "TOOLKIT": order.way,
        "TYPES": ", ".join(order.types),
        "TEXT": inline.compile_marks(marked, schema).text,
        "MARKED": marked,
    }
    templates = order.toolkit / "templates/project"
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        name = path.relative_to(templates)
        target = folder / name.with_name(name.name.replace("dot-", "."))
        _write(target, _fill(path.read_text(encoding="utf-8"), values))


def _fill(template: str, values: dict[str, str]) -> str:
    return _FILLED.sub(lambda match: values[match[1]], template)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(path, text)
