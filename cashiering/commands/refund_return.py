"""A refund that the bank had paid out and that came back: it is owed again."""

from datetime import date

from cashiering.commands.refund_request import move_refund
from cashiering.models import Advice, Refund
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class RefundGoneAgain(Refusal):
    code = "refund_gone_again"
    sentence = "The refund of receipt {receipt} was released again after it came back. Deal with that first."


def fail_returned(advice: Advice) -> None:
    """The bank has its money back on our account, as was announced: the refund fails.

    What the bank's line posts puts the refund back on refund clearing. Emits `refund.failed`.
    """
    if advice.original:
        fail_settled(advice.original, reason=_came_back(advice), actor=advice.recorded_by)


def take_back_failure(advice: Advice) -> None:
    """Undo fail_returned; what a person had said failed stays so. Raises RefundGoneAgain."""
    if Refund.objects.filter(public_id=advice.original, end_reason=_came_back(advice)).exists():
        settle_failed(advice.original)


def _came_back(advice: Advice) -> str:
    return f"Came back: {advice.reason or 'no reason given'}"


def fail_settled(public_id: str, *, reason: str, actor: User) -> bool:
    """A refund that the bank had paid out is owed again, and may be released again; whether it was one."""
    refund = _locked(public_id)
    if refund is None or refund.state != Refund.State.SETTLED:
        return False
    refund.ended_by, refund.ended_at = actor, clock.now()
    refund.end_reason, refund.settled_on = reason[:200], None
    move_refund(refund, "FAILED", "fail_refund", actor, ["ended_by", "ended_at", "end_reason", "settled_on"])
    return True


def settle_failed(public_id: str, *, on: date | None = None) -> None:
    """Undo fail_settled. Raises RefundGoneAgain."""
    refund = _locked(public_id)
    if refund is None:
        return
    if refund.state != Refund.State.FAILED:
        raise RefundGoneAgain(receipt=refund.payment.receipt_number)
    refund.settled_on = on or clock.today(refund.facility.timezone)
    move_refund(refund, "SETTLED", "settle_refund", None, ["settled_on"])


def _locked(public_id: str) -> Refund | None:
    rows = Refund.objects.select_related("payment", "tender", "facility").select_for_update(of=("self",))
    return rows.filter(public_id=public_id).first()
