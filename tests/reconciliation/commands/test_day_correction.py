"""A closed day is final, put right by two people, and locked once its period is closed."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from hms_ach import clock
from ledger.models import Period
from ledger.queries import balance_of, control_totals
from reconciliation.commands import (
    CorrectedBySamePerson,
    DayCorrectionDecided,
    DayCorrectionWaits,
    DayLocked,
    DayNotFinal,
    approve_day_correction,
    close_day,
    propose_day_correction,
    reconcile_account,
    refuse_day_correction,
)
from reconciliation.models import DayClose, DayCorrection, Match, MatchUndo, OpenLine
from tests.make import access
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 13, 15, tzinfo=UTC)


@pytest.fixture
def account(db):
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


@pytest.fixture
def finn(account):
    return make.approver(account.facility)


@pytest.fixture
def gil(account):
    return access.user("CONTROLLER", facilities=(account.facility,), username="gil")


@pytest.fixture
def match(account):
    """A deposit of 1,000.00 that the bank credited on the day; nobody closed the day yet."""
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    make.statement(account, make.line(1_000_00, deposit.bag_number))
    reconcile_account(account=account)
    return Match.objects.get()


@pytest.fixture
def final(match, finn):
    """The same after finn closed the day."""
    close_day(facility=match.account.facility, business_on=make.DAY, actor=finn)
    return match


def _ask(match, actor) -> DayCorrection:
    return propose_day_correction(match_id=match.pk, reason="Another bag's money", actor=actor)


def test_two_people_take_a_match_of_a_final_day_back(final, finn, gil):
    facility = final.account.facility
    board = DayClose.objects.get().board
    asked = _ask(final, finn)
    assert not MatchUndo.objects.exists()

    approve_day_correction(correction_id=asked.pk, actor=gil)

    undo = MatchUndo.objects.get(match=final)
    assert (undo.reason, undo.undone_by) == ("Another bag's money", gil)
    assert OpenLine.objects.filter(account=final.account).count() == 1
    in_transit = balance_of("deposit.in_transit", legal_entity=facility.legal_entity, currency="USD")
    assert in_transit.minor == 1_000_00
    totals = control_totals(legal_entity=facility.legal_entity, on=make.DAY)
    assert [each for each in totals if not each.ties] == []
    assert DayClose.objects.get().board == board


def test_nobody_approves_their_own_correction(final, finn):
    asked = _ask(final, finn)

    with pytest.raises(CorrectedBySamePerson):
        approve_day_correction(correction_id=asked.pk, actor=finn)

    assert not MatchUndo.objects.exists()
    with pytest.raises(DatabaseError, match="two_people"), transaction.atomic():
        DayCorrection.objects.filter(pk=asked.pk).update(
            verdict="APPROVED", decided_by=finn, decided_at=clock.now()
        )


@pytest.mark.parametrize("is_own, verdict", [(True, "WITHDRAWN"), (False, "REJECTED")])
def test_a_refused_correction_leaves_the_match_and_may_be_asked_for_again(final, finn, gil, is_own, verdict):
    asked = _ask(final, finn)
    with pytest.raises(DayCorrectionWaits):
        _ask(final, gil)

    refuse_day_correction(correction_id=asked.pk, actor=finn if is_own else gil)

    asked.refresh_from_db()
    assert asked.verdict == verdict
    assert not MatchUndo.objects.exists()
    with pytest.raises(DayCorrectionDecided):
        approve_day_correction(correction_id=asked.pk, actor=gil)
    assert _ask(final, finn).verdict is None


def test_an_open_day_needs_no_correction(match, finn):
    with pytest.raises(DayNotFinal):
        _ask(match, finn)


@pytest.mark.parametrize("state", ["SOFT", "HARD"])
@pytest.mark.parametrize("is_asked_before", [True, False])
def test_a_day_is_locked_once_its_period_is_closed(final, finn, gil, state, is_asked_before):
    asked = _ask(final, finn) if is_asked_before else None
    Period.objects.update(state=state)

    with pytest.raises(DayLocked, match="its period is closed"):
        approve_day_correction(correction_id=asked.pk, actor=gil) if asked else _ask(final, finn)

    assert not MatchUndo.objects.exists()


def test_the_database_undoes_nothing_of_a_final_day_by_one_person(final, finn):
    _ask(final, finn)

    with pytest.raises(DatabaseError, match="two people only"), transaction.atomic():
        MatchUndo.objects.create(match=final, reason="alone", undone_by=finn, undone_at=clock.now())


def test_the_database_approves_no_correction_of_a_locked_day(final, finn, gil):
    asked = _ask(final, finn)
    Period.objects.update(state="HARD")

    with pytest.raises(DatabaseError, match="is locked"), transaction.atomic():
        DayCorrection.objects.filter(pk=asked.pk).update(
            verdict="APPROVED", decided_by=gil, decided_at=clock.now()
        )
