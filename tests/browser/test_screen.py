"""The screen keeps its promises: bars in view, nothing moves, the right questions, findings as plain text."""

from collections.abc import Callable, Iterator

import pytest
from hands import Hands
from playwright.sync_api import BrowserContext, expect
from station import Json, Station

from dateline.label_studio import write
from dateline.label_studio.controls import TEXT, TRIGGER, control_name
from dateline.label_studio.style import silence
from dateline.model import Article, Source, sha256
from dateline.schema import Schema

HOSTILE = (
    "E420 phone_call «call»: no role <img src=x onerror=\"document.title='taken'\">\n"
    "<script>document.title='taken'</script> $text {{7*7}} </h4><b>bold</b>"
)
BOXES = """() => { const boxes = s => [...document.querySelectorAll(s)].map(e => {
    const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(v => Math.round(v * 10)); });
  return ['.dl-labels', '.dl-labels .lsf-label', '.dl-text', '.htx-highlight', '.dl-questions'].map(boxes); }"""
ASKED = """() => [...document.querySelectorAll('.dl-question')].filter(e => e.offsetParent).map(e => {
    const shown = e.querySelector('.truncate');
    return [e.className.split('dl-q-')[1], shown ? getComputedStyle(shown, '::before').content : '']; })"""


def long_task(schema: Schema, findings: str = "") -> Json:
    """A long article with a mark of each kind, and its annotation."""
    names = [*schema.types, *schema.labels]
    lines = [
        f"[{name}] of the harbour town, and then more words until the line has to wrap at its end."
        for name in names
    ]
    text = "\n".join([*lines, *(f"Paragraph {n} of a story without any event." for n in range(40))])
    article = Article(
        doc_id="own-long",
        text=text,
        text_sha256=sha256(text),
        source=Source(title="The harbour", published_at="2025-03-03"),
    )
    task = write.article_task(article, schema.version, schema.guideline_version)
    task["data"]["findings"] = findings
    result = []
    for name in names:
        start = text.index(f"[{name}]") + 1
        value = {"start": start, "end": start + len(name), "text": name, "labels": [name]}
        control = TRIGGER if name in schema.types else "mention"
        result.append(
            {"id": f"r-{name}", "from_name": control, "to_name": TEXT, "type": "labels", "value": value}
        )
    return {**task, "annotations": [{"result": result, "ground_truth": False}]}


@pytest.fixture(scope="module", params=[(1366, 768), (1920, 1080)], ids=["1366x768", "1920x1080"])
def opened(request: pytest.FixtureRequest, desk: Hands, station: Station, schema: Schema) -> Iterator[Hands]:
    project, (task,) = station.project(schema, [long_task(schema)])
    width, height = request.param
    desk.page.set_viewport_size({"width": width, "height": height})
    desk.open(project, task)
    yield desk
    desk.page.set_viewport_size({"width": 1366, "height": 768})


def test_nothing_moves_and_only_the_right_questions_show(opened: Hands, schema: Schema) -> None:
    page = opened.page
    for name in (*schema.types, *schema.labels):
        mark = page.locator(f'.htx-highlight[data-label$=":{name}"]')
        mark.evaluate(
            "e => document.querySelector('.lsf-main-content').scrollTop += e.getBoundingClientRect().top - 350"
        )
        page.wait_for_timeout(100)
        before = page.evaluate(BOXES)
        mark.click()
        page.wait_for_selector(".htx-highlight.__active")
        page.wait_for_timeout(150)
        assert page.evaluate(BOXES) == before, name
        assert page.evaluate(ASKED) == questions(name, schema), name
        bar = page.evaluate(
            "(e => [e.scrollHeight, e.clientHeight])(document.querySelector('.dl-questions'))"
        )
        assert bar[0] <= bar[1], f"the questions of {name} do not fit into the bar"
        opened.leave()


def questions(name: str, schema: Schema) -> list[list[str]]:
    """The questions of a region with this label, and what each says about silence."""
    if name in schema.labels:
        return [[field, ""] for field in (*schema.labels[name].asks, "note")]
    own = {control_name(name, a.name): a for a in schema.types[name].attributes.values()}
    asked = {**schema.common, **own}
    return [*([control, f'"{silence(attribute)}"'] for control, attribute in asked.items()), ["note", ""]]


