"""Money that the bank had before anybody knew whose it is: a transfer of the patient it turned out to be."""

from datetime import date

from django.db import transaction

from billing.queries import people_of
from cashiering.commands.bank_receipt import confirm_bank_receipt, reopen_bank_receipt
from cashiering.commands.credit import give_back_credits
from cashiering.commands.locks import lock_payment
from cashiering.commands.payment import receive_payment
from cashiering.commands.void import refuse_refunded, write_void
from cashiering.models import PaymentVoid, Refund
from cashiering.queries.payment import identified_receipt
from cashiering.rules.tenders import TenderGiven
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from ledger.commands import Posting


@transaction.atomic
def keep_identified(
    *, facility: Facility, patient: str, amount: Money, source: str, on: date, actor: User
) -> Posting:
    """Receive money that the bank paid already, and keep it on a patient's account.

    patient  public id
    source   public id of what found the money's owner; the same again gives the same receipt

    Gives the posting that pays the transfer, for the caller's entry. Raises what receive_payment raises.
    Emits `payment.received`.
    """
    payment = receive_payment(
        facility=facility,
        patient=people_of([facility.pk]).get(public_id=patient).pk,
        allocations=[],
        tenders=[TenderGiven("TRANSFER", amount, reference=source)],
        prepayment=amount,
        key=f"identified:{source}",
        business_on=on,
        actor=actor,
    )
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=on, actor=actor)
    return Posting("transfer.clearing", -amount, reference=payment.public_id)


@transaction.atomic
def give_up_identified(
    *, source: str, on: date, reason: str, maker: User, approver: User
) -> PaymentVoid | None:
    """Void the receipt that keep_identified made: the money is another's. The caller reverses its entry.

    None when the source made no receipt. Raises PaymentRefunded, or CreditUsed when some of it was used.
    Emits `payment.voided`.
    """
    receipt = identified_receipt(source)
    if receipt is None:
        return None
    _session, payment = lock_payment(receipt)
    refuse_refunded(payment, *Refund.LIVE)
    give_back_credits(payment, list(payment.tenders.all()))
    reopen_bank_receipt(kind="payment", public_id=payment.public_id, actor=approver, reason=reason)
    return write_void(payment, on=on, reason=reason, maker=maker, approver=approver)
