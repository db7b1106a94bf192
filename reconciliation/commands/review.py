"""Setting aside: a discrepancy until a day, a suggestion for good; and giving several to one person."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from reconciliation.commands.discrepancy import assign_discrepancy, tell_candidates
from reconciliation.commands.opening import leave_to_line
from reconciliation.models import (
    Discrepancy,
    DiscrepancyHold,
    Expectation,
    StatementLine,
    Suggestion,
    SuggestionRejection,
)

LONGEST_DAYS = 60


class NotWaiting(Refusal):
    code = "not_waiting"
    sentence = (
        "{discrepancy} is {state}. Only what waits for a proposal can be put aside, or lose a candidate."
    )


class HoldDayUnfit(Refusal):
    code = "hold_day_unfit"
    status = 422
    sentence = "Put it aside until a day from {first} to {last}."


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    sentence = "Say why."


class SuggestionRejected(Refusal):
    code = "suggestion_rejected"
    sentence = "This suggestion was rejected already. Refresh the page."


class OwnerElsewhere(Refusal):
    code = "owner_elsewhere"
    status = 422
    sentence = "{person} does not work in {facility}. None was assigned."


@transaction.atomic
def hold_discrepancy(*, discrepancy_id: int, until_on: date, reason: str, actor: User) -> DiscrepancyHold:
    """Take it off the queue until a day, tomorrow to sixty days ahead; an earlier hold ends by it.

    Its hours run on, and the business day does not close over it.

    Raises NotWaiting, HoldDayUnfit, ReasonMissing.
    """
    found = _waiting(discrepancy_id)
    first = clock.today(found.facility.timezone) + timedelta(days=1)
    last = first + timedelta(days=LONGEST_DAYS - 1)
    if not first <= until_on <= last:
        raise HoldDayUnfit(first=clock.in_words(first), last=clock.in_words(last))
    if not reason.strip():
        raise ReasonMissing()
    _release(found, actor)
    hold = DiscrepancyHold.objects.create(
        discrepancy=found,
        until_on=until_on,
        reason=reason.strip()[:500],
        held_by=actor,
        held_at=clock.now(),
    )
    audit.record(
        "reconciliation.hold_discrepancy",
        actor=actor,
        subject=found,
        reason=hold.reason,
        after={"until_on": until_on.isoformat()},
    )
    return hold


@transaction.atomic
def release_discrepancy(*, discrepancy_id: int, actor: User) -> None:
    """Bring it back into the queue now. Nothing happens to what is there already."""
    found = _locked(discrepancy_id)
    if _release(found, actor):
        audit.record("reconciliation.release_discrepancy", actor=actor, subject=found)


def _release(found: Discrepancy, actor: User) -> bool:
    hold = DiscrepancyHold.objects.filter(discrepancy=found, released_at=None).first()
    if hold is None:
        return False
    hold.released_by, hold.released_at = actor, clock.now()
    hold.save(update_fields=["released_by", "released_at"])
    return True


def _locked(discrepancy_id: int) -> Discrepancy:
    rows = Discrepancy.objects.select_for_update(of=("self",)).select_related("facility")
    return rows.get(pk=discrepancy_id)


def _waiting(discrepancy_id: int) -> Discrepancy:
    """The locked one. Raises NotWaiting where a proposal for it waits, or it is closed."""
    found = _locked(discrepancy_id)
    if found.state not in ("OPEN", "REJECTED"):
        raise NotWaiting(discrepancy=found.public_id, state=found.get_state_display().lower())
    return found


@transaction.atomic
def reject_suggestion(
    *, discrepancy_id: int, line_id: int, item_id: int, reason: str, actor: User
) -> SuggestionRejection:
    """Say that a line and an item do not belong together: no pass suggests or matches them from now on.

    An amount difference between these two is one no more: it stays as the line's own, and the item is
    awaited by itself. Raises NotWaiting, ReasonMissing, SuggestionRejected.
    """
    found = _waiting(discrepancy_id)
    if not reason.strip():
        raise ReasonMissing()
    line = StatementLine.objects.get(pk=line_id, account_id=found.account_id)
    item = Expectation.objects.get(pk=item_id, account_id=found.account_id)
    try:
        with transaction.atomic():
            row = SuggestionRejection.objects.create(
                line=line,
                expectation=item,
                reason=reason.strip()[:500],
                rejected_by=actor,
                rejected_at=clock.now(),
            )
    except IntegrityError as error:
        if "reconciliation_suggestionrejection_once" not in str(error):
            raise
        raise SuggestionRejected() from error
    Suggestion.objects.filter(line=line, expectation=item).delete()
    if (found.line_id, found.expectation_id) == (line.pk, item.pk):
        leave_to_line(found, "Its reference names an item of another amount, which a person rejected.")
    tell_candidates(line.account)
    audit.record(
        "reconciliation.reject_suggestion",
        actor=actor,
        subject=found,
        reason=row.reason,
        after={"line": line.bank_reference, "item": item.source_id},
    )
    return row


@transaction.atomic
def restore_suggestion(*, discrepancy_id: int, rejection_id: int, actor: User) -> None:
    """Take a rejection back: the next run may suggest or match the pair again."""
    found = _locked(discrepancy_id)
    row = SuggestionRejection.objects.select_for_update().get(pk=rejection_id)
    if row.restored_at is not None:
        return
    row.restored_by, row.restored_at = actor, clock.now()
    row.save(update_fields=["restored_by", "restored_at"])
    audit.record("reconciliation.restore_suggestion", actor=actor, subject=found)


@transaction.atomic
def assign_discrepancies(*, discrepancy_ids: Sequence[int], owner: User | None, actor: User) -> int:
    """Give several to one person, all or none; None for nobody. Raises OwnerElsewhere."""
    rows = Discrepancy.objects.filter(pk__in=discrepancy_ids).select_related("facility").order_by("pk")
    facility_ids = facility_ids_of(owner) if owner is not None else ()
    for row in rows:
        if owner is not None and row.facility_id not in facility_ids:
            raise OwnerElsewhere(person=owner.get_full_name(), facility=row.facility.code)
    for row in rows:
        assign_discrepancy(discrepancy_id=row.pk, owner=owner, actor=actor)
    return len(rows)
