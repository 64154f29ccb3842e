"""The card: its figures are those of the tools, whatever the files are cut into, and nothing is made up."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from articles import ROOT, SCHEMA, call, made, marked, task, write
from huggingface_hub import DatasetCard
from test_load import DISPUTE, card

from dateline import (
    __version__,
    agreed,
    agreement,
    datasheet,
    export,
    leaks,
    numbers,
    reading,
    shards,
    statistics,
)
from dateline.card.examples import shortened
from dateline.card.markdown import fenced
from dateline.export import Plan
from dateline.outcome import Facts
from dateline.settings import DatasetSettings
from dateline.shards import Written


def facts_of(folder: Path) -> Facts:
    """What is needed of the facts, from the files themselves."""
    files = sorted(folder.glob("*/*.parquet"))
    written = [
        Written(f.parent.name, f.name.split("-")[0], f.relative_to(folder).as_posix(), 0, 0, 0, "")
        for f in files
    ]
    rows: dict[str, dict[str, int]] = {}
    for file, one in zip(files, written, strict=True):
        by_split = rows.setdefault(one.view, dict.fromkeys(("train", "validation", "test"), 0))
        by_split[one.split] += pq.ParquetFile(file).metadata.num_rows
    return Facts("d", ("b",), "1", "1", tuple(written), rows, {})


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, exported."""
    tmp_path = tmp_path_factory.mktemp("card")
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    path = export.export(Plan(tmp_path / "annotations", ("sample",), tmp_path / "out", "sample"), SCHEMA).path
    assert path is not None
    return path


@pytest.fixture(scope="module")
def measured() -> agreement.Agreement:
    """What `make agreement` says of the same batch, from the annotations themselves."""
    items = reading.read([ROOT / "annotations" / "sample"], SCHEMA)
    return agreement.measure((item.documents for item in items), SCHEMA, limit=1)


# Agreement


def test_agreement_is_what_the_annotations_give(sample: Path, measured: agreement.Agreement) -> None:
    found = agreed.measured(sample, facts_of(sample))
    assert found is not None
    assert (found.articles, found.of, found.pairs) == (18, 18, measured.counts["pairs of annotations"])
    wanted = [
        r
        for r in measured.rows
        if not r.by and r.defaults == r.pre_annotated == "with" and r.value is not None
    ]
    assert sorted(found.rows) == sorted(wanted)
    body = card(sample)[1]
    row = next(r for r in wanted if (r.layer, r.measure) == ("argument_role", "f1_exact"))
    assert f"| argument\\_role | {row.value:.2f} \\[{row.low:.2f}, {row.high:.2f}\\] |" in body


def test_beyond_the_limit_a_sample_is_measured_and_the_card_says_so(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreed, "LIMIT", 5)
    facts = facts_of(sample)
    found = agreed.measured(sample, facts)
    assert found is not None
    assert (found.articles, found.of) == (5, 18)
    turned = agreed.measured(sample, replace(facts, files=facts.files[::-1]))
    assert turned is not None
    assert turned.rows == found.rows
    said = datasheet.agreement(numbers.gather(sample, facts))
    assert "a sample of 5 of the 18 articles" in said


