"""From an exported folder to a model with its scores: by the command, without a network."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from train_build import ROOT, run

from dateline import files, score, train
from dateline.train.outcome import MEANING

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("installed")]
SIX = ("TI", "TC", "AI", "AC", "AI+", "AC+")
FEW = ("--epochs", "30")


@pytest.fixture(scope="module")
def made(ten, tmp_path_factory):
    """The folder of a small model, what was printed, and what was told by the way; any call of the network would have failed."""
    here = tmp_path_factory.mktemp("made")
    done = run("--data", ten, "--out", here / "model", *FEW, "--device", "cpu", without_network=here)
    assert done.returncode == 0, done.stdout + done.stderr
    return here / "model", done.stdout, done.stderr


@pytest.fixture(scope="module")
def metrics(made):
    return json.loads((made[0] / train.MARKER).read_text())


def test_it_learns_what_it_is_shown(metrics):
    assert metrics["scores"]["train"]["model"]["TC"]["f1"] > 0.9
    for losses in metrics["losses"].values():
        assert losses[-1] < losses[0] / 2


def test_every_system_is_scored_on_every_split(metrics):
    for systems in metrics["scores"].values():
        assert list(systems) == list(MEANING)
        assert all(systems[name]["missing"] == [] for name in systems)
    assert list(metrics["scores"]) == ["train", "validation", "test"]


def test_the_predictions_are_what_was_scored(made, ten, metrics):
    for split, systems in metrics["scores"].items():
        records = score.load(made[0] / f"predictions/{split}.jsonl")
        again = score.score(score.load(ten, split), records)
        assert {name: again[name].f1 for name in SIX} == {name: systems["model"][name]["f1"] for name in SIX}
        assert not again.findings, "spans that hold other words would be among them"


def test_the_lexicons_predictions_are_stored_and_the_command_to_compare_is_said(made, ten, metrics):
    lexicon = made[0] / "predictions/lexicon-test.jsonl"
    again = score.score(score.load(ten, "test"), score.load(lexicon))
    scored = metrics["scores"]["test"]["lexicon"]
    assert {name: again[name].f1 for name in SIX} == {name: scored[name]["f1"] for name in SIX}
    (said,) = re.findall(r'make score ARGS="(.*)"', made[1])
    command = [sys.executable, "scripts/score.py", *shlex.split(said)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "against the other" in done.stdout


def test_it_tells_how_far_it_is(made):
    lines = made[2].splitlines()
    for view in ("triggers", "arguments"):
        assert any(line.startswith(f"{view}: learning from") for line in lines)
        for epoch in (1, 10, 20, 30):
            assert any(line.startswith(f"{view}: epoch {epoch} of 30, loss ") for line in lines)
    assert lines[-1].startswith("test: tagging and scoring")
    assert len(lines) < 30


def test_the_card_stands_by_its_baselines(made, metrics):
    card = (made[0] / "README.md").read_text()
    for split, systems in metrics["scores"].items():
        part = card.partition(f"F1 on **{split}**")[2].partition("F1 on")[0]
        for name in ("model", "lexicon", "majority", "ceiling"):
            shown = re.search(rf"^\| {name} \| (.*) \|$", part, re.MULTILINE)[1].split(" | ")
            f1 = [systems[name][measure]["f1"] for measure in SIX]
            assert shown == ["–" if value is None else f"{value:.3f}" for value in f1]
    assert metrics["verdict"] in card
    assert str(made[0].parent) not in card + (made[0] / train.MARKER).read_text()


def test_the_verdict_is_plain(made, ten, metrics):
    """Two test articles prove little: "beats" is for what the bootstrap says of the stored predictions."""
    test = metrics["scores"]["test"]
    ours, lexicon = (list(score.load(made[0] / f"predictions/{name}test.jsonl")) for name in ("", "lexicon-"))
    difference = score.bootstrap(score.load(ten, "test"), ours, lexicon)
    for measure in ("TC", "AC"):
        higher = (test["model"][measure]["f1"] or 0) > (test["lexicon"][measure]["f1"] or 0)
        _, low, _, p, _ = difference[measure]
        real = low is not None and low > 0 and p <= 0.05
        word = ("beats" if real else "is not clearly better than") if higher else "does not beat"
        assert f"the model {word} the lexicon in {measure}" in metrics["verdict"]
    assert metrics["verdict"] in made[1]
    for name in MEANING:
        assert made[1].count(f"\n  {name} ") == 3


def test_the_models_load_with_transformers_alone(made, metrics):
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    for view in ("triggers", "arguments"):
        model = AutoModelForTokenClassification.from_pretrained(made[0] / view)
        tokenizer = AutoTokenizer.from_pretrained(made[0] / view)
        assert model.config.id2label[0] == "O"
        pieces = tokenizer(
            [["They", "spoke", "by", "phone", "."]], is_split_into_words=True, return_tensors="pt"
        )
        assert model(**pieces).logits.shape[-1] == len(model.config.id2label)
    assert tokenizer.tokenize("<t> call </t>")[0] == "<t>"


def test_one_seed_gives_one_model(made, ten, tmp_path):
    plan = train.Plan(ten, "small", tmp_path / "again", epochs=int(FEW[1]), device="cpu")
    train.train(plan)
    for path in sorted(p.relative_to(made[0]) for p in made[0].rglob("*") if p.is_file()):
        same = (made[0] / path).read_bytes() == (tmp_path / "again" / path).read_bytes()
        assert same or path.name == "README.md", f"{path} differs, and not for the name of its folder"


def test_another_seed_gives_another(ten, tmp_path):
    plans = [
        train.Plan(ten, "small", tmp_path / f"{seed}", seed=seed, epochs=1, device="cpu") for seed in (1, 2)
    ]
    one, other = (train.train(plan).losses for plan in plans)
    assert all(one[view] != other[view] for view in one)


def test_a_model_in_a_folder_is_trained_on(made, ten, tmp_path):
    """The small model stands for a pre-trained one: other labels, its own limit, no network."""
    out = tmp_path / "out"
    done = run(
        "--data",
        ten,
        "--model",
        made[0] / "triggers",
        "--out",
        out,
        "--epochs",
        "1",
        without_network=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads((out / train.MARKER).read_text())
    assert said["model"] == "triggers"
    assert said["context"] is None, "a pre-trained model reads whole rows"
    assert said["losses"]["triggers"][0] < 1, "it knows these sentences"


def test_rows_longer_than_the_model_takes_are_read_in_windows(made, ten, tmp_path):
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    AutoModelForTokenClassification.from_pretrained(made[0] / "triggers").save_pretrained(tmp_path / "short")
    AutoTokenizer.from_pretrained(made[0] / "triggers", model_max_length=24).save_pretrained(
        tmp_path / "short"
    )
    outcome = train.train(train.Plan(ten, str(tmp_path / "short"), tmp_path / "out", epochs=6, rate=1e-4))
    assert outcome.pieces == {"triggers": 24, "arguments": 24}
    cut = outcome.cut["triggers"]
    assert 0 < cut.windowed < cut.rows
    assert outcome.scores["train"]["model"]["TC"].f1 > 0.8
    card = (tmp_path / "out/README.md").read_text()
    assert f"{cut.windowed:,} of them longer than the 24 pieces" in card


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "{tmp}/nowhere"], ["there is no folder", "make export"]),
        (["--data", "{tmp}/empty"], ["has no view triggers", "make export"]),
        (["--data", "{ten}", "--model", "{tmp}/nowhere"], ["no model to train at", "save_pretrained"]),
        (["--data", "{ten}", "--model", "nobody/nothing"], ["no model to train at", "on the Hub"]),
        (["--data", "{ten}", "--model", "{tmp}/empty"], ["no model to train at", "save_pretrained"]),
        (["--data", "{ten}", "--device", "abacus"], ["no device 'abacus'", "cpu"]),
        (["--data", "{ten}", "--out", "{tmp}/full"], ["holds files but no metrics.json"]),
        (["--data", "{ten}", "--epochs", "0"], ["epochs"]),
    ],
)
def test_what_cannot_be_used_is_said(ten, tmp_path, arguments, words):
    (tmp_path / "empty").mkdir()
    files.write_text(tmp_path / "full/thesis.txt", "years of work")
    given = [a.format(tmp=tmp_path, ten=ten) for a in arguments]
    done = run(*given, *([] if "--out" in given else ["--out", tmp_path / "out"]))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "full/thesis.txt").is_file()


def test_an_export_without_words_is_refused(tmp_path):
    from train_build import export, ten_articles

    folder = export(tmp_path, ten_articles()[:1], "--text", "omit")
    with pytest.raises(train.TrainError, match=r"rehydrate\.py"):
        train.train(train.Plan(folder, "small", tmp_path / "out"))


def test_without_pytorch_it_says_what_to_run(ten, tmp_path):
    done = run("--data", ten, "--out", tmp_path / "out", before="import sys; sys.modules['torch'] = None")
    assert done.returncode == 2
    assert (
        done.stderr.strip() == "error: training needs torch; install what is missing: make .venv/train.done"
    )


def test_the_command_says_its_help_without_pytorch():
    done = run("--help", before="import sys; sys.modules['torch'] = sys.modules['transformers'] = None")
    assert done.returncode == 0, done.stderr
