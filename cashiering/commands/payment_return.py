"""A transfer that the bank took back, or a card sale that was charged back: what it paid is owed again."""

from datetime import date

from django.db import transaction

from cashiering.commands.locks import lock_payment
from cashiering.commands.money_back import take_back
from cashiering.commands.reported_return import hold_reported, note_return, reject_reported
from cashiering.commands.void import refuse_refunded
from cashiering.commands.void_refusal import PaymentVoided
from cashiering.models import Payment, PaymentReturn, PaymentVoid, Refund, Tender
from cashiering.rules.payment_return import CLEARING, REASONS, WORDS
from hms_ach import clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class NotReturnable(Refusal):
    code = "not_returnable"
    status = 422
    sentence = "Tender {line} of receipt {receipt} is neither transfer nor card. Choose what was taken back."


class NotPaidYet(Refusal):
    code = "not_paid_yet"
    sentence = "{what} of receipt {receipt} was not paid by the bank yet. Void it instead."


class PaymentReturnedAlready(Refusal):
    code = "payment_returned_already"
    sentence = "It is reported already that this tender of receipt {receipt} was taken back."


class PaymentReturnMalformed(Refusal):
    code = "payment_return_malformed"
    status = 422
    sentence = "{problem}."


class PaymentReturnDecided(Refusal):
    code = "payment_return_decided"
    sentence = "This return is {state} already. Refresh the page."


class PaymentReturnBySamePerson(Refusal):
    code = "payment_return_by_same_person"
    status = 403
    sentence = "You reported this return; another person must confirm it."


class PaymentReturnUncovered(Refusal):
    code = "payment_return_uncovered"
    sentence = (
        "Only {there} of what receipt {receipt} paid can still be taken back: the rest was used or given "
        "back. Put that right first."
    )


@transaction.atomic
def report_payment_return(
    *,
    tender: Tender | int,
    reason: str,
    returned_on: date,
    actor: User,
    amount: Money | None = None,
    note: str = "",
    bank_reference: str = "",
) -> PaymentReturn:
    """Say that a bank took a transfer back, or a processor a card sale. Nothing moves before it is confirmed.

    amount          of a card sale perhaps a part; None for all of it
    reason          one of rules.payment_return for the kind of tender
    returned_on     the bank's day
    bank_reference  as the bank's line quotes it, so that the line finds the return

    Raises NotReturnable, NotPaidYet, PaymentVoided, PaymentReturnedAlready or PaymentReturnMalformed.
    """
    tender = Tender.objects.select_related("payment", "card_batch").get(pk=getattr(tender, "pk", tender))
    _session, payment = lock_payment(tender.payment)
    amount = Money(tender.amount_minor, tender.currency) if amount is None else amount
    _refuse_tender(tender, payment)
    _refuse_words(tender, payment, amount, reason, note, returned_on)
    found = PaymentReturn.objects.create(
        tender=tender,
        payment=payment,
        facility=payment.facility,
        currency=tender.currency,
        amount_minor=amount.minor,
        reason=reason,
        note=note.strip(),
        bank_reference=bank_reference.strip()[:60],
        returned_on=returned_on,
        reported_by=actor,
        reported_at=clock.now(),
    )
    note_return("report_payment_return", found, actor)
    return found


def _refuse_tender(tender: Tender, payment: Payment) -> None:
    receipt = payment.receipt_number
    if tender.kind not in REASONS:
        raise NotReturnable(line=tender.line, receipt=receipt)
    if PaymentVoid.objects.filter(payment=payment).exists():
        raise PaymentVoided(receipt=receipt)
    is_paid = tender.card_batch.state != "OPEN" if tender.card_batch else tender.bank_confirmed_on is not None
    if not is_paid:
        raise NotPaidYet(what="The card sale" if tender.kind == "CARD" else "The transfer", receipt=receipt)
    if tender.takebacks.exclude(state=PaymentReturn.State.REJECTED).filter(won_on=None).exists():
        raise PaymentReturnedAlready(receipt=receipt)


