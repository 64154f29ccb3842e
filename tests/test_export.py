"""From annotations to a dataset folder: whole or not at all, the same bytes each time, and nobody's address."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from articles import CALL, ROOT, SCHEMA, Json, annotation, call, files_of, made, marked, run, task, write
from test_load import DIFFER, card, in_split, loaded

from dateline import audit, export, files, splits, store
from dateline.outcome import Outcome


def broken(doc_id: str) -> Json:
    """A call with a span that runs past the text."""
    plain = call(doc_id)
    plain["annotations"][0]["result"][0]["value"]["end"] = 9999
    return plain


def codes(outcome: Outcome) -> list[str]:
    return sorted(f.code for f in outcome.findings)


def ids(folder: Path, view: str = "documents") -> dict[str, list[str]]:
    """The articles of a view by split."""
    found = {split: rows for (name, split), rows in audit.stored(folder).items() if name == view}
    return {split: [row["doc_id"] for row in rows] for split, rows in found.items()}


def members(folder: Path, view: str = "documents") -> list[str]:
    """The articles of a view."""
    return sorted(doc_id for found in ids(folder, view).values() for doc_id in found)


def everything(*folders: Path) -> dict[str, bytes]:
    return {f"{folder.name}/{name}": data for folder in folders for name, data in files_of(folder).items()}


# What is exported


def test_a_file_that_stands_in_no_batch_is_told(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports"
    (folder / "stray.json").write_text(json.dumps(call("two")), encoding="utf-8")
    places = ("--annotations", folder, "--schema", ROOT / "schema", "--out", out)
    done = run(*places)
    assert (done.returncode, members(out / "b")) == (0, ["one"])
    (note,) = [line for line in done.stderr.splitlines() if "stray" in line]
    assert note.startswith(f"note: {folder / 'stray.json'} stands in no batch")
    assert "stray" not in run("b", *places).stderr, "of a batch that was named nothing is missing"


@pytest.mark.parametrize(
    ("target", "given"),
    [("push", "one"), ("pull", "one"), ("export", "one"), ("validate", "annotations/one")],
)
def test_make_takes_the_batch_by_its_name(target: str, given: str) -> None:
    command = ["make", "--dry-run", "-o", ".venv/default.done", target, "BATCH=one", "ARGS=--more"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"scripts/{target}.py {given} --more" in done.stdout


# Errors


def test_an_error_writes_nothing_and_leaves_dataset_and_ledger_as_they_are(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports"
    assert run("--annotations", folder, "--schema", ROOT / "schema", "--out", out).returncode == 0
    write(folder, "b", call("new"), broken("bad"))
    before = everything(folder, out)
    done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", out)
    assert done.returncode == 1
    assert "E202" in done.stdout
    assert "nothing written" in done.stderr
    assert everything(folder, out) == before


def test_an_error_in_the_first_export_makes_no_folder_and_no_ledger(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", broken("bad")), tmp_path / "exports"
    assert made(folder, out).path is None
    assert not (folder / store.LEDGER).exists()
    assert not out.exists() or list(out.iterdir()) == []


def test_hold_back_leaves_out_what_errors_are_about_and_lists_it(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("fine"), broken("bad")), tmp_path / "exports"
    (folder / "b" / "mess.json").write_text('{"data": ')
    done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", out, "--hold-back")
    assert done.returncode == 0
    assert "held back: bad: errors in the annotation of a1" in done.stdout
    assert "held back: mess.json: cannot be read: E002" in done.stdout
    assert members(out / "b") == ["fine"]
    manifest = json.loads((out / "b" / "manifest.json").read_bytes())
    assert [h["doc_id"] for h in manifest["held_back"]] == ["bad", "mess.json"]
    body = card(out / "b")[1]
    assert "| bad | errors in the annotation of a1 |" in body
    assert "| mess.json | cannot be read: E002 |" in body


def test_an_error_beside_ground_truth_holds_nothing_back(tmp_path: Path) -> None:
    plain = marked("d", CALL.format("d"), CALL.format("d"), truth=0)
    plain["annotations"][1]["result"][0]["value"]["end"] = 9999
    folder = write(tmp_path / "annotations", "b", plain)
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert (outcome.held_back, dict(outcome.reasons)) == ([], {"ground truth": 1})


# Which annotation counts


def test_two_that_differ_are_held_back_with_a_warning_and_the_rest_is_written(tmp_path: Path) -> None:
    differ = marked("differ", *(d.format("x") for d in DIFFER))
    folder, out = write(tmp_path / "annotations", "b", call("fine"), differ), tmp_path / "exports"
    done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", out)
    assert done.returncode == 0
    assert "W912" in done.stdout
    assert "held back: differ: 2 annotations differ (a1, a2) and none is ground truth" in done.stdout
    assert members(out / "b") == ["fine"]
    assert members(out / "b", "annotations") == ["differ", "differ", "fine"]


def test_ground_truth_settles_it(tmp_path: Path) -> None:
    differ = marked("differ", *(d.format("x") for d in DIFFER), truth=1)
    outcome = made(write(tmp_path / "annotations", "b", differ), tmp_path / "exports")
    assert outcome.path is not None
    (row,) = audit.stored(outcome.path)["documents", "train"]
    assert (row["annotation"]["annotator"], row["events"][0]["attributes"][0]["value"]) == ("a2", "telephone")


def test_two_ground_truths_are_an_error(tmp_path: Path) -> None:
    plain = marked("d", CALL.format("d"), CALL.format("d"))
    for made_ in plain["annotations"]:
        made_["ground_truth"] = True
    folder = write(tmp_path / "annotations", "b", plain, call("fine"))
    outcome = made(folder, tmp_path / "exports")
    assert (outcome.path, codes(outcome)) == (None, ["E911"])
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert outcome.path is not None
    assert members(outcome.path) == ["fine"]


# One article, one place


@pytest.mark.parametrize("where", ["two files", "one file", "two batches"])
def test_an_article_that_stands_twice_is_an_error_and_in_no_dataset(where: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("twice"), call("fine"))
    again = marked("twice", CALL.format("twice").replace("telephone", "video"))
    if where == "one file":
        path = store.task_path(folder, "b", "twice")
        path.write_text(json.dumps([call("twice"), again]))
    else:
        batch = "b" if where == "two files" else "c"
        (folder / batch).mkdir(exist_ok=True)
        (folder / batch / "other.json").write_text(store.task_text(again))
    outcome = made(folder, tmp_path / "exports", name="x")
    assert (outcome.path, codes(outcome)) == (None, ["E901"])
    outcome = made(folder, tmp_path / "exports", name="x", hold_back=True)
    assert outcome.path is not None
    assert members(outcome.path) == ["fine"]
    assert {h.doc_id for h in outcome.held_back} == {"twice"}
    assert audit.check_export(folder, outcome.path, SCHEMA) == []


def same_text(doc_id: str, form: str = "{}") -> Json:
    """An article whose text is everybody's; `form` changes how it is written."""
    return task(doc_id, form.format("The same words, all the time."), annotation([]))


