"""What is in the safe and waits for the bank, and the bags that took it."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from cashiering.models import CardBatch, Deposit, Session, Tender
from cashiering.queries.expected_cash import cash_to_bank
from hms_ach.access.models import Facility
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class Depositable:
    """Sessions with the cash each gives, and cheques."""

    sessions: list[tuple[Session, Money]]
    cheques: list[Tender]


def depositable(facility: Facility) -> Depositable:
    """Approved sessions not yet deposited, and ticked cheques still here.

    Two SQL queries, and one for each session.
    """
    sessions = Session.objects.filter(facility=facility, state="APPROVED", deposit_part__isnull=True)
    cheques = Tender.objects.filter(
        kind="CHEQUE",
        deposit__isnull=True,
        ticked_at__isnull=False,
        payment__void__isnull=True,
        payment__facility=facility,
        payment__session__state__in=["APPROVED", "DEPOSITED", "BANK_CONFIRMED"],
    )
    ordered = sessions.select_related("cashier").order_by("number", "id")
    return Depositable(
        sessions=[(session, cash_to_bank(session)) for session in ordered],
        cheques=list(cheques.select_related("payment").order_by("id")),
    )


def deposits_of(facility_ids: frozenset[int]) -> QuerySet[Deposit]:
    """Deposits of the facilities, newest first. One SQL query."""
    rows = Deposit.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "prepared_by", "verified_by", "handed_over_by").order_by("-id")


def card_batches_of(facility_ids: frozenset[int]) -> QuerySet[CardBatch]:
    """Card batches of the facilities, newest first, with what is in the open ones. One SQL query."""
    rows = CardBatch.objects.filter(facility_id__in=facility_ids).select_related("facility", "agreement")
    return rows.annotate(so_far=Sum("tenders__amount_minor")).order_by("-id")
