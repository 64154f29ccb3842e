"""Hands at a Chromium that works in the Label Studio of the tests: started once for all of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hands import Hands
from playwright.sync_api import BrowserContext, Playwright
from station import Station
from surroundings import ARGUMENTS

from dateline.label_studio import access, server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def station(label_studio: server.Server, server_data: Path) -> Iterator[Station]:
    headers = {"Authorization": f"Token {label_studio.access.token}"}
    url = label_studio.access.url
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as api:
        yield Station(url, label_studio.email, access.read_state(server_data)["password"], api)


@pytest.fixture(scope="session")
def new_browser(
    driver: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], BrowserContext]]:
    """Starts a Chromium with a user-data folder of its own."""
    opened: list[BrowserContext] = []

    def start() -> BrowserContext:
        context = driver.chromium.launch_persistent_context(
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
