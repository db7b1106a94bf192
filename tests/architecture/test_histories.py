"""What django-simple-history keeps is written once, like everything that answers for the past."""

import pytest
from django.apps import apps
from django.db import connection

HISTORIES = sorted(
    model._meta.db_table for model in apps.get_models() if model._meta.model_name.startswith("historical")
)


@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORIES)
def test_a_history_is_append_only(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%(table)s, 'UPDATE'), has_table_privilege(%(table)s, 'DELETE'), "
            "(SELECT count(*) FROM pg_trigger WHERE tgrelid = %(table)s::regclass "
            "AND tgname LIKE '%%_append_only%%')",
            {"table": table},
        )
        assert cursor.fetchone() == (False, False, 2)
