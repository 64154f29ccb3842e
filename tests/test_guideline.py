"""The guideline says what schema and ground truth say: drawn, answered, walked through, and never stale."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dateline import guideline, inline, reading, resolve
from dateline import schema as schemas
from dateline.guideline import drawing, excerpts
from dateline.guideline.markdown import escaped, quoted
from dateline.label_studio import convert
from dateline.model import Document, Event
from dateline.schema import Schema

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/guideline"
SCHEMA = schemas.load(ROOT / "schema")
STATUS = (FOLDER / "status.md").read_text(encoding="utf-8")
EXERCISES = (FOLDER / "exercises.md").read_text(encoding="utf-8")
ASKED = re.compile(r'<!-- (\w+) (\S+) "([^"]+)"')
RENDER = MarkdownIt("commonmark", {"html": True}).enable("table").render


def truth(doc_id: str) -> Document:
    (item,) = reading.read([ROOT / f"annotations/sample/{doc_id}.json"], SCHEMA)
    document = resolve.resolve(item.documents).document
    assert document is not None
    return document


def words_of(markdown: str) -> str:
    """What stands there for a reader, without labels and brackets of marks."""
    html = re.sub(r"<sub>.*?</sub>", "", RENDER(markdown).replace("<br />\n", "\n"))
    html = re.sub(r"</p>\s*<p>", "\n\n", html)
    html = re.sub(r"<[^>]+>", "", html).strip("\n")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        html = html.replace(entity, char)
    return html


# --- drawing ---------------------------------------------------------------------------------------------------

LINE = st.text(st.sampled_from("ab é漢\U0001f468_*`[]<>|~#&\\-+1.)!x "), min_size=1, max_size=30).map(
    str.strip
)


@given(st.lists(LINE.filter(bool), min_size=1, max_size=4))
def test_a_quotation_shows_the_words_themselves(lines: list[str]) -> None:
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert words_of("\n".join(quoted(escaped(text)))) == text


@pytest.mark.parametrize("path", sorted((ROOT / "annotations/sample").glob("*.json")), ids=lambda p: p.stem)
def test_a_drawn_article_is_the_article(path: Path) -> None:
    document = truth(path.stem)
    drawn = drawing.drawn(drawing.within(document, 0, len(document.text)))
    shown = words_of("\n".join(drawn).replace("\\[", "").replace("\\]", ""))
    ours = document.text.replace("[", "").replace("]", "")
    assert " ".join(shown.split()) == " ".join(ours.split())


def test_a_drawn_annotation_says_all_of_it() -> None:
    marked = (
        "[Norland|GPE #n] [warned|travel_warning #w issuer=n destination=v ?=c advisory_level=3_reconsider]"
        " [its citizens|GROUP #c] about [[Verania|GPE #v]'s roads|CONTENT #f]; [Norland|=n] [did|=w] so twice."
    )
    compiled = inline.compile_marks(marked, SCHEMA)
    task = {
        "data": {"doc_id": "x", "text": compiled.text},
        "annotations": [{"completed_by": "a1", "result": compiled.results}],
    }
    (document,) = convert.read_task(task, SCHEMA).documents
    excerpt = drawing.within(document, 0, len(document.text))
    assert drawing.drawn(excerpt) == [
        "> \\[Norland\\]<sub>GPE issuer</sub> <b>\\[warned\\]</b><sub>travel_warning</sub>"
        " \\[its citizens\\]<sub>GROUP addressee</sub> about \\[\\[Verania\\]<sub>GPE destination</sub>'s"
        " roads\\]<sub>CONTENT</sub>; \\[Norland\\]<sub>GPE</sub> <b>\\[did\\]</b><sub>travel_warning</sub> so twice."
    ]
    assert drawing.told(excerpt) == [
        "- **travel_warning** «warned», also «did»",
        "  - issuer: Norland",
        "  - destination: Verania",
        "  - addressee: its citizens\\*",
        "  - answers: advisory_level `3_reconsider`",
        "- the same: Norland = Norland",
    ]


# --- pages -----------------------------------------------------------------------------------------------------


def test_no_page_is_stale() -> None:
    wanted = guideline.pages(SCHEMA, FOLDER, ROOT / "annotations")
    assert guideline.stale(wanted, FOLDER) == ([], [])


def test_everything_that_the_schema_says_is_on_a_page(schema: Schema) -> None:
    pages = {p.relative_to(FOLDER).as_posix(): p.read_text(encoding="utf-8") for p in FOLDER.rglob("*.md")}
    for type_ in schema.types.values():
        page = pages[f"types/{type_.name}.md"]
        assert escaped(type_.description) in page
        for role in type_.roles.values():
            assert f"| {role.name} | " in page
            assert escaped(role.description) in page
            assert all(f"[{label}](../labels.md#{label.lower()})" in page for label in role.labels)
        for attribute in type_.attributes.values():
            assert f"### {attribute.name}\n" in page
            assert all(
                f"| `{v}` | {escaped(attribute.meanings.get(v, ''))} |" in page for v in attribute.values
            )
        assert page.count("> ") >= len(type_.examples)
        for counter in type_.counter_examples:
            assert f"- {escaped(counter['text'])} — " in page
        assert f"](types/{type_.name}.md)" in pages["event-types.md"]
        assert f"\n## {type_.name}\n" in pages["examples.md"], "each type has an example, explained"
    for label in schema.labels.values():
        assert f"## {label.name}\n\n{escaped(label.description)[0].upper()}" in pages["labels.md"]
    for relation in schema.relations.values():
        assert f"| {relation.name} | " in pages["relations.md"]
    for attribute in schema.common.values():
        assert all(f"| `{value}` |" in pages["questions.md"] for value in attribute.values)


def test_the_index_leads_to_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    overview = (FOLDER / "event-types.md").read_text(encoding="utf-8")
    for page in FOLDER.rglob("*.md"):
        name = page.relative_to(FOLDER).as_posix()
        assert name == "README.md" or f"]({name})" in index + overview, name


# --- exercises and the tree ------------------------------------------------------------------------------------


def test_ten_exercises_have_answers_and_reasons() -> None:
    sections = re.split(r"^## \d+\. ", EXERCISES, flags=re.MULTILINE)[1:]
    assert len(sections) == 10
    seen: set[str] = set()
    for section in sections:
        asked = ASKED.search(section)
        assert asked is not None
        assert asked[1] == "exercise"
        assert section.count("<details>") == section.count("</details>") == 2
        seen |= {e.type for e in truth(asked[2]).events if f"**{e.type}**" in section}
    assert seen == set(SCHEMA.types), "the exercises show every event type"


def sayings(event: Event, texts: dict[str, str]) -> list[str]:
    """What must stand in the telling of an event: roles, words, answers."""
    answers = [f"{n} `{value}`" for n, value in event.attributes.items() if n not in event.defaulted]
    words = [escaped(texts[f.mention]) for fillers in event.arguments.values() for f in fillers]
    return [*event.arguments, *words, *answers]


def test_answers_are_the_ground_truth() -> None:
    """Held without the code that drew them: each event, role and answer of a page's excerpt, by its words."""
    blocks = re.findall(r'<!-- exercise (\S+) ".*?-->\n(.*?)<!-- end -->', EXERCISES, re.DOTALL)
    assert len(blocks) == 10
    told = 0
    for doc_id, block in blocks:
        document = truth(doc_id)
        texts = {m.id: m.text for m in document.mentions}
        for item in re.split(r"^- (?=(?:\d+ )?\*\*)", block.split("<details>")[1], flags=re.MULTILINE)[1:]:
            type_, main = re.match(r"(?:\d+ )?\*\*(\w+)\*\* «(.*?)»", item).groups()  # type: ignore[union-attr]
            same = [e for e in document.events if (e.type, escaped(e.main.text)) == (type_, main)]
            assert any(all(said in item for said in sayings(event, texts)) for event in same), (doc_id, main)
            told += 1
    assert told >= 20


