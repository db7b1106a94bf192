"""Databases from before the migrations were made few: whole ones go on, half-made ones are refused.

A migration that `replaces` others counts as run where all of these have run. Where only some have,
Django leaves it out without a word and takes what is there for the whole.
"""

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def refuse_half_way(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError where some, and not all, of an app's replaced migrations have run.

    Between two of the new ones, where a first start was interrupted, it raises nothing.
    Two SQL queries.
    """
    ran = set(MigrationRecorder(connection).applied_migrations())
    half_way = sorted(
        app for app, (new, old) in _replacements().items() if not new & ran and old & ran and old - ran
    )
    if half_way:
        raise CommandError(
            f"The tables of {', '.join(half_way)} are of an older version than this one can go on from."
            " Nothing was changed. Start the last version before this one on this database first, then this"
            ' one: docs/operations.md, "Migrations", says which it is.'
        )


def _replacements() -> dict[str, tuple[set, set]]:
    """By app: the migrations that replace others, and those that they replace."""
    found: dict[str, tuple[set, set]] = {}
    for key, migration in MigrationLoader(None).disk_migrations.items():
        if migration.replaces:
            new, old = found.setdefault(key[0], (set(), set()))
            new.add(key)
            old.update(migration.replaces)
    return found
