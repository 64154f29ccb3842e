"""What the page says, and that data stays data, without a browser."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import hostile
import polars as pl
import pytest

from dateline import report
from dateline.report import counts, markup, parties
from dateline.schema import Acts
from dateline.settings import AgreementSettings

ROOT = Path(__file__).parents[2]
QUICK = AgreementSettings(resamples=20)


class Parsed(HTMLParser):
    """Elements with their attributes, and what scripts hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, str] = {}
        self._script = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._script = (dict(attrs).get("id") or "run") if tag == "script" else ""

    def handle_endtag(self, tag):
        self._script = ""

    def handle_data(self, data):
        if self._script:
            self.data[self._script] = self.data.get(self._script, "") + data

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


@pytest.fixture(scope="module")
def material(exported):
    return report.from_export(exported)


@pytest.fixture(scope="module")
def page(material):
    return report.html(material, QUICK)


def test_counts_are_those_of_the_dataset(material, exported):
    events = pl.read_parquet(exported / "events/*.parquet")
    found = {(t, s): n for t, s, n in counts.types(material).rows}
    assert found == {(t, s): n for t, s, n in events.group_by("type", "status").len().rows()}
    arguments = events.select("type", "arguments").explode("arguments").unnest("arguments")
    assert {(t, r): n for t, r, n, _ in counts.roles(material).rows} == {
        (t, r): n for t, r, n in arguments.drop_nulls("role").group_by("type", "role").len().rows()
    }
    articles = pl.read_parquet(exported / "documents/*.parquet").select("doc_id", "source").unnest("source")
    assert sum(row[2] for row in counts.months(material).rows) == articles.height == len(material.entries)
    assert counts.sources(material).rows[0][2] == articles["publisher"].value_counts()["count"].max()
    splits = {s: n for what, s, n, _ in counts.balance(material).rows if what == "articles"}
    assert splits == {s: pl.read_parquet(exported / f"documents/{s}-*.parquet").height for s in splits}


def test_export_and_annotations_tell_the_same(material, schema):
    other = report.from_annotations(
        [ROOT / "annotations/sample"], schema, "sample", ROOT / "annotations/splits.csv"
    )
    assert [e.key for e in other.entries] == [e.key for e in material.entries]
    for count in (counts.types, counts.roles, counts.attributes, counts.balance, parties.graph):
        assert count(other) == count(material), count


def test_what_is_found_in_an_export_is_what_was_found_when_it_was_made(material, page, schema):
    """All but what only reading an annotation shows; the page says what is missing."""
    annotated = report.from_annotations([ROOT / "annotations/sample"], schema, "sample")
    before = Counter(f.code for f in annotated.all_findings)
    only_read = {code for code in before if code.startswith("I8")}
    assert only_read
    assert Counter(f.code for f in material.all_findings) == before - Counter(
        {c: before[c] for c in only_read}
    )
    assert sum(material.exported_with.values()) == before.total()
    assert f"The export itself counted 0 errors, {material.exported_with['warning']} warnings" in page


def test_graph_knows_who_denied_whom(material):
    rows = {(r[0], r[1], r[2]) for r in parties.graph(material).rows}
    assert ("Suryadesh", "sanctioned", "Lianhai") in rows
    assert ("Alva Brandt", "called", "Idris Kole") in rows
    assert {r[1] for r in rows} == {"called", "denied", "sanctioned", "warned of"}


def test_graph_follows_the_schema(material):
    """A type that says who does what to whom is in the graph, one that does not is not."""
    types = dict(material.schema.types)
    types["sanction"] = replace(types["sanction"], acts=Acts("punished", ("target",), ("imposer",)))
    types["travel_warning"] = replace(types["travel_warning"], acts=None)
    other = replace(material, schema=replace(material.schema, types=types))
    rows = {(r[0], r[1], r[2]) for r in parties.graph(other).rows}
    assert ("Lianhai", "punished", "Suryadesh") in rows
    assert {r[1] for r in rows} == {"called", "denied", "punished"}


def test_every_chart_has_words_and_a_table(page):
    parsed = Parsed(page)
    charts = parsed.tags("svg")
    assert len(charts) >= 10
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    for section in (
        "types",
        "timeline",
        "parties",
        "roles",
        "attributes",
        "sources",
        "months",
        "splits",
        "agreement",
    ):
        part = page.partition(f'<section id="{section}"')[2].partition("</section>")[0]
        assert "<svg" in part, section
        assert "<tbody><tr>" in part, section


