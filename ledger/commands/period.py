"""Opening, closing and reopening the periods of the book."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.commands.close import refuse_unfinished, start_close
from ledger.commands.fiscal_calendar import dates_of_period
from ledger.models import Period, PeriodReopening
from ledger.queries.period import closing_round

_UNDECIDED = {"approved_by": None, "declined_by": None}


class PeriodStateWrong(Refusal):
    code = "period_state_wrong"
    sentence = "{period} is {state} and cannot be {wanted}. Look at the list of periods for what is possible."


class ReopeningNotAwaiting(Refusal):
    code = "reopening_not_awaiting"
    sentence = "This reopening was decided already. Request a new one if the period is closed."


class ReopeningOutdated(Refusal):
    code = "reopening_outdated"
    sentence = "{period} was {of_state} when this was asked for, and is {state} now. Ask for it again."


class ReopeningNotByRequester(Refusal):
    code = "reopening_not_by_requester"
    status = 403
    sentence = "You asked for this reopening, so another person must approve it."


class ReopeningWithoutReason(Refusal):
    code = "reopening_without_reason"
    status = 422
    sentence = "Reopening a period needs a reason. Say what has to be corrected in it."


class DeclineWithoutReason(Refusal):
    code = "decline_without_reason"
    status = 422
    sentence = "Say why the period stays closed."


class ReopeningAwaiting(Refusal):
    code = "reopening_awaiting"
    sentence = "{period} already has a reopening that awaits approval. Let another person approve that one."


@transaction.atomic
def open_period(*, legal_entity: LegalEntity, starts_on: date, actor: User | None) -> Period:
    """Open the period that a day lies in, as the entity's calendar cuts it; calendar months without one.

    Opening an existing period answers it as it is.
    """
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    standing = Period.objects.filter(
        legal_entity=legal_entity, starts_on__lte=starts_on, ends_on__gte=starts_on
    ).first()
    if standing:
        return standing
    dates = dates_of_period(legal_entity, starts_on)
    period = Period.objects.create(legal_entity=legal_entity, **asdict(dates))
    audit.record("ledger.open_period", actor=actor, subject=period)
    return period


def soft_close(*, period_id: int, actor: User) -> Period:
    """Let the period take adjustments only, and start its checklist. Waits for whoever is posting.

    Raises PeriodStateWrong.
    """
    with transaction.atomic():
        period = _close(period_id, from_states=[Period.State.OPEN], to=Period.State.SOFT, actor=actor)
        start_close(period_id=period_id, actor=actor)
    return period


def hard_close(*, period_id: int, actor: User) -> Period:
    """Let the period take nothing any more. Waits for whoever is posting.

    Raises PeriodStateWrong, or ChecklistUnfinished while a step of its close is open. Emits `period.closed`.
    """
    with transaction.atomic():
        period = Period.objects.select_for_update().get(pk=period_id)
        refuse_unfinished(period)
        open_states = [Period.State.OPEN, Period.State.SOFT]
        period = _close(period_id, from_states=open_states, to=Period.State.HARD, actor=actor)
        # Once more, now that whoever was posting is done and nobody else may.
        refuse_unfinished(period)
        entity = period.legal_entity
        outbox.record(
            "period.closed",
            subject=f"{entity.code}-{period.code}",
            facility=None,
            data={
                "legal_entity": entity.code,
                "fiscal_year": period.fiscal_year,
                "number": period.number,
                "starts_on": period.starts_on.isoformat(),
                "ends_on": period.ends_on.isoformat(),
            },
        )
    return period


@transaction.atomic
def _close(period_id: int, *, from_states: Sequence[str], to: Period.State, actor: User) -> Period:
    period = Period.objects.select_for_update().get(pk=period_id)
    if period.state not in from_states:
        raise PeriodStateWrong(
            period=period, state=period.get_state_display().lower(), wanted=to.label.lower()
        )
    before = {"state": period.state}
    period.state = to
    period.save(update_fields=["state"])
    action = "ledger.soft_close" if to == Period.State.SOFT else "ledger.hard_close"
    audit.record(action, actor=actor, subject=period, before=before, after={"state": to})
    return period


@transaction.atomic
def request_reopening(*, period_id: int, reason: str, actor: User) -> PeriodReopening:
    """Ask for a closed period to be reopened. Nothing opens until another person approves.

    Who asks for a soft closed period's opening has not asked for a hard closed one's: closed further, it
    is asked for again. Raises PeriodStateWrong, ReopeningWithoutReason, ReopeningAwaiting.
    """
    period = Period.objects.select_for_update().get(pk=period_id)
    if period.state == Period.State.OPEN:
        raise PeriodStateWrong(period=period, state="open", wanted="reopened")
    if not reason.strip():
        raise ReopeningWithoutReason()
    round_ = closing_round(period)
    if period.reopenings.filter(of_state=period.state, round=round_, **_UNDECIDED).exists():
        raise ReopeningAwaiting(period=period)
    reopening = PeriodReopening.objects.create(
        period=period,
        of_state=period.state,
        round=round_,
        reason=reason.strip(),
        requested_by=actor,
        requested_at=clock.now(),
    )
    audit.record("ledger.request_reopening", actor=actor, subject=period, reason=reason)
    return reopening


@transaction.atomic
def reopen(*, reopening_id: int, actor: User) -> Period:
    """Approve a reopening that someone else asked for, and open the period.

    Raises ReopeningNotAwaiting, ReopeningNotByRequester, or ReopeningOutdated where the period is not
    closed as it was when this was asked for.
    """
    reopening, period = _awaiting(reopening_id)
    if reopening.requested_by_id == actor.pk:
        raise ReopeningNotByRequester()
    reopening.approved_by = actor
    reopening.approved_at = clock.now()
    reopening.save(update_fields=["approved_by", "approved_at"])
    before = {"state": period.state}
    period.state = Period.State.OPEN
    period.save(update_fields=["state"])
    audit.record(
        "ledger.reopen",
        actor=actor,
        subject=period,
        reason=reopening.reason,
        before=before,
        after={"state": "OPEN"},
    )
    return period


@transaction.atomic
def decline_reopening(*, reopening_id: int, reason: str, actor: User) -> PeriodReopening:
    """Leave a period closed that somebody asked to reopen; whoever asked may so withdraw it.

    Raises ReopeningNotAwaiting, ReopeningOutdated, DeclineWithoutReason.
    """
    reopening, period = _awaiting(reopening_id)
    if not reason.strip():
        raise DeclineWithoutReason()
    reopening.declined_by, reopening.declined_at = actor, clock.now()
    reopening.declined_because = reason.strip()
    reopening.save(update_fields=["declined_by", "declined_at", "declined_because"])
    audit.record("ledger.decline_reopening", actor=actor, subject=period, reason=reason)
    return reopening


def _awaiting(reopening_id: int) -> tuple[PeriodReopening, Period]:
    """The reopening and its period, locked. Raises ReopeningNotAwaiting, ReopeningOutdated."""
    reopening = PeriodReopening.objects.get(pk=reopening_id)
    period = Period.objects.select_for_update().get(pk=reopening.period_id)
    reopening.refresh_from_db()
    if reopening.approved_by_id or reopening.declined_by_id:
        raise ReopeningNotAwaiting()
    if (reopening.of_state, reopening.round) != (period.state, closing_round(period)):
        state = period.get_state_display().lower()
        of_state = reopening.get_of_state_display().lower() or "closed in another way"
        raise ReopeningOutdated(period=period, of_state=of_state, state=state)
    return reopening, period
