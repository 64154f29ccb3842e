"""An annotator's hands: what a person does on the labeling screen, with mouse and keys only, each action counted."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError

from dateline.schema import SAME_ENTITY, SAME_EVENT, Schema

# Keystroke-level model (Card, Moran, Newell 1983), seconds: a key, pointing, a button down or up
KEY, POINT, BUTTON = 0.28, 1.1, 0.1
# Label Studio lets go of a label a moment after the drag, and of one that was chosen meanwhile, too
SETTLE = 250.0  # milliseconds
LOST = 10_000.0  # milliseconds after which a drag will give no mark any more
TEXT = ".lsf-htx-richtext"

# The text as Label Studio lays it out: a code point each for characters and line breaks; where code point `at`
# starts (or, with `end`, where the one before it ends), the point on the screen that puts the caret there.
CARET = r"""([at, end]) => {
  const walker = document.createTreeWalker(document.querySelector('.lsf-htx-richtext'), 5);
  let node, position = 0;
  while ((node = walker.nextNode())) {
    if (node.nodeType === 1) { if (node.tagName === 'BR') position += 1; continue; }
    for (let i = 0; i < node.length;) {
      const size = node.data.codePointAt(i) > 0xffff ? 2 : 1;
      if (position === (end ? at - 1 : at)) {
        const range = document.createRange();
        range.setStart(node, i); range.setEnd(node, i + size);
        const box = [...range.getClientRects()].at(end ? -1 : 0) || range.getBoundingClientRect();
        const y = (box.top + box.bottom) / 2, want = end ? i + size : i;
        // A drag ends just inside the last letter; over a narrow right-to-left one Chromium extends only from beyond it.
        const rtl = /[\u0590-\u08ff]/.test(node.data[i]);
        const first = end ? (rtl ? box.left - 1 : box.right - 1) : rtl ? box.right + 1 : box.left + 1;
        return best([first, box.left + 1, box.right - 1, (box.left + box.right) / 2]);
        function best(xs) {
          for (const x of xs) {
            const caret = document.caretRangeFromPoint(x, y);
            if (caret && caret.startContainer === node && caret.startOffset === want) return [x, y];
          }
          return [xs[0], y];
        }
      }
      position += 1; i += size;
    }
  }
  return null;
}"""
FREE = """() => { const box = s => document.querySelector(s).getBoundingClientRect();
  return [box('.dl-labels').bottom, box('.dl-questions').top]; }"""


class Hands:
    """Drives one page; `done` counts actions, `seconds` is what they cost a practised person.

    Regions go by the ids that the caller gives; `spans` remembers where each one is.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.done: Counter[str] = Counter()
        self.seconds = 0.0
        self.spans: dict[str, tuple[int, int]] = {}
        self.relations = 0

    def log_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "login" not in url)

    def open(self, project: int, task: int) -> None:
        self.page.goto(f"{self.url}/projects/{project}/data?task={task}")
        self.page.wait_for_selector(f"{TEXT} .lsf-richtext__line", state="attached")
        self.page.wait_for_selector(".dl-help >> visible=true")
        self.page.wait_for_timeout(300)
        self.spans.clear()
        self.relations = 0

    def key(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self._count("key", KEY * (keys.count("+") + 1 if len(keys) > 1 else 1))

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.done["character"] += len(text)
        self.seconds += KEY * len(text)

    def click(self, target: Locator | tuple[float, float]) -> None:
        if isinstance(target, Locator):
            target.click()
        else:
            self.page.mouse.click(*target)
        self._count("click", POINT + 2 * BUTTON)

    def _count(self, action: str, seconds: float) -> None:
        self.done[action] += 1
        self.seconds += seconds

    @property
    def actions(self) -> int:
        """Clicks, keys, drags and typed characters; turning the wheel is not counted."""
        return self.done.total() - self.done["wheel"]

    def mark(self, region: str, hotkey: str, start: int, end: int) -> None:
        """Press the label's key and drag over the code points."""
        self._scroll_to(start, end)
        self.key(hotkey)
        self.page.wait_for_selector(".lsf-label_selected")
        before = self._marks()
        self._drag(start, end)
        more = "n => document.querySelectorAll('.htx-highlight').length > n"
        try:
            self.page.wait_for_function(more, arg=before, timeout=LOST)
        except TimeoutError:  # a busy machine loses a drag now and then: a person drags again
            self._drag(start, end)
            self.page.wait_for_function(more, arg=before)
        self.page.wait_for_selector(".lsf-label_selected", state="detached")
        self.page.wait_for_timeout(SETTLE)
        self.spans[region] = (start, end)

    def _drag(self, start: int, end: int) -> None:
        self.page.mouse.move(*self._point(start, end=False))
        self.page.mouse.down()
        x, y = self._point(end, end=True)
        self.page.mouse.move(x, y, steps=3)
        self.page.mouse.up()
        self._count("drag", 2 * POINT + 2 * BUTTON)

    def select(self, region: str) -> None:
        """Click the region where no smaller one covers it."""
        self.click(self._click_at(region))
        try:
            self.page.wait_for_selector(".htx-highlight.__active", timeout=6000)
        except TimeoutError:  # the click only closed an open list
            self.done["click again"] += 1
            self.click(self._click_at(region))
            self.page.wait_for_selector(".htx-highlight.__active")

    def relate(self, head: str, tail: str) -> None:
        """Click the head, Alt+R, click the tail."""
        self.select(head)
        self.key("Alt+r")
        self.click(self._click_at(tail))
        self.relations += 1
        self.page.wait_for_selector("text=/Relations.*\\(?" + str(self.relations) + "/")

    def role(self, *names: str) -> None:
        """Give the newest relation these labels: its menu, the list, a tick each. Needs `show_relations`; turns the newest to the top, once."""
        oldest_first = self.page.locator(".lsf-relation-controls_order_asc")
        if oldest_first.count():
            self.click(oldest_first)
        row = self.page.locator(".lsf-relations__item").first
        row.hover()
        self.click(row.get_by_label("Show Relation Labels"))
        self.click(row.locator('[data-testid^="select-trigger"]'))
        for name in names:
            self.click(self.page.get_by_test_id(f"select-option-{name}"))

    def show_relations(self) -> None:
        """Open the Relations panel."""
        self.click(self.page.locator("#Relations-draggable"))

    def answer(self, control: str, value: str) -> None:
        """Choose an answer of the selected region's question."""
        self.click(self.page.locator(f".dl-q-{control} [data-testid^='select-trigger']"))
        self.click(self.page.get_by_test_id(f"select-option-{value}"))

    def write(self, control: str, text: str) -> None:
        """Type into the selected region's text field."""
        self.click(self.page.locator(f".dl-q-{control} input"))
        self.type(text)
        self.key("Enter")

    def leave(self) -> None:
        """Let go of the selected region."""
        self.key("Escape")

    def submit(self) -> None:
        """Click Submit: Ctrl+Enter would un-tick the role while a relation's list is open."""
        self.click(self.page.locator(".lsf-controls button", has_text="Submit"))
        self.page.locator(".lsf-controls button", has_text="Update").wait_for()

    def _marks(self) -> int:
        return self.page.locator(".htx-highlight").count()

    def _point(self, at: int, end: bool) -> tuple[float, float]:
        x, y = self.page.evaluate(CARET, [at, end])
        return x, y

    def _scroll_to(self, start: int, end: int) -> None:
        """Turn the wheel until both ends are between the bars."""
        for _ in range(8):
            top, bottom = self.page.evaluate(FREE)
            first, last = self._point(start, end=False)[1], self._point(end, end=True)[1]
            if top + 14 < first and last < bottom - 14:
                return
            self.page.mouse.move(500, (top + bottom) / 2)
            self.page.mouse.wheel(0, (first + last) / 2 - (top + bottom) / 2)
            self.done["wheel"] += 1
            self._wait_for_calm(start)
        raise AssertionError(f"code points {start} to {end} do not fit between the bars")

    def _wait_for_calm(self, at: int) -> None:
        """Wait until the text has stopped scrolling."""
        before = None
        while before != (now := self._point(at, end=False)):
            before = now
            self.page.wait_for_timeout(80)

    def _click_at(self, region: str) -> tuple[float, float]:
        start, end = self.spans[region]
        own = [at for at in range(start, end) if self._owner(at) == region]
        at = own[len(own) // 2]
        self._scroll_to(at, at + 1)
        (x1, y), (x2, _) = self._point(at, end=False), self._point(at + 1, end=True)
        return (x1 + x2) / 2, y

    def _owner(self, at: int) -> str:
        """The innermost region at a code point: the shortest, the later of two equals."""
        covering = [(e - s, -n, id_) for n, (id_, (s, e)) in enumerate(self.spans.items()) if s <= at < e]
        return min(covering)[2] if covering else ""


def replay(hands: Hands, results: Iterable[dict[str, Any]], schema: Schema) -> None:
    """Click everything that the results of an annotation say: marks, answers, relations with their labels."""
    by_kind: dict[str, list[dict[str, Any]]] = {"labels": [], "choices": [], "textarea": [], "relation": []}
    for result in results:
        by_kind[result["type"]].append(result)
    _mark_all(hands, by_kind["labels"], schema)
    _answer_all(hands, by_kind["choices"] + by_kind["textarea"])
    _relate_all(hands, by_kind["relation"])


def _mark_all(hands: Hands, results: list[dict[str, Any]], schema: Schema) -> None:
    """The long regions first: a drag may cross marks, but a click needs words of its own."""
    hotkeys = {item.name: item.hotkey for item in (*schema.types.values(), *schema.labels.values())}
    for r in sorted(results, key=lambda r: r["value"]["start"] - r["value"]["end"]):
        hands.mark(r["id"], hotkeys[r["value"]["labels"][0]] or "", r["value"]["start"], r["value"]["end"])


def _answer_all(hands: Hands, results: list[dict[str, Any]]) -> None:
    answers: dict[str, list[dict[str, Any]]] = {}
    for r in results:
        answers.setdefault(r["id"], []).append(r)
    for region, given in answers.items():
        hands.select(region)
        for r in given:
            if r["type"] == "choices":
                hands.answer(r["from_name"], r["value"]["choices"][0])
            else:
                hands.write(r["from_name"], r["value"]["text"][0])
        hands.leave()


def _relate_all(hands: Hands, results: list[dict[str, Any]]) -> None:
    """One relation for each pair: drawing a pair again adds nothing, a second label is another tick."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for r in results:
        pairs.setdefault((r["from_id"], r["to_id"]), []).extend(r.get("labels", ()))
    for (head, tail), names in pairs.items():
        hands.relate(head, tail)
        if names:
            hands.role(*names)


def sparing(results: list[dict[str, Any]], schema: Schema) -> list[dict[str, Any]]:
    """The same annotation with as few ticks as can be: no label where an unlabelled relation says the same."""
    labels = {r["id"]: r["value"]["labels"][0] for r in results if r["type"] == "labels"}
    pairs = Counter((r["from_id"], r["to_id"]) for r in results if r["type"] == "relation")

    def silent(r: dict[str, Any]) -> bool:
        head, tail = labels[r["from_id"]], labels[r["to_id"]]
        role = schema.types[head].default_role.get(tail) if head in schema.types else SAME_ENTITY
        understood = SAME_EVENT if head == tail and head in schema.types else role
        return pairs[r["from_id"], r["to_id"]] == 1 and r.get("labels") == [understood]

    return [
        {key: value for key, value in r.items() if key != "labels"}
        if r["type"] == "relation" and silent(r)
        else r
        for r in results
    ]
