"""The benchmark: corpora are valid, the same for the same seed, and as they are said to be; every case runs."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import mean, median

import pytest
from _bench import cases, corpus, floor, kept, measure, report
from _bench.runs import Bench, BenchError, Result

from dateline import reading, schema

ROOT = Path(__file__).parents[1]
SCHEMA = schema.load(ROOT / "schema")
TASKS = [corpus.task(n, SCHEMA) for n in range(400)]


def written(folder, size, seed=corpus.SEED):
    files = corpus.write(folder, size, SCHEMA, seed)
    return [path.read_bytes() for path in files]


def test_fifty_articles_have_no_error(tmp_path):
    written(tmp_path / "bench", 50)
    items = list(reading.read([tmp_path / "bench"], SCHEMA))
    assert len(items) == 50
    assert [f for item in items for f in item.findings if f.severity == "error"] == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    first = written(tmp_path / "a", 30)
    assert written(tmp_path / "b", 30) == first
    assert written(tmp_path / "c", 30, seed=8) != first


def test_a_large_corpus_made_by_many_processes_begins_with_the_small_one(tmp_path, monkeypatch):
    small = written(tmp_path / "small", 7)
    monkeypatch.setattr(corpus, "_PIECE", 3)
    (large,) = written(tmp_path / "large", 20)
    assert large.startswith(small[0].rstrip(b"]\n"))
    assert len(json.loads(large)) == 20


def test_a_corpus_is_cut_into_files(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "PART", 4)
    parts = [json.loads(part) for part in written(tmp_path / "bench", 10)]
    assert [[task["id"] for task in part] for part in parts] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]


def test_articles_are_as_long_and_as_densely_marked_as_they_are_said_to_be():
    sizes = [len(task["data"]["text"].encode()) for task in TASKS]
    assert 2500 < median(sizes) < 3800
    assert max(sizes) > 10_000
    results = [a["result"] for task in TASKS for a in task["annotations"]]
    assert 18 < mean(sum(r["type"] == "labels" for r in result) for result in results) < 22
    assert 14 < mean(sum(r["type"] == "relation" for r in result) for result in results) < 19


def test_every_type_role_label_and_relation_of_the_schema_is_used():
    results = [r for task in TASKS for a in task["annotations"] for r in a["result"]]
    labels = {label for r in results if r["type"] == "labels" for label in r["value"]["labels"]}
    assert labels == {*SCHEMA.types, *SCHEMA.labels}
    drawn = {label for r in results if r["type"] == "relation" for label in r["labels"]}
    roles = {role for type_ in SCHEMA.types.values() for role in type_.roles}
    assert drawn == {*roles, *SCHEMA.relations, schema.SAME_EVENT, schema.SAME_ENTITY}


@pytest.mark.parametrize("script", ["é", "́", "б", "ع", "क", "中", "が", "😀", "\u200d"])
def test_texts_are_in_many_scripts(script):
    texts = "".join(corpus.task(n, SCHEMA)["data"]["text"] for n in range(200))
    assert any(
        char == script or (script.isalpha() and abs(ord(char) - ord(script)) < 0x300) for char in texts
    )
    assert script not in "😀\u200d́" or script in texts


def test_some_articles_repeat_another_or_add_a_line_to_it():
    texts = [task["data"]["text"] for task in TASKS]
    assert len(set(texts)) < len(texts)
    assert any(b.startswith(f"{a}\n\n") for a in texts for b in texts)


def test_some_articles_are_annotated_twice_and_some_of_these_adjudicated():
    several = [task["annotations"] for task in TASKS if len(task["annotations"]) > 1]
    assert 5 < len(several) < 60
    assert any(a["result"] == b["result"] for a, b, *_ in several)
    assert any(a["result"] != b["result"] for a, b, *_ in several)
    assert any(a["ground_truth"] for annotations in several for a in annotations)


def test_the_floor_reads_every_task_whatever_the_size_of_its_blocks(tmp_path, monkeypatch):
    corpus.write(tmp_path / "bench", 12, SCHEMA)
    (path,) = (tmp_path / "bench").iterdir()
    for size in (100, 5000, 2**22):
        monkeypatch.setattr(floor, "_BLOCK", size)
        blocks = [task for block in floor.blocks(path) for task in json.loads(block)]
        assert blocks == TASKS[:12]


def test_the_smallest_run_prints_json(tmp_path):
    done = run(tmp_path, "--sizes", "20", "--cases", "floor,validate,export", "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [(row["case"], row["size"]) for row in rows] == [("floor", 20), ("validate", 20), ("export", 20)]
    numbers = {"wall_s", "cpu_s", "peak_mib", "peak_process_mib"}
    assert all(set(row) == {"case", "size", *numbers} for row in rows)
    assert all(row[name] > 0 for row in rows for name in numbers)
    assert all(row["peak_process_mib"] <= row["peak_mib"] for row in rows)


@pytest.mark.slow
def test_every_view_together_keeps_all_and_every_peer_runs(tmp_path):
    done = run(tmp_path, "--sizes", "30", "--format", "text")
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()[2:]}
    assert list(rows) == [case.name for case in cases.CASES if not case.on_demand]
    assert rows["export_all"][7:11] == ["100%"] * 4
    assert rows["converter_json_min"][7:11] == ["100%", "100%", "0", "0"]
    assert rows["script"][7:11] == ["100%", "100%", "0", "100%"]


def run(here, *options):
    command = [sys.executable, ROOT / "scripts/bench.py", "--repeats", "1", "--work", here, *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "options",
    [
        ("--sizes", "0"),
        ("--sizes", "many"),
        ("--cases", "flor"),
        ("--format", "csv"),
        ("--report", "README.md"),
    ],
)
def test_bad_use_is_said_in_one_line(tmp_path, options):
    done = run(tmp_path, *options)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_a_command_is_measured_with_all_its_processes(tmp_path):
    busy = "import time; x = bytearray(80 << 20); e = time.process_time() + .5\nwhile time.process_time() < e: pass"
    both = f"import subprocess, sys; c = [sys.executable, '-c', {busy!r}]\n[p.wait() for p in [subprocess.Popen(c), subprocess.Popen(c)]]"
    cost = measure.run([sys.executable, "-c", both], tmp_path, {}, tmp_path / "log")
    assert cost.code == 0
    assert 1.0 <= cost.cpu_s < 3
    assert 80 < cost.peak_process_mib < 120
    assert 160 < cost.peak_mib < 240


def test_a_case_that_fails_ends_the_run_with_what_it_said(tmp_path):
    bad = cases.Case(
        "bad", lambda _: [sys.executable, "-c", "print('no such luck'); raise SystemExit(3)"], ""
    )
    bench = Bench((5,), (bad,), 1, tmp_path, ROOT / "schema", ROOT / "annotations/label_config.xml")
    with pytest.raises(BenchError, match="bad at 5 articles ended with exit code 3") as caught:
        list(bench.run(lambda _: None))
    assert "no such luck" in caught.value.output
    assert [path.name for path in tmp_path.iterdir()] == ["corpora"]


def test_results_go_between_the_marks_of_the_page_and_nothing_else_changes(tmp_path):
    page = tmp_path / "benchmark.md"
    page.write_text(f"# Before\n\n{report._BEGIN}\nold\n{report._END}\n\nafter\n")
    files = corpus.write(tmp_path / "bench", 20, SCHEMA)
    there = dict(kept.of_corpus(files))
    results = [
        Result("floor", 20, 1.0, 2.0, 3.0, 3.0, there),
        Result("export", 20, 2.0, 3.0, 4.0, 4.0, there),
    ]
    chosen = tuple(cases.BY_NAME[r.case] for r in results)
    bench = Bench((20,), chosen, 1, tmp_path, ROOT / "schema", ROOT / "annotations/label_config.xml")
    report.write(page, results, bench)
    first = page.read_text(), (tmp_path / "images/benchmark.svg").read_bytes()
    report.write(page, results, bench)
    assert (page.read_text(), (tmp_path / "images/benchmark.svg").read_bytes()) == first
    assert first[0].startswith("# Before\n") and first[0].endswith("after\n") and "old" not in first[0]
    assert "| export | 2.00 | 3.00 | 1.50 | 10 | 4 | 4 | 100% | 100% | 100% | 100% | by design" in first[0]


def test_the_page_has_the_marks():
    text = (ROOT / "docs/benchmark.md").read_text(encoding="utf-8")
    assert text.count(report._BEGIN) == text.count(report._END) == 1
    assert report.takes(ROOT / "docs/benchmark.md")
