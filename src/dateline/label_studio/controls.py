"""The names that the labeling config and the reader agree on."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.schema import Schema

TRIGGER = "trigger"
MENTION = "mention"
TEXT = "text"
NOTE = "note"
_kept: list[tuple[Schema, dict[str, Control]]] = []  # one at most
RESULT_TYPE = {"labels": "labels", "choices": "choices", "textarea": "textarea"}


@dataclass(frozen=True)
class Control:
    """A control of the config: its name, what kind of result it gives, and whom it belongs to.

    `event_type` is set for a question of one event type, `attribute` for every question on events.
    """

    name: str
    kind: str
    event_type: str | None = None
    attribute: str | None = None


def controls(schema: Schema) -> dict[str, Control]:
    """All controls of the config that the schema gives, by name."""
    found = [Control(TRIGGER, "labels"), Control(MENTION, "labels"), Control(NOTE, "textarea")]
    found += [Control(name, "textarea") for label in schema.labels.values() for name in label.asks]
    found += [Control(name, "choices", attribute=name) for name in schema.common]
    found += [
        Control(control_name(type_.name, attribute), "choices", type_.name, attribute)
        for type_ in schema.types.values()
        for attribute in type_.attributes
    ]
    return {control.name: control for control in found}


def controls_of(schema: Schema) -> dict[str, Control]:
    """The same, made once for the schema that was asked about last: a run reads every annotation with one."""
    found = _kept[0] if _kept else None
    if found is None or found[0] is not schema:
        found = schema, controls(schema)
        _kept[:] = [found]
    return found[1]


def control_name(event_type: str, attribute: str) -> str:
    """The control of a type's own attribute: `<type>__<attribute>`."""
    return f"{event_type}__{attribute}"
