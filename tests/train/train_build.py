"""Ten articles of the sample corpus as an exported dataset, and what stands between tests and the network."""

import csv
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENV = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}  # threads cost small models more than they bring
WANTED = {"train": 6, "validation": 2, "test": 2}
NO_NETWORK = """
import socket

def refuse(*_):
    raise AssertionError("the network was asked for")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


def ten_articles() -> list[str]:
    """Six articles of the training set and two of each other split."""
    with (ROOT / "annotations/splits.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["doc_id"].startswith("sample-")]
    return [
        name
        for split, n in WANTED.items()
        for name in sorted(row["doc_id"] for row in rows if row["split"] == split)[:n]
    ]


def export(into: Path, articles: list[str], *options: str) -> Path:
    """The dataset `ten` of these articles."""
    annotations = into / "annotations"
    (annotations / "ten").mkdir(parents=True)
    (annotations / "articles").symlink_to(ROOT / "annotations/articles")
    (annotations / "splits.csv").write_bytes((ROOT / "annotations/splits.csv").read_bytes())
    for name in articles:
        (annotations / "ten" / f"{name}.json").symlink_to(ROOT / f"annotations/sample/{name}.json")
    places = ["--annotations", annotations, "--out", into / "exports"]
    command = [sys.executable, "scripts/export.py", "ten", *places, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return into / "exports/ten"


def run(*arguments, cwd=ROOT, before="", without_network=None):
    """scripts/train.py with these arguments; `before` is Python that runs first in its process."""
    start = (
        f"import runpy, sys\nsys.path.insert(0, {str(ROOT / 'scripts')!r})\n{before}\n"
        f"sys.argv = ['train.py', *sys.argv[1:]]\n"
        f"runpy.run_path({str(ROOT / 'scripts/train.py')!r}, run_name='__main__')"
    )
    env = {**os.environ, **ENV}
    if without_network is not None:
        (without_network / "sitecustomize.py").write_text(NO_NETWORK)
        env["PYTHONPATH"] = str(without_network)
    command = [sys.executable, "-c", start, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=env, check=False)
