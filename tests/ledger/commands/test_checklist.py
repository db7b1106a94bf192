"""A close checklist is changed by two people, and by nobody behind them."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.commands import (
    StepAsked,
    approve_checklist,
    decline_checklist,
    propose_checklist,
    set_checklist,
    start_close,
)
from ledger.commands.checklist import (
    ChecklistByProposer,
    ChecklistDecided,
    ChecklistStands,
    ChecklistUnchanged,
    ChecklistWithoutReason,
    ChecklistWrong,
)
from ledger.models import ChecklistProposal, Period
from ledger.queries import checklist, checklists_awaiting, close_lines
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
STEPS = [
    StepAsked("Count the safe", "FINANCE_REVIEWER", 1, 12, needs_evidence=True),
    StepAsked("Review", "CONTROLLER", 2, 9, after=1),
]
FEWER = STEPS[:1]


@pytest.fixture
def entity():
    entity = make.book().legal_entity
    set_checklist(legal_entity=entity, steps=STEPS, actor=make.person("hana"))
    return entity


@pytest.fixture
def gil():
    return make.person("gil")


@pytest.fixture
def finn():
    return make.person("finn")


def names(entity) -> list[str]:
    return [step.name for step in checklist(legal_entity=entity)]


def test_other_steps_count_once_another_person_approves(entity, gil, finn):
    proposal = propose_checklist(legal_entity=entity, steps=FEWER, actor=gil)
    assert names(entity) == ["Count the safe", "Review"]
    assert [row.pk for row in checklists_awaiting()] == [proposal.pk]

    with pytest.raises(ChecklistByProposer):
        approve_checklist(proposal_id=proposal.pk, actor=gil)
    approve_checklist(proposal_id=proposal.pk, actor=finn)

    assert names(entity) == ["Count the safe"]
    assert not checklists_awaiting().exists()
    with pytest.raises(ChecklistDecided):
        approve_checklist(proposal_id=proposal.pk, actor=finn)


def test_nobody_sets_a_second_checklist_alone(entity, gil):
    with pytest.raises(ChecklistStands):
        set_checklist(legal_entity=entity, steps=FEWER, actor=gil)

    assert len(names(entity)) == 2


def test_who_proposed_may_take_it_back_with_a_reason(entity, gil, finn):
    proposal = propose_checklist(legal_entity=entity, steps=FEWER, actor=gil)

    with pytest.raises(ChecklistWithoutReason):
        decline_checklist(proposal_id=proposal.pk, reason=" ", actor=gil)
    decline_checklist(proposal_id=proposal.pk, reason="The review is needed", actor=gil)

    with pytest.raises(ChecklistDecided):
        approve_checklist(proposal_id=proposal.pk, actor=finn)
    assert len(names(entity)) == 2


def test_the_newest_proposal_is_the_one_that_is_decided(entity, gil, finn):
    older = propose_checklist(legal_entity=entity, steps=FEWER, actor=gil)
    propose_checklist(legal_entity=entity, steps=[replace(STEPS[0], due_hour=9)], actor=gil)

    with pytest.raises(ChecklistDecided):
        approve_checklist(proposal_id=older.pk, actor=finn)


@pytest.mark.parametrize(
    "steps, refusal", [(STEPS, ChecklistUnchanged), ([], ChecklistWrong), ([STEPS[1]], ChecklistWrong)]
)
def test_what_changes_nothing_or_cannot_be_worked_is_not_proposed(entity, gil, steps, refusal):
    with pytest.raises(refusal):
        propose_checklist(legal_entity=entity, steps=steps, actor=gil)

    assert not ChecklistProposal.objects.exists()


def test_closes_under_way_keep_their_steps(entity, gil, finn):
    start_close(period_id=Period.objects.get().pk, actor=None)

    approve_checklist(
        proposal_id=propose_checklist(legal_entity=entity, steps=FEWER, actor=gil).pk, actor=finn
    )

    assert len(close_lines(Period.objects.get())) == 2


_ALONE = (
    "INSERT INTO ledger_checklistdecision (proposal_id, is_approved, reason, decided_by_id, decided_at)"
    " SELECT id, true, '', proposed_by_id, now() FROM ledger_checklistproposal"
)
_STEP = (
    "INSERT INTO ledger_closestep (legal_entity_id, position, name, owner_role, due_days, due_hour,"
    " check_code, needs_evidence) SELECT id, 9, 'x', 'CONTROLLER', 1, 9, '', false FROM access_legalentity"
)


@pytest.mark.parametrize(
    "sql, why",
    [
        (_STEP, "approval of a second person"),
        ("UPDATE ledger_closestep SET retired_at = now()", "approval of a second person"),
        (_ALONE, "other than who proposed"),
        ("UPDATE ledger_checklistproposal SET steps = '[]'", "permission denied"),
        ("DELETE FROM ledger_checklistdecision", "permission denied"),
    ],
)
def test_the_database_changes_no_checklist_alone(own_database, sql, why):
    entity = make.book().legal_entity
    set_checklist(legal_entity=entity, steps=STEPS, actor=None)
    propose_checklist(legal_entity=entity, steps=FEWER, actor=make.person("gil"))

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert len(names(entity)) == 2
