"""The README's training loops, run as printed: they take long."""

import os
import re
import subprocess
import sys

import pytest
from train_build import ENV, ROOT, run

pytestmark = pytest.mark.slow
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LOOPS = [n for n, (kind, text) in enumerate(BLOCKS) if kind == "python" and "import torch" in text]
CHECK = "\nassert torch.isfinite(list(optimizer.param_groups[0]['params'])[0]).all()\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory, installed):
    """A folder as `make train` leaves it; one epoch makes the same files as many."""
    here = tmp_path_factory.mktemp("loops")
    for name in ("schema", "annotations"):
        (here / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/export.py", "sample"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    done = run("--data", "exports/sample", "--epochs", "1", cwd=here)
    assert done.returncode == 0, done.stderr
    return here


def test_there_are_two_loops():
    assert len(LOOPS) == 2
    assert "transformers" in BLOCKS[LOOPS[0]][1]
    assert "transformers" not in BLOCKS[LOOPS[1]][1]


@pytest.mark.parametrize("number", LOOPS)
def test_a_loop_runs_as_printed(place, number):
    env = {"PATH": os.environ["PATH"], "HOME": str(place), **ENV}
    command = [sys.executable, "-c", BLOCKS[number][1] + CHECK]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    kind, expected = BLOCKS[number + 1]
    assert kind == "text"
    assert done.stdout.strip() == expected.strip()
