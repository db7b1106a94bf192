"""Events and attempts are never changed."""

from django.db import migrations

from hms_ach.sql import append_only


# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "event", "attempt",
)

# A database that has all of these has this one.
REPLACED = (
    "0002_append_only",
)


class Migration(migrations.Migration):
    replaces = [("outbox", name) for name in REPLACED]

    dependencies = [
        ("outbox", "0001_tables"),
    ]

    operations = [
        *(append_only(f"outbox_{table}") for table in APPEND_ONLY),
    ]
