"""What may be done about one payment now, for the person who looks at it."""

from dataclasses import dataclass

from django.urls import reverse

from billing.queries import settled_by
from cashiering.models import Payment, Refund, Tender
from cashiering.queries.refund import refundable_of
from cashiering.rules.remedies import Remedy, Standing, remedies
from hms_ach.access.models import User


@dataclass(frozen=True, slots=True)
class RemedyOffered:
    """A remedy with the page that does it; no page where it is not possible or not for this person."""

    remedy: Remedy
    url: str


# tool: (screen, permission, who: the own cashier, anybody else, or either)
_SCREENS = {
    "CORRECTION": ("payment-tender-correction", "void_payment", "OWN"),
    "RETURN": ("cheque-return-report", "return_cheque", "EITHER"),
    "TAKEN_BACK": ("payment-return-report", "return_payment", "EITHER"),
    "REFUND": ("payment-refund", "request_refund", "EITHER"),
    "REALLOCATION": ("payment-reallocation", "reallocate_payment", "OTHER"),
}


def remedies_for(payment: Payment, user: User) -> list[RemedyOffered]:
    """The table of remedies for this payment. Ten SQL queries."""
    return [RemedyOffered(one, _url(one, payment, user)) for one in remedies(standing_of(payment))]


def standing_of(payment: Payment) -> Standing:
    """What has become of a payment. Nine SQL queries."""
    tenders = list(payment.tenders.select_related("card_batch"))
    session = payment.session
    refund = payment.refunds.filter(state__in=Refund.LIVE).order_by("id").first()
    return Standing(
        is_voided=hasattr(payment, "void"),
        at_register=session is not None,
        is_running=session is not None and session.state == "OPEN",
        is_batch_open=all(one.card_batch is None or one.card_batch.state == "OPEN" for one in tenders),
        is_bank_confirmed=any(one.bank_confirmed_on for one in tenders),
        pays_invoice=bool(settled_by(payment.public_id)),
        refund=refund.get_state_display().lower() if refund else "",
        has_cheque=any(one.kind == "CHEQUE" for one in tenders),
        is_returned=payment.cheque_returns.exclude(state="REJECTED").exists(),
        has_paid=any(_is_paid(one) for one in tenders),
        is_taken_back=payment.payment_returns.exclude(state="REJECTED").exists(),
        is_refundable=bool(refundable_of(payment).by_invoice),
    )


def _is_paid(tender: Tender) -> bool:
    """Whether a transfer has arrived, or a card sale lies in a closed batch."""
    if tender.card_batch is not None:
        return tender.card_batch.state != "OPEN"
    return tender.kind == "TRANSFER" and tender.bank_confirmed_on is not None


def _url(remedy: Remedy, payment: Payment, user: User) -> str:
    screen, permission, who = _SCREENS.get(remedy.tool, ("", "", ""))
    is_own = payment.taken_by_id == user.pk
    fits = who == "EITHER" or is_own == (who == "OWN")
    if remedy.not_now or not screen or not fits or not user.has_perm(f"cashiering.{permission}"):
        return ""
    return reverse(f"cashiering:{screen}", args=[payment.public_id])
