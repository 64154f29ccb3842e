"""The report as people use it: in a browser, from disk, with mouse, keys, a phone and a printer."""

import json

import hostile
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# The words of the article on screen, without what is drawn between them.
SHOWN = """() => {
  const text = document.querySelector('.text').cloneNode(true);
  text.querySelectorAll('.tag, .arcs').forEach((x) => x.remove());
  return text.textContent;
}"""


@pytest.fixture(scope="module")
def index(page_of_sample):
    """The page's own index, from its source."""
    page = page_of_sample.read_text(encoding="utf-8")
    return json.loads(page.partition('id="index">')[2].partition("</script>")[0])


def article(page_of_sample, number):
    page = page_of_sample.read_text(encoding="utf-8")
    return json.loads(page.partition(f'id="a{number}">')[2].partition("</script>")[0])


@pytest.fixture(scope="module")
def double(index):
    """The number of the first article that two people annotated, and that was adjudicated."""
    return next(n for n, line in enumerate(index["articles"]) if len(line["c"]) == 3)


def test_hostile_article_is_shown_and_does_nothing(watch, report_of, tmp_path):
    watched = watch(report_of(hostile.write(tmp_path, 3)))
    page = watched.go()
    before = page.evaluate("[...document.scripts].length")
    page.keyboard.press("a")
    page.locator("#list a").first.click()
    page.wait_for_selector(".event")
    assert page.evaluate(SHOWN) == hostile.TEXT
    assert page.locator("#reader h2").text_content() == hostile.PLANTED[1]
    assert hostile.PLANTED[2] in page.locator("#reader .meta").first.text_content()
    for tag in page.locator(".tag").all():
        tag.click()
    page.locator(".mentions summary").click()
    page.locator(".findings .code").first.click()
    for who in page.locator(".switch a").all():
        who.click()
    for name in ("type", "status", "annotator", "finding"):
        for value in page.locator(f"#by-{name} option").evaluate_all("all => all.map((x) => x.value)"):
            page.select_option(f"#by-{name}", value)
    page.click("#clear")
    page.fill("#search", hostile.PLANTED[2])
    expect(page.locator("#list a")).to_have_count(1)
    assert page.evaluate("typeof planted") == "undefined"
    assert page.evaluate("[...document.scripts].length") == before
    assert page.locator("img, iframe, object, embed, link, base, form, textarea").count() == 0
    hrefs = page.locator("a").evaluate_all("all => all.map((x) => x.getAttribute('href'))")
    assert all(href.startswith("#") for href in hrefs)
    handlers = "all => all.flatMap((x) => x.getAttributeNames().filter((n) => n.startsWith('on')))"
    assert page.locator("*").evaluate_all(handlers) == []


def test_hostile_annotations_beside_each_other(watch, report_of, tmp_path):
    """The same strings where both annotations are sound: in text, title, publisher, notes and names."""
    page = watch(report_of(hostile.write_sound(tmp_path))).go("s/hostile")
    assert page.locator(".pane").count() == 2
    for text in page.locator(".text").all():
        assert hostile.PLANTED[3] in text.text_content()
    assert page.locator(".differences li").count() == 2
    page.locator(".differences .code").first.click()
    assert set(page.locator(".pane h3").all_text_contents()) == set(hostile.PLANTED[:2])
    assert page.evaluate("typeof planted") == "undefined"


def test_triggers_are_where_the_dataset_says(watch, page_of_sample, index, double):
    data = article(page_of_sample, double)
    page = watch(page_of_sample).go(f"a/{index['articles'][double]['k']}")
    assert page.evaluate(SHOWN) == data["t"]
    for number, event in enumerate(data["a"][0]["e"]):
        page.locator(f'.event[data-e="{number}"] .head').click()
        shown = page.evaluate("[...document.querySelectorAll('.seg.on')].map((x) => x.textContent).join('')")
        assert shown == "".join(data["t"][start:end] for start, end, *_ in sorted(event["g"]))
        roles = page.locator(".seg[data-role]").evaluate_all("all => all.map((x) => x.dataset.role)")
        assert {r.rstrip("*") for role in roles for r in role.split(", ")} == {
            role for role, *_ in event["a"]
        }
        assert page.locator(".arcs path").count() == len(roles)
        page.keyboard.press("Escape")
    assert page.locator(".seg.on").count() == 0


def test_address_of_an_event_leads_back_to_it(watch, page_of_sample, index, double):
    watched = watch(page_of_sample)
    page = watched.go(f"a/{index['articles'][double]['k']}")
    page.locator(".event .link").nth(2).click()
    assert page.locator(".event.on").get_attribute("data-e") == "2"
    address = page.url
    watched.go()
    page.goto(address)
    assert page.locator(".event.on").get_attribute("data-e") == "2"
    watched.go("a/no-such-article")
    assert "no article no-such-article" in page.locator("#reader").text_content()


def test_filters_agree_with_the_index(watch, page_of_sample, index):
    page = watch(page_of_sample).go("articles")
    lines = index["articles"]

    def count(**wanted):
        for name in ("type", "status", "annotator", "finding", "split"):
            page.select_option(f"#by-{name}", wanted.get(name, ""))
        return int(page.locator("#count").text_content().split()[0])

    both = [a for a in lines if any(["sanction", "disputed"] in pairs for _, pairs in a["c"])]
    assert 0 < len(both) < len(lines)
    assert count(type="sanction", status="disputed") == len(both)
    assert count(annotator="machine-b") == sum("machine-b" in [w for w, _ in a["c"]] for a in lines)
    code = lines[next(n for n, a in enumerate(lines) if a["f"])]["f"][0][0]
    assert count(finding=code) == sum(code in [c for c, _ in a["f"]] for a in lines)
    assert count(split="test") == sum(a["s"] == "test" for a in lines)
    assert count() == len(lines)


