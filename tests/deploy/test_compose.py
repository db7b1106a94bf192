"""compose.yaml as a document: every service, its health, and no secret inside."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
SECRET = re.compile("SECRET|PASSWORD|KEY|AUTH|_URL$")
ENDS_BY_ITSELF, HAS_NO_PORT = {"prepare"}, {"beat"}


def test_every_part_of_the_hub_is_a_service():
    workers = {"worker-interactive", "worker-bank", "worker-nightly"}

    assert set(SERVICES) == {"prepare", "web", "beat", "nginx", "postgres", "redis", *workers}
    queues = {word for name in workers for word in SERVICES[name]["command"][4:6] if word != "--queues"}
    assert queues - {"--concurrency"} == {"interactive", "bank", "nightly"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ENDS_BY_ITSELF - HAS_NO_PORT))
def test_every_running_service_is_asked_how_it_is(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_nobody_starts_before_what_it_needs():
    assert SERVICES["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    for name in ("web", "beat", "worker-bank", "worker-interactive", "worker-nightly"):
        assert SERVICES[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_is_written_down(name):
    for setting, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(setting):
            bare = re.sub(r"\$\{[A-Z_]+(:[-?][^${}]*)?\}", "", str(value))
            bare = re.sub(r"\$\{[A-Z_]+:-(.*)\}$", r"\1", bare)
            assert not re.search(r":[^:/@]+@", bare), f"{name} writes {setting} down"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_only_nginx_is_reachable_and_only_the_owner_migrates(name):
    assert ("ports" in SERVICES[name]) == (name == "nginx")
    assert ("DATABASE_OWNER_URL" in SERVICES[name].get("environment", {})) == (name == "prepare")


def test_our_own_services_have_no_more_rights_than_they_need():
    for name, service in SERVICES.items():
        if service.get("image") == "hms-ach":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


def test_mounted_files_exist():
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]

    for mount in mounts:
        if mount.startswith("./"):
            assert (ROOT / mount.split(":")[0]).exists(), mount