def test_equal_and_nearly_equal_texts_are_in_one_split(tmp_path: Path) -> None:
    ours = [in_split(split) for split in splits.SPLITS]
    texts = [same_text(i, form) for i, form in zip(ours, ("{}", "  {} ", "«{}»\r\n"), strict=True)]
    folder = write(tmp_path / "annotations", "b", *texts)
    outcome = made(folder, tmp_path / "exports")
    assert outcome.path is not None
    (split,) = ids(outcome.path)
    assert sorted(ids(outcome.path)[split]) == sorted(ours)
    rows = splits.read_ledger(folder / store.LEDGER)
    assert {row.group for row in rows} == {min(ours)}


def test_two_groups_that_turn_out_one_in_two_splits_are_an_error(tmp_path: Path) -> None:
    train, test = in_split("train"), in_split("test")
    folder, out = write(tmp_path / "annotations", "b", call(train), call(test)), tmp_path / "exports"
    assert made(folder, out).path is not None
    ledger = (folder / store.LEDGER).read_bytes()
    write(folder, "b", same_text(train), same_text(test))
    outcome = made(folder, out)
    assert (outcome.path, codes(outcome)) == (None, ["E902", "I812", "I812"])
    outcome = made(folder, out, hold_back=True)
    assert outcome.path is not None
    assert sum(map(len, ids(outcome.path).values())) == 1
    assert len(outcome.held_back) == 1
    assert (folder / store.LEDGER).read_bytes() == ledger
    assert audit.check_export(folder, outcome.path, SCHEMA) == []


