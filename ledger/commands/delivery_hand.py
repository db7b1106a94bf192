"""A delivery that waits for its next try, taken in hand: tried now, or ended."""

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from ledger.commands.delivery_try import end_delivery
from ledger.models import GlBatchDelivery

State = GlBatchDelivery.State

_MAY_STAND = "A try broke as the file was put in place: look for it there before it is sent again."


class DeliveryEnded(Refusal):
    code = "delivery_ended"
    sentence = "{name} is {state} already. Refresh the page; what ended is sent again from its batch."


class DeliveryBeingTried(Refusal):
    code = "delivery_being_tried"
    sentence = "{name} is on its way to {destination} this moment. Wait for what comes of it."


class EndWithoutReason(Refusal):
    code = "end_without_reason"
    status = 422
    sentence = "Say why {name} is not tried any more."


@transaction.atomic
def hasten_delivery(*, delivery: GlBatchDelivery, actor: User) -> GlBatchDelivery:
    """Let the next try be due now; `deliver` makes it. Raises DeliveryEnded, DeliveryBeingTried."""
    locked = _waiting(delivery)
    locked.next_try_at = clock.now()
    locked.save(update_fields=["next_try_at"])
    audit.record("ledger.hasten_delivery", actor=actor, subject=locked.batch, facility=locked.batch.facility)
    return locked


@transaction.atomic
def drop_delivery(*, delivery: GlBatchDelivery, reason: str, actor: User) -> GlBatchDelivery:
    """Try it no more; the batch may then be sent again, with a reason, another way.

    Where a try broke as the file got its name, the outcome says so beside the reason. Raises DeliveryEnded,
    DeliveryBeingTried, EndWithoutReason. Emits `gl_batch.not_delivered`.
    """
    if not reason.strip():
        raise EndWithoutReason(name=delivery.remote_name)
    locked = _waiting(delivery)
    said = f"{_MAY_STAND} {reason.strip()}" if locked.placing_at else reason.strip()
    return end_delivery(locked, State.DROPPED, actor=actor, problem=said)


def _waiting(delivery: GlBatchDelivery) -> GlBatchDelivery:
    """The delivery, locked: whoever claims it for a try passes it over.

    A try that ended is kept by its number; one whose worker died never is, and the lease on it runs out.
    """
    rows = GlBatchDelivery.objects.select_for_update(of=("self",))
    locked = rows.select_related("batch__facility", "profile", "file").get(pk=delivery.pk)
    if locked.finished_at:
        raise DeliveryEnded(name=locked.remote_name, state=locked.get_state_display().lower())
    has_ended = not locked.tries or locked.attempts.filter(number=locked.tries).exists()
    if not has_ended and locked.next_try_at > clock.now():
        raise DeliveryBeingTried(name=locked.remote_name, destination=locked.destination)
    return locked
