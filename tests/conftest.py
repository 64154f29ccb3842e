"""Fixtures that several test files share."""

from pathlib import Path

import pytest

from dateline import schema as schemas
from dateline.schema import Schema

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the expected.txt of tests/cases anew")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The project's own schema, compiled once."""
    return schemas.load(ROOT / "schema")


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """True where expected.txt files are to be written, not compared."""
    return bool(request.config.getoption("--regenerate"))