# The ledger


def test_the_ledger_moves_nothing_and_only_grows(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("first")), tmp_path / "exports"
    (folder / store.LEDGER).write_text("doc_id,group,split\nfirst,first,test\ngone,gone,validation\n")
    before = (folder / store.LEDGER).read_text()
    for number in range(3):
        write(folder, "b", call(f"more-{number}"))
        outcome = made(folder, out)
        assert outcome.path is not None
        after = (folder / store.LEDGER).read_text()
        assert after.startswith(before)
        assert after.count("\n") == before.count("\n") + 1
        before = after
        assert ids(outcome.path)["test"] == ["first"]
    made(folder, out)
    assert (folder / store.LEDGER).read_text() == before


@pytest.mark.parametrize("bad", ["first,first,trian", "first,first", "first,first,test\nfirst,first,train"])
def test_a_broken_ledger_is_said_with_its_line_and_changes_nothing(bad: str, tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("first")), tmp_path / "exports"
    (folder / store.LEDGER).write_text(f"doc_id,group,split\n{bad}\n")
    before = everything(folder)
    with pytest.raises(export.ExportError, match=rf"splits\.csv:{2 + bad.count(chr(10))}: "):
        made(folder, out)
    assert everything(folder) == before
    assert not (out / "b").exists()


def test_a_broken_ledger_is_bad_use(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call("first"))
    (folder / store.LEDGER).write_text("doc_id,group,split\nfirst,first,trian\n")
    done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", tmp_path / "exports")
    assert done.returncode == 2
    assert f"{folder / store.LEDGER}:2: " in done.stderr
    assert "Traceback" not in done.stderr


