"""A refund that the bank had paid out and that came back: it is owed again."""

from cashiering.commands.refund_request import move_refund
from cashiering.models import Advice, Refund
from hms_ach import clock
from hms_ach.refusal import Refusal


class RefundGoneAgain(Refusal):
    code = "refund_gone_again"
    sentence = "The refund of receipt {receipt} was released again after it came back. Deal with that first."


def fail_returned(advice: Advice) -> None:
    """The bank has its money back on our account: the refund fails, and may be released again.

    What the bank's line posts puts the refund back on refund clearing. Emits `refund.failed`.
    """
    refund = _original(advice)
    if refund is None or refund.state != Refund.State.SETTLED:
        return
    refund.ended_by, refund.ended_at = advice.recorded_by, clock.now()
    refund.end_reason, refund.settled_on = f"Came back: {advice.reason or 'no reason given'}", None
    move_refund(refund, "FAILED", "fail_refund", None, ["ended_by", "ended_at", "end_reason", "settled_on"])


def take_back_failure(advice: Advice) -> None:
    """Undo fail_returned. Raises RefundGoneAgain."""
    refund = _original(advice)
    if refund is None:
        return
    if refund.state != Refund.State.FAILED:
        raise RefundGoneAgain(receipt=refund.payment.receipt_number)
    refund.settled_on = clock.today(refund.facility.timezone)
    move_refund(refund, "SETTLED", "settle_refund", None, ["settled_on"])


def _original(advice: Advice) -> Refund | None:
    rows = Refund.objects.select_related("payment", "tender", "facility").select_for_update(of=("self",))
    return rows.filter(public_id=advice.original).first() if advice.original else None
