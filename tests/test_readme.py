"""The README says what is so: its Python runs as printed and gives the output printed below it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [n for n, (kind, text) in enumerate(BLOCKS) if kind == "python" and "import torch" not in text]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A working directory with the exported sample article, made as the README says."""
    here = tmp_path_factory.mktemp("readme")
    for name in ("schema", "annotations"):
        (here / name).symlink_to(ROOT / name)
    command = [sys.executable, ROOT / "scripts/export.py", "calitoday"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True)
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
    targets = set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"^\$ make ([a-z-]+)", README, re.MULTILINE)) <= targets
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / path).exists(), path
