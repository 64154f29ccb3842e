"""The command, the configuration and the finding."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from agreement_build import SCHEMA, note

from dateline import agreement, settings
from dateline.model import sha256

ROOT = Path(__file__).parents[2]


def run(*arguments):
    command = [sys.executable, "scripts/agreement.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_table_and_the_list():
    done = run("calitoday")
    assert done.returncode == 0, done.stderr
    assert "trigger_identification" in done.stdout
    assert "two fillers of on_behalf_of" in done.stdout
    assert "⟦" in done.stdout


def annotated(folder, *annotators, text="words"):
    """An annotations folder whose one article has an empty annotation by each; another text than its own is an error."""
    task = {"data": {"doc_id": "d1", "text": "words", "text_sha256": sha256(text)}}
    made = [{"completed_by": who, "was_cancelled": False, "result": []} for who in annotators]
    (folder / "team").mkdir(parents=True)
    (folder / "team/d1.json").write_text(json.dumps({**task, "annotations": made}))
    return folder


def test_with_nothing_to_compare_a_sentence_says_why(tmp_path):
    done = run("team", "--annotations", str(annotated(tmp_path / "one", "a1")))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "nothing to compare: no article has annotations by two annotators\n"
    broken = annotated(tmp_path / "two", "a1", "a2", text="other")
    done = run("team", "--annotations", str(broken))
    assert done.returncode == 0, done.stderr
    left_out = [f"left out, it has errors: d1, {who}" for who in ("a1", "a2")]
    assert done.stdout.splitlines()[:-1] == left_out
    assert done.stdout.endswith(f"make validate ARGS={broken / 'team'} says which errors\n")
    assert "no data" not in done.stdout


def test_for_a_batch_that_is_not_there_the_others_are_named():
    done = run("nosuch")
    assert done.returncode == 2
    assert "no batch 'nosuch' in annotations (there is: calitoday, sample)" in done.stderr


def test_json_has_what_the_issue_names(tmp_path):
    config = tmp_path / "dateline.toml"
    config.write_text("[agreement.thresholds]\nargument_role = 0.99\nstatus = 0.5\n")
    done = run("--format", "json", "--config", str(config), "calitoday")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"layer", "measure", "value", "low", "high", "n"} <= set(found["layers"][0])
    assert found["disagreements"][0]["readings"][0]["annotator"] == "machine-a"
    assert [f["code"] for f in found["findings"]] == ["W906"]
    assert {row["by"] for row in found["groups"]} == {"type", "pair", "batch", "month"}
    assert any(row["value"] is None and row["n"] == 0 for row in found["layers"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[agrement]\n", "unknown field `agrement`"),
        ("[agreement]\nresample = 3\n", "unknown field `resample`"),
        ("[agreement.thresholds]\nargument_role = 7\n", "<= 1"),
        ("[agreement.thresholds]\nargument_rolle = 0.7\n", "no layer 'argument_rolle'"),
        ("[agreement", "is not TOML"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused(tmp_path, text, words):
    config = tmp_path / "dateline.toml"
    config.write_text(text)
    done = run("--config", str(config))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_without_a_file_are_the_defaults(tmp_path):
    assert settings.load(tmp_path / "dateline.toml") == settings.Settings()


def test_falling_short_is_a_warning():
    notes = [note("a1", ["statement", (0, 4)]), note("a2", ["statement", (0, 4)], ["statement", (20, 24)])]
    rows = agreement.measure([notes], SCHEMA, resamples=0).rows
    short = agreement.shortfalls(rows, {"trigger_identification": 0.7, "relations": 0.7, "events": 0.5})
    assert [(f.code, f.place) for f in short] == [("W906", "trigger_identification")]
    assert "0.667" in short[0].message
