"""Schema -> the labeling config that Label Studio shows."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from dateline.label_studio.controls import MENTION, NOTE, TEXT, TRIGGER, control_name
from dateline.schema import SAME_ENTITY, SAME_EVENT, Attribute, EventType, MentionLabel, Schema

_STYLE = """\
.dl-labels { position: sticky; top: 0; z-index: 1000; padding: 4px 0; background: var(--color-neutral-background, #fff); }
.dl-questions { position: sticky; bottom: 0; z-index: 1000; min-height: 74px; padding: 4px 0; background: var(--color-neutral-background, #fff); }
.dl-row { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: center; }
.dl-text { font-size: 16px; line-height: 1.9; padding: 8px 0; white-space: pre-wrap; }"""


def xml(schema: Schema) -> str:
    """The config: labels above the text, the questions of the selected region below it."""
    lines = [
        "<View>",
        f"  <Style>\n{_STYLE}\n  </Style>",
        '  <View className="dl-labels">',
        *_labels(TRIGGER, list(schema.types.values())),
        *_labels(MENTION, list(schema.labels.values())),
        "  </View>",
        '  <Header value="$title" size="4"/>',
        '  <View className="dl-text">',
        f'    <Text name="{TEXT}" value="$text" granularity="symbol" saveTextResult="yes"/>',
        "  </View>",
        *_relations(schema),
        '  <View className="dl-questions">',
        *_event_questions(schema),
        *_mention_questions(schema),
        *_note(),
        "  </View>",
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _tag(tag: str, end: str = "/>", /, **attributes: str | None) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    return f"<{tag}{given}{end}"


def _labels(name: str, items: list[EventType] | list[MentionLabel]) -> list[str]:
    rows = [
        "      " + _tag("Label", value=item.name, background=item.color, hotkey=item.hotkey, hint=_hint(item))
        for item in items
    ]
    return [f"    {_tag('Labels', '>', name=name, toName=TEXT, showInline='true')}", *rows, "    </Labels>"]


def _hint(item: EventType | MentionLabel) -> str:
    if isinstance(item, EventType) and item.mark:
        return f"{item.description} Mark: {item.mark}. Not: {item.not_}."
    return item.description


def _relations(schema: Schema) -> list[str]:
    names = [SAME_EVENT, SAME_ENTITY, *schema.relations]
    names += [role for type_ in schema.types.values() for role in type_.roles]
    rows = [f"    {_tag('Relation', value=name)}" for name in dict.fromkeys(names)]
    return ["  <Relations>", *rows, "  </Relations>"]


def _event_questions(schema: Schema) -> list[str]:
    lines = [
        f"    {_tag('View', '>', className='dl-row', visibleWhen='region-selected', whenTagName=TRIGGER)}",
        *(line for a in schema.common.values() for line in _question(a.name, a, None)),
        "    </View>",
    ]
    for type_ in schema.types.values():
        if type_.attributes:
            where = {"visibleWhen": "region-selected", "whenTagName": TRIGGER, "whenLabelValue": type_.name}
            lines.append(f"    {_tag('View', '>', className='dl-row', **where)}")
            for attribute in type_.attributes.values():
                lines += _question(control_name(type_.name, attribute.name), attribute, type_.name)
            lines.append("    </View>")
    return lines


def _question(name: str, attribute: Attribute, event_type: str | None) -> list[str]:
    when = {"whenTagName": TRIGGER, "whenLabelValue": event_type}
    none = (
        f"none ticked = {attribute.default}"
        if attribute.default
        else "to be answered"
        if attribute.required
        else "may stay open"
    )
    control = _tag(
        "Choices", ">", name=name, toName=TEXT, perRegion="true", choice="single", layout="select", **when
    )  # fmt: skip
    label = f"{attribute.name.replace('_', ' ')} ({none})"
    rows = [
        f"        {_tag('Choice', value=value, hint=attribute.meanings.get(value))}"
        for value in attribute.values
    ]
    return [f"      {_tag('Header', value=label, size='6')}", f"      {control}", *rows, "      </Choices>"]


def _mention_questions(schema: Schema) -> list[str]:
    lines: list[str] = []
    fields = {
        "value": "when, as EDTF: 2025-11-24, 2025-11, 2025-11-24/2025-11-27",
        "wikidata": "Wikidata id: Q22686",
    }
    for name, prompt in fields.items():
        labels = ",".join(label.name for label in schema.labels.values() if name in label.asks)
        when = {"visibleWhen": "region-selected", "whenTagName": MENTION, "whenLabelValue": labels}
        area = _tag("TextArea", name=name, toName=TEXT, perRegion="true", maxSubmissions="1", editable="true", placeholder=prompt, rows="1")  # fmt: skip
        lines += [f"    {_tag('View', '>', className='dl-row', **when)}", f"      {area}", "    </View>"]
    return lines


def _note() -> list[str]:
    area = _tag("TextArea", name=NOTE, toName=TEXT, perRegion="true", maxSubmissions="1", editable="true", placeholder="what you are unsure of", rows="1")  # fmt: skip
    return [
        f"    {_tag('View', '>', className='dl-row', visibleWhen='region-selected')}",
        f"      {area}",
        "    </View>",
    ]
