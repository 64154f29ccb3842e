"""Files of a later version: each kind is refused with both versions named, or is passed over and stays as it is."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, Json, call, files_of, made, write

from dateline import (
    __version__,
    adjudication,
    audit,
    export,
    jobs,
    manifest,
    marks,
    people,
    portion,
    publish,
    reading,
    rehydrate,
    report,
    score,
    settings,
    sources,
    splits,
    spool,
    store,
    stored_batch,
)
from dateline.label_studio import projects
from dateline.label_studio.errors import LabelStudioError
from dateline.migration import moves

LATER: Json = {"format": 2, "dateline": "99.1.0"}
SAID = rf"has the format 2, made by Dateline 99\.1\.0; this is Dateline {__version__}, which reads formats up to 1"


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    return write(tmp_path / "annotations", "march", call("a"), call("b"), title="A call", license="CC0-1.0")


def later(path: Path) -> dict[str, bytes]:
    """Let a file of JSON be of a later format; the files beside it."""
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **LATER}), encoding="utf-8")
    return files_of(path.parent)


def codes(annotations: Path) -> list[tuple[str, str]]:
    items = reading.read([annotations / "march"], SCHEMA)
    return [(f.code, f.message) for item in items for f in item.findings if f.severity == "error"]


def test_a_file_without_a_number_is_of_the_first_format(annotations: Path) -> None:
    before = list(reading.read([annotations / "march"], SCHEMA))
    for path in annotations.glob("*/*.json"):
        path.write_text(json.dumps({"format": 1, **json.loads(path.read_bytes())}), encoding="utf-8")
    after = list(reading.read([annotations / "march"], SCHEMA))
    assert [item.documents for item in after] == [item.documents for item in before]
    (article,) = reading.read([annotations / "articles" / "a.json"], SCHEMA)
    assert (article.doc_id, article.findings) == ("a", [])
    assert store.read_article(annotations / "articles" / "a.json").doc_id == "a"


@pytest.mark.parametrize("number", [2, 99, "1.1", None, [1]])
def test_any_number_but_the_known_ones_is_refused(number: object) -> None:
    with pytest.raises(store.NewerError, match="made by a later Dateline; this is Dateline"):
        store.check_format({"format": number})


def test_an_article(annotations: Path) -> None:
    path = annotations / "articles" / "a.json"
    before = later(path)
    with pytest.raises(store.StoreError, match=SAID):
        store.read_article(path)
    ((code, message),) = codes(annotations)
    assert code == "E820" and SAID.replace("\\", "") in message
    (item,) = reading.read([path], SCHEMA)
    assert [f.code for f in item.findings] == ["E102"] and item.documents == []
    assert files_of(path.parent) == before


def test_a_task(annotations: Path, tmp_path: Path) -> None:
    path = annotations / "march" / "a.json"
    before = later(path)
    ((code, message),) = codes(annotations)
    assert code == "E102" and message == "the file " + SAID.replace("\\", "")
    assert made(annotations, tmp_path / "exports").path is None
    outcome = made(annotations, tmp_path / "exports", hold_back=True)
    assert [(held.doc_id, held.reason) for held in outcome.held_back] == [("a.json", "cannot be read: E102")]
    with pytest.raises(store.StoreError, match=SAID):
        stored_batch.read_task(path)
    with pytest.raises(store.StoreError, match=SAID):
        marks.store_annotation(call("a"), annotations, "march")
    with pytest.raises(store.StoreError, match=SAID):
        adjudication.merge(annotations, "march", SCHEMA, adjudication.parse("unanimous"))
    assert files_of(path.parent) == before
    script = [sys.executable, ROOT / "scripts/agreement.py", "--annotations", annotations]
    done = subprocess.run(script, capture_output=True, text=True, cwd=ROOT, check=False)
    assert re.search(SAID.replace(" ", r"\s+"), done.stdout), "what is left out is named"


def test_a_record() -> None:
    value = {**LATER, "doc_id": "a", "text": "A.", "events": [], "mentions": []}
    (item,) = reading.items([sources.Raw("a.jsonl", 7, json.dumps(value).encode(), True)], SCHEMA)
    assert [(f.code, f.line) for f in item.findings] == [("E102", 7)]


def test_a_ledger(annotations: Path, tmp_path: Path) -> None:
    path = annotations / "splits.csv"
    path.write_text("doc_id,group,split,since\na,a,train,2030-01-01\n", encoding="utf-8")
    before = files_of(annotations)
    with pytest.raises(export.ExportError, match=rf"splits.csv:1: .* Dateline {__version__} reads.* newer"):
        made(annotations, tmp_path / "exports")
    with pytest.raises(splits.LedgerError, match=__version__):
        splits.append_ledger(path, [splits.Row("b", "b", "train")])
    assert files_of(annotations) == before


def test_the_map_of_people(tmp_path: Path) -> None:
    for head in ("address,annotator", "email,annotator,since", "email;annotator"):
        (tmp_path / people.FILE).write_text(f"{head}\nann@example.org,a1\n", encoding="utf-8")
        with pytest.raises(people.BadMap, match=r"people\.csv:1: "):
            people.load(tmp_path)
    for head in ("email,annotator\n", ""):
        (tmp_path / people.FILE).write_text(f"{head}ann@example.org,a1\n", encoding="utf-8")
        assert people.load(tmp_path).known == {"ann@example.org": "a1"}


def test_the_addresses_of_projects(tmp_path: Path) -> None:
    path = tmp_path / projects.LINKS
    path.write_text("origin,url,since\n0123,https://ls.example,2030\n", encoding="utf-8")
    before = path.read_bytes()
    assert projects.addresses(tmp_path) == {}
    project = projects.Project(1, "march", "abc", "march", None, "")
    projects.remember(tmp_path, "https://ls.example", [project])
    assert path.read_bytes() == before
    path.unlink()
    projects.remember(tmp_path, "https://ls.example", [project])
    assert projects.addresses(tmp_path) == {"abc": "https://ls.example"}


def test_the_line_in_a_project_on_a_server() -> None:
    plain = {"id": 7, "title": "march", "label_config": ""}
    known = "News.\n[dateline batch=march annotator=- key=0123456789ab]"
    found = projects._project({**plain, "description": known})
    assert found and found.batch == "march"
    for other in ("", "somebody's own", "[dateline review=march key=0123456789ab]"):
        assert projects._project({**plain, "description": other}) is None
    with pytest.raises(LabelStudioError, match=r"'\.\./x' is no name for a batch \(project 7\)"):
        projects._project({**plain, "description": known.replace("march", "../x")})
    with pytest.raises(LabelStudioError, match=rf"project 7 \(march\).*{__version__}"):
        projects._project({**plain, "description": "[dateline batch=march role=x key=0123456789ab]"})


def test_what_a_run_has_left_to_be_resumed(
    annotations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that another version has finished is worked on again."""
    folder = spool.Spool(tmp_path / "spool")

    def run() -> list[bool]:
        context = portion.Context(SCHEMA, views=("documents",))
        found = []
        for job in jobs.Jobs([annotations / "march"], context, folder):
            found.append(folder.done(job.block.number, job.key) is not None)
            portion.work(job)
        return found

    assert run() == [False]
    assert run() == [True]
    monkeypatch.setattr(jobs, "__version__", "99.1.0")
    assert run() == [False]