def tree() -> dict[str, dict[str, str]]:
    """Question -> answer -> where it leads, from the drawing."""
    (drawn,) = re.findall(r"^```mermaid\n(.*?)^```$", STATUS, re.MULTILINE | re.DOTALL)
    found: dict[str, dict[str, str]] = {}
    for question, answer, to in re.findall(r"^  (q\d) -- (yes|no) --> (\w+)$", drawn, re.MULTILINE):
        assert answer not in found.setdefault(question, {})
        found[question][answer] = to
    return found


def test_the_tree_is_whole() -> None:
    found = tree()
    assert all(set(ways) == {"yes", "no"} for ways in found.values())
    ends = [to for ways in found.values() for to in ways.values() if to not in found]
    assert set(ends) == set(SCHEMA.common["status"].values)
    reached = {to for ways in found.values() for to in ways.values()} | {"q1"}
    assert set(found) <= reached


def test_real_events_come_out_as_the_ground_truth_has_them() -> None:
    walks = re.findall(
        r'<!-- event (\S+) "([^"]+)" -->\n.*?<!-- end -->\n\n((?:\d (?:yes|no),? ?)+)→ `(\w+)`',
        STATUS,
        re.DOTALL,
    )
    assert len(walks) == STATUS.count("<!-- event ") >= 10
    found, seen = tree(), set()
    for doc_id, trigger, way, said in walks:
        at = "q1"
        for number, answer in re.findall(r"(\d) (yes|no)", way):
            assert at == f"q{number}", (doc_id, trigger)
            at = found[at][answer]
        (event,) = [e for e in truth(doc_id).events if e.main.text == trigger]
        assert at == said == event.attributes["status"], (doc_id, trigger)
        seen.add(said)
    assert seen == set(SCHEMA.common["status"].values)


