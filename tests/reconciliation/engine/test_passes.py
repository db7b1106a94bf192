"""What a run may take of the database."""

import pytest
from django.db import connection, transaction

from reconciliation.engine import MINUTE, allow


@pytest.mark.parametrize("limit", ["statement_timeout", "idle_in_transaction_session_timeout"])
def test_a_run_may_search_for_minutes_and_no_other_transaction_may(own_database, limit):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {limit}")
        before = cursor.fetchone()[0]
        with transaction.atomic():
            allow(cursor, 20 * MINUTE)
            cursor.execute(f"SHOW {limit}")
            assert cursor.fetchone()[0] == "20min"
        cursor.execute(f"SHOW {limit}")
        assert cursor.fetchone()[0] == before != "20min"
