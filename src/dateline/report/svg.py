"""Vega-Lite charts as SVG, drawn when the page is made: the only user of vl-convert.

Colours are CSS variables of the page, so that one picture serves light and dark. What comes back is taken
apart and put together from known elements and attributes only: data in a chart stays data.
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from dateline.report.markup import Markup, el, text

VERSION = "6.1"
INK, SOFT, LINE = "var(--ink)", "var(--soft)", "var(--line)"
_FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"
_AXIS = {
    "labelColor": INK,
    "titleColor": SOFT,
    "gridColor": LINE,
    "domainColor": LINE,
    "tickColor": LINE,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelLimit": 190,
    "labelFont": _FONT,
    "titleFont": _FONT,
}
CONFIG: dict[str, Any] = {
    "background": None,
    # a reader's own font may be wider than the one that labels were measured in
    "padding": {"left": 18, "right": 14, "top": 4, "bottom": 4},
    "font": _FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisQuantitative": {"tickCount": 5, "format": "~s"},
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "top",
        "symbolType": "square",
        "labelFont": _FONT,
        "columns": 4,
    },
    "header": {
        "labelColor": INK,
        "labelFontSize": 12,
        "labelFontWeight": "bold",
        "titleColor": SOFT,
        "labelFont": _FONT,
    },
    "text": {"color": INK, "fontSize": 12, "font": _FONT},
}
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "line", "text", "tspan", "circle", "defs", "clipPath", "title"}
)
_ATTRIBUTES = frozenset(
    [
        "clip-path",
        "d",
        "dominant-baseline",
        "dx",
        "dy",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "height",
        "id",
        "opacity",
        "r",
        "rx",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "transform",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)


# over the first the library ends the whole process
_UNDRAWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]")
_ODD = re.compile(f"{_UNDRAWABLE.pattern}|[\U00010000-\U0010ffff]")
# what every JavaScript object has: a name with a word joiner behind it looks the same and is another
_METHODS = frozenset(
    {"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString"}
    | {"valueOf", "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"}
)


def draw(spec: dict[str, Any], name: str, said: str) -> Markup:
    """A Vega-Lite specification as an inline SVG element that is one image with the words `said` for it.

    `name` tells its ids from those of other charts. It is as wide as it was drawn at the most, and shrinks.
    """
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, **spec}
    try:
        drawn = _converted(_drawable(whole, _UNDRAWABLE))
    except ValueError:  # it shortens long names in the middle of an emoji, and cannot read what it has cut
        drawn = _converted(_drawable(whole, _ODD))
    root = ElementTree.fromstring(_clean(drawn))  # noqa: S314 - made here, by the library
    children = [piece for child in root if (piece := _known(child, name)) is not None]
    return el(
        "svg",
        *children,
        role="img",
        aria_label=said,
        viewBox=root.get("viewBox"),
        width=root.get("width"),
        height=root.get("height"),
    )


def _converted(spec: Any) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VERSION, allowed_base_urls=[])


def _drawable(value: Any, odd: re.Pattern[str]) -> Any:
    """The specification without the characters, and without names that the library takes for its own."""
    if isinstance(value, dict):
        return {key: _drawable(inner, odd) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(inner, odd) for inner in value]
    if not isinstance(value, str):
        return value
    return f"{value}\u2060" if value in _METHODS else odd.sub("\ufffd", value)


def _clean(drawn: str) -> str:
    """The SVG without characters that XML cannot hold."""
    return "".join(c if (c >= " " or c in "\t\n\r") and c not in "\ufffe\uffff" else "\ufffd" for c in drawn)


def _known(node: ElementTree.Element, name: str) -> Markup | None:
    tag = node.tag.removeprefix(_SVG)
    if tag not in _ELEMENTS or node.get("display") == "none":
        return None
    inside = [piece for child in node if (piece := _known(child, name)) is not None]
    kept = [(key, _own(key, value, name)) for key, value in node.attrib.items() if key in _ATTRIBUTES]
    if not inside and not (node.text or "").strip() and tag in ("g", "text", "defs"):
        return None
    opened = "".join(f' {key}="{text(value)}"' for key, value in kept)
    words = text(node.text) if tag in ("text", "tspan", "title") and node.text else ""
    return Markup(f"<{tag}{opened}>{words}{''.join(inside)}</{tag}>")


def _own(key: str, value: str, name: str) -> str:
    """Ids and what points to them, told from those of the page's other charts."""
    if key == "id":
        return f"{name}-{value}"
    return value.replace("url(#", f"url(#{name}-") if key == "clip-path" else value
