"""The README says what is so: its code and commands run as printed, here or in a test that is named here, and the
messages it explains are those that are printed."""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest.mock import patch

import pytest
import surroundings

from dateline import files, schema, settings, train
from dateline.label_studio import access, client, errors, server

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = FENCED.findall(README)
PROSE = FENCED.sub("", README)
PYTHON = [n for n, (kind, text) in enumerate(BLOCKS) if kind == "python" and "import torch" not in text]
SAMPLE = "calitoday-2025-11-30-takaichi-trump-call.json"
TEAM = "## Bring a team of annotators"
TROUBLE = "## Trouble?"
HAVE_IT = (
    "-o .venv/default.done -o .venv/dev.done -o .venv/train.done"  # a newer lock must not set it up in a test
)


def section(heading: str) -> str:
    """What stands under a heading."""
    return README.partition(f"\n{heading}\n")[2].partition("\n## ")[0]


def blocks(text: str, wanted: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [body for kind, body in FENCED.findall(text) if kind == wanted]


def printed(text: str) -> list[str]:
    """The commands of console blocks, without their comments."""
    lines = [line for body in blocks(text, "console") for line in body.splitlines()]
    return [re.sub(r"\s+# .*", "", line.removeprefix("$ ")) for line in lines]


def mentioned() -> list[str]:
    """The commands that stand in a sentence; a make target or a program without more is only a name."""
    spans = re.findall(r"`([^`\n]+)`", PROSE)
    return [span for span in spans if re.match(r"make \S+ \w+=|\.venv/bin/\S+ ", span)]


ADD = (
    '.venv/bin/python scripts/add.py story.txt --title "Harbour closed" --publisher "The Paper"'
    " --url https://paper.example/harbour --published-at 2025-03-04"
)
# Run here, in this order, in a copy; with the exit code where it is not 0.
HERE = {
    "make export": 0,
    "make export ARGS=calitoday": 0,
    ".venv/bin/python scripts/export.py calitoday --text omit": 0,
    ".venv/bin/python scripts/rehydrate.py exports/calitoday --articles my-copies/": 0,
    'make publish ARGS="exports/sample --repo NAME/sample --dry-run"': 0,
    ".venv/bin/hf auth login": 0,  # as far as its help
    "make leaks ARGS=exports/sample": 2,  # it has one, as the README says; make turns 1 into 2
    'make score ARGS="exports/sample models/sample/predictions/test.jsonl --split test"': 0,
    f"{ADD} --language en --license CC-BY-4.0": 0,
    ".venv/bin/python scripts/validate.py export.json other/ more.jsonl.gz": 0,
    "make generate": 0,
    'make new NAME=../fires TYPES="wildfire evacuation"': 0,
}
# Run elsewhere: the tests that run the same scripts with the same options.
SERVE = "tests/label_studio/test_server.py::test_serve_starts_stops_and_finds_everything_again"
WALK = "tests/label_studio/test_team.py::test_a_team_goes_the_way_of_the_readme"
PAGE = "tests/report/test_report_page.py::"
ELSEWHERE = {
    "make report": (
        PAGE + "test_counts_are_those_of_the_dataset",
        PAGE + "test_report_stays_out_of_the_dataset",
    ),
    "make report ARGS=exports/calitoday": (PAGE + "test_report_stays_out_of_the_dataset",),
    "make report ARGS=calitoday": (PAGE + "test_articles_that_wait_for_adjudication_are_named",),
    "make train": ("tests/train/test_readme_blocks.py::test_a_loop_runs_as_printed",),
    'make train ARGS="--data exports/NAME --model NAME_OR_FOLDER"': (
        "tests/train/test_train.py::test_a_model_in_a_folder_is_trained_on",
    ),
    "make annotate": (SERVE,),
    "make push": (SERVE,),
    "make pull validate export": (SERVE, "tests/test_validate.py"),
    'make migrate ARGS="OLD --moves FILE"': (
        "tests/test_migrate_changes.py::test_the_command_says_it_first_and_writes_when_asked",
    ),
    ".venv/bin/python scripts/export.py --engine dask://SCHEDULER:8786 --annotations s3://news/annotations"
    " --out s3://news/exports": (
        "tests/cluster/test_cluster_export.py::test_the_commands_take_the_cluster",
        "tests/cluster/test_object_store.py::test_the_commands_take_urls_and_show_them_as_given",
    ),
    "make export ARGS=--hold-back": (
        "tests/cluster/test_object_store.py::test_the_commands_take_urls_and_show_them_as_given",
    ),
    "make pull ARGS=--theirs": (WALK,),
    "make pull ARGS=--ours": (WALK,),
}
PREDICTED = "models/sample/predictions/test.jsonl"  # where training writes them
IN_CI = ["make test", "make check"]  # the first does the second
INSTALL = ".venv/bin/pip install 'distributed' 's3fs' 'universal-pathlib'"


def bash(command: str, cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """A printed command with this Python and its packages; `--help` where it would ask the network."""
    words = re.sub(r"^make ", f"make PY={sys.executable} {HAVE_IT} ", command)
    words = re.sub(r"^\.venv/bin/python ", f"{sys.executable} ", words)
    words = re.sub(r"^\.venv/bin/hf (.*)", rf"{Path(sys.executable).parent}/hf \1 --help", words)
    # nor what `make test` tells the makes below it
    kept = {
        n: value for n, value in os.environ.items() if not n.startswith(("LABEL_STUDIO_", "MAKE", "MFLAGS"))
    }
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(cwd.parent / "hf")}
    return subprocess.run(
        ["bash", "-euc", words],
        cwd=cwd,
        env={**kept, **offline, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def copy(into: Path) -> Path:
    """What commands change is copied, what they only read is linked."""
    into.mkdir(parents=True)
    for name in ("schema", "annotations", "docs"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns(".pull-*", "*.csv.lock"))
    for name in ("people.csv", "projects.csv"):
        (into / "annotations" / name).unlink(missing_ok=True)
    for name in ("src", "scripts", "requirements", "templates", "Makefile", "dateline.toml"):
        (into / name).symlink_to(ROOT / name)
    for name in ("exports", ".venv"):
        (into / name).mkdir()
    return into


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A checkout after its first command, and what that printed."""
    here = copy(tmp_path_factory.mktemp("readme") / "dateline")
    done = bash("make export", here)
    assert done.returncode == 0, done.stdout + done.stderr
    return here, done.stdout


def test_export_ends_as_the_readme_shows(exported):
    shown = next(text for kind, text in BLOCKS if kind == "text")
    assert shown.strip() in exported[1]


@pytest.mark.parametrize("number", PYTHON)
def test_python_runs_as_printed(exported, number):
    home = exported[0] / f"home-{number}"
    home.mkdir()
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", BLOCKS[number][1]], cwd=exported[0], capture_output=True, text=True, env=env
    )
    assert done.returncode == 0, done.stderr
    kind, expected = BLOCKS[number + 1]
    assert kind == "text"
    assert done.stdout.strip() == expected.strip()


def test_every_make_target_and_file_named_exists():
    targets, of_projects = (
        set(re.findall(r"^([a-z-]+):.*## ", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE))
        for path in ("Makefile", "templates/project/Makefile")
    )
    named = set(re.findall(r"(?:^\$ |`)make ([a-z-]+)", README, re.MULTILINE))
    assert named <= targets | of_projects
    assert named - targets == {"add"}, "said of a project of one's own"
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / path).exists(), path


# Commands


def test_every_command_is_run_by_a_test():
    said = [*printed(README), *mentioned()]
    elsewhere = {*ELSEWHERE, *IN_CI, INSTALL, *printed(section(TEAM))}
    assert not {*HERE} & elsewhere
    assert {*said} - {*HERE} - elsewhere == set(), "run it here, or name the test that does"
    assert ({*HERE} | elsewhere) - {*said} == set(), "no longer in the README"


@pytest.mark.parametrize("command", ELSEWHERE)
def test_the_test_that_is_named_runs_the_same(command):
    """The test is there, and it or what stands beside it names the scripts and the options."""
    text = ""
    for place in ELSEWHERE[command]:
        path, _, function = place.partition("::")
        own = (ROOT / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^def {function}\(", own, re.MULTILINE), place
        beside = (ROOT / path).parent.glob("*.py")
        helpers = [p.read_text(encoding="utf-8") for p in beside if not p.name.startswith("test_")]
        text += "\n".join([own, *helpers])
    options = [option for option in re.findall(r"--[a-z-]+", command) if option not in text]
    if WALK in ELSEWHERE[command]:
        assert f'"{command}"' in text, "this is run by its name"
        return
    done = bash(re.sub(r"^make ", "make -n ", command), ROOT) if command.startswith("make") else None
    assert done is None or done.returncode == 0, done.stderr
    scripts = set(re.findall(r"scripts/(\w+\.py)", done.stdout if done else command))
    assert scripts
    assert ([name for name in scripts if name not in text], options) == ([], [])


def test_ci_makes_what_the_first_lines_say_and_test_does_check():
    for name in ("make export", "make test"):
        assert re.search(rf"^{name}$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    test, check = (bash(f"make -n {name}", ROOT).stdout.splitlines() for name in ("test", "check"))
    assert "check: all well" in check[-1]
    assert check[-1] in test
    assert [line for line in test if "pytest -n 2 -m 'not slow'" in line]
    assert [line for line in test if "-m slow" in line]


def test_the_walk_takes_its_commands_from_here():
    walk = (ROOT / WALK.partition("::")[0]).read_text(encoding="utf-8")
    assert "in printed(section(TEAM))" in walk


def test_what_the_cluster_needs_is_its_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = {re.match(r"[\w-]+", name)[0] for name in project["project"]["optional-dependencies"]["cluster"]}
    assert set(re.findall(r"'([\w-]+)'", INSTALL)) <= extra


def test_commands_run_as_printed(exported, tmp_path):
    here = tmp_path / "dateline"
    shutil.copytree(exported[0], here, symlinks=True)
    task = here / "annotations/calitoday" / SAMPLE
    shutil.copytree(task.parent, here / "other")
    shutil.copytree(here / "annotations/articles", here / "my-copies")
    (here / "export.json").write_text(f"[{task.read_text(encoding='utf-8')}]", encoding="utf-8")
    (here / "more.jsonl.gz").write_bytes(gzip.compress(json.dumps(json.loads(task.read_bytes())).encode()))
    lines, event_type = (text for kind, text in BLOCKS if kind == "json")
    files.write_text(here / PREDICTED, lines)
    files.write_text(here / "baseline.jsonl", lines)
    files.write_text(here / "story.txt", "The harbour was closed on Monday.")
    name = json.loads(event_type)["title"]
    assert f"`schema/events/{name}.schema.json`" in README
    (here / f"schema/events/{name}.schema.json").write_text(event_type, encoding="utf-8")
    said = {}
    for command, code in HERE.items():
        if command != "make export":  # the fixture ran it
            done = bash(command, here)
            assert done.returncode == code, (command, done.stdout + done.stderr)
            said[command] = done.stdout
    assert bash("make check-generated", here).returncode == 0, "the new type makes nothing stale"
    dry, leaks, score, new = (said[c] for c in HERE if c.split()[1] in ("publish", "leaks", "score", "new"))
    assert "dry run: nothing was sent to NAME/sample" in dry
    assert "W918 test: a sanction" in leaks and "leaks: 1" in leaks
    assert "W933" not in score, "the lines of the README can be read"
    against = bash(f'make score ARGS="exports/sample {PREDICTED} --against baseline.jsonl"', here)
    assert against.returncode == 0, against.stderr
    article = json.loads((here / "annotations/articles/story.json").read_bytes())
    assert (article["doc_id"], article["source"]["license"]) == ("story", "CC-BY-4.0")
    assert f'value="{name}"' in (here / "annotations/label_config.xml").read_text(encoding="utf-8")
    assert (here / f"docs/guideline/types/{name}.md").is_file()
    assert "schema/events/wildfire.schema.json" in new
    assert (tmp_path / "fires/Makefile").is_file()


def test_the_event_types_that_are_shown_go_together(tmp_path):
    """That of the README and that of the page on event types, in one schema: no colour and no key twice."""
    folder = shutil.copytree(ROOT / "schema", tmp_path / "schema")
    page = (ROOT / "docs/event-type.md").read_text(encoding="utf-8")
    shown = [body for text in (README, page) for body in blocks(text, "json") if '"$schema"' in body]
    names = [json.loads(body)["title"] for body in shown]
    assert len({*names}) == 2
    for name, body in zip(names, shown, strict=True):
        (folder / f"events/{name}.schema.json").write_text(body, encoding="utf-8")
    assert {*names} <= {*schema.load(folder).types}


def test_settings_of_the_readme_are_taken(tmp_path):
    blocks = [text for kind, text in BLOCKS if kind == "toml"]
    (tmp_path / "dateline.toml").write_text("\n".join(blocks), encoding="utf-8")
    taken = settings.load(tmp_path / "dateline.toml")
    assert len(blocks) == 2
    assert taken.dataset.creators and taken.agreement.thresholds["status"] == 0.7


# Messages


def messages() -> list[str]:
    """What the README says is printed: code in the list of troubles that is a sentence, and no command."""
    spans = re.findall(r"`([^`\n]+)`", FENCED.sub("", section(TROUBLE)))
    return [span for span in spans if " " in span and not span.startswith("make ")]


def pattern(message: str) -> str:
    """`…` stands for something."""
    return ".+".join(map(re.escape, message.split("…")))


# What only a real server says; that test looks for it in what was printed.
OF_A_SERVER = ("E822 annotation … has changed here and on the server.",)


@contextmanager
def refusing() -> Iterator[str]:
    """The address of a server that takes no token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"detail": "Invalid token."}'
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def said(exported, tmp_path_factory) -> str:
    """What is printed when all that the README names goes wrong."""
    home = tmp_path_factory.mktemp("trouble")
    here, bare = home / "dateline", home / "bare"
    shutil.copytree(exported[0], here, symlinks=True)
    bare.mkdir()
    for name in ("Makefile", "requirements"):
        (bare / name).symlink_to(ROOT / name)
    task = json.loads((here / "annotations/calitoday" / SAMPLE).read_bytes())
    both = [a for a in task["annotations"] if not a["ground_truth"]]
    wrong = json.loads(json.dumps(task))
    next(r for r in wrong["annotations"][0]["result"] if r["type"] == "labels")["value"]["end"] = 999_999
    for batch, content in (("differ", {**task, "annotations": both}), ("wrong", wrong)):
        files.write_text(here / "annotations" / batch / SAMPLE, json.dumps(content))
    files.write_text(here / "mine/calitoday/thesis.txt", "years of work")
    files.write_text(here / "annotations/label_config.xml", "<View/>")
    script = ".venv/bin/python scripts/"
    with socket.socket() as taken, files.lock(here / "exports/calitoday"), refusing() as address:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        wanted = [
            ("make PYTHON= export", bare, {}),
            ("make PYTHON=false export", bare, {}),
            (f"{script}serve.py --port {port}", here, {}),
            ("make -n export calitoday", here, {}),
            (f"{script}pull.py", here, {}),
            (f"{script}pull.py", here, {"LABEL_STUDIO_URL": address, "LABEL_STUDIO_API_KEY": "f" * 40}),
            (f"{script}export.py nothing", here, {}),
            (f"{script}export.py calitoday --out mine", here, {}),
            (f"{script}export.py calitoday", here, {}),
            (f"{script}export.py wrong differ --views documents", here, {}),
            (f"{script}publish.py exports/nothing --repo a/b --dry-run", here, {}),
            (f"{script}publish.py exports/calitoday --repo a/b --dry-run", here, {}),
            (f"{script}label_config.py --check annotations/label_config.xml", here, {}),
        ]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda one: plain(*one), wanted))
        access.write_state(home / "data", {"url": f"http://127.0.0.1:{port}", "pid": 1})
        with pytest.raises(errors.LabelStudioError) as ours:
            server.require_free(port, home / "data")
    with pytest.raises(errors.LabelStudioError) as nobody:
        client.Client(access.Access("http://127.0.0.1:9", "f" * 40), patience=0).whoami()
    conftest = (ROOT / "tests/conftest.py").read_text(encoding="utf-8")
    assert 'f"no Chromium: {surroundings.INSTALL}"' in conftest
    with patch.dict(sys.modules, {"torch": None}), pytest.raises(train.TrainError) as torch:
        train.require()
    raised = [f"error: {one.value}" for one in (ours, nobody, torch)]
    return "\n".join([*done, *raised, f"no Chromium: {surroundings.INSTALL}"])


def plain(command: str, cwd: Path, env: dict[str, str]) -> str:
    """What a command that does not succeed prints; where there is no environment yet, without ours."""
    if cwd.name == "bare":
        done = subprocess.run(command.split(), cwd=cwd, capture_output=True, text=True)
    else:
        done = bash(command, cwd, **env)
    assert done.returncode, command
    return done.stdout + done.stderr


@pytest.mark.parametrize("message", [m for m in messages() if m not in OF_A_SERVER])
def test_the_message_is_printed(said, message):
    assert re.search(pattern(message), said)


def test_messages_of_a_server_are_looked_for_there():
    walk = (ROOT / WALK.partition("::")[0]).read_text(encoding="utf-8")
    assert {*OF_A_SERVER} <= {*messages()}
    assert "OF_A_SERVER" in walk
