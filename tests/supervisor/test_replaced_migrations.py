"""Databases made before the migrations were few: whole, half-made, and interrupted at the first start."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

REPLACING = {
    key: migration.replaces
    for key, migration in MigrationLoader(None).disk_migrations.items()
    if migration.replaces
}


def forget(connection, *keys):
    for app, name in keys:
        MigrationRecorder(connection).record_unapplied(app, name)


def planned(connection):
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def migrate():
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def test_a_database_that_has_all_old_migrations_has_the_new_ones(owner_connection):
    forget(owner_connection, *REPLACING)

    assert planned(owner_connection) == []
    migrate()

    assert set(REPLACING) <= set(MigrationRecorder(owner_connection).applied_migrations())


@pytest.mark.parametrize("app", sorted({app for app, _name in REPLACING}))
def test_a_database_that_lacks_one_old_migration_is_refused_and_left_as_it_is(owner_connection, app):
    missing = max(old for key, replaced in REPLACING.items() if key[0] == app for old in replaced)
    forget(owner_connection, *REPLACING, missing)
    before = set(MigrationRecorder(owner_connection).applied_migrations())

    with pytest.raises(CommandError, match=f"The tables of {app} are of an older version"):
        migrate()

    assert set(MigrationRecorder(owner_connection).applied_migrations()) == before


def test_a_first_start_that_was_interrupted_goes_on(owner_connection):
    known = sorted(MigrationLoader(None).disk_migrations)
    rest = [(app, name) for app, name in known if app == "reconciliation" and name >= "0002"]
    forget(owner_connection, *rest, *REPLACING[rest[0]])

    assert planned(owner_connection) == rest


def test_no_migration_bears_a_name_that_is_replaced_and_each_is_replaced_once():
    replaced = [old for olds in REPLACING.values() for old in olds]

    assert len(replaced) == len(set(replaced)) > 100
    assert set(MigrationLoader(None).disk_migrations).isdisjoint(replaced)
