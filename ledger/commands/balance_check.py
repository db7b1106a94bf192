"""Recomputing the books from nothing, and telling whoever must know when a figure differs."""

from pathlib import Path

from django.db import connection, transaction

from hms_ach import clock, outbox
from hms_ach.access.models import LegalEntity
from ledger.models import BalanceCheck, BalanceDrift, Posting

_FIND = (Path(__file__).parent / "sql" / "find_drifts.sql").read_text()


@transaction.atomic
def check_balances(*, legal_entity: LegalEntity) -> BalanceCheck:
    """Compare snapshots and entries with the sums of all postings, to the cent; keep what differs.

    Adds every posting up again: for the night. Changes no figure. A drift means that somebody went
    around the database's rules: it stays on the home page of those who close periods until a later
    check finds none. Emits `book.drifted` when there is one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND, {"legal_entity": legal_entity.pk, "functional": legal_entity.functional_currency}
        )
        found = cursor.fetchall()
    check = BalanceCheck.objects.create(
        legal_entity=legal_entity,
        checked_at=clock.now(),
        n_postings=Posting.objects.filter(legal_entity=legal_entity).count(),
        n_drifts=len(found),
    )
    BalanceDrift.objects.bulk_create(
        BalanceDrift(
            check_run=check,
            kind=kind,
            subject=subject,
            currency=currency,
            kept_minor=kept,
            should_be_minor=should_be,
        )
        for kind, subject, currency, kept, should_be in found
    )
    if found:
        outbox.record(
            "book.drifted",
            subject=legal_entity.code,
            facility=None,
            data={
                "legal_entity": legal_entity.code,
                "checked_at": check.checked_at.isoformat(),
                "drifts": len(found),
            },
        )
    return check
