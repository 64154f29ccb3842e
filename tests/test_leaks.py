"""The leak check on folders of ours and of others, with leaks that were planted by hand."""

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import ROOT, call, made, marked, write
from test_near_duplicates import changed, invented

from dateline import leaks, splits
from dateline.findings import Finding

Row = dict[str, Any]
Writer = Callable[[Path, list[Row]], None]


def parquet(path: Path, rows: list[Row]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


def jsonl(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def json_list(path: Path, rows: list[Row]) -> None:
    path.write_text(json.dumps(rows, indent=1))


def packed(path: Path, rows: list[Row]) -> None:
    with gzip.open(path, "wt") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)


def csv(path: Path, rows: list[Row], comma: str = ",") -> None:
    lines = [rows[0], *(row.values() for row in rows)]
    path.write_text("".join(comma.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines), "utf-8-sig")


def tsv(path: Path, rows: list[Row]) -> None:
    csv(path, rows, "\t")


def dataset(leak: Iterable[str] = ()) -> dict[str, list[Row]]:
    """Three splits of articles by others; `leak` is appended to test."""
    texts = [" ".join(invented(seed)) for seed in range(30)]
    by_split = {"train": texts[:20], "validation": texts[20:25], "test": [*texts[25:], *leak]}
    return {
        split: [{"content": text, "label": n} for n, text in enumerate(found)]
        for split, found in by_split.items()
    }


TRAIN = dataset()["train"][3]["content"]
NEAR = " ".join(changed(TRAIN.split(), 0.2, 1))


def stored(folder: Path, rows: dict[str, list[Row]], pattern: str, writer: Writer = parquet) -> Path:
    for split, found in rows.items():
        path = folder / pattern.format(split)
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(path, found)
    return folder


def run(*args: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "scripts/leaks.py"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})


def codes(found: list[Finding]) -> list[str]:
    return [f.code for f in found]


# Folders of others


@pytest.mark.parametrize(
    ("pattern", "writer"),
    [
        ("{}-00000-of-00001.parquet", parquet),
        ("data/{}-00000-of-00001.parquet", parquet),
        ("news/{}.jsonl", jsonl),
        ("{}/part-0.json", json_list),
        ("my_{}.csv", csv),
        ("a/b/{}.tsv", tsv),
        ("{}.json.gz", packed),
    ],
)
def test_a_planted_leak_is_found_however_the_folder_is_laid_out(
    pattern: str, writer: Writer, tmp_path: Path
) -> None:
    folder = stored(tmp_path / "data", dataset([TRAIN.upper(), NEAR]), pattern, writer)
    report = leaks.check([folder])
    assert codes(report.leaks) == ["E902", "W913"]
    equal, near = (f.message for f in report.leaks)
    assert equal == "test: the text of row 6 equals that of row 4 in train"
    assert near.startswith("test: the text of row 7 is nearly that of row 4 in train (similarity 0.6")
    assert report.counts["texts"] == 32
    assert [f.message.partition(":")[2] for f in report.findings if f.code == "I919"] == [
        " the events: there are no columns type and arguments, or events and mentions"
    ]


def test_a_clean_folder_has_no_leak(tmp_path: Path) -> None:
    folder = stored(tmp_path / "data", dataset(), "{}.parquet")
    assert leaks.check([folder]).leaks == []
    done = run(folder)
    assert (done.returncode, "leaks: none was found" in done.stdout) == (0, True)
    assert "I919 not checked: the events" in done.stdout


def test_single_files_are_told_apart_by_their_names(tmp_path: Path) -> None:
    stored(tmp_path, dataset([NEAR]), "{}.jsonl", jsonl)
    shutil.move(tmp_path / "test.jsonl", tmp_path / "held_out.jsonl")
    report = leaks.check([tmp_path / "train.jsonl", tmp_path / "held_out.jsonl"])
    assert [f.message.partition(":")[0] for f in report.leaks] == ["held_out"]


@pytest.mark.parametrize(
    "files",
    [
        "[{split: train, path: 'x/one-*'}, {split: unseen, path: [x/two.parquet]}]",
        "{train: x/one-0.parquet, unseen: ['x/two.parquet']}",
    ],
)
def test_the_card_decides_what_is_a_split(files: str, tmp_path: Path) -> None:
    rows = dataset([NEAR])
    stored(tmp_path, {"one-0": rows["train"], "two": rows["test"], "train": rows["test"]}, "x/{}.parquet")
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n- config_name: x\n  data_files: {files}\n---\n# X\n")
    report = leaks.check([tmp_path])
    assert [f.message.partition(" (")[0] for f in report.leaks] == [
        "unseen: the text of row 6 is nearly that of row 4 in train"
    ]


def test_configs_are_compared_each_by_itself(tmp_path: Path) -> None:
    """Folds of a cross-validation share their articles."""
    rows = dataset()
    stored(tmp_path, {"train": rows["train"], "test": rows["test"]}, "fold-1/{}.parquet")
    stored(tmp_path, {"train": rows["test"], "test": rows["train"]}, "fold-2/{}.parquet")
    assert leaks.check([tmp_path]).leaks == []


