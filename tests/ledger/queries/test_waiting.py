"""What awaits people at the book: each kind shows to who may act, never to who asked for it."""

from datetime import UTC, datetime

import pytest

from hms_ach import clock
from ledger.commands import (
    STANDARD_CHECKLIST,
    build_gl_batch,
    finish_task,
    propose_journal_limit,
    request_year_close,
    set_checklist,
    soft_close,
    submit_mapping,
    take_tie_outs,
    write_delivery_profile,
    write_profile,
)
from ledger.models import CloseTask, Period
from ledger.queries import waiting
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH", day=make.DAY.replace(month=12))


@pytest.fixture
def gil(facility):
    return access.user("CONTROLLER", facilities=[facility], username="gil")


@pytest.fixture
def finn(facility):
    return access.user("FINANCE_APPROVER", facilities=[facility], username="finn")


def counts(person, facility) -> dict[str, int]:
    return {row.title: row.count for row in waiting(person, [facility.pk]) if row.count}


def test_what_one_person_asked_for_awaits_the_others(facility, gil, finn):
    entity = facility.legal_entity
    version = make.draft_map(facility, actor=gil)
    submit_mapping(version=version, actor=gil)
    make.entry(facility, day=make.DAY.replace(month=12))
    with clock.at(datetime(2026, 12, 13, tzinfo=UTC)):
        build_gl_batch(facility=facility, business_on=make.DAY.replace(month=12), actor=gil)
    write_profile(
        legal_entity=entity,
        code="own",
        language="JS",
        source="function transform(document) { return '' }",
        media_type="text/plain",
        extension="txt",
        reason="Ours",
        actor=gil,
    )
    write_delivery_profile(
        legal_entity=entity,
        code="live",
        way="FOLDER",
        place="oracle",
        layout="csv",
        name_pattern="{number}",
        reason="Go-live",
        actor=gil,
    )
    propose_journal_limit(legal_entity=entity, role="FINANCE_APPROVER", limit=None, actor=gil)
    request_year_close(legal_entity=entity, fiscal_year=2026, actor=gil)

    assert counts(gil, facility) == {}
    assert counts(finn, facility) == {
        "Maps to approve": 1,
        "Export profiles to approve": 1,
        f"GL batches of {entity.name} to approve": 1,
        "Delivery profiles to approve": 1,
        "Limits of journals to approve": 1,
        "Fiscal years to close": 1,
    }
    assert counts(access.user("CONTROLLER", facilities=[make.book()]), make.book()) == {}


def test_steps_and_figures_of_a_close_await_their_owners(facility, gil, finn):
    set_checklist(legal_entity=facility.legal_entity, steps=STANDARD_CHECKLIST, actor=gil)
    soft_close(period_id=Period.objects.get().pk, actor=gil)
    eve = access.user("FINANCE_REVIEWER", facilities=[facility], username="eve")
    taken = take_tie_outs(period_id=Period.objects.get().pk, today=make.DAY, actor=eve)

    assert counts(eve, facility) == {"Steps of a close to do": 2}
    assert counts(gil, facility) == {"Steps of a close to do": 1, "Tie-outs to sign": len(taken)}
    assert counts(finn, facility) == {"Tie-outs to sign": len(taken)}
    first = CloseTask.objects.get(step__name="Accruals of unbilled care are prepared")
    finish_task(task_id=first.pk, actor=eve)
    assert counts(eve, facility) == {"Steps of a close to do": 1}


def test_a_cashier_is_asked_nothing_of_the_book(facility, django_assert_num_queries):
    cashier = access.user("CASHIER", facilities=[facility])

    with django_assert_num_queries(1):
        assert waiting(cashier, [facility.pk]) == []


def test_an_approver_takes_a_stated_number_of_queries(facility, finn, django_assert_max_num_queries):
    with django_assert_max_num_queries(23):
        waiting(finn, [facility.pk])
