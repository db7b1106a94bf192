"""Test databases: migrated once into a template, cloned in a moment."""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from hms_ach.supervisor.postgres import APP, OWNER
from hms_ach.supervisor.services import embedded

ROOT = Path(__file__).resolve().parents[1]


def administrator():
    """The test cluster, whoever started it."""
    return embedded(Path(os.environ["HMS_ACH_TEST_DATABASE"])).postgres


def migrated_template() -> str:
    """The name of a database in which this state of the migrations has run; made when it is new."""
    name = f"template_{_state_of_migrations()}"
    postgres = administrator()
    with postgres.connect() as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _drop_leftovers(connection)
            _migrate(postgres, f"{name}_unfinished")
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(f"{name}_unfinished"), sql.Identifier(name)))
    return name


def clone(template: str, name: str) -> None:
    """A fresh copy of the template, replacing any database of that name."""
    with administrator().connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY {}")
        copy = sql.Identifier("file_copy")
        connection.execute(
            statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER), copy)
        )
        connection.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                sql.Identifier(name), sql.Identifier(APP)
            )
        )


def drop(name: str) -> None:
    administrator().drop_database(name)


def point_at(name: str) -> None:
    """Let every connection opened from now on, in any thread, lead to this database."""
    for alias in ("default", "owner"):
        connections.settings[alias]["NAME"] = name


@contextmanager
def elsewhere(name: str):
    """Inside the block both aliases lead to another database, with connections of their own."""
    before = connections.settings["default"]["NAME"]
    kept = {alias: connections[alias] for alias in ("default", "owner")}
    point_at(name)
    for alias in kept:
        connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        for alias, connection in kept.items():
            connections[alias].close()
            connections[alias] = connection
        point_at(before)


def _drop_leftovers(connection: psycopg.Connection) -> None:
    """Older templates, and what a killed run left unfinished."""
    names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").fetchall()
    for (name,) in names:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _migrate(postgres, name: str) -> None:
    postgres.ensure_database(name, owner=OWNER, app=APP)
    owner_url = os.environ["DATABASE_OWNER_URL"].replace("/hms_ach_test?", f"/{name}?")
    argv = [sys.executable, "manage.py", "install_schema"]
    environment = os.environ | {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": owner_url}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")
    with postgres.connect(name) as connection:
        # Tests live on days of their own, so that here the book's clock may stand.
        connection.execute("INSERT INTO ledger_standingclock VALUES ('infinity')")


def _state_of_migrations() -> str:
    """A digest of every migration, its SQL files, and what surrounds them."""
    digest = hashlib.sha256()
    for key in sorted(MigrationLoader(None).disk_migrations):
        digest.update(repr(key).encode())
    for path in sorted(_sources()):
        digest.update(path.read_bytes())
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        digest.update(
            repr((model._meta.label, model._meta.default_permissions, model._meta.permissions)).encode()
        )
    return digest.hexdigest()[:16]


def _sources():
    yield ROOT / "hms_ach" / "sql.py"
    yield Path(import_module("hms_ach.supervisor.postgres").__file__)
    for app in settings.INSTALLED_APPS:
        folder = ROOT / app.replace(".", "/") / "migrations"
        yield from folder.rglob("*.py")
        yield from folder.rglob("*.sql")