def test_search_reads_the_texts(watch, page_of_sample):
    page = watch(page_of_sample).go("articles")
    page.fill("#search", "brisk, neighbourly")
    expect(page.locator("#count")).not_to_contain_text("searching")
    assert page.locator("#list a").count() == 1


def test_links_of_tables_lead_to_what_they_count(watch, page_of_sample, index):
    page = watch(page_of_sample).go()
    page.locator("#findings summary").click()
    link = page.locator("#findings td a").first
    code = link.text_content()
    link.click()
    assert page.locator("#by-finding").input_value() == code
    assert page.locator("#list a").count() == sum(code in [c for c, _ in a["f"]] for a in index["articles"])


def test_keys_do_it_all(watch, page_of_sample):
    page = watch(page_of_sample).go()
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = "document.activeElement.dataset.n"
    assert page.evaluate(focused) == "1"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    page.wait_for_selector(".event")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.locator(".event.on").get_attribute("data-e") == "1"
    page.keyboard.press("p")
    assert page.locator(".event.on").get_attribute("data-e") == "0"
    page.keyboard.press("Escape")
    assert page.locator(".event.on").count() == 0
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("j?")
    assert page.locator("#search").input_value() == "j?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("o")
    page.wait_for_selector("#overview", state="visible")


def test_two_annotators_side_by_side(watch, page_of_sample, index):
    number = next(n for n in range(60) if any(len(p["d"]) > 2 for p in article(page_of_sample, n)["d"]))
    page = watch(page_of_sample).go(f"a/{index['articles'][number]['k']}")
    page.keyboard.press("s")
    page.wait_for_selector(".beside")
    assert page.locator(".pane").count() == 2
    pairs = article(page_of_sample, number)["d"]
    for n, pair in enumerate(pairs):
        page.locator('.switch[aria-label="Pairs"] a').nth(n).click()
        expect(page.locator(".differences li")).to_have_count(len(pair["d"]))
    for code in page.locator(".differences .code").all():
        code.click()
        assert page.locator(".seg.pointed").count() > 0


def test_many_articles_are_drawn_as_they_are_asked_for(watch, report_of, tmp_path):
    file = tmp_path / "many.jsonl"
    record = json.loads(hostile.write(tmp_path, 1).read_text(encoding="utf-8"))
    record |= {"mentions": [], "entities": [], "events": [], "relations": []}
    lines = [
        json.dumps({**record, "doc_id": f"d{n:04}", "annotation": {"annotator": "a1"}}) for n in range(450)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    page = watch(report_of(file)).go("articles")
    assert page.locator("#count").text_content().startswith("450 of 450")
    assert page.locator("#list a").count() == 100
    page.click("#more")
    assert page.locator("#list a").count() == 200
    assert page.locator(".text").count() == 0
    page.goto(page.url.split("#")[0] + "#a/d0449")
    assert page.locator(".text").count() == 1


def test_dataset_without_words_shows_offsets(watch, report_of, wordless):
    page = watch(report_of(wordless)).go("articles")
    page.locator("#list a").first.click()
    assert "are not in the dataset" in page.locator(".page").text_content()
    page.keyboard.press("n")
    assert page.locator(".event.on").count() == 1
    page.locator(".mentions summary").click()
    assert page.locator(".mentions li").count() > 0


VIEWS = ["", "articles", "a/{}", "s/{}"]


@pytest.mark.parametrize("how", ["light", "dark", "phone"])
def test_axe_finds_nothing(watch, page_of_sample, index, double, how):
    options = {**(PHONE if how == "phone" else {}), "color_scheme": "dark" if how == "dark" else "light"}
    watched = watch(page_of_sample, **options)
    for view in VIEWS:
        page = watched.go(view.format(index["articles"][double]["k"]))
        if view.startswith("a/"):
            page.keyboard.press("n")
        for details in page.locator("details:visible").all():
            details.evaluate("x => { x.open = true; }")
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        told = [
            (v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found.response["violations"]
        ]
        assert told == [], view
        page.goto("about:blank")
    watched.alarms[:] = [a for a in watched.alarms if a != "request: about:blank"]


def test_phone_has_nothing_that_sticks_out(watch, page_of_sample, index, double):
    watched = watch(page_of_sample, **PHONE)
    for view in VIEWS:
        page = watched.go(view.format(index["articles"][double]["k"]))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view


def test_paper_has_light_colours_and_open_tables(watch, page_of_sample):
    page = watch(page_of_sample, color_scheme="dark").go()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#overview details:not([open])").count() == 0
    assert not page.locator("#top").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 33, 38)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#overview details[open]").count() == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_picture_of_the_readme(watch, page_of_sample, root, regenerate):
    """`--regenerate` takes it anew; what it shows has to be there."""
    page = watch(page_of_sample, viewport={"width": 1366, "height": 820}).go("articles?status=disputed")
    page.locator("#list a", has_text="Tsukarian films vanish").click()
    page.locator(".event", has_text="disputed").first.locator(".head").click()
    roles = page.locator(".seg[data-role]").evaluate_all("all => all.map((x) => x.dataset.role)")
    assert sorted(roles) == ["affected_party", "imposer", "restricted_item", "target"]  # three of them nested
    if regenerate:
        page.mouse.move(0, 0)
        page.screenshot(path=root / "docs/images/report.png")
    assert (root / "docs/images/report.png").is_file()
