"""The sample corpus, exported once."""

import sys
from pathlib import Path

import pytest

from dateline import score

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # articles.py


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset folder of the batch `sample`."""
    from articles import made

    out = tmp_path_factory.mktemp("exports")
    made(ROOT / "annotations", out, "sample")
    return out / "sample"


@pytest.fixture(scope="session")
def sample(exported: Path) -> list[dict[str, object]]:
    """The rows of its view `documents`."""
    return [given.value for given in score.load(exported) if isinstance(given, score.Given)]
