r"""Excerpts from the corpus in hand-written pages, made anew wherever a comment asks for them.

    <!-- draw sample-2024-09-10-gas-duty "The duty takes effect" -->
    <!-- event sample-2024-09-10-gas-duty "counter-duty" -->
    <!-- exercise sample-2024-09-10-gas-duty "In Castel Mira" -->

`draw` shows the paragraph that the words stand in (with a second string: up to the paragraph of those words)
with all its marks. `event` shows the paragraph of the one event with that main trigger, and nothing else of
it. `exercise` shows the paragraphs as they are, and the answer folded below. What is made stands between the
comment and `<!-- end -->`, which is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dateline.guideline import drawing
from dateline.guideline.corpus import Corpus, GuidelineError, Missing, event_named, place
from dateline.guideline.markdown import flat
from dateline.model import Document

_END = "<!-- end -->"
_BLOCK = re.compile(
    r'^(?P<ask><!-- (?P<kind>draw|event|exercise) (?P<doc_id>\S+) "(?P<words>[^"\n]+)"(?: "(?P<to>[^"\n]+)")? -->)\n'
    rf"(?:(?:(?!<!--).*\n)*?{_END}\n)?",
    re.MULTILINE,
)
_ASKS = re.compile(r"^<!-- (draw|event|exercise)\b.*$", re.MULTILINE)


def asks(text: str) -> bool:
    """True for a page with a comment that asks for an excerpt."""
    return _ASKS.search(text) is not None


def filled(text: str, page: str, corpus: Corpus) -> str:
    """The page with its excerpts as the annotations give them now. Raises GuidelineError, naming the line."""
    known = {match.start() for match in _BLOCK.finditer(text)}
    for match in _ASKS.finditer(text):
        if match.start() not in known:
            reason = 'not understood; write <!-- draw DOC_ID "words of a paragraph" -->, event or exercise'
            raise GuidelineError(page, _line(text, match.start()), reason)

    def block(match: re.Match[str]) -> str:
        try:
            lines = _KINDS[match["kind"]](corpus.document(match["doc_id"]), match["words"], match["to"])
        except Missing as error:
            raise GuidelineError(page, _line(text, match.start()), str(error)) from error
        return "\n".join([match["ask"], *lines, _END, ""])

    return _BLOCK.sub(block, text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _stretch(document: Document, words: str, to: str | None) -> drawing.Excerpt:
    """The paragraphs from the one with `words` to the one with `to`."""
    first, last = place(document, words), place(document, to or words)
    if last < first:
        raise Missing(f"{to!r} stands before {words!r} in the text of {document.doc_id!r}")
    return drawing.within(document, *_paragraphs(document.text, first, last))


def _paragraphs(text: str, first: int, last: int) -> tuple[int, int]:
    end = text.find("\n", last)
    stretch = text.rfind("\n", 0, first) + 1, len(text) if end < 0 else end
    return stretch[0], stretch[0] + len(text[slice(*stretch)].rstrip())


def _draw(document: Document, words: str, to: str | None) -> list[str]:
    excerpt = _stretch(document, words, to)
    return [*drawing.drawn(excerpt), "", *drawing.told(excerpt), "", _origin(document)]


def _event(document: Document, trigger: str, _: str | None) -> list[str]:
    event = event_named(document, trigger)
    stretch = _paragraphs(document.text, event.main.start, event.main.end)
    answers = f"**{event.type}** «{flat(trigger)}»: status `{event.attributes['status']}`"
    answers += f", polarity `{event.attributes['polarity']}`" * ("polarity" not in event.defaulted)
    excerpt = drawing.Excerpt(document, *stretch, [event], whole=False)
    return [*drawing.drawn(excerpt), "", f"{answers}. {_origin(document)}"]


def _exercise(document: Document, words: str, to: str | None) -> list[str]:
    excerpt = _stretch(document, words, to)
    answer = [*drawing.drawn(excerpt), "", *drawing.told(excerpt)]
    if not excerpt.events:
        answer = ["Nothing is marked here."]
    return [
        _origin(document),
        "",
        *drawing.plain(excerpt),
        "",
        "<details><summary>Answer</summary>",
        "",
        *answer,
        "",
        "</details>",
    ]


def _origin(document: Document) -> str:
    source = document.source
    told = ", ".join(flat(part) for part in (source.publisher, source.published_at) if part)
    return f"*{flat(source.title or document.doc_id)}* ({told}; `{document.doc_id}`)"


_KINDS: dict[str, Callable[[Document, str, str | None], list[str]]] = {
    "draw": _draw,
    "event": _event,
    "exercise": _exercise,
}
