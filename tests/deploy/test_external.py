"""PostgreSQL and Redis elsewhere: bin/run starts nothing embedded and uses theirs."""

import pytest

from hms_ach.supervisor.services import embedded
from tests.crash.hub import RunningHub

pytestmark = pytest.mark.crash


@pytest.fixture
def elsewhere(tmp_path):
    """A PostgreSQL and a Redis that somebody else runs, with the database and its two roles."""
    services = embedded(tmp_path / "elsewhere")
    services.start()
    services.ensure_database("hms_ach")
    yield services.environment("hms_ach")
    services.stop()


def test_the_hub_runs_on_what_is_named(tmp_path, elsewhere):
    addresses = {name: value for name, value in elsewhere.items() if name.startswith(("DATABASE_", "REDIS_"))}
    addresses |= {name: elsewhere[name] for name in ("CACHE_URL", "BROKER_URL")}
    hub = RunningHub(tmp_path / "hub", **addresses).wait_until_ready()

    running = [" ".join(process.cmdline()) for process in hub.everything()]

    assert hub.is_healthy()
    assert any("celery" in line for line in running)
    assert not [line for line in running if "postgres" in line or "redis-server" in line]
    assert not (tmp_path / "hub" / "postgres").exists()
    assert hub.stop() == 0


def test_half_of_it_is_refused(tmp_path):
    hub = RunningHub(tmp_path / "hub", DATABASE_URL="postgresql://app@elsewhere/hms_ach")

    assert hub.process.wait(60) == 1
    assert "Only DATABASE_URL is set" in hub.said()


def test_a_server_that_does_not_answer_is_named(tmp_path):
    hub = RunningHub(
        tmp_path / "hub",
        DATABASE_URL="postgresql://app:hidden@127.0.0.1:1/hms_ach",
        REDIS_URL="redis://127.0.0.1:1/0",
    )

    assert hub.process.wait(60) == 1
    assert "DATABASE_URL" in hub.said()
    assert "hidden" not in hub.said()
