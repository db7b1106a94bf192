"""What reports of returns and of chargebacks won share: one person reports, another decides once."""

from typing import TypeVar

from cashiering.commands.locks import lock_payment
from cashiering.models import ChargebackWin, ChequeReturn, PaymentReturn
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal

Return = TypeVar("Return", ChequeReturn, PaymentReturn, ChargebackWin)


def hold_reported(found: Return, actor: User, *, decided: type[Refusal], own: Refusal) -> Return:
    """Hold the payment of a return that waits for its decision.

    Raises `decided` where somebody decided it meanwhile, and `own` where the actor reported it.
    """
    _session, found.payment = lock_payment(found.payment)
    found.refresh_from_db(fields=["state"])
    if found.state != found.State.REPORTED:
        raise decided(state=found.get_state_display().lower())
    if found.reported_by_id == actor.pk:
        raise own
    return found


def reject_reported(found: Return, actor: User, *, action: str) -> Return:
    """Say that a held return was none; nothing moves."""
    found.state, found.decided_by, found.decided_at = found.State.REJECTED, actor, clock.now()
    found.save(update_fields=["state", "decided_by", "decided_at"])
    note_return(action, found, actor)
    return found


def note_return(action: str, found: ChequeReturn | PaymentReturn | ChargebackWin, actor: User) -> None:
    """Tell the audit trail what was said of a return, in the reporter's words."""
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=found,
        facility=found.facility,
        reason=found.note or ("" if isinstance(found, ChargebackWin) else found.get_reason_display()),
        after={"state": found.state, "amount": Money(found.amount_minor, found.currency)},
    )
