"""Where a benchmark runs: an embedded cluster that keeps its promises, and a database of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from hms_ach.supervisor.postgres import APP, OWNER
from hms_ach.supervisor.services import Services, embedded

ROOT = Path(__file__).resolve().parents[2]
_TEMPLATE = "bench_template"


@dataclass(frozen=True)
class Place:
    """What a benchmark may use besides Django, which is set up on the same database.

    postgres_programs  the directory of pgbench and psql
    is_full            whether the large sizes were asked for
    """

    database_url: str
    owner_url: str
    directory: Path
    postgres_programs: Path
    is_full: bool = False


@contextmanager
def cluster() -> Iterator[Services]:
    """PostgreSQL with fsync on, and Redis; a migrated template; all gone afterwards."""
    data = ROOT / "var" / f"bench-{os.getpid()}"
    services = embedded(data, settings={"shared_buffers": "256MB"})
    try:
        services.start()
        (data / "static").mkdir(exist_ok=True)
        services.postgres.drop_database(_TEMPLATE)
        services.ensure_database(_TEMPLATE)
        migrate = [sys.executable, "manage.py", "install_schema"]
        subprocess.run(migrate, cwd=ROOT, check=True, env=environment(services, _TEMPLATE))
        yield services
    finally:
        services.stop()
        shutil.rmtree(services.files, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def fresh_database(services: Services, name: str) -> str:
    """A clone of the migrated template; its name."""
    database = f"bench_{name}"
    services.postgres.drop_database(database)
    names = {"name": sql.Identifier(database), "template": sql.Identifier(_TEMPLATE)}
    names |= {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    with services.postgres.connect() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(**names)
        )
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}").format(**names))
    return database


def environment(services: Services, database: str) -> dict[str, str]:
    """Everything a benchmark's process must find set."""
    return {
        **os.environ,
        **services.environment(database),
        "DJANGO_SETTINGS_MODULE": "hms_ach.settings",
        "HMS_ACH_DEMO": "1",
        "HMS_ACH_HTTPS": "0",
        "LOG_LEVEL": "WARNING",
        "STATIC_ROOT": str(services.data / "static"),
        "DATABASE_STATEMENT_TIMEOUT_MS": "600000",
        "DATABASE_IDLE_TIMEOUT_MS": "600000",
        "HMS_ACH_BENCH_PROGRAMS": str(services.postgres.programs),
    }


@contextmanager
def place() -> Iterator[Place]:
    """This process's place, as its parent prepared it."""
    with tempfile.TemporaryDirectory(prefix="hms-ach-bench-") as directory:
        yield Place(
            database_url=os.environ["DATABASE_URL"],
            owner_url=os.environ["DATABASE_OWNER_URL"],
            directory=Path(directory),
            postgres_programs=Path(os.environ["HMS_ACH_BENCH_PROGRAMS"]),
            is_full=os.environ.get("HMS_ACH_BENCH_FULL") == "1",
        )
