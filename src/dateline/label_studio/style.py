"""Schema -> the CSS of the labeling config: bars that stay in view, and what Label Studio cannot say in tags.

Label Studio has no attribute for the placeholder of a select, for the tooltip of a question or for the
relation labels that fit a pair, so they are CSS. Where a later Label Studio has other class names, the
screen loses these helps and keeps working. The tag's content is sanitised as HTML: no `<`, `>` or `&` here.
"""

from __future__ import annotations

import re

from dateline.label_studio.controls import control_name
from dateline.schema import SAME_ENTITY, SAME_EVENT, Attribute, Schema

BAR_HEIGHT = 136

_FIXED = """\
.dl-labels, .dl-questions { position: sticky; z-index: 1000; background: var(--color-neutral-background, #fff); }
.dl-labels { top: 0; margin: -14px -14px 0; padding: 6px 14px 5px; border-bottom: 1px solid var(--color-neutral-border, #ddd); }
.dl-labels .lsf-labels { display: flex; flex-wrap: wrap; gap: 4px 5px; margin: 3px 0; }
.dl-labels .lsf-label { margin: 0; height: 25px; padding: 0 7px; font-size: 13px; }
.dl-labels .lsf-label__hotkey { margin-left: 5px; }
.dl-source { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; padding: 8px 8px 0; }
.dl-source h4 { font-size: 13px; line-height: 18px; font-weight: 500; color: var(--color-neutral-content-subtle, #555); }
.dl-findings h4 { max-height: 108px; overflow: auto; white-space: pre-line; padding: 6px 10px; font-size: 13px;
  font-weight: 400; line-height: 1.4; border-left: 3px solid #e6850e; background: rgba(230, 133, 14, 0.12); }
.dl-findings h4:empty { display: none; }
.dl-text { max-width: 980px; min-height: calc(100vh - 403px); padding: 10px 0 12px; }
.dl-text .lsf-htx-richtext { font-size: 16px; line-height: 1.75; white-space: pre-wrap; }
.dl-text .htx-highlight { scroll-margin: 150px 0 190px; }
.dl-questions { box-sizing: border-box; bottom: -8px; height: {bar}px; margin: 0 -14px -22px; padding: 5px 14px 4px;
  overflow-y: auto; border-top: 1px solid var(--color-neutral-border, #ddd); }
@media (min-width: 1700px) { .dl-questions { height: 104px; } .dl-text { min-height: calc(100vh - 342px); } }
.dl-row { display: flex; flex-wrap: wrap; gap: 3px 10px; }
.dl-part { display: contents; }
.dl-question { position: relative; flex: 1 1 176px; max-width: 240px; min-width: 0; }
.dl-question h4, .dl-roles h4, .dl-help h4 { font-size: 12px; line-height: 16px; font-weight: 500; }
.dl-question h4 { width: fit-content; text-decoration: underline dotted; text-underline-offset: 3px; cursor: help; }
.dl-roles h4, .dl-help h4 { font-weight: 400; color: var(--color-neutral-content-subtle, #555); }
.dl-question .lsf-choices, .dl-question .lsf-text-area, .dl-question .ant-form-item { margin: 0 !important; }
.dl-question .ant-form-item-control-input { min-height: 26px; }
.dl-question .ant-form-item-control-input-content { padding: 0; }
.dl-question [data-testid^="select-trigger"] { height: 26px; min-height: 26px; padding: 0 6px; font-size: 12.5px; }
.dl-question input.ant-input { height: 26px; padding: 0 6px; font-size: 12.5px; }
.dl-question [data-testid^="select-trigger"][data-value=""] .truncate::before { font-style: italic; opacity: 0.65; }
.dl-question h4:hover::after { position: fixed; bottom: {above}px; max-width: 420px; padding: 6px 9px; z-index: 1001;
  font-weight: 400; line-height: 1.35; color: #fff; background: #2b2b33; border-radius: 4px; }
.relations-overlay g:not([class*="_highlighted"]) path { stroke-width: 1.5px; opacity: 0.4; }
.relations-overlay g g rect { fill: #5b5b66; stroke: none; opacity: 0.75; }
.relations-overlay g g text { font-size: 10.5px !important; }
[data-lsf-labeling] [data-testid="tooltip"] { max-width: 460px; font-size: 13px; line-height: 1.4; }
[data-lsf-labeling] [data-testid="tooltip-body"] { white-space: pre-line; }"""


