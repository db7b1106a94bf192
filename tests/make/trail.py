"""The given of tests of the trail: sealed events, and a superuser who tampers."""

import base64
from contextlib import contextmanager

from django.db import connections, transaction

from hms_ach import audit
from hms_ach.audit.commands import seal_all

SEED = base64.b64encode(bytes(range(32))).decode()


def sealed_trail(seals: int = 3, events: int = 5) -> None:
    """So many seals over so many events each, the later ones with equal subjects."""
    for number in range(seals):
        for step in range(events):
            audit.record(
                "billing.issue_invoice",
                actor=None,
                subject=f"inv_{number}_{step}",
                reason="a, b: 3:x,",
                before={"state": "DRAFT"},
                after={"state": "ISSUED", "total": number * 100 + step},
            )
        seal_all()


@contextmanager
def tampering(*statements: str):
    """As the owner, past triggers and grants; undone at the end of the block."""
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            for table in ("audit_event", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True, using="owner")
