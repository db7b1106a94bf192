"""What the till holds, drawer by drawer and patient by patient, for the book's tie-out."""

from datetime import date

from django.db.models import Case, F, Sum, When

from cashiering.models import Credit, Refund, RefundPart, Session, Tender
from cashiering.queries.expected_cash import counted_cash, expected_cash, foreign_currencies
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import Figure

_EMPTIED = ("APPROVED", "DEPOSITED", "BANK_CONFIRMED")


def sub_ledger_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """Cash in drawers not emptied yet, cheques here, and money kept for patients, as they stand now.

    A drawer holds what was counted once its difference is posted, before that what is expected. What a
    refund holds that has not left is still the patient's. Five SQL queries, and one for each open drawer
    and for each foreign currency in it.
    """
    held = Case(When(state="BALANCED", then=F("counted_minor")), default=F("cash_minor"))
    drawers = Session.objects.filter(facility__legal_entity=legal_entity).exclude(state__in=_EMPTIED)
    ours = {"facility__legal_entity": legal_entity}
    kept = (
        Credit.objects.filter(**ours)
        .values("currency")
        .annotate(sum=Sum(F("amount_minor") - F("used_minor")))
    )
    waiting = RefundPart.objects.filter(invoice=None, refund__state__in=Refund.PENDING)
    # One that left once and came back is owed to the payer, and on nobody's account.
    waiting = waiting.filter(refund__facility__legal_entity=legal_entity, refund__sent_at=None)
    figures = [
        Figure("cash.drawer", Money(int(row["sum"]), row["currency"]))
        for row in drawers.values("currency").annotate(sum=Sum(held)).order_by("currency")
    ]
    for session in drawers.order_by("id"):
        counted = counted_cash(session) if session.state == "BALANCED" else {}
        held_too = [
            counted[currency] if currency in counted else expected_cash(session, currency)
            for currency in foreign_currencies(session)
        ]
        figures += [Figure("cash.drawer", amount) for amount in held_too]
    figures += [Figure("cheque.drawer", amount) for amount in _cheques_here(legal_entity)]
    on_account = {row["currency"]: int(row["sum"]) for row in kept}
    for row in waiting.values("refund__currency").annotate(sum=Sum("amount_minor")):
        on_account[row["refund__currency"]] += int(row["sum"])
    return figures + [
        Figure("liability.patient_deposits", Money(-minor, currency))
        for currency, minor in sorted(on_account.items())
    ]


def _cheques_here(legal_entity: LegalEntity) -> list[Money]:
    """Cheques that did not leave for the bank and were not given up as unpaid, by currency."""
    here = Tender.objects.filter(
        kind="CHEQUE", payment__void=None, payment__facility__legal_entity=legal_entity
    )
    here = here.exclude(deposit__state__in=["IN_TRANSIT", "CONFIRMED"])
    here = here.exclude(returns__state="CONFIRMED", deposit=None)
    sums = here.order_by("currency").values("currency").annotate(sum=Sum("amount_minor"))
    return [Money(int(row["sum"]), row["currency"]) for row in sums]
