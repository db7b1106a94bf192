"""Databases and a server for the tests; see docs/operations.md, "Testing"."""

import itertools
import os
from threading import Thread

import hypothesis
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import sync_playwright

from tests import databases
from tests.browser.chromium import ARGUMENTS, executable

# Where single tests take minutes.
LONG = ("browser", "crash", "deploy", "invariants", "journeys", "demo")

_numbers = itertools.count(1)


def pytest_configure() -> None:
    """Passwords and client secrets are hashed cheaply: here nobody steals them.

    A property may take its time: the machine may be doing something else.
    """
    hypothesis.settings.register_profile("hms_ach", deadline=None, max_examples=150)
    hypothesis.settings.load_profile("hms_ach")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(items) -> None:
    """Workers begin with what is long: one that begins last leaves the other worker idle."""
    if _worker() != "main":
        items.sort(key=lambda item: LONG.index(folder) if (folder := _folder(item)) in LONG else len(LONG))


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a test run: playwright runs once in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def migrated_template(django_db_blocker) -> str:
    """The database that all others are cloned from."""
    with django_db_blocker.unblock():
        return databases.migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, django_test_environment, migrated_template):
    """This worker's clone, in which `db` rolls every test back; the connection is the application's."""
    name = f"hms_ach_{_worker()}"
    databases.clone(migrated_template, name)
    databases.point_at(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop(name)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, migrated_template):
    """A database for this test alone: real commits, seen by all threads; its name."""
    name = f"hms_ach_{_worker()}_{next(_numbers)}"
    databases.clone(migrated_template, name)
    with django_db_blocker.unblock(), databases.elsewhere(name):
        yield name
    databases.drop(name)


@pytest.fixture
def owner_connection(own_database):
    """The owner of the tables, on the test's own database."""
    return connections["owner"]


@pytest.fixture
def site(own_database):
    """The base URL of a real threaded server on the test's own database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = Thread(target=server.serve_forever, name="site", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _folder(item: pytest.Item) -> str:
    """The folder of tests/ that a test stands in."""
    return item.path.relative_to(databases.ROOT / "tests").parts[0]
