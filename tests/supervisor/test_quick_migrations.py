"""The quick way to an empty database's schema and Django's own way lead to the same one."""

import os
import subprocess
import sys

import pytest

from hms_ach.supervisor.postgres import APP, OWNER
from tests import databases


@pytest.mark.nightly
def test_the_quick_schema_is_the_unhurried_one(django_db_setup):
    dumps = {}
    for name, command in (("quick", ["install_schema"]), ("unhurried", ["migrate", "--database", "owner"])):
        dumps[name] = _schema_made_by(command, database=f"schema_{name}")

    assert len(dumps["quick"]) > 1000
    assert dumps["quick"] == dumps["unhurried"]


def _schema_made_by(command: list[str], *, database: str) -> list[str]:
    postgres = databases.administrator()
    postgres.drop_database(database)
    postgres.ensure_database(database, owner=OWNER, app=APP)
    owner_url = os.environ["DATABASE_OWNER_URL"].replace("/hms_ach_test?", f"/{database}?")
    settings = os.environ | {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": owner_url}
    subprocess.run([sys.executable, "manage.py", *command], cwd=databases.ROOT, env=settings, check=True)
    dumped = subprocess.run(
        [str(postgres.programs / "pg_dump"), "--schema-only", "--dbname", owner_url],
        capture_output=True,
        text=True,
        check=True,
    )
    postgres.drop_database(database)
    return [line for line in dumped.stdout.splitlines() if "restrict" not in line]
