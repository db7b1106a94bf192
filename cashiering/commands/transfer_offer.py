"""Offering cash to somebody: a bag to the safe, a float to a colleague, a top-up to a drawer."""

from django.db import IntegrityError, transaction

from cashiering.commands.locks import (
    NotYourSession,
    lock_own_session,
    lock_session,
    lock_sessions,
    refuse_not_open,
)
from cashiering.commands.movement import MovementKeyReused, MovementMalformed
from cashiering.commands.transfer import TransferNotForYou, note, tell_offered
from cashiering.models import CashTransfer, Session
from cashiering.rules.denominations import counted_total
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TransferBagTaken(Refusal):
    code = "transfer_bag_taken"
    sentence = "Bag {bag} is in use already. Copy the number again, or take a new bag."


@transaction.atomic
def offer_drop(
    *,
    session: Session | int,
    amount: Money,
    bag_number: str,
    key: str,
    actor: User,
    denominations: dict[int, int] | None = None,
) -> CashTransfer:
    """Seal cash of the drawer in a bag for the safe. It leaves the drawer when a second person accepts.

    key  made when the form opened; the same key again gives the same offer

    A drop larger than what the drawer should hold is taken all the same: refusing it would tell how much
    that is. Raises NotYourSession, SessionNotOpen, MovementMalformed, MovementKeyReused or TransferBagTaken.
    """
    session = lock_own_session(session, actor=actor)
    if (known := _known(key, "DROP", session, amount)) is not None:
        return known
    refuse_not_open(session)
    if not bag_number.strip():
        raise MovementMalformed(problem="A drop needs the number of its sealed bag")
    bag = bag_number.strip()
    try:
        with transaction.atomic():
            return _offer("DROP", session, amount, denominations, key, actor, bag_number=bag)
    except IntegrityError as error:
        if "cashiering_transfer_bag_once" not in str(error):
            raise
        raise TransferBagTaken(bag=bag) from None


@transaction.atomic
def offer_float(
    *,
    session: Session | int,
    to: Session | int,
    denominations: dict[int, int],
    key: str,
    actor: User,
    currency: str = "",
) -> CashTransfer:
    """Offer notes and coins of one's drawer to a colleague's open drawer of the same facility.

    currency  of the notes; the drawer's own when empty

    Raises NotYourSession, SessionNotOpen, MovementMalformed, MovementKeyReused or what counting raises.
    """
    session, other = _both(session, to)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    amount = counted_total(denominations, currency or session.currency)
    if (known := _known(key, "FLOAT", session, amount)) is not None:
        return known
    refuse_not_open(session)
    refuse_not_open(other)
    return _offer(
        "FLOAT", session, amount, denominations, key, actor, receiver=other, offered_to=other.cashier
    )


@transaction.atomic
def offer_top_up(
    *, session: Session | int, denominations: dict[int, int], key: str, actor: User, currency: str = ""
) -> CashTransfer:
    """Bring cash of the safe to a drawer that runs out of change; its cashier accepts.

    currency  of the notes; the drawer's own when empty

    Raises SessionNotOpen, MovementMalformed, MovementKeyReused, TransferNotForYou for one's own drawer.
    """
    session = lock_session(session)
    amount = counted_total(denominations, currency or session.currency)
    if (known := _known(key, "TOP_UP", None, amount)) is not None:
        return known
    refuse_not_open(session)
    if session.cashier_id == actor.pk:
        raise TransferNotForYou(who="Another person brings cash from the safe; its cashier")
    return _offer(
        "TOP_UP", None, amount, denominations, key, actor, receiver=session, offered_to=session.cashier
    )


def _both(session: Session | int, to: Session | int) -> tuple[Session, Session]:
    """The giver's and the colleague's session, locked together, so that neither closes meanwhile."""
    giver, taker = (one if isinstance(one, int) else one.pk for one in (session, to))
    known = Session.objects.filter(pk__in=[giver, taker]).values_list("facility_id", "currency").distinct()
    if giver == taker or not Session.objects.filter(pk=taker).exists() or len(known) > 1:
        raise MovementMalformed(problem="Choose the open drawer of a colleague here")
    locked = lock_sessions(giver, taker)
    return locked[giver], locked[taker]


def _known(key: str, kind: str, sender: Session | None, amount: Money) -> CashTransfer | None:
    known = CashTransfer.objects.filter(key=key).first()
    if known is None:
        return None
    asked = (kind, sender.pk if sender else None, amount.minor, amount.currency)
    if (known.kind, known.sender_id, known.amount_minor, known.currency) != asked:
        raise MovementKeyReused()
    return known


def _offer(kind, sender, amount, denominations, key, actor, *, receiver=None, **details) -> CashTransfer:
    if amount <= Money.zero(amount.currency):
        raise MovementMalformed(problem="The amount is more than zero")
    session = sender or receiver
    transfer = CashTransfer.objects.create(
        key=key,
        kind=kind,
        facility=session.facility,
        sender=sender,
        receiver=receiver,
        currency=amount.currency,
        amount_minor=amount.minor,
        denominations={str(face): number for face, number in (denominations or {}).items() if number},
        offered_by=actor,
        offered_at=clock.now(),
        **details,
    )
    note("offer_transfer", transfer, actor)
    tell_offered(transfer)
    return transfer
