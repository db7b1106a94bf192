"""What the bank confirmed, as reconciliation tells it. Moves states only; posts nothing."""

from datetime import date
from typing import Any, cast

from django.db import transaction
from django.db.models import F, QuerySet

from cashiering.commands.card_receipt import (
    confirm_card_batch,
    confirm_payment_return,
    confirm_payout,
    confirm_win,
    move_refunds,
    reopen_card_batch,
    reopen_payment_return,
    reopen_payout,
    reopen_win,
)
from cashiering.commands.deposit import told
from cashiering.commands.refund_return import (
    fail_returned,
    fail_settled,
    settle_failed,
    take_back_failure,
)
from cashiering.models import (
    Advice,
    CardBatch,
    ChargebackWin,
    ChequeReturn,
    Deposit,
    LockboxDeposit,
    Payment,
    PaymentReturn,
    Payout,
    Refund,
    Session,
    Tender,
)
from hms_ach import audit, outbox
from hms_ach.access.models import Facility
from hms_ach.refusal import Refusal


class NotAwaitingBank(Refusal):
    code = "not_awaiting_bank"
    sentence = "{kind} {public_id} is not waiting for the bank. Refresh the list and match what is left."


class NotConfirmedByBank(Refusal):
    code = "not_confirmed_by_bank"
    sentence = "{kind} {public_id} was not confirmed by the bank, so there is nothing to take back."


@transaction.atomic
def confirm_bank_receipt(*, kind: str, public_id: str, on: date, actor) -> None:
    """Record that the bank showed what queries.awaiting_bank awaited: a refund that came back is owed again.

    kind   as AwaitingBank has it
    on     the bank's booking day
    actor  None when the matching was automatic

    Raises NotAwaitingBank. The caller posts.
    """
    public_id = _bare(public_id)
    moved = _CONFIRM[kind](public_id, on)
    if not moved:
        raise NotAwaitingBank(kind=kind, public_id=public_id)
    audit.record(
        "cashiering.confirm_bank_receipt",
        actor=actor,
        subject=public_id,
        facility=_facility(kind, public_id),
        after={"on": on.isoformat()},
    )


@transaction.atomic
def reopen_bank_receipt(*, kind: str, public_id: str, actor, reason: str = "") -> None:
    """Undo confirm_bank_receipt. Raises NotConfirmedByBank, also for a refund's sending that came back since.

    The caller reverses its posting.
    """
    public_id, is_last = _bare(public_id), kind != "refund" or _is_last_sending(public_id)
    moved = is_last and _REOPEN[kind](public_id)
    if not moved:
        raise NotConfirmedByBank(kind=kind, public_id=public_id)
    facility = _facility(kind, public_id)
    audit.record(
        "cashiering.reopen_bank_receipt", actor=actor, subject=public_id, facility=facility, reason=reason
    )


@transaction.atomic
def take_back_bank_receipt(*, kind: str, public_id: str, actor, reason: str) -> None:
    """Record that the bank took back what it had confirmed: a refund failed, all else is awaited again.

    What becomes of it is a person's matter: a void, a return, another try. Raises NotConfirmedByBank.
    The caller posts the opposite.
    """
    if kind != "refund":
        reopen_bank_receipt(kind=kind, public_id=public_id, actor=actor, reason=reason)
    elif not fail_settled(_bare(public_id), reason=reason, actor=actor):
        raise NotConfirmedByBank(kind=kind, public_id=public_id)


@transaction.atomic
def restore_bank_receipt(*, kind: str, public_id: str, on: date, actor) -> None:
    """Undo take_back_bank_receipt: it stays confirmed. Raises NotAwaitingBank or RefundGoneAgain."""
    if kind == "refund":
        settle_failed(_bare(public_id), on=on)
    else:
        confirm_bank_receipt(kind=kind, public_id=public_id, on=on, actor=actor)


def _facility(kind: str, public_id: str) -> Facility:
    of: Any = {
        "deposit": Deposit,
        "card_batch": CardBatch,
        "payment": Payment,
        "refund": Refund,
        "cheque_return": ChequeReturn,
        "transfer_return": PaymentReturn,
        "chargeback": PaymentReturn,
        "chargeback_win": ChargebackWin,
        "card_payout": Payout,
        "lockbox": LockboxDeposit,
    }.get(kind, Advice)
    rows = of.objects.select_related("facility")
    return cast(Facility, rows.get(public_id=public_id).facility)


def _bare(public_id: str) -> str:
    """Without the number that something has which is awaited again after it came back."""
    return public_id.partition(".")[0]


def _is_last_sending(public_id: str) -> bool:
    """Whether a refund did not go again after this sending."""
    bare, _, number = public_id.partition(".")
    return Refund.objects.filter(public_id=bare, sending=int(number or 1)).exists()