def test_what_is_denied_is_disputed_or_denied_in_the_corpus() -> None:
    """The third question of the tree, asked of every event whose own happening is denied."""
    seen: Counter[str] = Counter()
    for path in sorted((ROOT / "annotations/sample").glob("*.json")):
        document = truth(path.stem)
        events = {e.id: e for e in document.events}
        for relation in document.relations:
            denied, denial = events[relation.tail], events[relation.head]
            if relation.type != "denies" or denial.attributes["polarity"] == "negative":
                continue  # "has not denied" denies nothing
            if denied.type in ("media_report", "statement"):
                continue  # their claim is denied, not that they were made
            seen[denied.attributes["status"]] += 1
    assert set(seen) <= {tree()["q4"]["yes"], *tree()["q5"].values()}
    assert seen.total() >= 15
    assert seen["asserted"] <= 1, "look at each: does the article tell it as a fact?"


# --- stale, missing, forbidden ---------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("schema", "docs/guideline"):
        shutil.copytree(ROOT / name, tmp_path / name)
    asked = {
        match[1]
        for page in FOLDER.glob("*.md")
        for match in re.finditer(r"<!-- \w+ (\S+) \"", page.read_text())
    }
    for doc_id in {*asked, "calitoday-2025-11-30-takaichi-trump-call"}:
        for place in ("articles", "sample", "calitoday"):
            path = ROOT / f"annotations/{place}/{doc_id}.json"
            if path.is_file():
                (tmp_path / f"annotations/{place}").mkdir(parents=True, exist_ok=True)
                shutil.copy(path, tmp_path / f"annotations/{place}")
    return tmp_path


def run(here: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/guideline.py"), *words]
    return subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=60)


def test_another_ground_truth_makes_its_exercise_stale(copy: Path) -> None:
    assert run(copy, "--check").returncode == 0
    path = copy / "annotations/sample/sample-2025-03-14-palace-no-call.json"
    text = path.read_text(encoding="utf-8")
    assert '"denied"' in text
    path.write_text(text.replace('"choices": ["denied"]', '"choices": ["disputed"]'), encoding="utf-8")
    done = run(copy, "--check")
    assert done.returncode == 1
    assert "docs/guideline/exercises.md" in done.stderr
    assert "docs/guideline/status.md" in done.stderr
    assert run(copy).returncode == 0
    assert run(copy, "--check").returncode == 0
    assert "status `disputed`, medium" in (copy / "docs/guideline/exercises.md").read_text(encoding="utf-8")