def _refuse_words(
    tender: Tender, payment: Payment, amount: Money, reason: str, note: str, returned_on: date
) -> None:
    if reason not in REASONS[tender.kind]:
        raise PaymentReturnMalformed(problem="Choose why it was taken back")
    if reason == "OTHER" and not note.strip():
        raise PaymentReturnMalformed(problem="Write down the bank's words")
    today = clock.today(payment.facility.timezone)
    if not payment.business_on <= returned_on <= today:
        raise PaymentReturnMalformed(
            problem=f"Give a day from {payment.business_on}, the payment's, to {today}"
        )
    most = Money(tender.amount_minor, tender.currency)
    if amount.currency != tender.currency or not 0 < amount.minor <= most.minor:
        raise PaymentReturnMalformed(problem=f"Give an amount above zero, up to {most.in_words()}")
    if tender.kind == "TRANSFER" and amount != most:
        raise PaymentReturnMalformed(problem=f"A transfer comes back whole: {most.in_words()}")


@transaction.atomic
def confirm_payment_return(*, payment_return: PaymentReturn | int, actor: User) -> PaymentReturn:
    """Take back today what it paid: what is left on account first, then the newest invoices.

    By another person than who reported it. The bank's line is awaited from now on. Raises
    PaymentReturnDecided, PaymentReturnBySamePerson, PaymentRefunded while a refund waits, or
    PaymentReturnUncovered. Emits `payment.returned`.
    """
    found = _locked(payment_return, actor)
    payment, facility = found.payment, found.facility
    refuse_refunded(payment, *Refund.PENDING)
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    amount = Money(found.amount_minor, found.currency)
    debits, left = take_back(payment, amount, on=today, actor=actor, reason=reason_of(found))
    if left:
        raise PaymentReturnUncovered(there=amount - left, receipt=payment.receipt_number)
    kind = found.tender.kind
    post_entry(
        key=f"cashiering.payment_return:{found.public_id}",
        facility=facility,
        effective_on=today,
        source=("payment_return", found.public_id),
        memo=f"{WORDS[kind]}, receipt {payment.receipt_number}",
        postings=[*debits, Posting(CLEARING[kind], -amount, reference=found.public_id, tender=kind)],
        actor=actor,
    )
    found.state, found.business_on = PaymentReturn.State.CONFIRMED, today
    found.decided_by, found.decided_at = actor, clock.now()
    found.save(update_fields=["state", "business_on", "decided_by", "decided_at"])
    note_return("confirm_payment_return", found, actor)
    outbox.record("payment.returned", subject=found.public_id, facility=facility, data=_told(found))
    return found


@transaction.atomic
def reject_payment_return(*, payment_return: PaymentReturn | int, actor: User) -> PaymentReturn:
    """Say that it was not taken back after all. Raises as confirm_payment_return does."""
    return reject_reported(_locked(payment_return, actor), actor, action="reject_payment_return")


def reason_of(found: PaymentReturn) -> str:
    """Why the invoices are open again, in the words of their settlements."""
    return f"{WORDS[found.tender.kind]}: {found.get_reason_display()}"


def _locked(payment_return: PaymentReturn | int, actor: User) -> PaymentReturn:
    rows = PaymentReturn.objects.select_related("payment", "tender", "facility")
    found = rows.get(pk=getattr(payment_return, "pk", payment_return))
    return hold_reported(found, actor, decided=PaymentReturnDecided, own=PaymentReturnBySamePerson())


def _told(found: PaymentReturn) -> dict:
    return {
        "payment": found.payment.public_id,
        "receipt_number": found.payment.receipt_number,
        "method": found.tender.kind.lower(),
        "reason": found.reason.lower(),
        "amount": Money(found.amount_minor, found.currency).as_json(),
        "returned_on": found.returned_on.isoformat(),
        "bank_reference": found.bank_reference,
    }
