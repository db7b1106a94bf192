"""Cash in and out of a drawer besides payments, and drawers opened without a sale."""

from django.db import transaction
from django.db.models import F

from cashiering.commands.locks import lock_open_session
from cashiering.commands.register import till_policy
from cashiering.models import CashMovement, Session
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.files import StoredFile
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class MovementMalformed(Refusal):
    code = "movement_malformed"
    status = 422
    sentence = "{problem}."


class PaidOutAboveLimit(Refusal):
    code = "paid_out_above_limit"
    sentence = "A paid-out is at most {limit} here. Ask finance to pay {amount} another way."


class MovementKeyReused(Refusal):
    code = "movement_key_reused"
    sentence = "This movement was already recorded with other content. Open the form again."


# kind: (direction in the drawer, role of the other side, action)
_KINDS = {
    "PAID_IN": (1, "income.other", "record_paid_in"),
    "PAID_OUT": (-1, "expense.petty", "record_paid_out"),
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
    slip: StoredFile | None = None,
) -> CashMovement:
    """Record a paid-in, a paid-out or an opening without a sale. Drops are transfers.

    kind    PAID_IN, PAID_OUT or NO_SALE; a NO_SALE has the amount zero
    key     made when the form opened; the same key again gives the same movement
    slip    the receipt of what was bought or brought, as a picture or a paper

    A paid-out larger than what the drawer should hold is taken all the same: refusing it would tell how
    much that is. Whoever approves the session sees it. Raises NotYourSession, SessionNotOpen,
    MovementKeyReused, MovementMalformed or PaidOutAboveLimit.
    """
    session = lock_open_session(session, actor=actor)
    known = CashMovement.objects.filter(key=key).first()
    if known is not None:
        if (known.session_id, known.kind, known.amount_minor) != (session.pk, kind, amount.minor):
            raise MovementKeyReused()
        return known
    _refuse(session, kind, amount, reason)
    direction, role, action = _KINDS[kind]
    movement = write_movement(
        session,
        kind=kind,
        amount=amount * direction,
        other=Posting(role, -amount * direction, tender="CASH") if direction else None,
        made_by=actor,
        key=key,
        reason=reason.strip(),
        slip=slip,
    )
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=movement,
        facility=session.facility,
        reason=reason,
        after={"amount": amount},
    )
    return movement


def write_movement(
    session: Session,
    *,
    kind: str,
    amount: Money,
    other: Posting | None,
    made_by: User,
    key: str,
    **details,
) -> CashMovement:
    """Write one movement, move the drawer's counter and post it. For callers that hold the session's lock.

    amount   positive into the drawer, negative out of it
    other    the posting on the other side; None when the caller posts both sides itself
    details  further columns of the row
    """
    is_own = amount.currency == session.currency
    movement = CashMovement.objects.create(
        session=session,
        kind=kind,
        currency="" if is_own else amount.currency,
        amount_minor=abs(amount.minor),
        made_by=made_by,
        made_at=clock.now(),
        key=key,
        **details,
    )
    if amount and is_own:
        Session.objects.filter(pk=session.pk).update(cash_minor=F("cash_minor") + amount.minor)
    if other is not None:
        post_entry(
            key=f"cashiering.movement:{movement.public_id}",
            facility=session.facility,
            effective_on=session.business_on,
            source=("cash_movement", movement.public_id),
            memo=f"{movement.get_kind_display()} {session.number}",
            postings=[
                Posting("cash.drawer", amount, reference=session.public_id, tender="CASH"),
                other,
            ],
            actor=made_by,
        )
    return movement


def _refuse(session: Session, kind: str, amount: Money, reason: str) -> None:
    if kind not in _KINDS:
        raise MovementMalformed(problem=f"{kind[:20]!r} is not a movement of cash")
    if (kind == "NO_SALE" and amount) or (kind != "NO_SALE" and amount <= Money.zero(session.currency)):
        raise MovementMalformed(problem="The amount is more than zero, or zero for an opening without a sale")
    if not reason.strip():
        raise MovementMalformed(problem="Say why the drawer is opened")
    limit = Money(till_policy(session.facility_id).paid_out_limit_minor, session.currency)
    if kind == "PAID_OUT" and amount > limit:
        raise PaidOutAboveLimit(limit=limit, amount=amount)
