"""Writing matches: a run's by the set, or one that a person made."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from hms_ach import clock
from hms_ach.ids import new_id
from reconciliation.models import BankAccount, Match
from reconciliation.rules.plan import Adjustment

SQL = Path(__file__).parent / "sql"


def write_matches(
    proposed: str, said: dict[str, Any], *, account: BankAccount, run_id: int | None, actor_id: int | None
) -> list[int]:
    """Write matches with their parts; their ids. One statement.

    proposed  the file of the query that gives the matches; said: what it is told
    """
    params = {
        "account": account.pk,
        "run": run_id,
        "actor": actor_id,
        "currency": account.currency,
        "now": clock.now(),
    }
    statement = (SQL / "make_matches.sql").read_text()
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{proposed}", (SQL / proposed).read_text()), params | said)
        return [row[0] for row in cursor.fetchall()]


def write_match(
    *,
    account: BankAccount,
    pass_name: str,
    reasons: Sequence[str],
    lines: Collection[int],
    items: Collection[int],
    adjustments: Sequence[Adjustment],
    effective_on: date,
    run_id: int | None = None,
    actor_id: int | None,
) -> Match:
    """Write one match; its account comes with its facility. Two queries."""
    said = {
        "public_id": new_id("mat"),
        "pass": pass_name,
        "reasons": json.dumps(list(reasons)),
        "lines": list(lines),
        "items": list(items),
        "roles": [each.role for each in adjustments],
        "amounts": [each.amount_minor for each in adjustments],
        "references": [each.reference for each in adjustments],
        "on": effective_on,
    }
    (match_id,) = write_matches("one_match.sql", said, account=account, run_id=run_id, actor_id=actor_id)
    return Match.objects.select_related("account__facility", "made_by").get(pk=match_id)
