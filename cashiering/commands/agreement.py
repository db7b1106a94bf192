"""What a drawer takes only when another person agrees: a cheque in spite of a block, cash above its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cashiering.commands.cheque_block import ChequeBlocked, blocked_by
from cashiering.commands.override import record_override, refuse_unfit
from cashiering.models import Payment, Session
from cashiering.queries.session import is_full
from cashiering.rules.tenders import TenderGiven
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class DrawerFull(Refusal):
    code = "drawer_full"
    sentence = (
        "Register {register} holds more cash than it may, so it takes no more. Drop cash to the safe, take "
        "another tender, or have another person agree."
    )


@dataclass(frozen=True, slots=True)
class Beyond:
    """One thing beyond the cashier's own right: the override's action, and the refusal without one."""

    action: str
    refusal: Refusal
    reason: str
    before: dict[str, Any]


def beyond_right(
    session: Session, *, patient_id: int | None, tenders: Sequence[TenderGiven], is_correction: bool = False
) -> list[Beyond]:
    """What another person must agree to before these tenders are taken.

    At most one SQL query, and for cash those of is_full.

    is_correction  money that is here already changes its form: the limit does not stop that
    """
    found = []
    block = blocked_by(patient_id, tenders)
    if block is not None:
        on = block.cheque_return.returned_on
        words = f"Cheque in spite of the one returned on {on}"
        found.append(Beyond("CHEQUE", ChequeBlocked(on=on), words, {"block": block.public_id}))
    if not is_correction and any(one.kind == "CASH" for one in tenders) and is_full(session):
        words = "Cash above the drawer's limit"
        before = {"limit_minor": session.register.drawer_limit_minor}
        found.append(Beyond("LIMIT", DrawerFull(register=session.register.code), words, before))
    return found


def refuse_beyond(
    session: Session, beyond: Sequence[Beyond], *, agreed: Agreement | None, actor: User
) -> None:
    """Raises ChequeBlocked or DrawerFull when nobody agreed, AgreementUnfit for who may not agree to all."""
    for one in beyond:
        if agreed is None:
            raise one.refusal
        refuse_unfit(agreed, action=one.action, session=session, actor=actor)


def record_beyond(
    session: Session, beyond: Sequence[Beyond], *, payment: Payment, agreed: Agreement, actor: User
) -> None:
    """Keep who agreed to each of it, in the transaction that takes the payment."""
    for one in beyond:
        record_override(
            action=one.action,
            session=session,
            payment=payment,
            agreed=agreed,
            actor=actor,
            reason=one.reason,
            before=one.before,
            after={"receipt": payment.receipt_number},
        )
