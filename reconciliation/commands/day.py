"""Closing a facility's business day."""

from datetime import date

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from ledger.commands import approve_gl_batch, build_gl_batch
from ledger.queries import is_in_a_period
from reconciliation.models import DayClose
from reconciliation.queries.day import day_board


class DayNotReady(Refusal):
    code = "day_not_ready"
    sentence = "{day} at {facility} cannot close: {waiting}. Finish these first."


class DayClosedAlready(Refusal):
    code = "day_closed_already"
    sentence = "{day} at {facility} was closed already. Nothing was done again."


class DayNotOver(Refusal):
    code = "day_not_over"
    sentence = "{day} at {facility} is not over yet. Close it after the day's cut-off."


class DayOutsidePeriods(Refusal):
    code = "day_outside_periods"
    sentence = (
        "{day} at {facility} cannot close: the book has no period for it. Check the day, or open its period."
    )


@transaction.atomic
def close_day(*, facility: Facility, business_on: date, actor: User) -> DayClose:
    """Close a day on which everything is matched or approved, and build and release its GL batch.

    The system builds the batch; whoever closes the day approves it.
    Raises DayNotOver, DayOutsidePeriods, DayClosedAlready, DayNotReady, MappingIncomplete.
    Emits `gl_batch.approved`.
    """
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    running = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    if business_on >= running:
        raise DayNotOver(day=business_on, facility=facility.code)
    if not is_in_a_period(legal_entity=facility.legal_entity, on=business_on):
        raise DayOutsidePeriods(day=business_on, facility=facility.code)
    board = day_board(facility=facility, business_on=business_on)
    if board.closed is not None:
        raise DayClosedAlready(day=business_on, facility=facility.code)
    waiting = [f"{each.name} {each.done} of {each.total}" for each in board.checks if not each.is_done]
    if waiting:
        raise DayNotReady(day=business_on, facility=facility.code, waiting=", ".join(waiting))
    batch = build_gl_batch(facility=facility, business_on=business_on, actor=None)
    approve_gl_batch(batch=batch, actor=actor)
    closed = DayClose.objects.create(
        facility=facility,
        business_on=business_on,
        board=board.as_json(),
        gl_batch_id=batch.public_id,
        closed_by=actor,
        closed_at=clock.now(),
    )
    audit.record(
        "reconciliation.close_day",
        actor=actor,
        subject=f"{facility.code}:{business_on}",
        facility=facility,
        after={"gl_batch": batch.public_id},
    )
    return closed
