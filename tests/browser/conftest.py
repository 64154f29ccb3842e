"""A Label Studio of our own and a Chromium to work in it: started once for all browser tests."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hands import Hands
from playwright.sync_api import BrowserContext, sync_playwright
from station import ARGUMENTS, CHROMIUM, INSTALL, ROOT, Station

from dateline.label_studio import access, server
from dateline.schema import Schema, load


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which(CHROMIUM) or shutil.which("chromium")
    if found is None:
        missing = f"no Chromium: {INSTALL}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return found


@pytest.fixture(scope="session")
def station(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    command = server.environment(ROOT / ".label-studio" / "venv", ROOT / "requirements" / "label-studio.txt")
    data = tmp_path_factory.mktemp("label-studio")
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        port = probe.getsockname()[1]
    with server.running(command, data, port) as running:
        headers = {"Authorization": f"Token {running.access.token}"}
        with httpx.Client(base_url=running.access.url, headers=headers, timeout=60, trust_env=False) as api:
            yield Station(running.access.url, running.email, access.read_state(data)["password"], api)


@pytest.fixture(scope="session")
def new_browser(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], BrowserContext]]:
    """Starts a Chromium with a user-data folder of its own."""
    opened: list[BrowserContext] = []
    with sync_playwright() as playwright:

        def start() -> BrowserContext:
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path_factory.mktemp("chromium")),
                executable_path=chromium,
                args=ARGUMENTS,
                viewport={"width": 1366, "height": 768},
            )
            context.set_default_timeout(20_000)
            opened.append(context)
            return context

        yield start
        for context in opened:
            context.close()


@pytest.fixture(scope="session")
def desk(station: Station, new_browser: Callable[[], BrowserContext]) -> Hands:
    """Hands at a browser, logged in."""
    hands = Hands(new_browser().pages[0], station.url)
    hands.log_in(station.email, station.password)
    return hands


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load(ROOT / "schema")
