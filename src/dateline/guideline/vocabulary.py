"""The pages on what all event types share: status and polarity, mention labels, relations."""

from __future__ import annotations

from dateline.guideline.markdown import flat, head, sentence, table
from dateline.schema import SAME_ENTITY, SAME_EVENT, Attribute, Schema


def questions(schema: Schema) -> str:
    """The questions on every event."""
    lines = [
        *head("Questions on every event"),
        "Answered once for an event, at the trigger that says most.",
        "",
    ]
    for attribute in schema.common.values():
        lines += answers(attribute, "##")
    return "\n".join(lines)


def labels(schema: Schema) -> str:
    """The mention labels, and which roles each fills."""
    lines = [
        *head("Mention labels"),
        "A mention is marked when it fills a role, or when it is needed to show that two fillers are the same.",
        "",
    ]
    for label in schema.labels.values():
        asked = {"value": "its value (EDTF)", "wikidata": "a Wikidata id (adjudication only)"}
        fields = " and ".join(asked[name] for name in label.asks)
        lines += [f"## {label.name}", "", sentence(flat(label.description)), ""]
        lines += [f"Key in Label Studio: `{label.hotkey}`.", ""] if label.hotkey else []
        lines += [f"Label Studio asks for {fields}.", ""] if fields else []
        rows = [
            (f"[{t.name}](types/{t.name}.md)", ", ".join(t.roles_for(label.name)))
            for t in schema.types.values()
            if t.roles_for(label.name)
        ]
        lines += table(("in", "fills"), rows) if rows else ["It fills no role.", ""]
    return "\n".join(lines)


def relations(schema: Schema) -> str:
    """What may be drawn between two marks, and how it is read."""
    rows = [(r.name, _ends(r.head), _ends(r.tail), flat(r.description)) for r in schema.relations.values()]
    lines = [
        *head("Relations"),
        "A relation in Label Studio joins two marks; what it means depends on what they are.",
        "",
        *table(
            ("from", "to", "without a label", "with a label"),
            (
                ("a trigger", "a mention", "the role that the type's page stars for that label", "that role"),
                ("a trigger", "a trigger of the same type", f"one event (`{SAME_EVENT}`)", "that relation"),
                ("a trigger", "a trigger of another type", "nothing: it must be named", "that relation"),
                ("a mention", "a mention", f"one entity or one claim (`{SAME_ENTITY}`)", f"`{SAME_ENTITY}`"),
            ),
        ),
        "## Between events",
        "",
        *table(("relation", "from", "to", "meaning"), rows),
        f"`{SAME_EVENT}` joins the triggers of one event, `{SAME_ENTITY}` the mentions of one entity or claim.",
        "",
    ]
    return "\n".join(lines)


def answers(attribute: Attribute, level: str) -> list[str]:
    """A question with its answers, as a section."""
    if attribute.default:
        silence = f"Not answered means `{attribute.default}`."
    else:
        silence = "It must be answered." if attribute.required else "It may stay open."
    rows = [(f"`{value}`", flat(attribute.meanings.get(value, ""))) for value in attribute.values]
    asked = sentence(flat(attribute.description)) if attribute.description else ""
    return [
        f"{level} {attribute.name}",
        "",
        f"{asked} {silence}".strip(),
        "",
        *table(("answer", "meaning"), rows),
    ]


def label_link(label: str, base: str) -> str:
    """The label, linked to its section; `base` leads to the folder of the pages."""
    return f"[{label}]({base}labels.md#{label.lower()})"


def _ends(names: tuple[str, ...]) -> str:
    return ", ".join("any" if name == "*" else name for name in names)
