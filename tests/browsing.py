"""A real browser for tests: Debian's Chromium, driven by Playwright (extra `browser`)."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium: apt-get install chromium"
)

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser():
    """Start a browser with a temporary profile."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the extra may be missing

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def _failed(request):
    """Return the failure of a request, unless the next page aborted it."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url} {request.failure}"]


def _told(message):
    """Return an error of the console, unless it is that of a refused form, which is shown again."""
    return [message.text] if message.type == "error" and " 422 " not in message.text else []


@pytest.fixture
def opened(browser):
    """Return a function that opens a window; fail if anything fails to load or run in it."""
    faults, contexts = [], []

    def window(**more):
        contexts.append(browser.new_context(**more))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.extend(_failed(request)))
        page.on("console", lambda one: faults.extend(_told(one)))
        return page

    yield window
    for context in contexts:
        context.close()
    assert faults == []


def violations(page):
    """Return what axe finds wrong with the page that is open: rule, and the elements."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - slow to import

    found = Axe().run(page).response["violations"]
    return {one["id"]: [node["html"] for node in one["nodes"]] for one in found}