def test_the_bars_stay_in_view(opened: Hands) -> None:
    page = opened.page
    for position in (0, 700, 100_000):
        page.evaluate("y => document.querySelector('.lsf-main-content').scrollTop = y", position)
        page.wait_for_timeout(100)
        top, _, _, _, bottom = page.evaluate(BOXES)
        frame = page.locator(".lsf-main-content").bounding_box()
        submit = page.locator(".lsf-bottombar").bounding_box()
        assert frame
        assert submit
        assert top[0][1] == round(frame["y"] * 10)
        assert abs(bottom[0][1] + bottom[0][3] - submit["y"] * 10) <= 20


def test_a_hover_gives_the_definition(opened: Hands, schema: Schema) -> None:
    for name, item in (*schema.types.items(), *schema.labels.items()):
        opened.page.mouse.move(5, 5)
        opened.page.locator(".dl-labels .lsf-label", has=opened.page.locator(f"text=/^{name}$/")).hover()
        expect(opened.page.get_by_test_id("tooltip-body")).to_contain_text(item.description)


def test_the_relation_menu_offers_what_fits(desk: Hands, station: Station, schema: Schema) -> None:
    project, (task,) = station.project(schema, [long_task(schema)])
    desk.open(project, task)
    desk.show_relations()
    text = long_task(schema)["data"]["text"]
    for name in ("press_denial", "media_report", "CLAIM"):
        start = text.index(f"[{name}]") + 1
        desk.spans[name] = (start, start + len(name))
    type_ = schema.types["press_denial"]
    for tail, offered in (
        ("CLAIM", type_.roles_for("CLAIM")),
        ("media_report", ["same_event", *schema.relations]),
    ):
        desk.relate("press_denial", tail)
        if desk.page.locator(".lsf-relation-controls_order_asc").count():
            desk.page.locator(".lsf-relation-controls_order_asc").click()
        row = desk.page.locator(".lsf-relations__item").first
        row.hover()
        row.get_by_label("Show Relation Labels").click()
        row.locator('[data-testid^="select-trigger"]').click()
        shown = desk.page.locator("[cmdk-item] >> visible=true")
        fitting = set(offered) | (
            set(schema.types["media_report"].roles) & set(type_.roles) if tail in schema.types else set()
        )
        assert set(shown.all_inner_texts()) == fitting
        panel = desk.page.locator(".lsf-tabs-panel").first.bounding_box()
        menu = desk.page.get_by_test_id("select-popup").bounding_box()
        assert panel
        assert menu
        assert menu["x"] >= panel["x"] - 1, "the menu must not lie over the text"
        desk.leave()


def test_findings_are_plain_text_and_only_there_when_given(
    desk: Hands, station: Station, schema: Schema
) -> None:
    project, (with_findings, without) = station.project(
        schema, [long_task(schema, HOSTILE), long_task(schema)]
    )
    desk.open(project, with_findings)
    shown = desk.page.locator(".dl-findings")
    expect(shown).to_have_text(HOSTILE, use_inner_text=False)
    assert shown.locator("img, script, b").count() == 0
    assert desk.page.title() != "taken"
    desk.page.goto(f"{station.url}/projects/{project}/data")
    expect(desk.page.locator(".lsf-table-head").get_by_text("findings", exact=True)).to_be_attached()
    assert desk.page.title() != "taken"
    desk.open(project, without)
    expect(desk.page.locator(".dl-findings h4")).to_be_hidden()


def test_a_findings_link_opens_its_annotation_at_first(
    new_browser: Callable[[], BrowserContext], station: Station, schema: Schema
) -> None:
    """In a fresh browser the link leads through the login to the task, with the annotation that was read."""
    project, tasks = station.project(
        schema, [long_task(schema), long_task(schema, "the second"), long_task(schema)]
    )
    page = new_browser().pages[0]
    page.goto(f"{station.url}/projects/{project}/data?task={tasks[1]}")
    page.fill("input[name=email]", station.email)
    page.fill("input[name=password]", station.password)
    page.press("input[name=password]", "Enter")
    for again in range(2):
        expect(page.locator(".dl-findings")).to_have_text("the second")
        expect(page.locator(".htx-highlight")).to_have_count(len(schema.types) + len(schema.labels))
        expect(page.locator(".lsf-controls button", has_text="Update")).to_be_visible()
        if not again:
            page.goto(f"{station.url}/projects/{project}/data?task={tasks[1]}")
