"""The sample corpus exported once, reports of it, and pages to look at them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

ROOT = Path(__file__).parents[2]


def _export(folder: Path, *more: str) -> Path:
    command = [sys.executable, ROOT / "scripts/export.py", "sample", "--out", folder, *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(path.parent for path in folder.rglob("manifest.json"))


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    return _export(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="session")
def wordless(tmp_path_factory) -> Path:
    """The same without a word of the articles."""
    return _export(tmp_path_factory.mktemp("wordless"), "--text", "omit")


@pytest.fixture(scope="session")
def report_of(tmp_path_factory) -> Callable[..., Path]:
    """Runs the command, and gives the page."""

    def make(*paths: Path) -> Path:
        out = tmp_path_factory.mktemp("report") / "report.html"
        command = [sys.executable, ROOT / "scripts/report.py", *paths, "--out", out]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return out

    return make


@pytest.fixture(scope="session")
def page_of_sample(exported, report_of) -> Path:
    return report_of(exported)


class Watched:
    """A page, and what must never happen on it."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.url, self.alarms = page, file.as_uri(), []
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.alarms.append(f"error: {error}"))
        page.on("console", lambda said: self.alarms.append(f"console: {said.text}"))
        page.on("request", self._request)

    def _dialog(self, dialog) -> None:
        self.alarms.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if request.url.split("#")[0] != self.url:
            self.alarms.append(f"request: {request.url}")

    def go(self, fragment: str = "") -> Page:
        self.page.goto(f"{self.url}#{fragment}" if fragment else self.url)
        return self.page


@pytest.fixture
def watch(browser) -> Iterator[Callable[..., Watched]]:
    """Opens a page; at the end nothing may have alarmed."""
    opened: list[tuple[Watched, object]] = []

    def start(file: Path, **options) -> Watched:
        context = browser.new_context(**options)
        context.set_default_timeout(20_000)
        watched = Watched(context.new_page(), file)
        opened.append((watched, context))
        return watched

    yield start
    for watched, context in opened:
        context.close()
        assert watched.alarms == []