def test_an_article_in_two_splits_is_named_by_its_id(tmp_path: Path) -> None:
    rows = {
        split: [{"id": f"n{n}", "text": TRAIN}, {"id": split, "text": split}]
        for n, split in enumerate(("train", "dev"))
    }
    rows["dev"][0]["id"] = "n0"
    (finding,) = leaks.check([stored(tmp_path, rows, "{}.jsonl", jsonl)]).leaks
    assert (finding.code, finding.doc_id, finding.message) == (
        "E902",
        "n0",
        "validation: the article is in train too",
    )


def test_tokens_are_a_text_too_and_a_number_is_none(tmp_path: Path) -> None:
    rows = {
        split: [{"sentence": 7, "tokens": text.split()}] for split, text in (("train", TRAIN), ("test", NEAR))
    }
    assert codes(leaks.check([stored(tmp_path, rows, "{}.parquet")]).leaks) == ["W913"]


# What could not be checked


def test_a_dataset_without_texts_is_said_to_be_unchecked(tmp_path: Path) -> None:
    rows = {"train": [{"story": TRAIN}], "test": [{"story": TRAIN}]}
    folder = stored(tmp_path, rows, "{}.parquet")
    report = leaks.check([folder])
    assert (report.leaks, codes(report.findings)) == ([], ["I919", "I919"])
    assert "no text column" in report.findings[0].message
    assert codes(leaks.check([folder], "story").leaks) == ["E902"]


def test_texts_that_were_left_out_are_said_to_be_unchecked(tmp_path: Path) -> None:
    rows = {"train": [{"text": TRAIN}], "test": [{"text": None}, {"text": " "}]}
    (finding, _) = leaks.check([stored(tmp_path, rows, "{}.jsonl", jsonl)]).findings
    assert "the texts of test: there are none in it" in finding.message


