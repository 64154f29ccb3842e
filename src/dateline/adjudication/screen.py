"""The screen of a review: the schema's labeling config with a list of the conflicts above the text."""

from __future__ import annotations

from typing import Any

from dateline.label_studio import config
from dateline.label_studio.controls import TEXT
from dateline.schema import Schema

CONFLICTS = "conflicts"  # of a task's data: what `Repeater` goes over
DECISION = "decision_"  # and the number of the conflict, from 0: the control that answers it
AS_MARKED = "as marked"
_TEXT = '  <View className="dl-text">\n'
_STYLE = "  </Style>\n"
_CSS = """\
.dl-conflicts { max-height: 38vh; overflow-y: auto; margin: 6px 0; border-left: 3px solid #c2410c; padding-left: 10px; }
.dl-conflict { padding: 5px 0 7px; border-bottom: 1px solid var(--color-neutral-border, #ddd); }
.dl-conflict h4 { font-size: 13px; line-height: 1.4; font-weight: 400; white-space: pre-line; }
.dl-conflict h4:first-child { font-weight: 600; }
.dl-conflict .lsf-choices, .dl-conflict .ant-form-item { margin: 2px 0 0 !important; }
.dl-conflict .lsf-choice__checkbox { font-size: 13px; line-height: 1.35; white-space: normal; }
"""


def xml(schema: Schema) -> str:
    """The config of a review project. Each conflict is one choice of the task; `Repeater` has one for each."""
    text = config.xml(schema)
    return text.replace(_STYLE, _CSS + _STYLE, 1).replace(_TEXT, "\n".join(_block()) + "\n" + _TEXT, 1)


def _block() -> list[str]:
    at = f"${CONFLICTS}[{{{{idx}}}}]"
    return [
        '  <View className="dl-conflicts">',
        f'    <Repeater on="${CONFLICTS}" indexFlag="{{{{idx}}}}">',
        '      <View className="dl-conflict">',
        f'        <Header value="{at}.asks" size="5" style="margin: 0"/>',
        f'        <Header value="{at}.context" size="5" style="margin: 0"/>',
        f'        <Choices name="{DECISION}{{{{idx}}}}" toName="{TEXT}" choice="single-radio" value="{at}.readings"/>',
        "      </View>",
        "    </Repeater>",
        "  </View>",
    ]


def decisions(results: list[Any]) -> dict[int, str]:
    """The answers of an annotation: a letter or AS_MARKED by the number of the conflict."""
    found: dict[int, str] = {}
    for result in results:
        name = str(result.get("from_name")) if isinstance(result, dict) else ""
        number, value = name.removeprefix(DECISION), isinstance(result, dict) and result.get("value")
        given = value.get("choices") if isinstance(value, dict) else None
        if name.startswith(DECISION) and number.isdecimal() and isinstance(given, list) and given:
            found[int(number)] = str(given[0])
    return found
