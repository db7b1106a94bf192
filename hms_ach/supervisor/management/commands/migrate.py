"""Django's own `migrate`, after a look at where the database comes from."""

from django.core.management.commands import migrate
from django.db import connections

from hms_ach.supervisor.replaced_migrations import refuse_half_way


class Command(migrate.Command):
    """Migrate, unless the database stands halfway between the migrations of an older version."""

    def handle(self, *args, **options) -> None:
        refuse_half_way(connections[options["database"]])
        super().handle(*args, **options)