READERS: dict[str, tuple[type[Exception], Callable[[Path, Path], object]]] = {
    "rehydrate": (
        rehydrate.RehydrateError,
        lambda folder, articles: rehydrate.rehydrate(folder, [articles], folder.with_name("out")),
    ),
    "publish": (publish.PublishError, lambda folder, _: publish.check(folder)),
    "report": (report.ReportError, lambda folder, _: report.from_export(folder)),
    "score": (sources.SourceError, lambda folder, _: list(score.load(folder))),
    "audit": (
        manifest.NewerError,
        lambda folder, articles: audit.check_export(articles.parent, folder, SCHEMA),
    ),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_dataset_with_all_that_is_in_it(reader: str, annotations: Path, tmp_path: Path) -> None:
    """Its manifest speaks for every file: tables, card, losses.jsonl, texts.jsonl."""
    error, read = READERS[reader]
    plan = export.Plan(annotations, ("march",), tmp_path / "exports", "march", text="omit")
    folder = export.export(plan, SCHEMA).path
    assert folder
    shutil.copytree(folder, tmp_path / "sound")
    if reader != "audit":
        read(tmp_path / "sound", annotations / "articles")
    later(folder / manifest.NAME)
    before = files_of(tmp_path / "exports")
    with pytest.raises(error, match=SAID):
        read(folder, annotations / "articles")
    assert files_of(tmp_path / "exports") == before


def test_settings_and_moves(tmp_path: Path) -> None:
    path = tmp_path / "later.toml"
    path.write_text("[dataset]\nfuture = 1\n", encoding="utf-8")
    with pytest.raises(settings.SettingsError, match="future"):
        settings.load(path)
    path.write_text('[split.type]\nsanction = "a reason"\n', encoding="utf-8")
    with pytest.raises(moves.MovesError, match=r"later\.toml.*split"):
        moves.load(path, SCHEMA, SCHEMA)


@pytest.mark.parametrize("batch", ["articles", "", ".", "..", "../other", "a/b", "/tmp/x", ".pull-a"])
def test_a_batch_that_a_server_names_leads_nowhere_else(tmp_path: Path, batch: str) -> None:
    with pytest.raises(store.StoreError, match="is no name for a batch"):
        store.task_path(tmp_path, batch, "a")
    with pytest.raises(store.StoreError, match="is no name for a batch"), stored_batch.Stage(tmp_path, batch):
        pass
    assert list(tmp_path.iterdir()) == []
