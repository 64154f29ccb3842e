"""Publishing: what is refused, what a dry run says, and what reaches a hub, byte for byte."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, call, files_of, made, write
from hub_server import TOKEN, Hub, Repo, running

from dateline import export, publish, rehydrate

Fault = Callable[[Path], None]


def written(tmp_path: Path, licence: str = "CC0-1.0", **keys: object) -> Path:
    """A dataset of three calls."""
    folder = write(tmp_path / "annotations", "b", *(call(f"c{n}") for n in range(3)), license=licence)
    plan = export.Plan(folder, ("b",), tmp_path / "exports", "calls", **keys)  # type: ignore[arg-type]
    path = export.export(plan, SCHEMA).path
    assert path is not None
    return path


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return written(tmp_path)


def run(folder: Path, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """`scripts/publish.py`, with a home of its own."""
    command = [sys.executable, str(ROOT / "scripts" / "publish.py"), str(folder), "--repo", "me/calls", *args]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HF_") and "proxy" not in k.lower()}
    home = {"HF_HOME": str(folder.parent / "hf"), "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    return subprocess.run(command, env={**kept, **home, **env}, capture_output=True, text=True, check=False)


def test_a_dry_run_needs_no_place_and_all_else_does(dataset: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "publish.py"), str(dataset)]
    done = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("dry run: nothing was sent\n")
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--repo NAME" in refused.stderr


# Refused


def parquet(folder: Path) -> Path:
    return next(iter(sorted((folder / "events").glob("*.parquet"))))


def a_byte(folder: Path) -> None:
    data = bytearray(parquet(folder).read_bytes())
    data[len(data) // 2] ^= 1
    parquet(folder).write_bytes(data)


def the_card(folder: Path) -> None:
    with (folder / "README.md").open("a") as file:
        file.write("One line more.\n")


def a_file_more(folder: Path) -> None:
    (folder / "events" / "train-00007-of-00008.parquet").write_bytes(parquet(folder).read_bytes())


def a_hidden_file_more(folder: Path) -> None:
    (folder / ".env").write_text("HF_TOKEN=secret")


def a_dead_link_more(folder: Path) -> None:
    (folder / "link").symlink_to("nowhere")


def a_file_less(folder: Path) -> None:
    parquet(folder).unlink()


def a_folder_in_its_place(folder: Path) -> None:
    (folder / "schema.json").unlink()
    (folder / "schema.json").mkdir()


def no_card_in_the_manifest(folder: Path) -> None:
    said = json.loads((folder / "manifest.json").read_bytes())
    del said["extras"]["README.md"]
    (folder / "manifest.json").write_text(json.dumps(said))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (a_byte, "events/train-00000-of-00001.parquet has changed"),
        (the_card, "README.md has changed"),
        (a_file_more, "events/train-00007-of-00008.parquet is not in the manifest"),
        (a_hidden_file_more, ".env is not in the manifest"),
        (a_dead_link_more, "link is not in the manifest"),
        (a_file_less, "events/train-00000-of-00001.parquet is missing"),
        (a_folder_in_its_place, "schema.json is missing"),
        (no_card_in_the_manifest, "README.md is not in the manifest"),
    ],
)
def test_a_folder_that_is_not_what_the_manifest_says_is_refused(
    dataset: Path, fault: Fault, said: str
) -> None:
    assert publish.check(dataset).problems == ()
    fault(dataset)
    assert any(
        said.replace("train", split) in p
        for p in publish.check(dataset).problems
        for split in ("train", "validation", "test")
    )


def test_every_reason_is_told_at_once(dataset: Path) -> None:
    a_byte(dataset)
    the_card(dataset)
    a_hidden_file_more(dataset)
    assert len(publish.check(dataset).problems) == 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": 1, "extras": 1, "findings": 1, "text": 1}', "\udcff"]
)
def test_what_has_no_manifest_is_no_export(dataset: Path, text: str) -> None:
    (dataset / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(publish.PublishError, match="manifest"):
        publish.check(dataset)
    (dataset / "manifest.json").unlink()
    with pytest.raises(publish.PublishError, match="no finished export"):
        publish.check(dataset)


def test_errors_among_the_findings_are_refused(tmp_path: Path) -> None:
    broken = call("bad")
    broken["annotations"][0]["result"][0]["value"]["text"] = "other words"
    folder = write(tmp_path / "annotations", "b", call("good"), broken, license="CC0-1.0")
    path = made(folder, tmp_path / "exports", hold_back=True).path
    assert path is not None
    (problem,) = publish.check(path).problems
    assert "(1 held back)" in problem


@pytest.mark.parametrize("licence", ["NOASSERTION", "noassertion ", ""])
@pytest.mark.parametrize("views", [("documents",), ("annotations",), ("events", "triggers"), ("claims",)])
def test_texts_of_unknown_licence_are_refused(tmp_path: Path, licence: str, views: tuple[str, ...]) -> None:
    path = written(tmp_path, licence, views=views)
    problems = publish.check(path).problems
    if views == ("claims",):  # there is no claim in these articles, and no row
        assert problems == ()
    else:
        assert ["the texts of 3 articles have no known licence (c0, c1, c2)" in p for p in problems] == [True]


def test_views_that_do_not_tell_of_licences_are_refused_alone(tmp_path: Path) -> None:
    (problem,) = publish.check(written(tmp_path, views=("triggers",))).problems
    assert "no view tells of the licences" in problem


def test_without_the_words_they_may_go_and_with_some_of_them_not(tmp_path: Path) -> None:
    free = written(tmp_path, "NOASSERTION", text="omit")
    assert publish.check(free).problems == ()
    (tmp_path / "copies").mkdir()
    shutil.copy(tmp_path / "annotations" / "articles" / "c1.json", tmp_path / "copies")
    result = rehydrate.rehydrate(free, [tmp_path / "copies"], tmp_path / "some", partial=True)
    assert list(result.missing) == ["c0", "c2"]
    (problem,) = publish.check(tmp_path / "some").problems
    assert "the texts of 1 article have no known licence (c1)" in problem


# The command


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running() as server:
        yield server


def there(hub: Hub, **env: str) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.address, "HF_TOKEN": TOKEN, **env}


def test_a_dry_run_lists_every_file_and_sends_nothing(dataset: Path, hub: Hub) -> None:
    done = run(dataset, "--dry-run", **there(hub))
    assert (done.returncode, done.stderr) == (0, "")
    files = files_of(dataset)
    *lines, total, last = done.stdout.splitlines()
    assert {line.split()[1]: int(line.split()[0].replace(",", "")) for line in lines} == {
        path: len(data) for path, data in files.items()
    }
    assert int(total.split()[0].replace(",", "")) == sum(map(len, files.values()))
    assert last == "dry run: nothing was sent to me/calls"
    assert hub.asked == []


def test_a_refused_folder_is_not_sent(dataset: Path, hub: Hub) -> None:
    a_byte(dataset)
    done = run(dataset, **there(hub))
    assert done.returncode == 1
    assert "refused: events/" in done.stderr
    assert hub.asked == []


def test_what_is_published_is_the_folder_to_the_byte_in_one_commit(dataset: Path, hub: Hub) -> None:
    done = run(dataset, "--private", **there(hub))
    assert done.returncode == 0, done.stderr
    repo = hub.repos["me/calls"]
    assert repo.private
    assert {k: v for k, v in repo.files.items() if k != ".gitattributes"} == files_of(dataset)
    assert (
        done.stdout.splitlines()[-1] == f"published: {hub.address}/datasets/me/calls/commit/{repo.commits[1]}"
    )
    assert len(repo.commits) == 2


def test_a_next_version_leaves_nothing_of_the_last_one(dataset: Path, hub: Hub) -> None:
    stale = "events/train-00001-of-00002.parquet"
    hub.repos["me/calls"] = Repo(files={".gitattributes": b"", "manifest.json": b"{}", stale: b"old"})
    done = run(dataset, **there(hub))
    assert done.returncode == 0, done.stderr
    assert set(hub.repos["me/calls"].files) == {".gitattributes", *files_of(dataset)}
    assert len(hub.repos["me/calls"].commits) == 2


def test_what_is_not_ours_stays(dataset: Path, hub: Hub) -> None:
    hub.repos["me/calls"] = Repo(files={"README.md": b"", "model.safetensors": b"weights"})
    done = run(dataset, **there(hub))
    assert done.returncode == 2
    assert "me/calls holds something else (model.safetensors, …)" in done.stderr
    assert hub.repos["me/calls"].files["model.safetensors"] == b"weights"


def test_what_should_be_private_does_not_go_where_everybody_reads(dataset: Path, hub: Hub) -> None:
    hub.repos["me/calls"] = Repo()
    done = run(dataset, "--private", **there(hub))
    assert done.returncode == 2
    assert "is public" in done.stderr
    assert set(hub.repos["me/calls"].files) == {".gitattributes"}


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"HF_TOKEN": "hf_of_somebody_else"}, "set HF_TOKEN to a token that may write there"),
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "me/calls was not published"),
        ({"HF_HUB_OFFLINE": "1"}, "me/calls was not published"),
    ],
)
def test_a_hub_that_does_not_take_it_is_told_of_in_a_line(
    dataset: Path, hub: Hub, env: dict[str, str], said: str
) -> None:
    done = run(dataset, **there(hub, **env))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hf_of_somebody_else" not in done.stderr
    assert hub.repos == {}


def test_a_folder_of_a_later_version_is_refused_with_the_version(tmp_path: Path) -> None:
    from dateline import manifest, publish, rehydrate
    from dateline.report import ReportError, from_export

    said = {"format": manifest.FORMAT + 1, "dateline": "9.1.0", "name": "x"}
    (tmp_path / manifest.NAME).write_text(json.dumps(said))
    for attempt in (
        lambda: publish.check(tmp_path),
        lambda: rehydrate.rehydrate(tmp_path, [], tmp_path / "out"),
        lambda: from_export(tmp_path),
    ):
        with pytest.raises((publish.PublishError, rehydrate.RehydrateError, ReportError), match=r"9\.1\.0"):
            attempt()
    assert not (tmp_path / "out").exists()
    (tmp_path / manifest.NAME).write_text(json.dumps({"name": "x"}))
    assert manifest.read(tmp_path) == {"name": "x"}  # a manifest from before there were numbers