# The same bytes


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Some articles with different, equal and missing annotations."""
    tasks = [call(f"article {n}", title=f"Nº {n}") for n in range(5)]
    tasks += [marked("differ", *(d.format("x") for d in DIFFER)), marked("equal", *[CALL.format("é😀")] * 2)]
    return write(tmp_path / "annotations", "b", *tasks, same_text("quiet"))


def test_the_same_input_gives_the_same_bytes_from_anywhere(corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus, tmp_path / "moved" / "annotations")
    ways = {
        "one": (["--annotations", corpus], tmp_path, "0"),
        "elsewhere": (["--annotations", "annotations"], tmp_path / "moved", "2"),
        "relative": (["--annotations", "../moved/./annotations/"], tmp_path / "moved", "3"),
    }
    for name, (where, cwd, seed) in ways.items():
        options = ["--schema", ROOT / "schema", "--out", tmp_path / name]
        done = run(*where, *options, cwd=cwd, PYTHONHASHSEED=seed, COLUMNS="40", LC_ALL="C")
        assert done.returncode == 0, done.stderr
    first, *others = [files_of(tmp_path / name) for name in ways]
    assert len(first) >= 6
    assert all(other == first for other in others)


def test_names_and_order_of_files_show_in_the_manifest_only(corpus: Path, tmp_path: Path) -> None:
    first = made(corpus, tmp_path / "one").path
    for n, path in enumerate(sorted((corpus / "b").iterdir(), reverse=True)):
        path.rename(corpus / "b" / f"{n}.json")
    second = made(corpus, tmp_path / "two").path
    assert first is not None
    assert second is not None
    one, two = files_of(first), files_of(second)
    manifests = [json.loads(found.pop("manifest.json")) for found in (one, two)]
    assert one == two
    assert manifests[0].pop("inputs") != manifests[1].pop("inputs")
    assert manifests[0] == manifests[1]


def test_nothing_of_the_machine_is_in_the_folder(corpus: Path, tmp_path: Path) -> None:
    path = made(corpus, tmp_path / "exports").path
    assert path is not None
    told = "".join((path / name).read_text() for name in ("README.md", "manifest.json", "schema.json"))
    assert str(tmp_path) not in told
    assert time.strftime("%Y-%m-%d") not in told


# Batches and names


def test_each_batch_is_a_dataset_and_several_are_one_under_a_name(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports"
    write(folder, "c", call("two"))
    common = ["--annotations", folder, "--schema", ROOT / "schema", "--out", out]
    assert run(*common).returncode == 0
    assert sorted(p.name for p in out.iterdir()) == ["b", "c"]
    assert run("c", "b", *common, "--name", "both").returncode == 0
    assert sorted(p.name for p in out.iterdir()) == ["b", "both", "c"]
    (row, other) = audit.stored(out / "both")["documents", "train"]
    assert [row["annotation"]["batch"], other["annotation"]["batch"]] == ["b", "c"]
    assert json.loads((out / "both" / "manifest.json").read_bytes())["batches"] == ["c", "b"]


@pytest.mark.parametrize(
    ("batches", "views_", "name", "said"),
    [
        (["nonsense"], ["events"], "x", "there is no batch 'nonsense'"),
        (["articles"], ["events"], "x", "there is no batch 'articles'"),
        (["../annotations/b"], ["events"], "x", "there is no batch"),
        (["b"], ["documents", "nonsense"], "x", "there is no view 'nonsense'"),
        (["b"], ["events"], "../b", "is no name for a folder"),
        (["b"], ["events"], "a@example.org", "is no name for a folder"),
    ],
)
def test_what_cannot_be_exported_is_refused_at_once(
    batches: list[str], views_: list[str], name: str, said: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "annotations", "b", call("one"))
    plan = export.Plan(folder, tuple(batches), tmp_path / "exports", name, tuple(views_))
    before = everything(tmp_path)
    with pytest.raises(export.ExportError, match=re.escape(said)):
        export.export(plan, SCHEMA)
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "error: there is no batch 'nonsense' in annotations (there is: b)"),
        (["b", "--views", "events,nonsense"], "error: there is no view 'nonsense'"),
        (["b", "--schema", "nonsense"], "there is no such folder"),
    ],
)
def test_bad_use_is_said_in_a_line(arguments: list[str], said: str, tmp_path: Path) -> None:
    write(tmp_path / "annotations", "b", call("one"))
    done = run("--schema", ROOT / "schema", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "exports" / "b").exists()


def test_some_views_alone(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports"
    export.export(export.Plan(folder, ("b",), out, "b", ("documents",)), SCHEMA)
    assert set(audit.stored(out / "b")) == {("documents", "train")}
    head, body = card(out / "b")
    assert [c["config_name"] for c in head["configs"]] == ["documents"]
    assert head["configs"][0]["default"] is True
    assert 'load_dataset("path/to/b", "documents")' in body


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_that_is_not_ours_is_refused_and_untouched(what: str, tmp_path: Path) -> None:
    folder, out = write(tmp_path / "annotations", "b", call("one")), tmp_path / "exports"
    place = out / "b"
    (place if what == "folder" else out).mkdir(parents=True)
    (place / "thesis.txt" if what == "folder" else place).write_text("years of work")
    before = everything(out)
    with pytest.raises(files.FileError, match=str(place)):
        made(folder, out, "b")
    assert everything(out) == before
    if what == "folder":
        done = run("--annotations", folder, "--schema", ROOT / "schema", "--out", out)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert everything(out) == before


# Whole or not at all


ENDLESS = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from articles import made
one, two, out = map(Path, sys.argv[2:])
print("ready", flush=True)
while True:
    for folder in (one, two):
        (folder / "splits.csv").unlink(missing_ok=True)
        made(folder, out, "b", name="d")
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_folder_is_whole_and_the_next_run_leaves_nothing(tmp_path: Path) -> None:
    one = write(tmp_path / "one", "b", call("one"), call("two"))
    two = write(tmp_path / "two", "b", call("three"))
    whole = []
    for folder in (one, two):
        path = made(folder, tmp_path / "whole", name="d").path
        assert path is not None
        whole.append(files_of(path))
        shutil.rmtree(path)
    out, chance = tmp_path / "exports", random.Random(7)
    for _ in range(20):
        command = [sys.executable, "-c", ENDLESS, str(ROOT / "tests"), str(one), str(two), str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.6))
            running.send_signal(signal.SIGKILL)
        if (out / "d").exists():
            assert files_of(out / "d") in whole
        for folder in (one, two):
            splits.read_ledger(folder / store.LEDGER)
    for folder, wanted in zip((one, two), whole, strict=True):
        made(folder, out, "b", name="d")
        assert files_of(out / "d") == wanted
        assert os.listdir(out) == ["d"]
        assert sorted(os.listdir(folder)) == ["articles", "b", "splits.csv"]


# People


ADDRESS = "kim.lee@example.org"
ADDRESS_IN: dict[str, Any] = {
    "completed_by": lambda t: t["annotations"][0].update(completed_by=ADDRESS),
    "a user object": lambda t: t["annotations"][0].update(completed_by={"id": 3, "email": ADDRESS}),
    "an unknown key": lambda t: t["annotations"][0].update(updated_by={"email": ADDRESS}),
    "a note": lambda t: t["annotations"][0]["result"].append(
        {"id": t["annotations"][0]["result"][0]["id"], "from_name": "note", "to_name": "text", "type": "textarea",
         "value": {"text": [f"ask {ADDRESS}"]}}
    ),
    "from": lambda t: t["annotations"][0].update({"from": [ADDRESS]}),
    "a draft": lambda t: t.update(drafts=[{"user": ADDRESS, "result": []}]),
    "a prediction": lambda t: t.update(predictions=[{"model_version": ADDRESS, "result": []}]),
    "meta": lambda t: t.update(meta={"imported_by": ADDRESS}),
    "data": lambda t: t["data"].update(uploader=ADDRESS),
    "the guideline": lambda t: t["data"].update(guideline_version=ADDRESS),
}  # fmt: skip


@pytest.mark.parametrize("place", ADDRESS_IN)
def test_an_address_is_an_error_and_reaches_no_export(place: str, tmp_path: Path) -> None:
    plain = call("one")
    ADDRESS_IN[place](plain)
    folder = write(tmp_path / "annotations", "b", plain, call("fine"))
    outcome = made(folder, tmp_path / "exports")
    assert (outcome.path, [c for c in codes(outcome) if c[0] == "E"]) == (None, ["E910"])
    assert ADDRESS not in str(outcome)
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert outcome.path is not None
    assert members(outcome.path) == ["fine"]
    assert_nobody(outcome.path)


def test_an_address_as_the_name_of_an_article_or_file_reaches_no_export(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", call(ADDRESS), call("fine"))
    store.task_path(folder, "b", "fine").rename(folder / "b" / f"{ADDRESS}.json")
    outcome = made(folder, tmp_path / "exports", hold_back=True)
    assert outcome.path is not None
    assert members(outcome.path) == ["fine"]
    assert_nobody(outcome.path)


def test_an_address_as_the_name_of_a_batch_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", ADDRESS, call("one"))
    with pytest.raises(export.ExportError, match="e-mail"):
        made(folder, tmp_path / "exports", name="x")


def assert_nobody(folder: Path) -> None:
    """No address in any file's name or bytes, nor in any value of a Parquet file, which is compressed."""
    for name, data in files_of(folder).items():
        rows = str(pq.read_table(folder / name).to_pylist()) if name.endswith(".parquet") else ""
        for form in (ADDRESS, ADDRESS.replace("@", "&#64;"), ADDRESS.replace("@", "\\u0040")):
            assert form not in name + rows
            assert form.encode() not in data


