"""A final day is put right: asked for by one person, approved by another."""

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.proposed import decide, decline
from hms_ach.refusal import Refusal
from reconciliation.commands.clearing_undo import refuse_undo_waiting, undo_clearing_of
from reconciliation.commands.match import hold_account
from reconciliation.commands.posting import refuse_undone, undo_match
from reconciliation.models import DayCorrection, Match
from reconciliation.queries.day_correction import is_day_locked, is_in_closed_day
from reconciliation.queries.sweep import other_side


class DayNotFinal(Refusal):
    code = "day_not_final"
    sentence = "{day} is not closed, so no correction is needed. Take match {match} back itself."


class DayLocked(Refusal):
    code = "day_locked"
    sentence = (
        "{day} is locked: its period is closed. "
        "Correct it with an entry of an open day, or ask the controller to open the period."
    )


class DayCorrectionWaits(Refusal):
    code = "day_correction_waits"
    sentence = "Somebody asked to correct this match already. Have that decided or withdrawn first."


class DayCorrectionDecided(Refusal):
    code = "day_correction_decided"
    sentence = "This correction was decided already. Refresh the page."


class CorrectedBySamePerson(Refusal):
    code = "corrected_by_same_person"
    sentence = "You asked for this correction yourself. Another person must approve it."


@transaction.atomic
def propose_day_correction(*, match_id: int, reason: str, actor: User) -> DayCorrection:
    """Ask that a match of a final day be taken back. Nothing changes until another person approves.

    Raises DayNotFinal, DayLocked, DayCorrectionWaits, ClearingUndoWaits, MatchUndone, MatchTakenBack.
    """
    match = _held(match_id)
    _refuse(match)
    try:
        with transaction.atomic():
            asked = DayCorrection.objects.create(
                match=match, reason=reason.strip(), proposed_by=actor, proposed_at=clock.now()
            )
    except IntegrityError as error:
        if "reconciliation_daycorrection_once" not in str(error):
            raise
        raise DayCorrectionWaits() from error
    _record("propose_day_correction", asked, actor, reason=asked.reason)
    return asked


@transaction.atomic
def approve_day_correction(*, correction_id: int, actor: User) -> DayCorrection:
    """Another person agrees: the match is undone on its own day, and its bank line waits again.

    The day stays closed with its board; its GL batch stays, and a later one has the reversal. What the match
    cleared from suspense lies there again, its clearing undone by the same two.

    Raises DayCorrectionDecided, CorrectedBySamePerson, DayLocked, or what undoing the match raises.
    """
    asked = _undecided(correction_id)
    if asked.proposed_by_id == actor.pk:
        raise CorrectedBySamePerson()
    _refuse(asked.match)
    decide(asked, "APPROVED", actor)
    undo_match(match_id=asked.match_id, reason=asked.reason, actor=actor, is_correction=True)
    undo_clearing_of(asked.match, reason=asked.reason, maker=asked.proposed_by, approver=actor)
    _record("approve_day_correction", asked, actor)
    return asked


@transaction.atomic
def refuse_day_correction(*, correction_id: int, actor: User) -> DayCorrection:
    """The match stays: whoever asked withdraws, anybody else sends it back. Raises DayCorrectionDecided."""
    asked = _undecided(correction_id)
    decline(asked, actor)
    _record("refuse_day_correction", asked, actor)
    return asked


def _held(match_id: int) -> Match:
    """The match; nobody matches on its account, or decides on its corrections, meanwhile."""
    match = Match.objects.select_related("account__facility__legal_entity").get(pk=match_id)
    other = other_side(match)
    for account_id in sorted({match.account_id, other.account_id if other else match.account_id}):
        hold_account(account_id)
    return match


def _undecided(correction_id: int) -> DayCorrection:
    match = _held(DayCorrection.objects.values_list("match_id", flat=True).get(pk=correction_id))
    asked = (
        DayCorrection.objects.select_for_update(of=("self",))
        .select_related("proposed_by")
        .get(pk=correction_id)
    )
    if asked.verdict is not None:
        raise DayCorrectionDecided()
    asked.match = match
    return asked


def _refuse(match: Match) -> None:
    other = other_side(match)
    halves = [match] if other is None else [match, other]
    for half in halves:
        refuse_undone(half)
        if is_day_locked(half.account.facility, half.effective_on):
            raise DayLocked(day=half.effective_on)
        refuse_undo_waiting(half)
    if not any(is_in_closed_day(half) for half in halves):
        raise DayNotFinal(day=match.effective_on, match=match.public_id)


def _record(action: str, asked: DayCorrection, actor: User, reason: str = "") -> None:
    facility = asked.match.account.facility
    audit.record(
        f"reconciliation.{action}", actor=actor, subject=asked.match, facility=facility, reason=reason
    )
