"""Migrating an empty database several times faster.

Django keeps historical models beside a migration, and after each operation builds anew every model
related to the one that changed. Everything here is related to people and facilities, so a first
migration spent nine tenths of its time on that. A new model, or a change that relates nothing,
concerns that model alone; a nightly test compares the schema with the one Django makes unhurried.
"""

from collections.abc import Callable, Iterator
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
    add_model, reload_model = ProjectState.add_model, ProjectState.reload_model

    def add_alone(self, model_state):
        self.is_adding = True
        try:
            add_model(self, model_state)
        finally:
            self.is_adding = False

    def reload_alone(self, app_label, model_name, delay=False):
        if "apps" not in self.__dict__:
            return
        if delay or getattr(self, "is_adding", False):
            self._reload({(app_label, model_name.lower())})
        else:
            reload_model(self, app_label, model_name, delay)

    _give(add_alone, reload_alone)
    try:
        yield
    finally:
        _give(add_model, reload_model)


def _give(add_model: Callable, reload_model: Callable) -> None:
    ProjectState.add_model = add_model  # type: ignore[method-assign]
    ProjectState.reload_model = reload_model  # type: ignore[method-assign]