def css(schema: Schema) -> str:
    """The rules of the `Style` tag."""
    fixed = _FIXED.replace("{bar}", str(BAR_HEIGHT)).replace("{above}", str(BAR_HEIGHT + 62))
    questions = [rule for name, attribute in _questions(schema) for rule in _question(name, attribute)]
    return "\n".join([fixed, *questions, *_menu(schema)])


def silence(attribute: Attribute) -> str:
    """What it means that nobody answered."""
    if attribute.default is not None:
        return f"none ticked = {attribute.default}"
    return "to be answered" if attribute.required else "may stay open"


def question_class(control: str) -> str:
    """The CSS class of a question."""
    return f"dl-q-{control}"


def _questions(schema: Schema) -> list[tuple[str, Attribute]]:
    own = [(control_name(t.name, a.name), a) for t in schema.types.values() for a in t.attributes.values()]
    return [*schema.common.items(), *own]


def _question(name: str, attribute: Attribute) -> list[str]:
    select = f'.{question_class(name)} [data-testid^="select-trigger"][data-value=""] .truncate::before'
    rules = [f"{select} {{ content: {_string(silence(attribute))}; }}"]
    if attribute.description:
        rules.append(
            f".{question_class(name)} h4:hover::after {{ content: {_string(attribute.description)}; }}"
        )
    return rules


def _string(text: str) -> str:
    """A CSS string; whatever is not a plain character is an escape."""
    return '"' + re.sub(r"[^A-Za-z0-9 ,.;:=_-]", lambda m: f"\\{ord(m[0]):x} ", text) + '"'


def _menu(schema: Schema) -> list[str]:
    """The relation labels in two columns; while a relation is under the mouse, only those that fit its ends."""
    roles = {role for type_ in schema.types.values() for role in type_.roles}
    every = roles | {SAME_EVENT, SAME_ENTITY, *schema.relations}
    between = {SAME_EVENT, *schema.relations}
    fitting = {type_.name: {*type_.roles, *between} for type_ in schema.types.values()}
    for label in schema.labels:
        fitting[label] = {SAME_ENTITY, *(role for t in schema.types.values() for role in t.roles_for(label))}
    return [_COLUMNS, *(_hide(name, every - fits) for name, fits in fitting.items() if every - fits)]


# As narrow as the side panel: a list over the text would take a click that was meant for a mark.
_COLUMNS = """\
body:has(.lsf-relation-meta [aria-expanded="true"]) [data-slot="popover-content"] { width: 296px; }
body:has(.lsf-relation-meta [aria-expanded="true"]) [data-slot="popover-content"]::after { content: ""; position: absolute;
  inset: -8px; z-index: -1; }
body:has(.lsf-relation-meta [aria-expanded="true"]) [cmdk-list] { max-height: 480px; }
body:has(.lsf-relation-meta [aria-expanded="true"]) [cmdk-group-items] { display: grid; grid-template-columns: 1fr 1fr; }
body:has(.lsf-relation-meta [aria-expanded="true"]) [cmdk-item] { padding: 0; font-size: 13px; background: none !important; }"""


def _hide(label: str, unfit: set[str]) -> str:
    """While a region with this label is highlighted, the menu leaves out what cannot fit it."""
    end = f'.htx-highlight.__highlighted[data-label$=":{label}"]'
    items = ", ".join(f'[data-value="{name}"]' for name in sorted(unfit))
    return f'body:has({end}) [aria-label="Select an option"] [cmdk-item]:is({items}) {{ display: none; }}'
