"""Starts PostgreSQL and Redis before anything reads the settings; loaded with `-p tests.plugin`.

Every worker of pytest-xdist has a cluster of its own: seals wait for the oldest transaction of a cluster.
"""

import os
from pathlib import Path

import pytest

from hms_ach.supervisor.services import Services, embedded, locked

ROOT = Path(__file__).resolve().parents[1]

# A test cluster is thrown away after a crash: speed over safety, here only.
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "150",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
    # Plans are then the same in each run: what was measured while a table was small would change some.
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


class EmbeddedServices:
    """Holds the services of this test run from its first moment to its last."""

    def __init__(self) -> None:
        self.lock, data = _free_place()
        self.services: Services = embedded(data, settings=FAST, is_durable=False)

    def pytest_unconfigure(self) -> None:
        self.services.stop()
        self.lock.close()


def _free_place():
    """The first data directory that no other test run of this checkout uses."""
    number = 1
    while not (lock := locked(ROOT / "var" / "test" / str(number) / "lock")):
        number += 1
    return lock, ROOT / "var" / "test" / str(number)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Start the services and name them in the environment; settings are read after this."""
    plugin = EmbeddedServices()
    if not _only_hands_out(early_config):
        plugin.services.start()
    os.environ.update(plugin.services.environment("hms_ach_test"))
    os.environ.update(
        {
            "HMS_ACH_TEST_DATABASE": str(plugin.services.data),
            "HMS_ACH_DEMO": "0",
            "HMS_ACH_HTTPS": "0",
            "DATABASE_CONN_MAX_AGE": "0",
            "DATABASE_STATEMENT_TIMEOUT_MS": "60000",
        }
    )
    early_config.pluginmanager.register(plugin, "hms_ach_services")
    return (yield)


def _only_hands_out(config) -> bool:
    """Whether this process gives its tests to workers."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return bool(config.known_args_namespace.numprocesses) and not is_worker
