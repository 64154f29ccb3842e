"""The page: one HTML file with everything in it, that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

from dateline.report import overview, payload
from dateline.report.markup import Markup, data, el, isolated, join
from dateline.report.material import Material
from dateline.report.overview import Section
from dateline.settings import AgreementSettings

# In this order: each may use what stands in those before it.
_SCRIPTS = ("dom.js", "spans.js", "text.js", "events.js", "reader.js", "filters.js", "keys.js")
_STYLES = ("page.css", "reader.css")
_ABOUT = (
    "Made with Dateline. Charts: Vega-Lite (BSD-3-Clause), drawn when this page was made; it loads nothing."
)


def html(
    material: Material, how: AgreementSettings | None = None, step: Callable[[], object] = lambda: None
) -> str:
    """The whole page. The same material gives the same characters. `step` is called for each article."""
    return "".join(pieces(material, how or AgreementSettings(), step))


def pieces(material: Material, how: AgreementSettings, step: Callable[[], object]) -> Iterator[str]:
    """The page in order: head, overview, the frame that articles are drawn in, and their data."""
    known, style = overview.colors(material)
    yield "<!DOCTYPE html>\n"
    yield f'<html lang="en">{_head(material, style)}<body>'
    yield _header(material)
    yield _overview(material, overview.sections(material, known, how))
    yield _articles()
    yield el("footer", el("p", _ABOUT))
    yield _help()
    yield data("index", {**payload.index(material), "colors": known})
    for number, entry in enumerate(material.entries):
        yield data(f"a{number}", payload.article(entry))
        step()
    yield f"<script>{_script()}</script></body></html>\n"


@cache
def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """All scripts as one, in a scope of its own."""
    return "(() => {\n'use strict';\n" + "\n".join(map(_asset, _SCRIPTS)) + "\n})();\n"


def _policy() -> str:
    """Nothing is loaded from anywhere, our script alone runs, and no string becomes HTML or code."""
    digest = base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _head(material: Material, style: Markup) -> Markup:
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy()),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{material.name} – Dateline report"),
        el("style", Markup("\n".join(map(_asset, _STYLES))), style),
    )


def _header(material: Material) -> Markup:
    places = (("#overview", "Overview"), ("#articles", "Articles"))
    tools = (
        el("button", "Theme", type="button", id="theme", title="light or dark (t)"),
        el("button", "Keys", type="button", id="keys", title="what the keys do (?)"),
    )
    return el(
        "header",
        el("a", "Skip to the content", href="#main", class_="skip"),
        el("p", el("b", "Dateline"), " ", isolated(material.name), class_="name"),
        el("nav", *(el("a", name, href=at) for at, name in places), aria_label="Views"),
        el("div", *tools, class_="tools"),
        id="top",
    )


def _overview(material: Material, sections: list[Section]) -> Markup:
    facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in material.facts.items())
    figures = [
        el("div", el("dt", name), el("dd", value), class_="alert" if alert else None)
        for name, value, alert in overview.numbers(material)
    ]
    links = el(
        "nav", *(el("a", s.title, href=f"#{s.id}") for s in sections), aria_label="Sections", class_="toc"
    )
    return Markup(
        '<main id="main" tabindex="-1"><div id="overview">'
        + join(
            [
                el("h1", isolated(material.name)),
                el("p", f"A report on {_ORIGIN[material.origin]}; {facts}.", class_="soft"),
                el("dl", *figures, class_="figures"),
                links,
                *map(_section, sections),
            ]
        )
        + "</div>"
    )


_ORIGIN = {"dataset": "an exported dataset", "annotations": "annotations"}


def _section(section: Section) -> Markup:
    return el(
        "section",
        el("h2", section.title, id=f"{section.id}-title"),
        el("p", section.lead, class_="lead"),
        section.body,
        id=section.id,
        class_="wide" if section.wide else None,
        aria_labelledby=f"{section.id}-title",
    )


def _articles() -> Markup:
    """The frame of the second half; scripts fill it."""
    chosen = ("type", "status", "annotator", "finding", "split")
    selects = [
        el(
            "label",
            el("span", name.capitalize()),
            el("select", el("option", "any", value=""), id=f"by-{name}"),
        )
        for name in chosen
    ]
    search = el(
        "label",
        el("span", "Search"),
        el("input", type="search", id="search", autocomplete="off"),
        class_="search",
    )
    form = el(
        "div",
        search,
        *selects,
        el("button", "Clear", type="button", id="clear"),
        class_="filters",
        role="search",
    )
    count = el("p", id="count", role="status")
    listing = el(
        "nav",
        count,
        el("ol", id="list"),
        el("button", "More", type="button", id="more", hidden=True),
        aria_label="Articles",
    )
    reader = el(
        "section",
        el("p", "Choose an article.", class_="soft"),
        id="reader",
        aria_label="Article",
        tabindex="-1",
    )
    without = el(
        "noscript", el("p", "Articles are drawn by a script of this page, and scripts are turned off here.")
    )
    heading = el("h1", "Articles", class_="unseen")
    inside = join([heading, el("div", form, listing, id="side"), reader, without])
    return Markup(f'<div id="articles" hidden>{inside}</div></main>')


_KEYS = (
    ("j, k", "next, previous article"),
    ("Enter", "open the article that has the focus"),
    ("n, p", "next, previous event of the article"),
    ("s", "annotators side by side, and back"),
    ("/", "search"),
    ("Esc", "leave the event, the article, the search"),
    ("o, a", "overview, articles"),
    ("t", "light or dark"),
    ("?", "this list"),
)


def _help() -> Markup:
    rows = [join([el("dt", el("kbd", key)), el("dd", what)]) for key, what in _KEYS]
    close = el("button", "Close", type="button", id="close")
    return el(
        "dialog",
        el("h2", "Keys", id="help-title"),
        el("dl", *rows),
        close,
        id="help",
        aria_labelledby="help-title",
    )
