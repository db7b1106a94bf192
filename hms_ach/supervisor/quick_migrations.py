"""Migrating an empty database several times faster.

Django keeps historical models beside a migration, and after each change of a relation builds anew every
model related to the one that changed. Everything here is related to people and facilities, so a first
migration spent nine tenths of its time on that. Building the changed model alone is enough for the tables,
because Django finds what points at a model by its name; a nightly test compares the schema with the one
Django makes unhurried.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether no migration has ever run. One SQL query."""
    return not MigrationRecorder(connection).has_table()


@contextmanager
def only_what_changed() -> Iterator[None]:
    """Inside the block a historical model is built anew without those that are related to it."""
    unhurried = ProjectState.reload_model

    def reload_alone(self, app_label, model_name, delay=False):
        if "apps" in self.__dict__:
            self._reload({(app_label, model_name.lower())})

    ProjectState.reload_model = reload_alone  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.reload_model = unhurried  # type: ignore[method-assign]
