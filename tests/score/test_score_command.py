"""The command: what it prints, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from score_build import article, event

from dateline import score

ROOT = Path(__file__).parents[2]
CALL = event("phone_call", (0, 4), participant=[(10, 13), (20, 23)])


def run(*arguments, stdin=""):
    command = [sys.executable, "scripts/score.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, input=stdin)


@pytest.fixture
def files(tmp_path):
    made = {
        "gold": [article(CALL, doc_id=f"d{n}") for n in range(6)],
        "copies": [article(*[CALL] * 5, doc_id=f"d{n}") for n in range(6)],
        "part": [article(*[CALL] * (n % 2), doc_id=f"d{n}") for n in range(5)],
    }
    for name, articles in made.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(a)}\n" for a in articles))
    return {name: tmp_path / f"{name}.jsonl" for name in made}


def test_json_gives_fractions_and_says_what_is_missing(files):
    done = run(files["gold"], files["copies"], "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["TC"] == {
        "precision": 0.2, "recall": 1.0, "f1": pytest.approx(1 / 3), "gold": 6, "predicted": 30, "right": 6
    }  # fmt: skip
    assert found["relations"]["f1"] is None
    assert set(score.MEASURES) <= set(found)
    assert found["by_type"]["phone_call"]["AC+"]["precision"] == 0.2
    assert found["by_document"]["d3"]["AI"]["recall"] == 1
    assert found["overlap"]["TI"]["precision"] == 0.2
    part = json.loads(run(files["gold"], files["part"], "--format", "json").stdout)
    assert part["missing"] == ["d5"]
    assert part["findings"][0]["code"] == "W930"


def test_text_says_what_json_says(files):
    plain = json.loads(run(files["gold"], files["part"], "--format", "json").stdout)
    done = run(files["gold"], files["part"], "--documents", "2")
    assert done.returncode == 0, done.stderr
    exact = done.stdout.split("\n\n")[1].splitlines()[1:]
    for line in exact:
        name, *cells = line.split()
        one = plain[name]
        shown = ["–" if one[k] is None else f"{one[k]:.3f}" for k in ("precision", "recall", "f1")]
        assert cells == [*shown, *(str(one[k]) for k in ("right", "predicted", "gold"))]
    assert [line.split()[0] for line in exact] == list(score.MEASURES)
    assert "W930 1 articles without a prediction: d5" in done.stdout


def test_against_another_system(files):
    options = (files["gold"], files["gold"], "--against", files["part"], "--resamples", "200")
    found = json.loads(run(*options, "--format", "json").stdout)
    assert found["difference"]["TC"]["difference"] == pytest.approx(0.5)
    assert found["against"]["TC"]["f1"] == 0.5
    assert found["difference"]["relations"]["p"] is None
    done = run(*options)
    assert "+0.500" in done.stdout
    assert done.stdout == run(*options).stdout


def test_an_exported_folder_and_standard_input(exported):
    done = run(exported, exported, "--split", "test", "--format", "json")
    assert json.loads(done.stdout)["AC+"]["f1"] == 1
    row = json.dumps(next(iter(score.load(exported, split="test"))).value)
    done = run(exported, "-", "--split", "test", "--format", "json", stdin=row)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["missing"]) == 3


def spoil(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in it can be read"),
        (b"not json", "nothing in it can be read"),
        (b"\xff\xfe{\x00}\x00", "nothing in it can be read"),
        (b'[{"data": {}, "annotations": []}]', "cannot be used"),
    ],
)
def test_unreadable_input_ends_with_two(files, tmp_path, content, words):
    bad = spoil(tmp_path, "bad.jsonl", content)
    for arguments in (
        (bad, files["gold"]),
        (files["gold"], bad),
        (files["gold"], files["gold"], "--against", bad),
    ):
        done = run(*arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


def test_more_that_cannot_be_used_ends_with_two(files, tmp_path):
    broken = spoil(tmp_path, "bad.parquet", b"PAR1 nothing")
    tasks = spoil(tmp_path, "tasks.json", b'[{"data": {}, "annotations": []}]')
    half = spoil(tmp_path, "half.jsonl", files["gold"].read_bytes()[:-40])
    for gold, words in ((broken, "not a Parquet file"), (tasks, "gold cannot be used"), (half, "gold cannot be used"),
                        (tmp_path / "none.jsonl", "No such file"), (tmp_path / "none.parquet", "none.parquet")):  # fmt: skip
        done = run(gold, files["gold"])
        assert done.returncode == 2, gold
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_a_prediction_that_cannot_be_read_is_a_finding(files, tmp_path):
    half = spoil(tmp_path, "half.jsonl", files["gold"].read_bytes()[:-40])
    done = run(files["gold"], half)
    assert done.returncode == 0
    assert "half.jsonl:6: E002" in done.stdout
    assert "W930 1 articles without a prediction: d5" in done.stdout
