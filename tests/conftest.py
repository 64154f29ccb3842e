"""Fixtures that several test files share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from dateline import schema as schemas
from dateline.schema import Schema

ROOT = Path(__file__).parents[1]

# How long an example takes says nothing on a busy machine; a landing must not hang on the luck of a seed,
# so CI draws the same examples every time, and everybody else draws new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


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


# files that take long even without a server: `make test` runs them, `make test-fast` does not
THOROUGH = {
    "test_accounting", "test_adjudication_properties", "test_croissant", "test_export", "test_fix", "test_leaks",
    "test_migrate_changes", "test_new_project", "test_publish", "test_report_page", "test_rules", "test_schemes",
    "test_score_command", "test_streaming", "test_summit", "test_text_free", "test_validate",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what is in a file that takes long."""
    if item.path.stem in THOROUGH:
        item.add_marker("thorough")