def test_one_split_alone_is_nothing_to_compare(tmp_path: Path) -> None:
    report = leaks.check([stored(tmp_path, {"train": dataset()["train"]}, "{}.parquet")])
    assert [f.message for f in report.findings] == ["not checked: anything: train is the only split"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"train.parquet": b"no parquet", "test.parquet": b""}, "cannot be read"),
        ({"train.jsonl": b'{"text": "a"}\n{"text": \n', "test.jsonl": b""}, "cannot be read"),
        ({"train.csv": b"text\n\xff\xfe\n", "test.csv": b"text\nb\n"}, "cannot be read"),
        ({"train.json.gz": b"no gzip", "test.jsonl": b""}, "cannot be read"),
        ({"README.md": b"---\nconfigs: [\n---\n", "train.csv": b"text\na\n"}, "README.md"),
        ({"notes.txt": b"train"}, "no file belongs to a split"),
    ],
)
def test_what_cannot_be_read_is_said_with_exit_code_2(
    content: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    done = run(tmp_path)
    assert (done.returncode, done.stderr.startswith("error: ")) == (2, True)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_column_that_is_not_there_is_bad_use(tmp_path: Path) -> None:
    done = run(stored(tmp_path, dataset(), "{}.parquet"), "--text-column", "story")
    assert done.returncode == 2
    assert "no file has a column 'story'; there are: content, label" in done.stderr


def test_formats_for_machines(tmp_path: Path) -> None:
    folder = stored(tmp_path, dataset([NEAR]), "{}.parquet")
    done = run(folder, "--format", "json")
    assert (done.returncode, [f["code"] for f in json.loads(done.stdout)]) == (1, ["I919", "W913"])
    assert "::warning file=" in run(folder, "--format", "github").stdout
    assert run(folder, "--ignore", "W913").returncode == 0


# Our own


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of our own, placed anew: without the ledger."""
    folder = tmp_path_factory.mktemp("ours")
    shutil.copytree(ROOT / "annotations/sample", folder / "annotations/sample")
    shutil.copytree(ROOT / "annotations/articles", folder / "annotations/articles")
    path = made(folder / "annotations", folder / "exports").path
    assert path is not None
    return path


def test_the_reprints_stay_together_without_the_ledger(ours: Path) -> None:
    stories = ("brenmark-package", "hjelmstad-freezes-assets", "leave-zahrestan-now")
    rows = splits.read_ledger(ours.parents[1] / "annotations/splits.csv")
    found = [row for row in rows if row.doc_id.endswith(stories)]
    assert len(found) == 3
    assert {row.group for row in found} == {"sample-2025-02-18-brenmark-package"}
    assert len({row.split for row in found}) == 1
    assert all(row.group == row.doc_id for row in rows if row not in found)
    manifest = json.loads((ours / "manifest.json").read_bytes())
    assert manifest["splits"]["groups"] == [sorted(row.doc_id for row in found)]
    assert manifest["splits"]["strategy"] == "hash"


def test_no_text_of_ours_leaks(ours: Path) -> None:
    report = leaks.check([ours])
    assert set(codes(report.leaks)) <= {"W918"}
    assert report.counts["texts"] > 100


@pytest.mark.parametrize(("edit", "code"), [(str, "E902"), (lambda text: text[: len(text) * 2 // 3], "W913")])
def test_an_article_copied_from_train_into_test_is_found(
    edit: Callable[[str], str], code: str, ours: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "planted"
    shutil.copytree(ours, folder)
    train, test = (next((folder / "documents").glob(f"{split}-*")) for split in ("train", "test"))
    table = pq.read_table(train)
    row = max(table.to_pylist(), key=lambda row: len(row["text"]))
    copied = {**row, "doc_id": "copied", "text": edit(row["text"]), "events": []}
    both = pa.concat_tables([pq.read_table(test), pa.Table.from_pylist([copied], table.schema)])
    pq.write_table(both, test)
    found = [f for f in leaks.check([folder]).leaks if f.code != "W918"]
    assert [(f.code, f.doc_id) for f in found] == [(code, "copied")]
    assert row["doc_id"] in found[0].message
    assert run(folder).returncode == 1


MET = "[{}|PERSON #a] [{}|phone_call participant=a,b medium=telephone time=t] [{}|PERSON #b] on [Monday|TIME value={} #t], we hear from {}."


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Ann Lee", "phoned", "Bo Ek", "2025-03-03"), ("Bo  EK", "called", "ann lee", "2025-03-03"), True),
        (("Ann Lee", "phoned", "Bo Ek", "2025-03-03"), ("Ann Lee", "phoned", "Bo Ek", "2025-03-04"), False),
        (("Ann Lee", "phoned", "Bo Ek", "2025-03-03"), ("Ann Lee", "phoned", "Cy Orr", "2025-03-03"), False),
        (("Ann Lee", "phoned", "Bo Ek", "2025-03"), ("Ann Lee", "phoned", "Bo Ek", "2025-03"), False),
    ],
)
@pytest.mark.parametrize("view", ["documents", "events"])
def test_one_event_in_two_splits(
    one: tuple[str, ...], other: tuple[str, ...], same: bool, view: str, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "annotations",
        "b",
        marked("x", MET.format(*one, "x")),
        marked("y", MET.format(*other, "y")),
    )
    (folder / "splits.csv").write_text("doc_id,group,split\nx,x,train\ny,y,test\n")
    path = made(folder, tmp_path / "exports").path
    assert path is not None
    if view == "events":  # without times: the day is that of publication, and nobody published these
        shutil.rmtree(path / "documents")
        shutil.rmtree(path / "annotations")
    found = leaks.check([path]).leaks
    assert codes(found) == ["W918"] * (same and view == "documents")
    if found:
        assert (found[0].doc_id, "(ann lee, bo ek) is in train too, in x" in found[0].message) == ("y", True)


def test_the_same_event_is_known_by_the_day_of_publication_and_wikidata(tmp_path: Path) -> None:
    def row(doc_id: str, name: str) -> Row:
        mentions = [
            {"id": "m1", "label": "PERSON", "text": name, "entity": "n1"},
            {"id": "m2", "label": "GPE", "text": "Norland", "entity": None},
        ]
        arguments = [{"role": "participant", "mention": m["id"], **m} for m in mentions]
        return {
            "doc_id": doc_id,
            "text": " ".join(invented(len(doc_id))),
            "source": {"published_at": "2025-03-04T10:00:00Z"},
            "mentions": mentions,
            "entities": [{"id": "n1", "wikidata": "Q1"}],
            "events": [{"type": "phone_call", "arguments": arguments}],
        }

    rows = {"train": [row("a", "Kamali")], "test": [row("bb", "Daryush Kamali")]}
    (found,) = leaks.check([stored(tmp_path, rows, "{}.jsonl", jsonl)]).leaks
    assert found.message == "test: a phone_call of 2025-03-04 (Q1, norland) is in train too, in a"


def test_the_order_of_files_and_rows_changes_nothing(tmp_path: Path) -> None:
    rows = dataset([NEAR, TRAIN])
    for split, found in rows.items():
        rows[split] = [{"id": f"{split}-{n}", **row} for n, row in enumerate(found)]
    first = leaks.check([stored(tmp_path / "a", rows, "{}.jsonl", jsonl)])
    for found in rows.values():
        random.Random(1).shuffle(found)
    second = leaks.check([stored(tmp_path / "b", rows, "{}.jsonl", jsonl)])
    assert sorted(f.message for f in first.findings) == sorted(f.message for f in second.findings)


def test_an_export_of_two_calls_that_have_nothing_in_common_is_clean(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b", *(call(f"d{n}") for n in range(12)))
    path = made(folder, tmp_path / "exports").path
    assert path is not None
    assert leaks.check([path]).leaks == []