def test_a_type_that_goes_takes_its_page_along(copy: Path) -> None:
    spec = json.loads((copy / "schema/events/travel_warning.schema.json").read_text(encoding="utf-8"))
    new = json.loads(json.dumps(spec).replace("travel_warning", "advisory"))
    new["x-ui"] = {"color": "#0b7285", "hotkey": "8"}
    (copy / "schema/events/advisory.schema.json").write_text(json.dumps(new), encoding="utf-8")
    done = run(copy, "--check")
    assert done.returncode == 1
    assert "types/advisory.md" in done.stderr
    assert run(copy).returncode == 0
    (copy / "schema/events/advisory.schema.json").unlink()
    assert "types/advisory.md" in run(copy, "--check").stderr
    assert "1 removed" in run(copy).stdout
    assert not (copy / "docs/guideline/types/advisory.md").exists()
    assert run(copy, "--check").returncode == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('draw nobody-knows "x"', "hold the article 'nobody-knows'"),
        ('draw sample-2024-09-10-gas-duty "duty"', "'duty' stands 4 times in the text"),
        (
            'event sample-2024-09-10-gas-duty "nothing"',
            "0 events of 'sample-2024-09-10-gas-duty' have the main",
        ),
        ('event sample-2024-09-10-gas-duty "said"', "2 events of"),
        ('draw sample-2024-09-10-gas-duty "Parliament" "Transkell"', "stands before"),
        ('draw calitoday-2025-11-30-takaichi-trump-call "TOKYO"', "nobody has licensed the text"),
        ("draw sample-2024-09-10-gas-duty", "not understood"),
        ("exercise", "not understood"),
    ],
)
def test_what_cannot_be_shown_is_told_with_its_line(copy: Path, asked: str, said: str) -> None:
    (copy / "docs/guideline/mine.md").write_text(f"# Mine\n\n<!-- {asked} -->\n", encoding="utf-8")
    with pytest.raises(guideline.GuidelineError) as told:
        guideline.pages(SCHEMA, copy / "docs/guideline", copy / "annotations")
    assert str(told.value).startswith("mine.md:3: ")
    assert said in str(told.value)


def test_an_error_is_one_line_and_nothing_is_written(copy: Path) -> None:
    (copy / "docs/guideline/mine.md").write_text('# Mine\n\n<!-- draw nobody "x" -->\n', encoding="utf-8")
    before = {p: p.read_bytes() for p in (copy / "docs").rglob("*.md")}
    done = run(copy)
    assert done.returncode == 2
    assert (
        done.stderr == "error: docs/guideline/mine.md:3: 0 batches of annotations hold the article 'nobody'\n"
    )
    assert {p: p.read_bytes() for p in (copy / "docs").rglob("*.md")} == before


def test_filling_twice_changes_nothing_and_keeps_what_is_written_by_hand(copy: Path) -> None:
    page = '# Mine\n\nBefore.\n\n<!-- event sample-2024-09-10-gas-duty "levy" -->\n\nAfter.\n'
    (copy / "docs/guideline/mine.md").write_text(page, encoding="utf-8")
    assert run(copy).returncode == 0
    once = (copy / "docs/guideline/mine.md").read_text(encoding="utf-8")
    assert once.startswith(page[: page.index("\n\nAfter")])
    assert once.endswith("<!-- end -->\n\nAfter.\n")
    assert "0 written" in run(copy).stdout
    assert excerpts.asks(once)


def test_a_schema_example_that_cannot_be_read_is_told(copy: Path) -> None:
    path = copy / "schema/events/sanction.schema.json"
    path.write_text(path.read_text(encoding="utf-8").replace("[Norland|GPE #n]", "[Norland|COUNTRY #n]", 1))
    done = run(copy)
    assert done.returncode == 2
    assert (
        "types/sanction.md: example 1 of sanction in the schema cannot be read: line 1, column 1"
        in done.stderr
    )
