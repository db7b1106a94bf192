"""Money on account: kept by one payment, taken by a later one."""

from dataclasses import replace

from django.db.models import F

from billing.queries import people_of
from cashiering.commands.locks import lock_credits
from cashiering.models import Credit, Payment, Tender
from cashiering.rules.tenders import TenderTaken
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from ledger.commands import Posting

ROLE = "liability.patient_deposits"


class OnAccountTooLittle(Refusal):
    code = "on_account_too_little"
    sentence = "{held} is on account for this patient here, not {asked}. Take at most {held} from it."


class AccountOfNobody(Refusal):
    code = "account_of_nobody"
    status = 422
    sentence = "Money on account is a patient's. Find the patient, then take it."


class CreditUsed(Refusal):
    code = "credit_used"
    sentence = (
        "What receipt {receipt} left on account has been used since, so it cannot be voided. "
        "Void what used it first."
    )


def keep_on_account(payment: Payment) -> Posting:
    """Write what a payment left for its patient; the credit of the liability, which names the patient."""
    assert payment.patient_id is not None
    Credit.objects.create(
        payment=payment,
        facility=payment.facility,
        patient_id=payment.patient_id,
        currency=payment.currency,
        amount_minor=payment.unapplied_minor,
    )
    return account_posting(payment, -payment.unapplied_minor)


def draw_credits(
    taken: list[TenderTaken], *, facility_id: int, patient_id: int | None, currency: str
) -> list[tuple[TenderTaken, Credit | None]]:
    """Each tender with the credit it draws: money on account comes from the oldest first, one line each.

    Locks the patient's credits by id. Raises AccountOfNobody or OnAccountTooLittle.
    """
    drawn = [one for one in taken if one.given.kind == "ACCOUNT"]
    if not drawn:
        return [(one, None) for one in taken]
    if patient_id is None:
        raise AccountOfNobody()
    asked = total([one.amount for one in drawn], currency)
    credits = lock_credits(patient_id=patient_id, facility_id=facility_id, currency=currency)
    held = sum(one.amount_minor - one.used_minor for one in credits)
    if held < asked.minor:
        raise OnAccountTooLittle(held=Money(held, currency), asked=asked)
    lines: list[tuple[TenderTaken, Credit | None]] = [
        (one, None) for one in taken if one.given.kind != "ACCOUNT"
    ]
    return lines + _lines(drawn[0], credits, asked.minor)


def _lines(one: TenderTaken, credits: list[Credit], left: int) -> list[tuple[TenderTaken, Credit | None]]:
    lines: list[tuple[TenderTaken, Credit | None]] = []
    for credit in credits:
        minor = min(left, credit.amount_minor - credit.used_minor)
        if not minor:
            break
        Credit.objects.filter(pk=credit.pk).update(used_minor=F("used_minor") + minor)
        part = Money(minor, credit.currency)
        lines.append((replace(one, given=replace(one.given, tendered=part), amount=part), credit))
        left -= minor
    return lines


def credit_drawn(tender: Tender) -> Posting:
    """The debit of the liability for one tender of money on account."""
    assert tender.credit is not None
    return account_posting(tender.credit.payment, tender.amount_minor, tender=tender.kind)


def refuse_used_credit(payment: Payment) -> None:
    """Raises CreditUsed: what a payment left on account was used since."""
    if Credit.objects.filter(payment=payment, used_minor__gt=0).exists():
        raise CreditUsed(receipt=payment.receipt_number)


def give_back_credits(payment: Payment, tenders: list[Tender]) -> None:
    """Undo a payment's part in money on account: what it drew returns, what it left ends.

    Raises CreditUsed when something it left was used since.
    """
    drawn = {tender.credit_id: tender.amount_minor for tender in tenders if tender.credit_id}
    left = Credit.objects.filter(payment=payment)
    for credit in (
        Credit.objects.select_for_update()
        .filter(pk__in=[*drawn, *left.values_list("pk", flat=True)])
        .order_by("pk")
    ):
        if credit.payment_id == payment.pk:
            if credit.used_minor:
                raise CreditUsed(receipt=payment.receipt_number)
            left.update(used_minor=F("amount_minor"))
        else:
            Credit.objects.filter(pk=credit.pk).update(used_minor=F("used_minor") - drawn[credit.pk])


def account_posting(payment: Payment, minor: int, *, tender: str = "") -> Posting:
    """What a payment left on account, more or less of it: the liability names the patient."""
    assert payment.patient_id is not None
    patient = people_of([payment.facility_id]).get(pk=payment.patient_id)
    return Posting(
        ROLE,
        Money(minor, payment.currency),
        reference=payment.public_id,
        payer=patient.public_id,
        tender=tender,
    )
