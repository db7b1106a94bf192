"""Cash in and out of a drawer besides payments, and drawers opened without a sale."""

from django.db import transaction
from django.db.models import F

from cashiering.commands.locks import lock_open_session
from cashiering.commands.register import till_policy
from cashiering.models import CashMovement, Session
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class MovementMalformed(Refusal):
    code = "movement_malformed"
    status = 422
    sentence = "{problem}."


class DrawerTooLittle(Refusal):
    code = "drawer_too_little"
    sentence = "The drawer does not hold {amount}. Take less, or bring cash from the safe first."


class PaidOutAboveLimit(Refusal):
    code = "paid_out_above_limit"
    sentence = "A paid-out is at most {limit} here. Ask finance to pay {amount} another way."


class WitnessIsMaker(Refusal):
    code = "witness_is_maker"
    status = 422
    sentence = "The witness of a drop is another person. Ask a colleague."


class WitnessElsewhere(Refusal):
    code = "witness_elsewhere"
    status = 422
    sentence = "The witness of a drop works at {facility} and stands beside you. Choose a colleague there."


class MovementKeyReused(Refusal):
    code = "movement_key_reused"
    sentence = "This movement was already recorded with other content. Open the form again."


# kind: (direction in the drawer, role of the other side, action)
_KINDS = {
    "PAID_IN": (1, "income.other", "record_paid_in"),
    "PAID_OUT": (-1, "expense.petty", "record_paid_out"),
    "DROP": (-1, "cash.safe", "record_drop"),
    "NO_SALE": (0, "", "record_no_sale"),
}


@transaction.atomic
def record_movement(
    *,
    session: Session | int,
    kind: str,
    amount: Money,
    reason: str,
    key: str,
    actor: User,
    bag_number: str = "",
    witness: User | None = None,
) -> CashMovement:
    """Record a paid-in, a paid-out, a drop to the safe or an opening without a sale.

    kind    PAID_IN, PAID_OUT, DROP or NO_SALE; a NO_SALE has the amount zero
    reason  for all but drops; a drop has its bag number and a witness instead
    key     made when the form opened; the same key again gives the same movement

    Raises NotYourSession, SessionNotOpen, MovementKeyReused, MovementMalformed, WitnessIsMaker,
    WitnessElsewhere, PaidOutAboveLimit or DrawerTooLittle.
    """
    session = lock_open_session(session, actor=actor)
    known = CashMovement.objects.filter(key=key).first()
    if known is not None:
        if (known.session_id, known.kind, known.amount_minor) != (session.pk, kind, amount.minor):
            raise MovementKeyReused()
        return known
    _refuse(session, kind, amount, reason, bag_number, witness, actor)
    direction, role, action = _KINDS[kind]
    movement = CashMovement.objects.create(
        session=session,
        kind=kind,
        amount_minor=amount.minor,
        reason=reason.strip(),
        bag_number=bag_number.strip(),
        made_by=actor,
        witness=witness,
        made_at=clock.now(),
        key=key,
    )
    if direction:
        Session.objects.filter(pk=session.pk).update(cash_minor=F("cash_minor") + direction * amount.minor)
        into_drawer = amount * direction
        post_entry(
            key=f"cashiering.movement:{movement.public_id}",
            facility=session.facility,
            effective_on=session.business_on,
            source=("cash_movement", movement.public_id),
            memo=f"{movement.get_kind_display()} {session.number}",
            postings=[
                Posting("cash.drawer", into_drawer, reference=session.public_id, tender="CASH"),
                Posting(role, -into_drawer, tender="CASH"),
            ],
            actor=actor,
        )
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=movement,
        facility=session.facility,
        reason=reason,
        after={"amount": amount, "bag": bag_number, "witness": witness.pk if witness else None},
    )
    return movement


def _refuse(
    session: Session,
    kind: str,
    amount: Money,
    reason: str,
    bag_number: str,
    witness: User | None,
    actor: User,
) -> None:
    if kind not in _KINDS:
        raise MovementMalformed(problem=f"{kind[:20]!r} is not a movement of cash")
    if (kind == "NO_SALE" and amount) or (kind != "NO_SALE" and amount <= Money.zero(session.currency)):
        raise MovementMalformed(problem="The amount is more than zero, or zero for an opening without a sale")
    if kind == "DROP":
        if not bag_number.strip() or witness is None:
            raise MovementMalformed(problem="A drop needs the bag number and a witness")
        if witness.pk == actor.pk:
            raise WitnessIsMaker()
        is_person = witness.kind == User.Kind.PERSON and witness.is_active
        if not is_person or session.facility_id not in facility_ids_of(witness):
            raise WitnessElsewhere(facility=session.facility.code)
    elif not reason.strip():
        raise MovementMalformed(problem="Say why the drawer is opened")
    limit = Money(till_policy(session.facility_id).paid_out_limit_minor, session.currency)
    if kind == "PAID_OUT" and amount > limit:
        raise PaidOutAboveLimit(limit=limit, amount=amount)
    if kind in ("PAID_OUT", "DROP") and amount.minor > session.cash_minor:
        raise DrawerTooLittle(amount=amount)
