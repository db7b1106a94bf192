"""A cheque that came back unpaid: what it paid is owed again, with a fee, and its payer pays otherwise."""

from datetime import date

from django.db import transaction

from billing.commands import Line, Party, bill_services, ensure_service
from cashiering.commands.cheque_block import block_cheques
from cashiering.commands.locks import lock_deposit, lock_payment
from cashiering.commands.money_back import take_back
from cashiering.commands.register import till_policy
from cashiering.commands.reported_return import hold_reported, note_return, reject_reported
from cashiering.commands.void import refuse_refunded
from cashiering.commands.void_refusal import PaymentVoided
from cashiering.models import ChequeReturn, Deposit, Payment, PaymentVoid, Refund, Tender
from hms_ach import clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry

FEE_SERVICE = "CHEQUE-RETURN"


class NotACheque(Refusal):
    code = "not_a_cheque"
    status = 422
    sentence = "Tender {line} of receipt {receipt} is no cheque. Choose the cheque that came back."


class ChequeReturnedAlready(Refusal):
    code = "cheque_returned_already"
    sentence = "Cheque {cheque} is reported as returned already. Look at its receipt."


class ChequeReturnMalformed(Refusal):
    code = "cheque_return_malformed"
    status = 422
    sentence = "{problem}."


class ChequeReturnDecided(Refusal):
    code = "cheque_return_decided"
    sentence = "This return is {state} already. Refresh the page."


class ChequeReturnBySamePerson(Refusal):
    code = "cheque_return_by_same_person"
    status = 403
    sentence = "You reported that cheque {cheque} came back; another person must confirm it."


class ChequeInBag(Refusal):
    code = "cheque_in_bag"
    sentence = "Cheque {cheque} lies in bag {bag}, which has not gone to the bank. Give up the bag first."


class ChequeReturnUncovered(Refusal):
    code = "cheque_return_uncovered"
    sentence = (
        "Only {left} of what cheque {cheque} paid can still be taken back: the rest was used or given back. "
        "Put that right first."
    )


@transaction.atomic
def report_cheque_return(
    *,
    tender: Tender | int,
    reason: str,
    returned_on: date,
    actor: User,
    note: str = "",
    bank_reference: str = "",
) -> ChequeReturn:
    """Say that a cheque came back unpaid. Nothing moves before another person confirms it.

    reason          a ChequeReturn.Reason
    returned_on     the bank's day
    bank_reference  as the bank's line quotes it, so that the line finds the return

    Raises NotACheque, PaymentVoided, ChequeReturnedAlready or ChequeReturnMalformed.
    """
    tender = Tender.objects.select_related("payment").get(pk=getattr(tender, "pk", tender))
    _session, payment = lock_payment(tender.payment)
    _refuse(tender, payment, reason, note, returned_on)
    found = ChequeReturn.objects.create(
        tender=tender,
        payment=payment,
        facility=payment.facility,
        currency=tender.currency,
        amount_minor=tender.amount_minor,
        reason=reason,
        note=note.strip(),
        bank_reference=bank_reference.strip()[:60],
        returned_on=returned_on,
        reported_by=actor,
        reported_at=clock.now(),
    )
    note_return("report_cheque_return", found, actor)
    return found


def _refuse(tender: Tender, payment: Payment, reason: str, note: str, returned_on: date) -> None:
    if tender.kind != Tender.Kind.CHEQUE:
        raise NotACheque(line=tender.line, receipt=payment.receipt_number)
    if PaymentVoid.objects.filter(payment=payment).exists():
        raise PaymentVoided(receipt=payment.receipt_number)
    if tender.returns.exclude(state=ChequeReturn.State.REJECTED).exists():
        raise ChequeReturnedAlready(cheque=tender.reference)
    if reason not in ChequeReturn.Reason.values:
        raise ChequeReturnMalformed(problem="Choose why the bank did not pay it")
    if reason == ChequeReturn.Reason.OTHER and not note.strip():
        raise ChequeReturnMalformed(problem="Write down the bank's words")
    today = clock.today(payment.facility.timezone)
    if not payment.business_on <= returned_on <= today:
        raise ChequeReturnMalformed(
            problem=f"Give a day from {payment.business_on}, the payment's, to {today}"
        )