# Hostile strings


HOSTILE = {
    "path": "../../../tmp/evil",
    "absolute": "/etc/passwd",
    "dots": "..",
    "newline": "two\nlines",
    "yaml-end": "\n---\nlicense: mit\n---\n",
    "mapping": "x: {y: [",
    "dashes": "---",
    "tag": "!!python/object/apply:os.system [id]",
    "quotes": "\"'`\\",
    "markdown": "| a | <b>*[x](http://example.org)*</b> `c` | \n\n# Head",
    "emoji": "👨‍👩‍👧🇯🇵 é",
    "long": "x" * 300,
    "word": "null",
    "number": "1e3",
    "right-to-left": "\u202eabc\u202c",
    "nul": "a\x00b",
    "comma": 'a,"b"\r,c',
    "space": " ",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Every hostile string as an article's id, title, publisher and licence, and as a batch where a folder can."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    folder = tmp_path / "annotations"
    batches = {}
    for n, (kind, words) in enumerate(HOSTILE.items()):
        bad = "/" in words or "\0" in words or words in ("..", " ") or len(words) > 200
        batches[kind] = "plain" if bad else words
        plain = marked(words, CALL.format(n), title=words, publisher=words)
        write(folder, batches[kind], plain, license=words)
    before = {p for p in tmp_path.rglob("*") if p.is_file()}
    outcome = made(folder, tmp_path / "exports", *sorted(set(batches.values())), name="null")
    assert outcome.path is not None, outcome.findings
    after = {p for p in tmp_path.rglob("*") if p.is_file()} - before
    assert {p.relative_to(outcome.path) for p in after if p != folder / store.LEDGER}  # all below the folder
    assert outcome.held_back == []
    return outcome.path, batches


def test_hostile_strings_come_back_as_they_are(hostile: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    path, batches = hostile
    (found,) = loaded(tmp_path, path)
    rows = [row for part in found["documents"].values() for row in part["rows"]]
    assert {
        (r["doc_id"], r["source"]["title"], r["source"]["publisher"], r["source"]["license"]) for r in rows
    } == {(words,) * 4 for words in HOSTILE.values()}
    assert {r["doc_id"]: r["annotation"]["batch"] for r in rows} == {
        HOSTILE[k]: b for k, b in batches.items()
    }


def test_a_card_with_hostile_strings_is_yaml_and_its_tables_are_whole(
    hostile: tuple[Path, dict[str, str]],
) -> None:
    head, body = card(hostile[0])
    assert (head["pretty_name"], head["license"]) == ("null", "other")
    tables = re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE)
    assert len(tables) == 14  # sheet, views, losses, sources, a row of seven views, types, status, arguments
    for table in tables:
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(columns) == 1, table
    assert "<b>" not in body
    assert "[x](" not in body
    assert [line for line in body.splitlines() if line.startswith("# ")] == ["# null"]


def test_a_single_hostile_licence_stays_inside_the_yaml(tmp_path: Path) -> None:
    for n, words in enumerate(
        HOSTILE[kind] for kind in ("yaml-end", "mapping", "dashes", "tag", "word", "nul")
    ):
        folder = write(tmp_path / f"a{n}", "b", call("one"), license=words)
        path = made(folder, tmp_path / f"e{n}").path
        assert path is not None
        head, _ = card(path)
        assert head["license"] == "other"  # the Hub knows no such licence; the card's table has its words
        assert set(head) >= {"configs", "dataset_info", "pretty_name"}
