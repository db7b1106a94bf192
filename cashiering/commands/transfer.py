"""Cash that was offered: accepted, rejected or withdrawn. It moves when the receiver accepts."""

from typing import Any

from django.db import transaction

from cashiering.commands.locks import (
    NotYourSession,
    lock_transfer,
)
from cashiering.commands.movement import write_movement
from cashiering.models import CashMovement, CashTransfer, Session, Tender
from cashiering.rules.denominations import counted_total
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class TransferNotWaiting(Refusal):
    code = "transfer_not_waiting"
    sentence = "This transfer is {state} already. Refresh the page."


class TransferNotForYou(Refusal):
    code = "transfer_not_for_you"
    status = 403
    sentence = "This cash is not yours to take. {who} accepts or rejects it."


class TransferCountDiffers(Refusal):
    code = "transfer_count_differs"
    status = 422
    sentence = (
        "Your count of {counted} is not what the sender counted. Count again together; if it stays, reject "
        "the transfer and say why."
    )


class TransferDrawerClosed(Refusal):
    code = "transfer_drawer_closed"
    sentence = (
        "Drawer {number} is {state}, so its cash does not move now. Its cashier takes the session up again, "
        "or you reject the transfer."
    )


class TransferReasonMissing(Refusal):
    code = "transfer_reason_missing"
    status = 422
    sentence = "Say why you do not take the cash."


@transaction.atomic
def accept_transfer(
    *, transfer: CashTransfer | int, actor: User, denominations: dict[int, int] | None = None
) -> CashTransfer:
    """Take offered cash: only now it moves, in the drawers and in the book.

    denominations  the receiver's own count; needed for a float and a top-up, not for a sealed bag

    A bag leaves a drawer even while its cashier has a break or was sent home; other cash moves between
    open drawers. Raises TransferNotWaiting, TransferNotForYou, TransferCountDiffers, TransferDrawerClosed.
    """
    transfer = waiting_transfer(transfer)
    _refuse_stranger(transfer, actor)
    if transfer.kind == CashTransfer.Kind.HANDOVER:
        raise TransferNotForYou(who="Take the whole drawer over on the handover page: its receiver")
    if transfer.kind != CashTransfer.Kind.DROP:
        _refuse_closed(transfer)
        transfer.received = recounted(transfer, denominations or {})
    _move(transfer, actor)
    return decide(transfer, CashTransfer.State.ACCEPTED, actor)


def _refuse_closed(transfer: CashTransfer) -> None:
    for session in (transfer.sender, transfer.receiver):
        if session is not None and session.state != Session.State.OPEN:
            raise TransferDrawerClosed(number=session.number, state=session.get_state_display().lower())


def recounted(transfer: CashTransfer, denominations: dict[int, int]) -> dict[str, int]:
    """The receiver's count, when it agrees with the sender's. Raises TransferCountDiffers."""
    counted = counted_total(denominations, transfer.currency)
    offered = Money(transfer.amount_minor, transfer.currency)
    if counted != offered:
        raise TransferCountDiffers(counted=counted)
    return {str(face): number for face, number in denominations.items() if number}


def _move(transfer: CashTransfer, actor: User) -> None:
    amount = Money(transfer.amount_minor, transfer.currency)
    part = 0 if transfer.kind == CashTransfer.Kind.DROP else transfer.amount_minor
    ends = [(transfer.sender, -amount), (transfer.receiver, amount)]
    for session, signed in ends:
        if session is not None:
            move_end(transfer, session, signed, float_minor=part, witness=actor)
    posted = [
        Posting("cash.drawer", signed, reference=session.public_id, tender="CASH")
        if session
        else Posting("cash.safe", signed, tender="CASH")
        for session, signed in ends
    ]
    post_transfer(transfer, posted, actor)


def move_end(
    transfer: CashTransfer, session: Session, signed: Money, *, float_minor: int, witness: User
) -> CashMovement:
    """One end of an accepted transfer: what its drawer got or gave."""
    gone = "DROP" if transfer.kind == CashTransfer.Kind.DROP else "HANDED"
    kind = "RECEIVED" if signed.minor > 0 else gone
    of = "" if signed.currency == session.currency else f":{signed.currency}"
    return write_movement(
        session,
        kind=kind,
        amount=signed,
        other=None,
        made_by=transfer.offered_by,
        witness=witness,
        key=f"transfer:{transfer.public_id}:{kind.lower()}{of}",
        bag_number=transfer.bag_number,
        float_minor=float_minor,
        transfer=transfer,
    )


