"""The daily count of the safe: two people count, and a third accepts a difference."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from cashiering.models import SafeCount
from cashiering.queries.safe import safe_holds, sealed_bags
from cashiering.rules.denominations import counted_total
from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class SafeCountedToday(Refusal):
    code = "safe_counted_today"
    sentence = "The safe of {facility} was counted today by {who}. Confirm that count, or count tomorrow."


class SafeCountStateWrong(Refusal):
    code = "safe_count_state_wrong"
    sentence = "This count is {state}; that step is not next."


class SafeCountOwn(Refusal):
    code = "safe_count_own"
    status = 403
    sentence = "You counted this safe yourself; another person does this."


class SafeTotalDiffers(Refusal):
    code = "safe_total_differs"
    status = 422
    sentence = (
        "Your total is not the one of the first count. Count your part again; if it stays, give the first "
        "count up and start anew."
    )


class SafeReasonMissing(Refusal):
    code = "safe_reason_missing"
    status = 422
    sentence = "Say why: it is kept with the count."


@transaction.atomic
def count_safe(
    *,
    facility: Facility,
    denominations: dict[int, int],
    bags: Sequence[str],
    actor: User,
    currency: str = "",
) -> SafeCount:
    """The first person's count: loose pieces by face value, and the numbers of the sealed bags seen.

    currency  the facility's own when empty; each currency has its own count of the day

    What the safe should hold is taken at this moment and shown after the second person confirmed.
    Raises SafeCountedToday or what counting raises.
    """
    currency = currency or facility.currency
    loose = counted_total(denominations, currency)
    sealed = {bag.number: bag.amount for bag in sealed_bags(facility, currency)}
    seen = sorted(number for number in set(bags) if number in sealed)
    try:
        with transaction.atomic():
            count = SafeCount.objects.create(
                facility=facility,
                business_on=clock.business_date(
                    timezone=facility.timezone, cutoff=facility.business_day_cutoff
                ),
                currency=currency,
                denominations={str(face): number for face, number in denominations.items() if number},
                bags=seen,
                loose_minor=loose.minor,
                sealed_minor=sum(sealed[number].minor for number in seen),
                expected_minor=safe_holds(facility, currency).minor,
                counted_by=actor,
                counted_at=clock.now(),
            )
    except IntegrityError as error:
        if "cashiering_safe_count_one_a_day" not in str(error):
            raise
        raise SafeCountedToday(facility=facility.code, who="a colleague") from None
    audit.record(
        "cashiering.count_safe", actor=actor, subject=count, facility=facility, after={"loose": loose}
    )
    return count


@transaction.atomic
def confirm_safe_count(*, count: SafeCount | int, total: Money, actor: User) -> SafeCount:
    """The second person's total, loose cash and bags together; only now the book's figure may be seen.

    Raises SafeCountStateWrong, SafeCountOwn or SafeTotalDiffers. Emits `safe.counted`.
    """
    count = _in_state(count, SafeCount.State.COUNTED)
    if count.counted_by_id == actor.pk:
        raise SafeCountOwn()
    if total != Money(count.total_minor, count.currency):
        raise SafeTotalDiffers()
    is_exact = count.difference_minor == 0
    count.state = SafeCount.State.EXACT if is_exact else SafeCount.State.DIFFERENT
    count.confirmed_by, count.confirmed_at = actor, clock.now()
    count.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    audit.record("cashiering.confirm_safe_count", actor=actor, subject=count, facility=count.facility)
    data = {
        "business_on": count.business_on.isoformat(),
        "counted": Money(count.total_minor, count.currency).as_json(),
        "difference": Money(count.difference_minor, count.currency).as_json(),
    }
    outbox.record("safe.counted", subject=count.public_id, facility=count.facility, data=data)
    return count


@transaction.atomic
def discard_safe_count(*, count: SafeCount | int, reason: str, actor: User) -> SafeCount:
    """The second person's total stays another: the count is kept, and the safe counted anew.

    Nobody saw the book's figure, so that the next count is as blind. Raises SafeCountStateWrong,
    SafeCountOwn or SafeReasonMissing.
    """
    count = _in_state(count, SafeCount.State.COUNTED)
    if count.counted_by_id == actor.pk:
        raise SafeCountOwn()
    if not reason.strip():
        raise SafeReasonMissing()
    count.state, count.reason = SafeCount.State.DISCARDED, reason.strip()
    count.confirmed_by, count.confirmed_at = actor, clock.now()
    count.save(update_fields=["state", "reason", "confirmed_by", "confirmed_at"])
    audit.record(
        "cashiering.discard_safe_count", actor=actor, subject=count, facility=count.facility, reason=reason
    )
    return count


@transaction.atomic
def approve_safe_count(*, count: SafeCount | int, reason: str, actor: User) -> SafeCount:
    """A third person accepts the difference, which is booked to cash over and short.

    Raises SafeCountStateWrong, SafeCountOwn or SafeReasonMissing.
    """
    count = _in_state(count, SafeCount.State.DIFFERENT)
    if actor.pk in (count.counted_by_id, count.confirmed_by_id):
        raise SafeCountOwn()
    if not reason.strip():
        raise SafeReasonMissing()
    count.state, count.reason = SafeCount.State.APPROVED, reason.strip()
    count.approved_by, count.approved_at = actor, clock.now()
    count.save(update_fields=["state", "reason", "approved_by", "approved_at"])
    difference = Money(count.difference_minor, count.currency)
    facility = count.facility
    post_entry(
        key=f"cashiering.safe_count:{count.public_id}",
        facility=facility,
        effective_on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        source=("safe_count", count.public_id),
        memo=f"Safe of {facility.code} counted {count.business_on.isoformat()}",
        postings=[
            Posting("cash.safe", difference, tender="CASH"),
            Posting("cash.over_short", -difference, reference=count.public_id, tender="CASH"),
        ],
        actor=actor,
    )
    audit.record(
        "cashiering.approve_safe_count", actor=actor, subject=count, facility=facility, reason=reason
    )
    return count


def _in_state(count: SafeCount | int, state: str) -> SafeCount:
    rows = SafeCount.objects.select_for_update(of=("self",)).select_related("facility")
    locked = rows.get(pk=getattr(count, "pk", count))
    if locked.state != state:
        raise SafeCountStateWrong(state=locked.get_state_display().lower())
    return locked
