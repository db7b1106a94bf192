"""A drawer from one cashier to the next: counted by both, and moved when the second accepts."""

from collections.abc import Sequence

from django.db import transaction

from cashiering.commands.close import refuse_unfinished, settle_count, tick_cheques
from cashiering.commands.locks import lock_own_session, refuse_not_open
from cashiering.commands.movement import MovementKeyReused, MovementMalformed
from cashiering.commands.session import (
    SessionAlreadyYours,
    create_session,
    write_count,
)
from cashiering.commands.transfer import (
    TransferNotForYou,
    decide,
    move_end,
    note,
    post_transfer,
    recounted,
    tell_offered,
    waiting_transfer,
)
from cashiering.models import CashTransfer, Count, Session
from cashiering.queries.expected_cash import float_of, foreign_currencies
from cashiering.rules.denominations import counted_total
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from ledger.commands import Posting


@transaction.atomic
def offer_handover(
    *,
    session: Session | int,
    to: User,
    denominations: dict[int, int],
    key: str,
    actor: User,
    ticked_cheques: Sequence[int] = (),
) -> CashTransfer:
    """Count the drawer and offer it to the next cashier; it takes no money until that is decided.

    ticked_cheques  ids of the cheque tenders that lie in the drawer; they stay with this session

    What the drawer should hold is not told, neither now nor to the receiver. Raises NotYourSession,
    SessionNotOpen, MovementKeyReused, MovementMalformed, TerminalAnswerMissing or TransferPending.
    """
    session = lock_own_session(session, actor=actor)
    known = CashTransfer.objects.filter(key=key).first()
    if known is not None:
        if (known.kind, known.sender_id) != (CashTransfer.Kind.HANDOVER, session.pk):
            raise MovementKeyReused()
        return known
    refuse_not_open(session)
    refuse_unfinished(session)
    if foreign_currencies(session):
        raise MovementMalformed(problem="The drawer holds foreign cash, so count and close it instead")
    is_person = to.kind == User.Kind.PERSON and to.is_active and to.has_perm("cashiering.work_session")
    if to.pk == actor.pk or not is_person or session.facility_id not in facility_ids_of(to):
        raise MovementMalformed(problem="Choose a cashier of this facility to take the drawer")
    amount = counted_total(denominations, session.currency)
    if not amount:
        raise MovementMalformed(problem="An empty drawer is closed, not handed over")
    session.state = Session.State.COUNTING
    session.save(update_fields=["state"])
    transfer = CashTransfer.objects.create(
        key=key,
        kind=CashTransfer.Kind.HANDOVER,
        facility=session.facility,
        sender=session,
        offered_to=to,
        currency=session.currency,
        amount_minor=amount.minor,
        float_minor=min(max(float_of(session).minor, 0), amount.minor),
        denominations={str(face): number for face, number in denominations.items() if number},
        offered_by=actor,
        offered_at=clock.now(),
    )
    tick_cheques(session, ticked_cheques)
    note("offer_handover", transfer, actor)
    tell_offered(transfer)
    return transfer


@transaction.atomic
def accept_handover(*, transfer: CashTransfer | int, denominations: dict[int, int], actor: User) -> Session:
    """Recount the drawer and take it over; gives the receiver's own open session.

    The sender's session closes on what was handed over, with its difference if there is one. Raises
    TransferNotWaiting, TransferNotForYou, TransferCountDiffers or SessionAlreadyYours.
    """
    transfer = waiting_transfer(transfer)
    sender = transfer.sender
    if transfer.kind != CashTransfer.Kind.HANDOVER or sender is None or transfer.offered_to_id != actor.pk:
        raise TransferNotForYou(who="The cashier it was offered to")
    running = Session.objects.filter(cashier=actor, state__in=Session.IN_CUSTODY, is_rescue=False).first()
    if running is not None:
        raise SessionAlreadyYours(number=running.number)
    transfer.received = recounted(transfer, denominations)
    amount = Money(transfer.amount_minor, transfer.currency)
    move_end(transfer, sender, -amount, float_minor=transfer.float_minor, witness=actor)
    _close_sender(sender, transfer)
    receiver = _open_receiver(sender, actor)
    transfer.receiver = receiver
    move_end(transfer, receiver, amount, float_minor=transfer.float_minor, witness=actor)
    posted = [
        Posting("cash.drawer", amount, reference=receiver.public_id, tender="CASH"),
        Posting("cash.drawer", -amount, reference=sender.public_id, tender="CASH"),
    ]
    post_transfer(transfer, posted, actor)
    decide(transfer, CashTransfer.State.ACCEPTED, actor)
    receiver.refresh_from_db()
    return receiver


def _close_sender(sender: Session, transfer: CashTransfer) -> None:
    """Nothing is left in the drawer that is the sender's: it counts as empty from here on."""
    nothing = Money.zero(sender.currency)
    write_count(sender, kind=Count.Kind.CLOSING, denominations={}, counted=nothing, actor=transfer.offered_by)
    sender.refresh_from_db(fields=["cash_minor"])
    settle_count(sender, counted=nothing, may_recount=False, actor=transfer.offered_by)


def _open_receiver(sender: Session, actor: User) -> Session:
    facility = sender.facility
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    return create_session(register=sender.register, cashier=actor, business_on=day, state=Session.State.OPEN)
