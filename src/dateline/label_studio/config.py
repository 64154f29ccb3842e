"""Schema -> the labeling config that Label Studio shows.

Labels above the text, the questions of the selected region below it; both stay in view, and the lower bar
has one height, so that nothing moves when a region is selected. Control names are those of `controls`.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from dateline.label_studio import style
from dateline.label_studio.controls import MENTION, NOTE, TEXT, TRIGGER, control_name
from dateline.schema import SAME_ENTITY, SAME_EVENT, Attribute, EventType, MentionLabel, Schema

FINDINGS = "findings"
_HELP = (
    "Mark: a label's key, then drag over the words. Answer: click the mark. Note: what you are unsure of.",
    "Relate: click the trigger, Alt+R, click the mention (or the other trigger); roles: Relations, on the right.",
    "Hover a label or a question for its meaning. Esc lets go of a mark, Backspace deletes it, Ctrl+Enter submits.",
)
_FIELDS = {
    "value": ("value (EDTF)", "2025-11-24, 2025-11"),
    "wikidata": ("wikidata (adjudication)", "Q22686"),
}


def xml(schema: Schema) -> str:
    """The config of a project that annotates with this schema."""
    lines = [
        "<View>",
        f"  <Style>\n{escape(style.css(schema))}\n  </Style>",
        '  <View className="dl-labels">',
        *_labels(TRIGGER, list(schema.types.values())),
        *_labels(MENTION, list(schema.labels.values())),
        "  </View>",
        *_article(),
        *_relations(schema),
        '  <View className="dl-questions">',
        *_help(),
        '    <View className="dl-row">',
        *_event_questions(schema),
        *_mention_questions(schema),
        *_text_field(NOTE, "note: what you are unsure of", None, {}),
        "    </View>",
        *(line for type_ in schema.types.values() for line in _roles(type_)),
        "  </View>",
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _tag(tag: str, end: str = "/>", /, **attributes: str | None) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    return f"<{tag}{given}{end}"


def _header(value: str, size: str = "5") -> str:
    return _tag("Header", value=value, size=size, style="margin: 0")


def _labels(name: str, items: list[EventType] | list[MentionLabel]) -> list[str]:
    rows = [
        "      " + _tag("Label", value=item.name, background=item.color, hotkey=item.hotkey, hint=_hint(item))
        for item in items
    ]
    return [f"    {_tag('Labels', '>', name=name, toName=TEXT, showInline='true')}", *rows, "    </Labels>"]


def _hint(item: EventType | MentionLabel) -> str:
    """The definition; of an event type also what to mark and what its roles mean."""
    lines = [item.description]
    if isinstance(item, EventType):
        lines += [f"Mark: {item.mark}."] if item.mark else []
        lines += [f"Not: {item.not_}."] if item.not_ else []
        lines += [f"{role.name}: {role.description}" for role in item.roles.values() if role.description]
    return "\n".join(lines)


def _article() -> list[str]:
    """The source (the publication date resolves "now"), the findings on the last reading, the text.

    Headers show a value of the task as plain text, whatever it holds, and never annotate.
    """
    return [
        '  <View className="dl-source">',
        *(f"    {_header(f'${key}')}" for key in ("title", "publisher", "published_at")),
        "  </View>",
        '  <View className="dl-findings">',
        f"    {_header(f'${FINDINGS}')}",
        "  </View>",
        '  <View className="dl-text">',
        f'    <Text name="{TEXT}" value="$text" granularity="symbol" saveTextResult="yes"/>',
        "  </View>",
    ]


def _relations(schema: Schema) -> list[str]:
    names = [SAME_EVENT, SAME_ENTITY, *schema.relations]
    names += [role for type_ in schema.types.values() for role in type_.roles]
    rows = [f"    {_tag('Relation', value=name)}" for name in dict.fromkeys(names)]
    return ["  <Relations>", *rows, "  </Relations>"]


def _help() -> list[str]:
    lines = [f"      {_header(line)}" for line in _HELP]
    return ['    <View className="dl-help" visibleWhen="no-region-selected">', *lines, "    </View>"]


def _part(lines: list[str], **when: str) -> list[str]:
    """What is shown only while such a region is selected."""
    if not lines:
        return []
    return [
        f"      {_tag('View', '>', className='dl-part', visibleWhen='region-selected', **when)}",
        *lines,
        "      </View>",
    ]


def _event_questions(schema: Schema) -> list[str]:
    common = [line for a in schema.common.values() for line in _question(a.name, a, None)]
    lines = _part(common, whenTagName=TRIGGER)
    for type_ in schema.types.values():
        own = [
            line
            for a in type_.attributes.values()
            for line in _question(control_name(type_.name, a.name), a, type_.name)
        ]
        lines += _part(own, whenTagName=TRIGGER, whenLabelValue=type_.name)
    return lines


def _question(name: str, attribute: Attribute, event_type: str | None) -> list[str]:
    when = {"whenTagName": TRIGGER, "whenLabelValue": event_type}
    control = _tag(
        "Choices", ">", name=name, toName=TEXT, perRegion="true", choice="single", layout="select", **when
    )  # fmt: skip
    rows = [
        f"            {_tag('Choice', value=value, hint=attribute.meanings.get(value))}"
        for value in attribute.values
    ]
    return [
        f"        {_tag('View', '>', className=f'dl-question {style.question_class(name)}')}",
        f"          {_header(attribute.name.replace('_', ' '))}",
        f"          {control}",
        *rows,
        "          </Choices>",
        "        </View>",
    ]


def _mention_questions(schema: Schema) -> list[str]:
    lines: list[str] = []
    for name, (caption, example) in _FIELDS.items():
        labels = ",".join(label.name for label in schema.labels.values() if name in label.asks)
        if labels:
            lines += _text_field(name, caption, example, {"whenTagName": MENTION, "whenLabelValue": labels})
    return lines


def _text_field(name: str, caption: str, example: str | None, when: dict[str, str]) -> list[str]:
    area = _tag(
        "TextArea", name=name, toName=TEXT, perRegion="true", maxSubmissions="1", editable="true", rows="1", placeholder=example
    )  # fmt: skip
    field = [
        f"        {_tag('View', '>', className=f'dl-question {style.question_class(name)}')}",
        f"          {_header(caption)}",
        f"          {area}",
        "        </View>",
    ]
    return _part(field, **when)


def _roles(type_: EventType) -> list[str]:
    """The roles of the selected event, the required ones with a star, and what a relation without a role means."""
    names = " · ".join(role.name + "*" * role.required for role in type_.roles.values())
    default: dict[str, list[str]] = {}
    for label, role in type_.default_role.items():
        default.setdefault(role, []).append(label)
    silent = "; ".join(f"{', '.join(labels)} = {role}" for role, labels in default.items())
    lines = [f"      {_header(f'roles: {names}')}"] if names else []
    lines += [f"      {_header(f'no role picked: {silent}; else pick one')}"] if silent else []
    when = {"visibleWhen": "region-selected", "whenTagName": TRIGGER, "whenLabelValue": type_.name}
    return [f"    {_tag('View', '>', className='dl-roles', **when)}", *lines, "    </View>"] if lines else []