def test_without_two_annotators_there_are_no_figures(tmp_path: Path) -> None:
    path = made(write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports").path
    assert path is not None
    body = card(path)[1]
    assert "No article has annotations by two annotators that could be compared." in body
    assert "alpha" not in body
    assert "language models" not in body
    assert "People under pseudonyms" in body


# Statistics


def test_statistics_need_no_text_and_do_not_mind_how_files_are_cut(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = numbers.gather(sample, facts_of(sample))
    bare = tmp_path / "bare"
    for file in sample.glob("*/*.parquet"):
        target = bare / file.relative_to(sample)
        target.parent.mkdir(parents=True, exist_ok=True)
        table = pq.read_table(file)
        pq.write_table(
            table.drop_columns([c for c in ("text", "messages") if c in table.column_names]), target
        )
    monkeypatch.setattr(numbers, "MOST", 0)  # the check for leaks reads texts
    found = numbers.gather(bare, facts_of(bare))
    assert (found.tables, found.annotators, found.agreement) == (
        whole.tables,
        whole.annotators,
        whole.agreement,
    )


def test_a_split_of_several_files_is_one_in_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "annotations", "b", *(call(f"c{n}") for n in range(30)))
    one = made(folder, tmp_path / "one").path
    monkeypatch.setattr(shards.plan, "__defaults__", (2000,))
    many = made(folder, tmp_path / "many").path
    assert one is not None
    assert many is not None
    assert len(list((many / "documents").glob("train-*"))) > 1
    (head, body), (other_head, other_body) = card(one), card(many)
    splits = [[(s["name"], s["num_examples"]) for s in i["splits"]] for i in head["dataset_info"]]
    assert splits == [
        [(s["name"], s["num_examples"]) for s in i["splits"]] for i in other_head["dataset_info"]
    ]
    assert body == other_body


def test_counts_are_those_of_the_rows(sample: Path) -> None:
    rows = [row for f in (sample / "events").glob("*.parquet") for row in pq.read_table(f).to_pylist()]
    found = statistics.tables(sample, facts_of(sample))
    assert {row[0]: row[-1] for row in found["types"].rows} == Counter(row["type"] for row in rows)
    roles = Counter((row["type"], a["role"]) for row in rows for a in row["arguments"])
    assert {row[:2]: row[2] for row in found["roles"].rows} == roles
    assert [(a.name, a.annotations, a.truths) for a in statistics.annotators(sample, facts_of(sample))] == [
        ("machine-a", 54, 0), ("machine-b", 18, 0), ("machine-c", 18, 18)
    ]  # fmt: skip


# Leaks


def test_events_in_two_splits_are_those_that_the_leak_check_finds(sample: Path) -> None:
    report = leaks.check([sample])
    count = sum(finding.code == "W918" for finding in report.findings)
    assert numbers.gather(sample, facts_of(sample)).same_events == count > 0
    assert f"{count} event \\(by type, day and parties\\) in two splits" in card(sample)[1]


def test_near_texts_that_the_ledger_keeps_apart_are_told_of(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    tasks = [
        task(name, f"{words} {name}.", {"completed_by": "a1", "was_cancelled": False, "result": []})
        for name in ("x", "y")
    ]
    folder = write(tmp_path / "annotations", "b", *tasks)
    (folder / "splits.csv").write_text("doc_id,group,split\nx,x,train\ny,y,test\n")
    path = made(folder, tmp_path / "exports").path
    assert path is not None
    assert "Leaks: 1 text nearly equal to one of another split" in card(path)[1]


def test_what_was_not_looked_for_is_not_denied(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(sample)
    assert numbers.gather(sample, replace(facts, left_out=())).same_events is None
    monkeypatch.setattr(numbers, "MOST", 10)
    assert numbers.gather(sample, facts).same_events is None


# What the project says, and what nobody says


def test_the_hub_reads_the_head_and_the_guide_is_followed(sample: Path) -> None:
    data = DatasetCard((sample / "README.md").read_text("utf-8")).data.to_dict()
    assert data["license"] == ["cc-by-4.0", "cc0-1.0"]
    assert data["size_categories"] == ["n<1K"]
    assert (data["language"], data["multilinguality"]) == (["en"], ["monolingual"])
    assert data["annotations_creators"] == ["machine-generated"]
    headings = re.findall(r"^## (.*)$", card(sample)[1], re.MULTILINE)
    assert headings == [
        "Data sheet", "Views", "Splits", "What the views leave out", "Rights", "How it was annotated", "Known limits",
        "A row of each view", "Statistics",
    ]  # fmt: skip
    assert "| Motivation |" not in card(sample)[1]


def test_what_the_project_says_is_in_it(tmp_path: Path) -> None:
    about = DatasetSettings(
        creators=("Ann Lee", "Bo Ek"), license="MIT", url="https://example.org/d", version="2.0.0",
        published=date(2026, 1, 2), motivation="To see *whether* it works.", collection="By | hand.",
    )  # fmt: skip
    folder = write(tmp_path / "annotations", "b", call("one"), license="MIT")
    path = export.export(Plan(folder, ("b",), tmp_path / "out", "d", about=about), SCHEMA).path
    assert path is not None
    head, body = card(path)
    assert head["license"] == "mit"
    assert "| Motivation | To see \\*whether\\* it works. |" in body
    assert "| Collection | By \\| hand. |" in body
    assert "The annotations are the project's own (MIT)." in body
    cited = body[body.index("## Citation") :]
    assert "author = {{Ann Lee} and {Bo Ek}}," in cited
    assert "year = {2026}," in cited
    assert "version = {2.0.0}," in cited


def test_limits_name_what_is_rare_and_what_was_not_agreed_on(sample: Path) -> None:
    body = card(sample)[1]
    limits = body[body.index("## Known limits") : body.index("## A row of each view")]
    assert "36 of 54 articles have one annotation only" in limits
    assert "denied \\(9\\)" in limits
    assert "press\\_denial.scope \\(\\-0.17" in limits


# Rows that are shown


def test_a_row_of_each_view_is_short(sample: Path) -> None:
    text = max(
        (pq.read_table(f)["text"].to_pylist() for f in (sample / "documents").glob("*.parquet")), key=len
    )[0]
    body = card(sample)[1]
    shown = body[body.index("## A row of each view") : body.index("## Statistics")]
    assert re.findall(r"^### (.*)$", shown, re.MULTILINE) == list(facts_in_order(sample))
    assert text[:200] not in body
    assert len(shown) < 20_000
    assert '| tags | \\["O", "O",' in shown
    assert '"B\\-' in shown  # a sentence in which something is tagged


def facts_in_order(folder: Path) -> list[str]:
    return re.findall(r"^\| (\w+) \| \d+ \| \d+ \| \d+ \|", card(folder)[1], re.MULTILINE)[:9]


def test_shortened() -> None:
    assert shortened("x" * 61) == "x" * 59 + "…"
    assert shortened("x" * 60) == "x" * 60
    assert shortened([{"a": "b"}] * 3) == [{"a": "b"}, {"a": "b"}, "… 1 more"]
    assert shortened(list(range(10))) == [*range(8), "… 2 more"]
    assert shortened({"a": [None, True]}) == {"a": [None, True]}


def test_a_block_of_code_is_ended_by_nothing_in_it() -> None:
    assert fenced("a\n````\nb", "bibtex") == ["`````bibtex", "a\n````\nb", "`````", ""]
    assert fenced("ann@example.org") == ["```", "…", "```", ""]


def test_claims_are_in_the_card_where_there_are_any(tmp_path: Path) -> None:
    path = made(
        write(tmp_path / "annotations", "b", marked("d", DISPUTE.format("d"))), tmp_path / "exports"
    ).path
    assert path is not None
    body = card(path)[1]
    assert "### claims" in body
    assert "| disputed |" in body


# The repository


def test_the_citation_file_is_of_this_version() -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (said["cff-version"], said["version"], said["license"]) == ("1.2.0", __version__, "Apache-2.0")
    assert set(said) >= {"message", "title", "authors", "type"}
