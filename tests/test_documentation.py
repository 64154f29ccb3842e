"""Pages about the code say what is so: drawings against imports, commands as they are printed, links."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
import yaml

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
MERMAID = re.findall(r"^```mermaid\n(.*?)^```$", ARCHITECTURE, re.MULTILINE | re.DOTALL)
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
Edges = set[tuple[str, str]]


def boxes() -> dict[str, str]:
    """Module -> box, from the page's table."""
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| ([\w, ]+) \|$", ARCHITECTURE, re.MULTILINE)
    return {module: box for box, modules in rows for module in modules.split(", ")}


def imports() -> tuple[set[str], Edges]:
    """The modules of the package, one level deep, and which imports which."""
    graph = grimp.build_graph("dateline", exclude_type_checking_imports=True, cache_dir=None)
    found = {
        (module.split(".")[1], other.split(".")[1])
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
        if "." in module and "." in other
    }
    return {name.split(".")[1] for name in graph.modules if "." in name}, {(a, b) for a, b in found if a != b}


def closed(edges: Edges) -> Edges:
    """Every pair that a path leads from and to."""
    reach = set(edges)
    while more := {(a, d) for a, b in reach for c, d in reach if b == c} - reach:
        reach |= more
    return reach


def reduced(edges: Edges) -> list[str]:
    """The arrows that a drawing needs, to be pasted."""
    needed = [edge for edge in edges if edge not in closed(edges - {edge})]
    return [f"  {a} --> {b}" for a, b in sorted(needed)]


def test_every_module_has_a_box() -> None:
    modules, _ = imports()
    placed = boxes()
    assert modules - set(placed) == set(), "say in docs/architecture.md which box they belong to"
    assert set(placed) - modules == set(), "in docs/architecture.md, and gone"


def test_the_arrows_are_the_imports() -> None:
    _, used = imports()
    placed = boxes()
    real = {(placed[a], placed[b]) for a, b in used if a in placed and b in placed and placed[a] != placed[b]}
    drawn = set(re.findall(r"^  (\w+) --> (\w+)$", MERMAID[1], re.MULTILINE))
    assert not [box for box, other in closed(real) if box == other], "boxes import each other in a circle"
    assert closed(drawn) == closed(real), "draw these arrows:\n" + "\n".join(reduced(real))
    assert {box for edge in drawn for box in edge} == set(placed.values())


def test_the_flow_names_every_script_and_no_other() -> None:
    scripts = {path.name for path in (ROOT / "scripts").glob("*.py") if not path.name.startswith("_")}
    section = ARCHITECTURE[: ARCHITECTURE.index("## Who imports whom")]
    assert set(re.findall(r"\b([a-z_]+\.py)\b", section)) == scripts


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"(?<!\\)\]\((?!https?://)([^)#\s]*)(#[^)\s]+)?\)", text):
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor:
            assert anchor[1:] in anchors(path), target + anchor


def anchors(page: Path) -> set[str]:
    """The ids that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_targets_named_in_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in (ROOT / "CONTRIBUTING.md", ROOT / "docs/event-type.md"):
        named = set(re.findall(r"(?:\$ |`)make ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= targets, page


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml")), ids=lambda p: p.stem
)
def test_an_issue_form_has_what_github_asks_for(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    assert form["body"]
    for part in form["body"]:
        assert part["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        assert part["attributes"]["label"]
        assert part["type"] != "dropdown" or part["attributes"]["options"]
    ids = [part["id"] for part in form["body"]]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands change; the rest is linked."""
    here = tmp_path_factory.mktemp("checkout")
    for name in ("schema", "annotations", "docs"):
        shutil.copytree(ROOT / name, here / name, ignore=shutil.ignore_patterns(".pull-*"))
    for name in (".venv", "src", "scripts", "requirements"):
        (here / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "Makefile", here)
    (here / "exports").mkdir()
    return here


def test_the_page_on_event_types_runs_as_printed(checkout: Path) -> None:
    page = (ROOT / "docs/event-type.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    spec = next(text for kind, text in blocks if kind == "json")
    name = json.loads(spec)["title"]
    assert f"`schema/events/{name}.schema.json`" in page
    (checkout / f"schema/events/{name}.schema.json").write_text(spec, encoding="utf-8")
    environment = {**os.environ, "HF_HOME": str(checkout / "hf"), "HF_DATASETS_OFFLINE": "1"}
    # the environment is there: a lock that is newer must not set it up anew in a test
    have_it = f"make PY={sys.executable} -o .venv/default.done -o .venv/dev.done "
    printed = [
        line for kind, text in blocks if kind == "console" for line in re.findall(r"^\$ (.+)$", text, re.M)
    ]
    assert len(printed) == 7
    for command in printed:
        words = re.sub(r"^make ", have_it, re.sub(r"^\.venv/bin/python ", f"{sys.executable} ", command))
        done = subprocess.run(
            ["bash", "-euc", words],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, (command, done.stdout + done.stderr)
    assert (checkout / f"docs/guideline/types/{name}.md").is_file()
    assert name in (checkout / "exports/summits/instruct/schema.json").read_text(encoding="utf-8")
    (code,) = [text for kind, text in blocks if kind == "python"]
    shown = [text for kind, text in blocks if kind == "text"][-1]
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == shown
