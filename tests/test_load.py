"""`load_dataset` on what was exported: without a network, without Dateline, from anywhere."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from articles import CALL, Json, call, made, marked, task, write

from dateline import splits, views
from dateline.outcome import Outcome
from dateline.views import features

LOADER = """
import json, socket, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "dateline":
            raise ImportError("Dateline is not to be had")

def refuse(*args, **kwargs):
    raise OSError("no network")

sys.meta_path.insert(0, Blocked())
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from datasets import get_dataset_config_names, get_dataset_default_config_name, load_dataset
out = {}
for folder in sys.argv[1:]:
    names = get_dataset_config_names(folder)
    out[folder] = {"": get_dataset_default_config_name(folder)}
    for name in names:
        loaded = load_dataset(folder, name)
        out[folder][name] = {
            split: {"features": data.features._to_yaml_list(), "rows": list(data)} for split, data in loaded.items()
        }
assert "dateline" not in sys.modules
print(json.dumps(out))
"""


def loaded(tmp_path: Path, *folders: Path) -> list[Json]:
    """Each dataset as a fresh process elsewhere gets it: by view, then by split; "" is the default view."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    # -P and no PYTHONPATH: nothing is imported from beside the script
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOADER, *map(str, folders)],
        cwd=elsewhere,
        env={"PATH": "", "HOME": str(elsewhere), **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [found[str(folder)] for folder in folders]


def in_split(split: str, but: str = "") -> str:
    return next(f"d{n}" for n in range(1000) if splits.split_of(f"d{n}") == split and f"d{n}" != but)


def quiet(doc_id: str) -> Json:
    """An article in which an annotator found nothing to mark."""
    return task(doc_id, f"Nothing happened in {doc_id}.", {"completed_by": "a1", "result": []})


def exported(tmp_path: Path, name: str, *tasks: Json, hold_back: bool = False) -> Outcome:
    folder = write(tmp_path / f"annotations-{name}", "b", *tasks)
    return made(folder, tmp_path / "exports", name=name, hold_back=hold_back)


TRAIN, VALID, TEST = in_split("train"), in_split("validation"), in_split("test")
DIFFER = [CALL.replace("medium=telephone", f"medium={medium}") for medium in ("video", "telephone")]
# what has a row (a sentence, a chat) for each article, what for each event; claims and pairs are not in a call
OF_ARTICLES = ("documents", "annotations", "triggers", "instruct", "sentences")
OF_EVENTS = ("events", "arguments")
DISPUTE = (
    "[Ann Lee|PERSON #a] [said|statement #s speaker=a content=c act=describe] that [it rained|CLAIM #c]; "
    "[Bo Ek|PERSON #b] [denied|press_denial speaker=b denied_claim=c denies=s] it, says {}."
)


def rows_of(articles: dict[str, int], events: dict[str, int]) -> dict[str, dict[str, int]]:
    """What one-sentence articles with a call in some of them give to the views."""
    found = {**dict.fromkeys(OF_ARTICLES, articles), **dict.fromkeys(OF_EVENTS, events)}
    return {view: found[view] for view in views.NAMES if found.get(view)}


CASES: dict[str, tuple[list[Json], dict[str, dict[str, int]]]] = {
    "one": ([call(TRAIN)], rows_of({"train": 1}, {"train": 1})),
    "one-outside-train": ([call(TEST)], rows_of({"test": 1}, {"test": 1})),
    "two-in-two-splits": (
        [call(TRAIN), call(VALID)],
        rows_of({"train": 1, "validation": 1}, {"train": 1, "validation": 1}),
    ),
    "every-view": (
        [marked(TRAIN, DISPUTE.format(TRAIN))],
        {view: {"train": 2 if view in ("events", "arguments", "relations") else 1} for view in views.NAMES},
    ),
    "a-split-without-events": (
        [call(TRAIN), quiet(VALID), quiet(TEST)],
        rows_of({"train": 1, "validation": 1, "test": 1}, {"train": 1}),
    ),
    "the-first-split-without-events": (
        [quiet(TRAIN), call(VALID)],
        rows_of({"train": 1, "validation": 1}, {"validation": 1}),
    ),
    "no-event-at-all": ([quiet(TRAIN)], rows_of({"train": 1}, {})),
    "all-held-back": ([marked(TRAIN, *DIFFER)], {"annotations": {"train": 2}}),
}


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """All cases, exported and loaded in one process."""
    tmp_path = tmp_path_factory.mktemp("load")
    paths = [exported(tmp_path, name, *tasks).path for name, (tasks, _) in CASES.items()]
    assert None not in paths
    return dict(zip(CASES, loaded(tmp_path, *(p for p in paths if p)), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_each_view_and_split_has_its_rows_and_exactly_the_declared_features(
    case: str, datasets: dict[str, Json]
) -> None:
    found = {view: found for view, found in datasets[case].items() if view}
    counts = {view: {s: len(part["rows"]) for s, part in found[view].items()} for view in found}
    assert counts == CASES[case][1]
    for view, parts in found.items():
        for part in parts.values():
            assert part["features"] == features.yaml_list(views.COLUMNS[view])


@pytest.mark.parametrize("case", CASES)
def test_the_default_view_is_events_or_the_first_that_has_rows(case: str, datasets: dict[str, Json]) -> None:
    found = datasets[case]
    assert found[""] == ("events" if "events" in found else next(view for view in found if view))


def test_rows_are_what_was_written_also_those_that_are_empty(datasets: dict[str, Json]) -> None:
    documents = datasets["a-split-without-events"]["documents"]
    (row,) = documents["test"]["rows"]
    assert (row["doc_id"], row["events"], row["mentions"], row["relations"]) == (TEST, [], [], [])
    (event,) = datasets["one"]["events"]["train"]["rows"]
    assert (event["type"], event["trigger"]["text"], event["status"]) == ("phone_call", "phoned", "asserted")
    assert [a["text"] for a in event["arguments"]] == ["Ann Lee", "Bo Ek"]
    assert event["attributes"] == [
        {"name": "medium", "value": "telephone"},
        {"name": "rank", "value": "unspecified"},
    ]


def test_what_was_not_chosen_is_in_the_annotations_view_alone(datasets: dict[str, Json]) -> None:
    rows = datasets["all-held-back"]["annotations"]["train"]["rows"]
    assert [(r["annotation"]["annotator"], r["chosen"]) for r in rows] == [("a1", False), ("a2", False)]


def card(folder: Path) -> tuple[Any, str]:
    """The card's YAML and its text."""
    first, *lines = (folder / "README.md").read_bytes().decode().split("\n")
    end = lines.index("---")
    assert first == "---"
    return yaml.safe_load("\n".join(lines[:end])), "\n".join(lines[end + 1 :])


def test_empty_splits_and_views_are_named_in_card_and_manifest(tmp_path: Path) -> None:
    folder = exported(tmp_path, "x", quiet(TRAIN)).path
    assert folder is not None
    head, body = card(folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    named = [view for view in views.NAMES if view in OF_ARTICLES]
    assert [c["config_name"] for c in head["configs"]] == named
    assert [c["config_name"] for c in head["dataset_info"]] == named
    assert manifest["empty_splits"]["events"] == ["train", "validation", "test"]
    assert "events train, events validation, events test" in body
    assert 'load_dataset("path/to/x", "documents")' in body
    assert not (folder / "events").exists()


def test_sizes_in_the_card_are_those_of_the_files(tmp_path: Path) -> None:
    folder = exported(tmp_path, "x", call(TRAIN), call(VALID)).path
    assert folder is not None
    for info in card(folder)[0]["dataset_info"]:
        files = list((folder / info["config_name"]).glob("*.parquet"))
        assert info["download_size"] == sum(f.stat().st_size for f in files)
        assert info["dataset_size"] == sum(s["num_bytes"] for s in info["splits"]) > 0


def test_an_article_only_skipped_gives_a_folder_with_nothing_to_load(tmp_path: Path) -> None:
    skipped = task("d", "Some text.", {"completed_by": "a1", "was_cancelled": True, "result": []})
    outcome = exported(tmp_path, "x", skipped)
    assert outcome.path is not None
    head, body = card(outcome.path)
    assert (head["configs"], head["dataset_info"]) == ([], [])
    assert "nothing to load" in body
    assert not list(outcome.path.rglob("*.parquet"))
    assert json.loads((outcome.path / "manifest.json").read_bytes())["read"]["skipped"] == 1


def test_a_batch_without_a_file_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "annotations", "b")
    (folder / "b").mkdir(parents=True)
    (folder / "articles").mkdir()
    outcome = made(folder, tmp_path / "exports", "b")
    assert (outcome.path, [f.code for f in outcome.findings]) == (None, ["E002"])