@transaction.atomic
def confirm_cheque_return(*, cheque_return: ChequeReturn | int, actor: User) -> ChequeReturn:
    """Take back what the cheque paid, today: what is left on account first, then the newest invoices.

    By another person than who reported it. The patient is billed the facility's fee and pays by cheque no
    more. Raises ChequeReturnDecided, ChequeReturnBySamePerson, PaymentRefunded while a refund waits,
    ChequeInBag before its bag has gone, or ChequeReturnUncovered. Emits `cheque.returned`, and
    `invoice.issued` for the fee.
    """
    found = _locked(cheque_return, actor)
    payment, facility = found.payment, found.facility
    refuse_refunded(payment, *Refund.PENDING)
    _refuse_in_bag(found.tender)
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    amount = Money(found.amount_minor, found.currency)
    post_entry(
        key=f"cashiering.cheque_return:{found.public_id}",
        facility=facility,
        effective_on=today,
        source=("payment_return", found.public_id),
        memo=f"Cheque {found.tender.reference} of receipt {payment.receipt_number} returned",
        postings=[*_taken_back(found, today, actor), _credit(found, -amount)],
        actor=actor,
    )
    found.state, found.business_on = ChequeReturn.State.CONFIRMED, today
    found.decided_by, found.decided_at = actor, clock.now()
    _charge_fee(found, today, actor)
    found.save(update_fields=["state", "business_on", "decided_by", "decided_at", "fee_minor", "fee_invoice"])
    block_cheques(found)
    note_return("confirm_cheque_return", found, actor)
    outbox.record("cheque.returned", subject=found.public_id, facility=facility, data=_told(found))
    return found


@transaction.atomic
def reject_cheque_return(*, cheque_return: ChequeReturn | int, actor: User) -> ChequeReturn:
    """Say that the cheque did not come back after all. Raises as confirm_cheque_return does."""
    return reject_reported(_locked(cheque_return, actor), actor, action="reject_cheque_return")


def _locked(cheque_return: ChequeReturn | int, actor: User) -> ChequeReturn:
    rows = ChequeReturn.objects.select_related("payment", "tender__deposit", "facility")
    found = rows.get(pk=getattr(cheque_return, "pk", cheque_return))
    return hold_reported(
        found, actor, decided=ChequeReturnDecided, own=ChequeReturnBySamePerson(cheque=found.tender.reference)
    )


def _refuse_in_bag(tender: Tender) -> None:
    """Whether the cheque's money is in the drawer or in transit is clear. Raises ChequeInBag."""
    if tender.deposit_id is None:
        return
    bag = lock_deposit(tender.deposit_id)
    if bag.state in (Deposit.State.PREPARED, Deposit.State.VERIFIED):
        raise ChequeInBag(cheque=tender.reference, bag=bag.bag_number)


def _taken_back(found: ChequeReturn, on: date, actor: User) -> list[Posting]:
    amount = Money(found.amount_minor, found.currency)
    reason = f"Cheque {found.tender.reference} returned: {found.get_reason_display()}"
    postings, left = take_back(found.payment, amount, on=on, actor=actor, reason=reason)
    if left:
        raise ChequeReturnUncovered(left=amount - left, cheque=found.tender.reference)
    return postings


def _credit(found: ChequeReturn, amount: Money) -> Posting:
    """Out of the drawer while the cheque lies there; afterwards the bank's line takes it back."""
    if found.tender.deposit_id is None:
        session = found.payment.session
        assert session is not None
        return Posting("cheque.drawer", amount, reference=session.public_id, tender="CHEQUE")
    return Posting("deposit.in_transit", amount, reference=found.public_id, tender="CHEQUE")


def _charge_fee(found: ChequeReturn, on: date, actor: User) -> None:
    fee = Money(till_policy(found.facility_id).cheque_fee_minor, found.currency)
    patient_id = found.payment.patient_id
    if not fee or patient_id is None or found.currency != found.facility.currency:
        return
    ensure_service(code=FEE_SERVICE, name="Fee for a returned cheque", actor=actor)
    (bill,) = bill_services(
        facility=found.facility,
        patient_id=patient_id,
        lines=[Line(FEE_SERVICE, 1, on, unit_price=fee, order_reference=found.public_id)],
        parties=[Party(kind="PATIENT")],
        currency=found.currency,
        is_issued=True,
        on=on,
        actor=actor,
    )
    found.fee_minor, found.fee_invoice = fee.minor, bill


def _told(found: ChequeReturn) -> dict:
    fee_invoice = found.fee_invoice
    return {
        "payment": found.payment.public_id,
        "receipt_number": found.payment.receipt_number,
        "reason": found.reason.lower(),
        "amount": Money(found.amount_minor, found.currency).as_json(),
        "returned_on": found.returned_on.isoformat(),
        "fee": Money(found.fee_minor, found.currency).as_json(),
        "fee_invoice": fee_invoice.public_id if fee_invoice else None,
    }
