"""Recomputing the books from nothing, and telling whoever must know when a figure differs."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction

from hms_ach import clock, outbox
from hms_ach.access.models import LegalEntity
from ledger.models import BalanceCheck, BalanceDrift, Posting
from ledger.queries.control_total import control_totals
from ledger.rules.roles import role_name

_FIND = (Path(__file__).parent / "sql" / "find_drifts.sql").read_text()


class _Found(NamedTuple):
    """A figure that differs; without a currency it counts postings."""

    kind: str
    subject: str
    currency: str
    kept_minor: int
    should_be_minor: int

    @property
    def difference(self) -> tuple[str, str, str, int]:
        """What differs and by how much, whatever both figures are."""
        return (self.kind, self.subject, self.currency, self.kept_minor - self.should_be_minor)


@transaction.atomic
def check_balances(*, legal_entity: LegalEntity, documents_on: date | None = None) -> BalanceCheck:
    """Compare snapshots and entries with the sums of all postings, to the cent; keep what differs.

    documents_on  the day as of which sub-ledgers' documents are put beside their accounts; None for no day

    Adds every posting up again: for the night. Changes no figure. A drift means that somebody went
    around the database's rules: it stays on the home page of those who close periods until a later
    check finds none. Emits `book.drifted` when there is one.
    """
    found = [*_drifted(legal_entity), *(_untied(legal_entity, documents_on) if documents_on else [])]
    check = BalanceCheck.objects.create(
        legal_entity=legal_entity,
        checked_at=clock.now(),
        n_postings=Posting.objects.filter(legal_entity=legal_entity).count(),
        n_drifts=len(found),
    )
    BalanceDrift.objects.bulk_create(BalanceDrift(check_run=check, **each._asdict()) for each in found)
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


def _drifted(legal_entity: LegalEntity) -> list[_Found]:
    asked: dict[str, Any] = {"legal_entity": legal_entity.pk, "functional": legal_entity.functional_currency}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, asked)
        return [_Found(*row) for row in cursor.fetchall()]


def _untied(legal_entity: LegalEntity, on: date) -> list[_Found]:
    """Control accounts that are not what their documents add up to.

    Somebody may post between the look at the documents and that at the book: what differs is looked at again,
    and stays where it differs by as much, for people post between the two looks too.
    """
    found = {each.difference for each in _differing(legal_entity, on)}
    again = _differing(legal_entity, on) if found else []
    return [each for each in again if each.difference in found]


def _differing(legal_entity: LegalEntity, on: date) -> list[_Found]:
    return [
        _Found(
            "documents of a sub-ledger",
            f"{each.sub_ledger}: {role_name(each.role)}"[:120],
            each.booked.currency,
            each.booked.minor,
            each.documents.minor,
        )
        for each in control_totals(legal_entity=legal_entity, on=on)
        if not each.ties
    ]
