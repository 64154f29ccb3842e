"""The pages on event types: one over all of them, and one for each."""

from __future__ import annotations

from collections.abc import Iterable

from dateline import inline
from dateline.guideline import drawing
from dateline.guideline.corpus import GuidelineError
from dateline.guideline.markdown import flat, head, sentence, table
from dateline.guideline.vocabulary import answers, label_link
from dateline.label_studio import convert
from dateline.schema import EventType, Role, Schema


def overview(schema: Schema) -> str:
    """The types side by side: what each is, what is marked for it, and what is not."""
    rows = [
        (f"[{t.name}](types/{t.name}.md)", _key(t.hotkey), flat(t.description), flat(t.mark), flat(t.not_))
        for t in schema.types.values()
    ]
    lines = [
        *head("Event types"),
        f"Guideline {schema.guideline_version}, schema {schema.version}. The key marks the words that name an event"
        " in Label Studio.",
        "",
        *table(("type", "key", "what it is", "mark", "not"), rows),
        "Every event is also asked for its [status and polarity](questions.md).",
        "",
    ]
    return "\n".join(lines)


def page(type_: EventType, schema: Schema, worked: bool) -> str:
    """All about one type; `worked` says that the folder has an example from an article, explained."""
    lines = [*head(type_.name), flat(type_.description), ""]
    if type_.hotkey:
        lines += [f"Key in Label Studio: {_key(type_.hotkey)}.", ""]
    if type_.mark:
        lines += [f"- **Mark:** {sentence(flat(type_.mark))}", f"- **Not:** {sentence(flat(type_.not_))}", ""]
    lines += _roles(type_)
    lines += _questions(type_)
    lines += _examples(type_, schema)
    if worked:
        lines += [f"An example from an article, explained: [{type_.name}](../examples.md#{type_.name}).", ""]
    if type_.counter_examples:
        lines += ["## Not this event", ""]
        lines += [f"- {flat(e['text'])} — {sentence(flat(e['why']))}" for e in type_.counter_examples]
        lines.append("")
    return "\n".join(lines)


def _key(hotkey: str | None) -> str:
    return f"`{hotkey}`" if hotkey else ""


def _roles(type_: EventType) -> list[str]:
    if not type_.roles:
        return ["This event has no roles.", ""]
    rows = [(role.name, _labels(role, type_), _need(role), _meaning(role)) for role in type_.roles.values()]
    lines = ["## Roles", "", *table(("role", "filled by", "", "meaning"), rows)]
    if type_.default_role:
        lines += [
            "A mention with a star fills that role when the relation is drawn without naming one. Any other role is named.",
            "",
        ]
    for pair in type_.distinct_roles:
        lines += [f"One entity does not fill both {' and '.join(pair)}: that is a warning.", ""]
    return lines


def _labels(role: Role, type_: EventType) -> str:
    return ", ".join(
        label_link(label, "../") + drawing.DEFAULTED * (type_.default_role.get(label) == role.name)
        for label in role.labels
    )


def _need(role: Role) -> str:
    return "required" if role.required else "expected" if role.expected else ""


def _meaning(role: Role) -> str:
    least = f"at least {role.min_entities}, or a group" if role.min_entities else ""
    most = f"at most {role.max_entities}" if role.max_entities else ""
    limits = ", ".join(filter(None, (least, most)))
    return flat(role.description) + (f" ({limits})" if limits else "")


def _questions(type_: EventType) -> list[str]:
    lines = [line for attribute in type_.attributes.values() for line in answers(attribute, "###")]
    return ["## Questions", "", *lines] if lines else []


def _examples(type_: EventType, schema: Schema) -> list[str]:
    lines: list[str] = []
    for number, example in enumerate(type_.examples, 1):
        try:
            lines += [*_drawn(example["text"], schema), ""]
        except inline.InlineError as error:
            reason = f"example {number} of {type_.name} in the schema cannot be read: {error}"
            raise GuidelineError(f"types/{type_.name}.md", None, reason) from error
    return ["## Examples", "", *lines] if lines else []


def _drawn(marked: str, schema: Schema) -> Iterable[str]:
    compiled = inline.compile_marks(marked, schema)
    task = {
        "data": {"doc_id": "example", "text": compiled.text},
        "annotations": [{"completed_by": "example", "result": compiled.results}],
    }
    (document,) = convert.read_task(task, schema).documents
    excerpt = drawing.within(document, 0, len(document.text))
    return [*drawing.drawn(excerpt), "", *drawing.told(excerpt)]