def post_transfer(transfer: CashTransfer, postings: list[Posting], actor: User) -> None:
    """Book an accepted transfer on the business day of the drawer it concerns."""
    session = transfer.receiver or transfer.sender
    assert session is not None
    post_entry(
        key=f"cashiering.transfer:{transfer.public_id}",
        facility=transfer.facility,
        effective_on=session.business_on,
        source=("cash_transfer", transfer.public_id),
        memo=f"{transfer.get_kind_display()} {session.number}",
        postings=postings,
        actor=actor,
    )


@transaction.atomic
def reject_transfer(*, transfer: CashTransfer | int, reason: str, actor: User) -> CashTransfer:
    """Give offered cash back as it was: nothing moved. Raises TransferNotWaiting, TransferNotForYou or
    TransferReasonMissing."""
    transfer = waiting_transfer(transfer)
    _refuse_stranger(transfer, actor)
    if not reason.strip():
        raise TransferReasonMissing()
    return decide(transfer, CashTransfer.State.REJECTED, actor, reason=reason.strip())


@transaction.atomic
def withdraw_transfer(*, transfer: CashTransfer | int, actor: User) -> CashTransfer:
    """Take back what one offered, before the other accepts. Raises TransferNotWaiting or NotYourSession."""
    transfer = waiting_transfer(transfer)
    if transfer.offered_by_id != actor.pk:
        session = transfer.sender or transfer.receiver
        raise NotYourSession(number=session.number if session else "")
    return decide(transfer, CashTransfer.State.WITHDRAWN, actor)


def waiting_transfer(transfer: CashTransfer | int) -> CashTransfer:
    """The transfer and its sessions, locked. Raises TransferNotWaiting."""
    locked = lock_transfer(transfer)
    if locked.state != CashTransfer.State.OFFERED:
        raise TransferNotWaiting(state=locked.get_state_display().lower())
    return locked


def _refuse_stranger(transfer: CashTransfer, actor: User) -> None:
    """A bag goes to anybody here but its sender; everything else to whom it was offered."""
    to = transfer.offered_to
    if to is not None and to.pk != actor.pk:
        raise TransferNotForYou(who=to.get_full_name())
    is_sender = transfer.offered_by_id == actor.pk
    if is_sender or actor.kind != User.Kind.PERSON or transfer.facility_id not in facility_ids_of(actor):
        raise TransferNotForYou(who=f"A colleague at {transfer.facility.code}")


def decide(transfer: CashTransfer, state: str, actor: User, *, reason: str = "") -> CashTransfer:
    """Write the decision; a handover that is not taken gives its drawer back as it was."""
    transfer.state = state
    transfer.decided_by, transfer.decided_at, transfer.reason = actor, clock.now(), reason
    transfer.save(update_fields=["state", "receiver", "received", "decided_by", "decided_at", "reason"])
    session = transfer.sender
    if transfer.kind == CashTransfer.Kind.HANDOVER and state != CashTransfer.State.ACCEPTED and session:
        Session.objects.filter(pk=session.pk, state="COUNTING").update(state="OPEN")
        ticked = Tender.objects.filter(payment__session=session)
        ticked.filter(ticked_at__gte=transfer.offered_at).update(ticked_at=None)
    verb = {"ACCEPTED": "accept", "REJECTED": "reject", "WITHDRAWN": "withdraw"}[state]
    note(f"{verb}_transfer", transfer, actor)
    outbox.record(
        "cash_transfer.decided", subject=transfer.public_id, facility=transfer.facility, data=_told(transfer)
    )
    return transfer


def note(action: str, transfer: CashTransfer, actor: User) -> None:
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=transfer,
        facility=transfer.facility,
        reason=transfer.reason,
        after={
            "kind": transfer.kind,
            "amounts": [amount.as_json() for amount in amounts_of(transfer)],
            "bag": transfer.bag_number,
        },
    )


def amounts_of(transfer: CashTransfer) -> list[Money]:
    """What is handed on, in its own currency first, then in each foreign one. One SQL query."""
    parts = transfer.parts.order_by("currency").values_list("amount_minor", "currency")
    own = Money(transfer.amount_minor, transfer.currency)
    return [own, *(Money(minor, currency) for minor, currency in parts)]


def tell_offered(transfer: CashTransfer) -> None:
    """Tell the world that cash is on its way."""
    outbox.record(
        "cash_transfer.offered", subject=transfer.public_id, facility=transfer.facility, data=_told(transfer)
    )


def _told(transfer: CashTransfer) -> dict[str, Any]:
    return {
        "kind": transfer.kind.lower(),
        "state": transfer.state.lower(),
        "sender": transfer.sender.public_id if transfer.sender else "",
        "receiver": transfer.receiver.public_id if transfer.receiver else "",
        "amount": Money(transfer.amount_minor, transfer.currency).as_json(),
        "amounts": [amount.as_json() for amount in amounts_of(transfer)],
        "bag_number": transfer.bag_number,
    }
