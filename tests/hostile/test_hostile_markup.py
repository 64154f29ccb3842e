"""What we write from data as Markdown and YAML shows the data's words, and does nothing else."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from articles import SCHEMA, annotation, task, write
from corpora import MARKS, naughty
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dateline import card, export, rulebook
from dateline.card.markdown import fenced, table
from dateline.guideline import markdown as guideline
from dateline.settings import DatasetSettings, RuleSettings, Thresholds

PLANTED = [
    "<script>document.title='planted'</script>",
    '<img src="x" onerror="document.title=\'planted\'">',
    "<svg/onload=document.title='planted'>",
    "[a link](javascript:document.title='planted')",
    "![an image](https://example.com/track.png)",
    "<https://example.com/planted>",
    "[ref]: https://example.com/planted 'x'",
    "---\nlicense: mit\n...",
    "!!python/object/apply:os.system ['true']",
    "&lt;b&gt; &amp;lt; &#60;script&#62;",
    "| a | b |\n|---|---|\n| c | d |",
    "```\n</code></pre><script>document.title='planted'</script>\n```",
    "# a heading\n\n- a list\n\n1. and\n\n> a quote\n\n    code",
    "*a* _b_ **c** ~~d~~ `e` $f$ ==g==",
    "</textarea></title><iframe src=https://example.com/></iframe>",
    "a\\",
    "\u202eturned\u2066 \u200b",
]
TAGS = {
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "pre",
    "a",
}
TAGS |= {"em", "strong", "br", "hr", "blockquote"}


def renderer() -> MarkdownIt:
    """CommonMark with raw HTML let through, as the Hub's and GitHub's begin, and their tables."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Seen(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", {}))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("!", {}))

    unknown_decl = handle_pi = handle_decl


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\0", "\ufffd"))


LINES = st.sampled_from(PLANTED) | st.text("<>[]()!*_`~|#-+=:&;\\/\n \t1.a@$^{}\"'", max_size=30) | st.text()


def shows_only(words: str, shown: str) -> None:
    seen = Seen(renderer().render(f"Before {shown} after"))
    assert [tag for tag, _ in seen.tags] == ["p"], shown
    assert plain(seen.words) == plain(f"Before{words}after")


@given(LINES.filter(lambda words: "@" not in words))
def test_escaped_words_are_words(words: str) -> None:
    shows_only(words, card.escaped(words))
    shows_only(words, guideline.flat(words))


def test_every_naughty_string_is_words_in_a_card() -> None:
    for words in [*PLANTED, *naughty()]:
        if "@" not in words:
            shows_only(words, card.escaped(words))
            shows_only(words, guideline.flat(words))


@given(LINES, LINES)
def test_a_cell_holds_its_words(one: str, other: str) -> None:
    seen = Seen(renderer().render("\n".join(table(("a", "b"), [(one, other)]))))
    assert [tag for tag, _ in seen.tags] == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert "after" in Seen(renderer().render("\n".join([*table(("a",), [(one,)]), "after"]))).words


@given(LINES)
def test_nothing_ends_a_block_of_code(words: str) -> None:
    seen = Seen(renderer().render("\n".join([*fenced(words, "text"), "after"])))
    assert [tag for tag, _ in seen.tags] == ["pre", "code", "p"]


# A whole card


@pytest.fixture(scope="module")
def planted_card(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The card of a dataset in which everything that somebody else wrote tries to be something else."""
    root = tmp_path_factory.mktemp("card")
    tasks = []
    for n, words in enumerate(PLANTED):
        text = f"{MARKS.text}\n{words}"
        results = [*MARKS.results]
        span = {"start": len(MARKS.text) + 1, "end": len(text)}
        mark = {"id": "x", "from_name": "mention", "to_name": "text", "type": "labels"}
        results.append({**mark, "value": {**span, "text": words, "labels": ["CONTENT"]}})
        ends = {"from_id": "c", "to_id": "x", "type": "relation", "direction": "right"}
        results.append({**ends, "labels": ["topic"]})
        made = annotation(results, f"{words} {n}".replace("@", ""))
        tasks.append(task(f"{words} {n}", text, made, title=words, publisher=words))
    batch = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) `b`"
    write(root / "annotations", batch, *tasks, license="CC0-1.0")
    about = DatasetSettings(
        creators=tuple(PLANTED), citation=PLANTED[11], motivation=PLANTED[3], collection=PLANTED[12]
    )
    rules = RuleSettings(thresholds=Thresholds(corpus_articles=1))
    plan = export.Plan(
        root / "annotations", (batch,), root / "exports", "planted", hold_back=True, about=about, rules=rules
    )
    outcome = export.export(plan, SCHEMA)
    assert outcome.path and not outcome.held_back
    return (outcome.path / card.NAME).read_text("utf-8")


def parts(text: str) -> tuple[str, str]:
    """The YAML and the Markdown of a card."""
    _, head, body = re.split(r"^---\n", text, maxsplit=2, flags=re.MULTILINE)
    return head, body


def test_the_head_is_ours(planted_card: str) -> None:
    head, _ = parts(planted_card)
    found = yaml.safe_load(head)
    assert found["license"] == ["cc-by-4.0", "cc0-1.0"] and found["pretty_name"] == "planted"
    assert not [word for word in ("planted'", "script", "javascript", "python/object") if word in head]


def test_the_card_has_no_markup_but_ours(planted_card: str) -> None:
    _, body = parts(planted_card)
    html = renderer().render(body)
    for tag, attributes in Seen(html).tags:
        assert tag in TAGS, (tag, attributes)
        assert attributes.keys() <= {"href", "class", "style"}, (tag, attributes)
        assert re.match(r"https://|#|[\w./-]+$", attributes.get("href") or "#"), attributes
        assert "planted" not in (attributes.get("href") or "")
    assert Seen(html).words.count("document.title='planted'") >= 3, "the words are there, as words"


@pytest.mark.slow
def test_a_browser_runs_nothing_of_it_and_asks_for_nothing(
    planted_card: str, browser: Any, root: Path, tmp_path: Path
) -> None:
    pages = {"card": parts(planted_card)[1], "rules": rulebook.page()}
    pages |= {p.name: p.read_text("utf-8") for p in (root / "docs/guideline").rglob("*.md")}
    for name, text in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(
            f"<title>ours</title><base href='https://base.invalid/'>{renderer().render(text)}", "utf-8"
        )
        page = browser.new_page()
        asked: list[str] = []
        page.on("dialog", lambda dialog, asked=asked: asked.append(dialog.message))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_load_state()
        foreign = [url for url in asked if not url.startswith("file:") and "/images/" not in url]
        assert not foreign and page.title() == "ours", name
        assert (
            page.evaluate("[...document.scripts].length + document.querySelectorAll('iframe,svg').length")
            == 0
        )
        handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(a => /^on/.test(a))"
        assert page.evaluate(handlers) == []
        page.close()
