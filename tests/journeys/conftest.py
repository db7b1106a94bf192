"""What the journeys share: the day they happen on, a card terminal, and desks at which people sign in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page

from tests.browser.conftest import _watch
from tests.journeys import hospital as given
from tests.make import access

MORNING = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if "desk" in item.fixturenames:
                item.add_marker(pytest.mark.browser)


@pytest.fixture
def clock_hand():
    """11:00 in New York on Thursday 12 March 2026; `move_to` turns it."""
    with time_machine.travel(MORNING) as hand:
        yield hand


@pytest.fixture
def hospital(site, clock_hand):
    with given.terminal() as address:
        yield given.hospital(terminal_address=address)


@pytest.fixture
def desk(chromium, site):
    """`desk("ana")` is a browser of its own, in which that person signed in through the form."""
    contexts, complaints = [], []

    def sit_down(name: str) -> Page:
        context = chromium.new_context(
            base_url=site, viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="en-US"
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.on("page", lambda page: _watch(page, complaints))
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(access.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []
