"""A new project does what its README says, command by command, with event types of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dateline import guideline, project, schema_rules
from dateline import schema as schemas

BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGETS = re.compile(r"^([a-z]+):.* ## ", re.MULTILINE)
NOT_FOR_DATA = {"setup", "bench", "audit", "new", "fix", "test", "lock", "clean"}


def make(root: Path, folder: Path, *types: str) -> list[str]:
    return project.create(project.Order(folder, types, root))


def commands(readme: str) -> list[str]:
    """The lines after a prompt, each with the here-document that follows it."""
    text = "\n".join(body for kind, body in BLOCKS.findall(readme) if kind == "console")
    return re.findall(r"^\$ ([^\n]*<< 'END'\n.*?^END$|[^\n]*)", text, re.MULTILINE | re.DOTALL)


def run(folder: Path, command: str, root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(folder / "hf"), "COLUMNS": "200"}
    # the environment is there already: a lock that is newer must not set it up anew in a test
    words = ["bash", "-euc", command.replace("make ", f"make RUN='{sys.executable} {root}/scripts' ")]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_what_its_readme_prints_works(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fires"
    make(root, folder, "wildfire", "mass_evacuation")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    printed = commands(readme)
    assert [c for c in printed if c.startswith("make ")][-2:] == ["make validate", "make export"]
    for command in printed:
        done = run(folder, command, root)
        assert done.returncode == 0, (command, done.stdout + done.stderr)
    (code,) = [body for kind, body in BLOCKS.findall(readme) if kind == "python"]
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert loaded.returncode == 0, loaded.stderr
    assert re.fullmatch(
        r"wildfire «wildfire» \(\w+\): participant: harbour office, place: Norrby, time: Monday\n",
        loaded.stdout,
    )


def test_an_event_type_is_added_by_one_file(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fires"
    make(root, folder, "wildfire")
    template = json.loads((folder / "schema/events/wildfire.schema.json").read_text())
    new = json.loads(json.dumps(template).replace("wildfire", "flood"))
    new["x-ui"] = {"color": "#123456", "hotkey": "9"}
    (folder / "schema/events/flood.schema.json").write_text(json.dumps(new))
    stale = run(folder, "make check", root)
    assert stale.returncode != 0
    assert "label_config.xml is stale" in stale.stderr
    assert run(folder, "make generate", root).returncode == 0
    assert run(folder, "make check", root).returncode == 0
    assert (folder / "docs/guideline/types/flood.md").is_file()
    assert "flood" in (folder / "annotations/label_config.xml").read_text()


def test_a_template_is_warned_of_until_it_is_changed(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fires"
    make(root, folder, "wildfire", "press_denial")
    path = folder / "schema/events/wildfire.schema.json"
    done = run(folder, "make check", root)
    warned = [line for line in done.stdout.splitlines() if "warning" in line]
    assert (done.returncode, len(warned)) == (0, 1), done.stdout + done.stderr
    assert warned[0].startswith("schema/events/wildfire.schema.json: ")
    assert "take its $comment away" in warned[0]
    spec = json.loads(path.read_text(encoding="utf-8"))
    del spec["$comment"]
    path.write_text(json.dumps(spec), encoding="utf-8")
    done = run(folder, "make check", root)
    assert (done.returncode, "warning" in done.stdout) == (0, False), done.stdout + done.stderr


def test_its_readme_leads_to_the_toolkit(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fires"
    make(root, folder, "wildfire")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(<([^>#]+)(#[a-z]+)?>\)", readme)
    assert "#trouble" in [anchor for _, anchor in links]
    assert [path for path, _ in links if not (folder / path).is_file()] == []


def test_types_of_the_toolkit_are_copied_and_relations_follow(root: Path, tmp_path: Path) -> None:
    make(root, tmp_path / "mine", "wildfire", "press_denial")
    copied = (tmp_path / "mine/schema/events/press_denial.schema.json").read_text(encoding="utf-8")
    original = (root / "schema/events/press_denial.schema.json").read_text(encoding="utf-8")
    mine, theirs = json.loads(copied), json.loads(original)
    assert mine.pop("$id") == "https://mine.example/v1/events/press_denial.schema.json"
    del theirs["$id"]
    assert mine.pop("x-examples") == [e for e in theirs.pop("x-examples") if "media_report" not in e["text"]]
    assert mine == theirs
    with_denial = schemas.load(tmp_path / "mine/schema")
    assert "denies" in with_denial.relations
    make(root, tmp_path / "other", "wildfire")
    without = schemas.load(tmp_path / "other/schema")
    assert list(without.relations) == ["in_response_to", "subevent_of"]
    assert (without.version, without.guideline_version) == ("1.0.0", "1.0")


def test_twenty_types_have_a_colour_each(root: Path, tmp_path: Path) -> None:
    names = [f"event_{n}" for n in range(len(schema_rules.SPARE_COLORS))]
    make(root, tmp_path / "many", *names)
    types = schemas.load(tmp_path / "many/schema").types.values()
    assert len({t.color for t in types}) == 20
    assert sorted(t.hotkey for t in types if t.hotkey) == sorted("1234567890")


@pytest.mark.parametrize("types", [("wildfire",), ("phone_call", "wildfire"), ("media_report",)])
def test_a_new_project_is_fresh_and_holds_no_trace_of_a_template(root, tmp_path, types) -> None:
    folder = tmp_path / "new"
    paths = make(root, folder, *types)
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == paths
    for path in paths:
        assert not re.search(r"@[A-Z]+@", (folder / path).read_text(encoding="utf-8")), path
    compiled = schemas.load(folder / "schema")
    assert sorted(compiled.types) == sorted(types)
    pages = guideline.pages(compiled, folder / "docs/guideline", folder / "annotations")
    assert guideline.stale(pages, folder / "docs/guideline") == ([], [])


@pytest.mark.parametrize(
    ("name", "types", "said"),
    [
        ("full", ("wildfire",), "not empty"),
        ("new", (), "needs an event type"),
        ("it's 100%", ("fire",), "no name for a project"),
        ("new", ("Wild Fire",), "no name for an event type"),
        ("new", ("fire", "fire"), "named twice"),
        ("new", tuple(f"t{n}" for n in range(21)), "more than 20"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_left(root, tmp_path, name, types, said) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    with pytest.raises(project.ProjectError, match=said):
        make(root, tmp_path / name, *types)
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")] == ["full", "full/mine.txt"]


def test_it_lies_beside_the_toolkit_and_says_so_in_one_line(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, root / "scripts/new.py", root / "fires", "--toolkit", root]
    done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "lies in the toolkit" in done.stderr
    assert not (root / "fires").exists()


def test_a_broken_toolkit_leaves_nothing(root: Path, tmp_path: Path) -> None:
    for name in ("schema", "templates"):
        shutil.copytree(root / name, tmp_path / "toolkit" / name)
    (tmp_path / "toolkit/schema/common.schema.json").write_text("{}")
    with pytest.raises((KeyError, schemas.SchemaError)):
        make(tmp_path / "toolkit", tmp_path / "new", "wildfire")
    assert [p.name for p in tmp_path.iterdir()] == ["toolkit"]


def test_its_makefile_has_what_the_toolkits_has(root: Path) -> None:
    ours, theirs = ((root / path).read_text() for path in ("Makefile", "templates/project/Makefile"))
    assert set(TARGETS.findall(ours)) - NOT_FOR_DATA <= set(TARGETS.findall(theirs))
    for script in re.findall(r"\$\(RUN\)/(\w+\.py)", theirs):
        assert (root / "scripts" / script).is_file()
