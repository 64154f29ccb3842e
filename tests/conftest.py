"""Fixtures that several test files share."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import surroundings
from hypothesis import settings

from dateline import schema as schemas
from dateline.label_studio import server
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


@pytest.fixture(scope="session")
def command(root: Path) -> Path:
    """Label Studio's own environment, made once and kept."""
    return server.environment(root / ".label-studio/venv", root / "requirements/label-studio.txt")


@pytest.fixture(scope="session")
def server_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the Label Studio of the tests keeps its account and its database."""
    return tmp_path_factory.mktemp("label-studio")


@pytest.fixture(scope="session")
def label_studio(command: Path, server_data: Path) -> Iterator[server.Server]:
    """One real Label Studio for all tests: started once, on a free port, stopped by its process id."""
    with server.running(command, server_data, surroundings.free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; without it a test is skipped, but not in CI, where all must run."""
    found = surroundings.chromium()
    if found is None:
        missing = f"no Chromium: {surroundings.INSTALL}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return found


@pytest.fixture(scope="session")
def driver(chromium: str) -> Iterator[Any]:
    """Playwright: one in a process, for a second one refuses to start beside the first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Any, chromium: str) -> Iterator[Any]:
    """A Chromium for pages from disk."""
    started = driver.chromium.launch(executable_path=chromium, args=surroundings.ARGUMENTS)
    yield started
    started.close()


# files that take long even without a server: `make test` runs them, `make test-fast` does not
THOROUGH = {
    "test_accounting", "test_adjudication_properties", "test_croissant", "test_export", "test_fix", "test_leaks",
    "test_migrate_changes", "test_new_project", "test_publish", "test_readme", "test_report_page", "test_rules",
    "test_schemes", "test_score_command", "test_streaming", "test_summit", "test_text_free", "test_validate",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what is in a file that takes long."""
    if item.path.stem in THOROUGH:
        item.add_marker("thorough")
