"""What the till holds, drawer by drawer and patient by patient, for the book's tie-out."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F

from cashiering.models import Credit, Refund, RefundPart, Session, Tender
from cashiering.queries.expected_cash import counted_cash, expected_cash, foreign_currencies
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import OpenDocument

_EMPTIED = ("APPROVED", "DEPOSITED", "BANK_CONFIRMED")


def till_documents(legal_entity: LegalEntity, _on: date) -> Iterator[OpenDocument]:
    """Cash in drawers not emptied yet, cheques here, and money kept for patients, as they stand now.

    Five SQL queries, and one for each open drawer and for each foreign currency in it.
    """
    yield from _drawers(legal_entity)
    yield from _cheques_here(legal_entity)
    yield from _kept_for_patients(legal_entity)


def _drawers(legal_entity: LegalEntity) -> Iterator[OpenDocument]:
    """A drawer holds what was counted once its difference is posted, before that what is expected."""
    sessions = Session.objects.filter(facility__legal_entity=legal_entity).exclude(state__in=_EMPTIED)
    for session in sessions.order_by("id"):
        is_counted = session.state == "BALANCED"
        held = (session.counted_minor if is_counted else session.cash_minor) or 0
        counted = counted_cash(session) if is_counted else {}
        amounts = [Money(held, session.currency)]
        amounts += [
            counted[currency] if currency in counted else expected_cash(session, currency)
            for currency in foreign_currencies(session)
        ]
        for amount in amounts:
            yield OpenDocument("cash.drawer", session.public_id, session.facility_id, amount)


def _kept_for_patients(legal_entity: LegalEntity) -> Iterator[OpenDocument]:
    """What payments left on account, and what a refund holds of it that has not left."""
    left = F("amount_minor") - F("used_minor")
    kept = Credit.objects.filter(facility__legal_entity=legal_entity, used_minor__lt=F("amount_minor"))
    waiting = RefundPart.objects.filter(invoice=None, refund__state__in=Refund.PENDING)
    # One that left once and came back is owed to the payer, and on nobody's account.
    waiting = waiting.filter(refund__facility__legal_entity=legal_entity, refund__sent_at=None)
    refund = ("refund__public_id", "refund__facility_id", "amount_minor", "refund__currency")
    rows = [
        *kept.order_by("id").values_list("public_id", "facility_id", left, "currency"),
        *waiting.order_by("id").values_list(*refund),
    ]
    for public_id, facility_id, minor, currency in rows:
        yield OpenDocument("liability.patient_deposits", public_id, facility_id, Money(-minor, currency))


def _cheques_here(legal_entity: LegalEntity) -> Iterator[OpenDocument]:
    """Cheques that did not leave for the bank and were not given up as unpaid, by the payment."""
    here = Tender.objects.filter(
        kind="CHEQUE", payment__void=None, payment__facility__legal_entity=legal_entity
    )
    here = here.exclude(deposit__state__in=["IN_TRANSIT", "CONFIRMED"])
    here = here.exclude(returns__state="CONFIRMED", deposit=None)
    columns = ("payment__public_id", "payment__facility_id", "amount_minor", "currency")
    for public_id, facility_id, minor, currency in here.order_by("id").values_list(*columns):
        yield OpenDocument("cheque.drawer", public_id, facility_id, Money(minor, currency))
