"""Change orders: the safe gives small money for large money of the drawer, worth the same."""

from typing import Any

from django.db import transaction

from cashiering.commands.locks import NotYourSession, lock_open_session, lock_session, refuse_not_open
from cashiering.commands.movement import MovementMalformed
from cashiering.models import ChangeOrder, Session
from cashiering.rules.denominations import counted_total
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class ChangeOrderDone(Refusal):
    code = "change_order_done"
    sentence = "This change order is {state} already. Refresh the page."


class ChangeUnequal(Refusal):
    code = "change_unequal"
    status = 422
    sentence = "The drawer gives {given} for {wanted}. Change is worth the same: count both again."


@transaction.atomic
def ask_change(*, session: Session | int, wanted: dict[int, int], actor: User) -> ChangeOrder:
    """Ask the safe for the pieces that the drawer runs out of.

    wanted  pieces by face value in minor units

    Raises NotYourSession, SessionNotOpen, MovementMalformed or what counting raises.
    """
    session = lock_open_session(session, actor=actor)
    amount = counted_total(wanted, session.currency)
    if not amount:
        raise MovementMalformed(problem="Say which notes and coins you need")
    order = ChangeOrder.objects.create(
        session=session,
        currency=session.currency,
        amount_minor=amount.minor,
        wanted=_kept(wanted),
        asked_by=actor,
        asked_at=clock.now(),
    )
    _note("ask_change", order, session, actor)
    data = _told(order, session)
    outbox.record("change_order.asked", subject=order.public_id, facility=session.facility, data=data)
    return order


@transaction.atomic
def fill_change(*, order: ChangeOrder | int, given: dict[int, int], actor: User) -> ChangeOrder:
    """Bring the pieces and take others of the same worth. Nothing moves in the book.

    given  what the drawer gave for them, pieces by face value in minor units

    Raises ChangeOrderDone, ChangeUnequal, SessionNotOpen, or NotYourSession for the one who asked.
    """
    order, session = _locked(order)
    if order.asked_by_id == actor.pk or session.facility_id not in facility_ids_of(actor):
        raise NotYourSession(number=session.number)
    refuse_not_open(session)
    wanted, paid = Money(order.amount_minor, order.currency), counted_total(given, order.currency)
    if wanted != paid:
        raise ChangeUnequal(given=paid, wanted=wanted)
    order.given, order.state = _kept(given), ChangeOrder.State.FILLED
    order.filled_by, order.decided_at = actor, clock.now()
    order.save(update_fields=["given", "state", "filled_by", "decided_at"])
    _note("fill_change", order, session, actor)
    data = _told(order, session)
    outbox.record("change_order.filled", subject=order.public_id, facility=session.facility, data=data)
    return order


@transaction.atomic
def cancel_change(*, order: ChangeOrder | int, actor: User) -> ChangeOrder:
    """Do without the change after all. Raises ChangeOrderDone or NotYourSession."""
    order, session = _locked(order)
    if order.asked_by_id != actor.pk:
        raise NotYourSession(number=session.number)
    order.state, order.decided_at = ChangeOrder.State.CANCELLED, clock.now()
    order.save(update_fields=["state", "decided_at"])
    audit.record("cashiering.cancel_change", actor=actor, subject=order, facility=session.facility)
    return order


def _locked(order: ChangeOrder | int) -> tuple[ChangeOrder, Session]:
    pk = order if isinstance(order, int) else order.pk
    session = lock_session(ChangeOrder.objects.values_list("session_id", flat=True).get(pk=pk))
    locked = ChangeOrder.objects.select_for_update().get(pk=pk)
    if locked.state != ChangeOrder.State.ASKED:
        raise ChangeOrderDone(state=locked.get_state_display().lower())
    return locked, session


def _kept(pieces: dict[int, int]) -> dict[str, int]:
    return {str(face): number for face, number in pieces.items() if number}


def _note(action: str, order: ChangeOrder, session: Session, actor: User) -> None:
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=order,
        facility=session.facility,
        after={
            "amount": Money(order.amount_minor, order.currency),
            "wanted": order.wanted,
            "given": order.given,
        },
    )


def _told(order: ChangeOrder, session: Session) -> dict[str, Any]:
    return {"session": session.public_id, "amount": Money(order.amount_minor, order.currency).as_json()}
