"""Chromium, driven by playwright, against the `site` fixture.

Every page that a test opens is watched: a console error, a failed script or a breach of the
Content-Security-Policy fails the test.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.looking import UNDER_STUDY

# playwright runs an event loop in this thread; the tests' own queries are synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def window(chromium: Browser, site: str):
    """A fresh browser at 1366×768; what it complains about ends the test."""
    context = chromium.new_context(
        base_url=site, viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="en-US"
    )
    context.set_default_timeout(20_000)
    complaints: list[str] = []
    context.on("page", lambda page: _watch(page, complaints))
    yield context
    context.close()
    assert complaints == []


def _watch(page: Page, complaints: list[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda said: said.type == "error" and _note(page, said, complaints))


def _note(page: Page, said, complaints: list[str]) -> None:
    # Chromium writes a line for every answer of 400 and above; a test asks for those on purpose.
    if page not in UNDER_STUDY and "the server responded with a status of" not in said.text:
        complaints.append(f"{page.url}: {said.text}")


@pytest.fixture
def signed_in(window: BrowserContext, site: str):
    """`signed_in(user)` gives a page whose cookies are the user's session."""

    def enter(user) -> Page:
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
        return window.new_page()

    return enter
