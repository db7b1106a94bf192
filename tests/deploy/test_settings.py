"""Every setting is documented and every documented setting is read; what is missing is said in words."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hms_ach.supervisor.required import missing_settings

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""(?:env(?:\.\w+)?\(|os\.environ\.get\(|os\.environ\[)\s*["']([A-Z][A-Z0-9_]+)["']""")
IN_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]+)")
IN_COMPOSE = re.compile(r"\$\{([A-Z][A-Z0-9_]+)")
# Read by the scripts, and explained by those who made them.
OF_OTHERS = {"UV_SYSTEM_CERTS", "PIP_INDEX_URL", "PYTHONPATH"}


def documented() -> set[str]:
    rows = [line for line in (ROOT / "docs" / "operations.md").read_text().splitlines() if "|" in line]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row.split("|")[1])}


def read() -> set[str]:
    sources = [
        path
        for app in ("hms_ach", "ledger", "billing", "cashiering", "reconciliation")
        for path in (ROOT / app).rglob("*.py")
    ]
    found = {name for path in sources for name in READ.findall(path.read_text())}
    for script in (ROOT / "bin").iterdir():
        found |= set(IN_SHELL.findall(script.read_text()))
    return (found | set(IN_COMPOSE.findall((ROOT / "compose.yaml").read_text()))) - OF_OTHERS


def test_what_is_read_is_documented():
    assert read() - documented() == set()


def test_what_is_documented_is_read():
    assert documented() - read() == set()


def started(**environment: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_missing_secret_stops_the_start_with_words():
    stopped = started()

    assert stopped.returncode == 1
    assert "SECRET_KEY" in stopped.stderr
    assert "docs/operations.md" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_the_web_server_does_not_serve_without_the_keys_of_personal_data(settings):
    settings.VAULT_KEYS, settings.VAULT_INDEX_KEY = [], ""

    assert [sentence.split()[0] for sentence in missing_settings()] == ["VAULT_KEYS", "VAULT_INDEX_KEY"]


@pytest.mark.parametrize("name", ["VAULT_KEYS", "VAULT_INDEX_KEY"])
def test_each_of_them_is_named(settings, name):
    settings.VAULT_KEYS, settings.VAULT_INDEX_KEY = ["1:x"], "x"
    setattr(settings, name, "")

    assert len(missing_settings()) == 1
    assert name in missing_settings()[0]
