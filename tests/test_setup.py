"""What the Makefile does before anything is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAID = "error: python3 -m venv failed; on Debian: apt-get install python3-venv"
# as where ensurepip is missing: Python is linked, then it fails
HALF = """#!/bin/sh
mkdir -p .venv/bin && touch .venv/bin/python && chmod +x .venv/bin/python
exit 1
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout without an environment, and a Python that leaves a half-made one."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").symlink_to(ROOT / "requirements")
    (tmp_path / "python3").write_text(HALF, encoding="utf-8")
    (tmp_path / "python3").chmod(0o755)
    return tmp_path


def export(here: Path) -> str:
    done = subprocess.run(["make", "PYTHON=./python3", "export"], cwd=here, capture_output=True, text=True)
    assert done.returncode == 2
    return done.stderr


def test_a_half_made_environment_is_removed_so_that_the_next_run_makes_it(bare: Path) -> None:
    for _ in range(2):
        assert SAID in export(bare)
        assert not (bare / ".venv").exists()


def test_a_folder_that_was_there_stays(bare: Path) -> None:
    (bare / ".venv").mkdir()
    (bare / ".venv/notes.txt").write_text("mine", encoding="utf-8")
    assert SAID in export(bare)
    assert (bare / ".venv/notes.txt").read_text(encoding="utf-8") == "mine"
