"""Names of the schema that rules, views or the report know by themselves, not from the schema.

A schema may rename or drop them, but what goes by the old name then finds nothing: who does it changes the code, too.
A test holds this list against the source.
"""

from __future__ import annotations

NAMES: dict[str, frozenset[str]] = {
    "type": frozenset(),
    "label": frozenset({"CLAIM", "FACILITY", "GPE", "GROUP", "LOC", "MEDIA", "ORG", "PERSON", "TIME"}),
    "relation": frozenset({"denies", "in_response_to", "subevent_of"}),
    "value": frozenset({
        "status.alleged", "status.asserted", "status.denied", "status.disputed", "status.hypothetical",
        "status.planned", "status.reported", "polarity.negative", "polarity.positive",
    }),
}  # fmt: skip
NOTE = "; the code knows this name: search src/dateline for it"


def note(kind: str, name: str) -> str:
    """What to say of a name that goes away, where the code knows it; else nothing."""
    return NOTE if name in NAMES.get(kind, ()) else ""