def _confirm_deposit(public_id: str, on: date) -> int:
    deposits = Deposit.objects.filter(public_id=public_id, state="IN_TRANSIT")
    moved = deposits.update(state="CONFIRMED", confirmed_on=on)
    if moved:
        _own_sessions(public_id).filter(state="DEPOSITED").update(state="BANK_CONFIRMED")
        deposit = Deposit.objects.select_related("facility").get(public_id=public_id)
        outbox.record("deposit.moved", subject=public_id, facility=deposit.facility, data=told(deposit))
    return moved


def _reopen_deposit(public_id: str) -> int:
    deposits = Deposit.objects.filter(public_id=public_id, state="CONFIRMED")
    moved = deposits.update(state="IN_TRANSIT", confirmed_on=None)
    if moved:
        _own_sessions(public_id).filter(state="BANK_CONFIRMED").update(state="DEPOSITED")
    return moved


def _own_sessions(public_id: str) -> QuerySet[Session]:
    """The sessions whose own cash is in the bag; a bag of foreign cash does not tell how far they are."""
    return Session.objects.filter(
        deposit_parts__deposit__public_id=public_id, deposit_parts__deposit__currency=F("currency")
    )


def _confirm_return(public_id: str, on: date) -> int:
    waiting = ChequeReturn.objects.filter(public_id=public_id, state="CONFIRMED", bank_confirmed_on=None)
    return waiting.update(bank_confirmed_on=on)


def _reopen_return(public_id: str) -> int:
    confirmed = ChequeReturn.objects.filter(public_id=public_id, bank_confirmed_on__isnull=False)
    return confirmed.update(bank_confirmed_on=None)


def _confirm_lockbox(public_id: str, on: date) -> int:
    waiting = LockboxDeposit.objects.filter(public_id=public_id, bank_confirmed_on=None)
    return waiting.update(bank_confirmed_on=on)


def _reopen_lockbox(public_id: str) -> int:
    confirmed = LockboxDeposit.objects.filter(public_id=public_id, bank_confirmed_on__isnull=False)
    return confirmed.update(bank_confirmed_on=None)


def _confirm_refund(public_id: str, on: date) -> int:
    return move_refunds("SENT", "SETTLED", on, public_id=public_id, card_batch=None)


def _reopen_refund(public_id: str) -> int:
    return move_refunds("SETTLED", "SENT", None, public_id=public_id, card_batch=None)


def _confirm_advice(public_id: str, on: date) -> int:
    advices = Advice.objects.filter(public_id=public_id, bank_confirmed_on=None, withdrawn_at=None)
    moved = advices.update(bank_confirmed_on=on)
    if moved:
        fail_returned(Advice.objects.get(public_id=public_id))
    return moved


def _reopen_advice(public_id: str) -> int:
    advices = Advice.objects.filter(public_id=public_id, bank_confirmed_on__isnull=False)
    if not advices.exists():
        return 0
    take_back_failure(advices.get())
    return advices.update(bank_confirmed_on=None)


def _confirm_transfer(public_id: str, on: date) -> int:
    transfers = Tender.objects.filter(payment__public_id=public_id, kind="TRANSFER")
    waiting = transfers.filter(bank_confirmed_on__isnull=True, payment__void__isnull=True)
    return waiting.update(bank_confirmed_on=on)


def _reopen_transfer(public_id: str) -> int:
    transfers = Tender.objects.filter(payment__public_id=public_id, kind="TRANSFER")
    return transfers.filter(bank_confirmed_on__isnull=False).update(bank_confirmed_on=None)


_CONFIRM = {
    "deposit": _confirm_deposit,
    "card_batch": confirm_card_batch,
    "payment": _confirm_transfer,
    "refund": _confirm_refund,
    "cheque_return": _confirm_return,
    "lockbox": _confirm_lockbox,
    "card_payout": confirm_payout,
    "chargeback_win": confirm_win,
    **dict.fromkeys(("transfer_return", "chargeback"), confirm_payment_return),
    **dict.fromkeys(("remittance", "ach_file", "ach_return"), _confirm_advice),
}
_REOPEN = {
    "deposit": _reopen_deposit,
    "card_batch": reopen_card_batch,
    "payment": _reopen_transfer,
    "refund": _reopen_refund,
    "cheque_return": _reopen_return,
    "lockbox": _reopen_lockbox,
    "card_payout": reopen_payout,
    "chargeback_win": reopen_win,
    **dict.fromkeys(("transfer_return", "chargeback"), reopen_payment_return),
    **dict.fromkeys(("remittance", "ach_file", "ach_return"), _reopen_advice),
}
