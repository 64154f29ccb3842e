"""The picture of the README: the sample article, annotated, as whoever annotates it sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import FREE, Hands
from playwright.sync_api import expect
from station import ROOT, Station

from dateline import feedback, push, store
from dateline.authors import Authors
from dateline.label_studio.access import Access
from dateline.label_studio.client import Client
from dateline.schema import Schema
from dateline.stored_batch import read_task

SAMPLE = "calitoday-2025-11-30-takaichi-trump-call"
BATCH = "calitoday"
PICTURE = "docs/images/label-studio-sample.png"
SIZE = {"width": 1440, "height": 860}
ANSWERS = {
    "press_denial__strength": "categorical",
    "press_denial__scope": "whole_claim",
    "press_denial__channel": "press_conference",
    "press_denial__directness": "direct_quote",
}
# the line that begins with these words comes right under the labels
SCROLL = """words => {
  const texts = document.createTreeWalker(document.querySelector('.lsf-htx-richtext'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.startsWith(words)) {
    const line = document.createRange();
    line.selectNode(texts.currentNode);
    const above = line.getBoundingClientRect().top - document.querySelector('.dl-labels').getBoundingClientRect().bottom;
    document.querySelector('.lsf-main-content').scrollTop += above - 12;
    return;
  }
}"""


@pytest.fixture
def client(station: Station) -> Client:
    token = station.api.headers["Authorization"].removeprefix("Token ")
    return Client(Access(station.url, token))


@pytest.fixture
def task(client: Client, schema: Schema, tmp_path: Path) -> tuple[int, int]:
    """The article on the server with the annotation that counts, and what was found in it: project and task."""
    article = store.read_article(store.article_path(ROOT / "annotations", SAMPLE))
    stored = read_task(store.task_path(ROOT / "annotations", BATCH, SAMPLE))
    stored["annotations"] = [a for a in stored["annotations"] if a["ground_truth"]]
    path = store.task_path(tmp_path, BATCH, SAMPLE)
    path.parent.mkdir()
    path.write_text(store.task_text(stored), encoding="utf-8")
    order = push.Order(batch=BATCH, with_annotations=True)
    (project,) = push.push(client, schema, tmp_path, order, [article]).projects
    assert feedback.refresh(client, project, Authors(client, tmp_path), schema) == 1
    (sent,) = client.tasks(project.id)
    return project.id, sent["id"]


@pytest.fixture
def desk_of_the_picture(desk: Hands) -> Iterator[Hands]:
    """The desk with a window of the picture's size."""
    before = desk.page.viewport_size
    desk.page.set_viewport_size(SIZE)
    yield desk
    desk.page.set_viewport_size(before)


def test_picture_of_the_readme(
    desk_of_the_picture: Hands, task: tuple[int, int], schema: Schema, regenerate: bool
) -> None:
    """`--regenerate` takes it anew; what it shows has to be there."""
    page = desk_of_the_picture.page
    desk_of_the_picture.open(*task)
    desk_of_the_picture.show_relations()
    page.get_by_role(
        "button", name="Hide all"
    ).click()  # more than a hundred: their arrows would cover the text
    page.locator("#Regions-draggable").click()
    mark = page.locator(".htx-highlight", has_text="dismissed")
    mark.click()
    page.wait_for_selector(".htx-highlight.__active")
    page.evaluate(SCROLL, "The Contentious")
    page.mouse.move(0, 0)
    for control, answer in ANSWERS.items():
        expect(page.locator(f".dl-q-{control} [data-testid^='select-trigger']")).to_have_text(answer)
    top, bottom = page.evaluate(FREE)
    box = mark.bounding_box()
    assert box and top < box["y"] and box["y"] + box["height"] < bottom
    page.wait_for_timeout(500)
    if regenerate:
        page.screenshot(path=ROOT / PICTURE)
    assert (ROOT / PICTURE).is_file()