def test_same_input_gives_the_same_bytes(material, page, schema, tmp_path):
    assert report.html(material, QUICK) == page
    shutil.copytree(ROOT / "annotations/sample", tmp_path / "b/sample")
    shutil.copytree(ROOT / "annotations/articles", tmp_path / "b/articles")
    files = sorted((tmp_path / "b/sample").glob("*.json"))
    one, other = (report.from_annotations(order, schema, "x") for order in (files, files[::-1]))
    assert report.html(one, QUICK) == report.html(other, QUICK)


def test_policy_lets_our_script_run_and_nothing_else(page):
    parsed = Parsed(page)
    policy = next(m["content"] for m in parsed.tags("meta") if m.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(parsed.data["run"].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'")
    assert not re.search(r"https?:", policy)
    assert [s for s in parsed.tags("script") if s.get("src")] == []
    assert {tag for tag, _ in parsed.elements} & {"link", "img", "iframe", "object", "base"} == set()


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory, schema):
    path = hostile.write(tmp_path_factory.mktemp("hostile"))
    found = report.from_annotations([path], schema, "</title><script>alert(0)</script>")
    return report.html(found, QUICK)


def test_hostile_strings_plant_nothing(hostile_page, page):
    parsed, clean = Parsed(hostile_page), Parsed(page)
    assert [s.get("id") for s in parsed.tags("script")] == ["index", "a0", None]
    assert {tag for tag, _ in parsed.elements} <= {tag for tag, _ in clean.elements} | {"script"}
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")


def test_hostile_text_is_there_as_it_is(hostile_page):
    parsed = Parsed(hostile_page)
    assert json.loads(parsed.data["a0"])["t"] == hostile.TEXT


@pytest.mark.parametrize("value", [*hostile.PLANTED, "\ud800 half", "</SCRIPT >", "\u2028"])
def test_json_in_a_script_has_nothing_for_a_parser(value):
    made = markup.as_json({value: [value]})
    assert not set(made) & set("<>&\u2028\u2029")
    whole = value.encode("utf-8", "replace").decode() if "\ud800" not in value else "\ufffd half"
    assert json.loads(made) == {whole: [whole]}


def test_elements_escape_what_is_not_markup():
    made = markup.el("a", '<b>"', href="\"'><x>", class_=None, hidden=True)
    assert made == '<a href="&quot;&#x27;&gt;&lt;x&gt;" hidden>&lt;b&gt;&quot;</a>'
    assert markup.text("a\x00b\x1b") == "a\ufffdb\ufffd"


def test_dataset_without_words_has_a_report(wordless):
    found = report.from_export(wordless)
    made = report.html(found, QUICK)
    assert json.loads(Parsed(made).data["a0"])["t"] is None
    assert counts.types(found).rows


def test_articles_that_wait_for_adjudication_are_named(tmp_path, schema):
    path = hostile.write(tmp_path, number=1)
    found = report.from_annotations([path], schema, "x")
    assert found.held_back == ((found.entries[0].key, "every annotation has errors"),)


def run(*arguments, cwd=ROOT):
    command = [sys.executable, ROOT / "scripts/report.py", *map(str, arguments), "--schema", ROOT / "schema"]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_for_what_is_not_there_the_batches_are_named(tmp_path):
    done = run("nosuch", "--out", tmp_path / "r.html", cwd=ROOT)
    assert done.returncode == 2
    assert "nosuch" in done.stderr
    assert "(there is: calitoday, sample)" in done.stderr


def test_report_stays_out_of_the_dataset(exported):
    done = run(exported, "--out", exported / "deep/report.html")
    assert done.returncode == 2
    assert "manifest does not know it" in done.stderr
    assert not (exported / "deep").exists()


@pytest.mark.parametrize("damage", ["no manifest", "not JSON", "no view", "cut"])
def test_broken_folder_is_said_in_a_line(exported, tmp_path, damage):
    folder = tmp_path / "d"
    shutil.copytree(exported, folder)
    if damage == "no manifest":
        shutil.rmtree(folder)
    elif damage == "not JSON":
        (folder / "manifest.json").write_text("{")
    elif damage == "no view":
        shutil.rmtree(folder / "annotations")
        shutil.rmtree(folder / "documents")
    else:
        file = next((folder / "annotations").iterdir())
        file.write_bytes(file.read_bytes()[:-100])
    done = run(folder, "--out", tmp_path / "r.html")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert str(folder) in done.stderr
    assert not (tmp_path / "r.html").exists()
