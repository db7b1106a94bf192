"""A drawer from one cashier to the next: counted by both, and moved when the second accepts."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from cashiering.commands.close import (
    ForeignCashUncounted,
    refuse_unfinished,
    settle_count,
    tick_cheques,
    tick_slips,
)
from cashiering.commands.locks import lock_own_session, refuse_not_open
from cashiering.commands.movement import MovementKeyReused, MovementMalformed
from cashiering.commands.session import (
    SessionAlreadyYours,
    create_session,
    write_count,
)
from cashiering.commands.transfer import (
    TransferCountDiffers,
    TransferNotForYou,
    decide,
    move_end,
    note,
    post_transfer,
    recounted,
    tell_offered,
    waiting_transfer,
)
from cashiering.models import CashTransfer, Count, Session, TransferPart
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
    ticked_slips: Sequence[int] = (),
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> CashTransfer:
    """Count the drawer and offer it to the next cashier; it takes no money until that is decided.

    foreign         pieces by face value of each foreign currency that went through the drawer
    ticked_cheques  ids of the cheque tenders that lie in the drawer; they stay with this session
    ticked_slips    ids of the transfers, wallets, HSA and FSA cards whose slips are there; they stay too

    What the drawer should hold is not told, neither now nor to the receiver. Raises NotYourSession,
    SessionNotOpen, MovementKeyReused, MovementMalformed, ForeignCashUncounted, TerminalAnswerMissing or
    TransferPending.
    """
    session = lock_own_session(session, actor=actor)
    known = CashTransfer.objects.filter(key=key).first()
    if known is not None:
        if (known.kind, known.sender_id) != (CashTransfer.Kind.HANDOVER, session.pk):
            raise MovementKeyReused()
        return known
    refuse_not_open(session)
    refuse_unfinished(session)
    _refuse_uncounted(session, foreign or {})
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
    _write_parts(transfer, session, foreign or {})
    tick_cheques(session, ticked_cheques)
    tick_slips(session, ticked_slips)
    note("offer_handover", transfer, actor)
    tell_offered(transfer)
    return transfer


def _refuse_uncounted(session: Session, foreign: Mapping[str, dict[int, int]]) -> None:
    wanted = foreign_currencies(session)
    if set(wanted) != set(foreign):
        raise ForeignCashUncounted(currencies=", ".join(wanted) or session.currency)


def _write_parts(transfer: CashTransfer, session: Session, foreign: Mapping[str, dict[int, int]]) -> None:
    """What of each foreign currency is handed over, and how much of it is still float."""
    parts = []
    for currency, pieces in sorted(foreign.items()):
        amount = counted_total(pieces, currency).minor
        parts.append(
            TransferPart(
                transfer=transfer,
                currency=currency,
                amount_minor=amount,
                float_minor=min(max(float_of(session, currency).minor, 0), amount),
                denominations={str(face): number for face, number in pieces.items() if number},
            )
        )
    TransferPart.objects.bulk_create(parts)


@transaction.atomic
def accept_handover(
    *,
    transfer: CashTransfer | int,
    denominations: dict[int, int],
    actor: User,
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> Session:
    """Recount the drawer and take it over; gives the receiver's own open session.

    foreign  the receiver's own count of each foreign currency handed over

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
    parts = _recounted_parts(transfer, foreign or {})
    moved = [(Money(transfer.amount_minor, transfer.currency), transfer.float_minor)]
    moved += [(Money(one.amount_minor, one.currency), one.float_minor) for one in parts if one.amount_minor]
    for amount, float_minor in moved:
        move_end(transfer, sender, -amount, float_minor=float_minor, witness=actor)
    _close_sender(sender, transfer, parts)
    receiver = _open_receiver(sender, actor)
    transfer.receiver = receiver
    posted = []
    for amount, float_minor in moved:
        move_end(transfer, receiver, amount, float_minor=float_minor, witness=actor)
        posted.append(Posting("cash.drawer", amount, reference=receiver.public_id, tender="CASH"))
        posted.append(Posting("cash.drawer", -amount, reference=sender.public_id, tender="CASH"))
    post_transfer(transfer, posted, actor)
    decide(transfer, CashTransfer.State.ACCEPTED, actor)
    receiver.refresh_from_db()
    return receiver


def _recounted_parts(transfer: CashTransfer, foreign: Mapping[str, dict[int, int]]) -> list[TransferPart]:
    """The foreign cash as the receiver counted it. Raises ForeignCashUncounted or TransferCountDiffers."""
    parts = list(transfer.parts.select_for_update().order_by("currency"))
    if {part.currency for part in parts} != set(foreign):
        wanted = ", ".join(part.currency for part in parts)
        raise ForeignCashUncounted(currencies=wanted or transfer.currency)
    for part in parts:
        counted = counted_total(foreign[part.currency], part.currency)
        if counted.minor != part.amount_minor:
            raise TransferCountDiffers(counted=counted)
        part.received = {str(face): number for face, number in foreign[part.currency].items() if number}
        part.save(update_fields=["received"])
    return parts


def _close_sender(sender: Session, transfer: CashTransfer, parts: Sequence[TransferPart]) -> None:
    """Nothing is left in the drawer that is the sender's: it counts as empty from here on."""
    nothing = [Money.zero(currency) for currency in (sender.currency, *(part.currency for part in parts))]
    for zero in nothing:
        write_count(
            sender, kind=Count.Kind.CLOSING, denominations={}, counted=zero, actor=transfer.offered_by
        )
    sender.refresh_from_db(fields=["cash_minor"])
    settle_count(
        sender, counted=nothing[0], foreign=nothing[1:], may_recount=False, actor=transfer.offered_by
    )


def _open_receiver(sender: Session, actor: User) -> Session:
    facility = sender.facility
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    return create_session(register=sender.register, cashier=actor, business_on=day, state=Session.State.OPEN)
