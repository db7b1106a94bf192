"""Setting aside: holds come back by themselves, rejected suggestions never; several go to one person."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.refusal import Refusal
from reconciliation.commands import (
    assign_discrepancies,
    hold_discrepancy,
    match_account,
    open_discrepancies,
    propose,
    reject_suggestion,
    release_discrepancy,
    restore_suggestion,
)
from reconciliation.models import Discrepancy, Match, Suggestion, SuggestionRejection
from reconciliation.queries import Asked, progress, queue
from tests.make import reconciliation as make

NEXT = datetime(2026, 3, 13, 15, tzinfo=UTC)
DAY = NEXT.date()


@pytest.fixture
def account(db):
    with clock.at(NEXT):
        yield make.bank_account(make.hospital())


@pytest.fixture
def eve(account):
    return make.reviewer(account.facility)


@pytest.fixture
def found(account):
    """A credit that two equal deposits fit."""
    for bag in ("BAG-1001", "BAG-2002"):
        make.expected(account, 310_00, bag)
    make.statement(account, make.line(310_00))
    match_account(account=account)
    open_discrepancies(account=account, today=DAY)
    return Discrepancy.objects.get()


def shown(account, eve, **asked) -> list[int]:
    groups = queue([account.facility_id], reader=eve, asked=Asked(**asked))
    return [each.row.pk for group in groups for each in group.rows]


def test_what_is_put_aside_leaves_the_queue_and_comes_back_by_itself(account, eve, found):
    until = DAY + timedelta(days=3)
    hold_discrepancy(discrepancy_id=found.pk, until_on=until, reason="the bank was asked", actor=eve)

    assert shown(account, eve) == []
    assert shown(account, eve, is_held=True) == [found.pk]
    assert progress([account.facility_id], []).held == 1
    midnight = datetime(2026, 3, 16, tzinfo=ZoneInfo(account.facility.timezone))
    with clock.at(midnight - timedelta(seconds=1)):
        assert shown(account, eve) == []
    with clock.at(midnight):
        assert shown(account, eve) == [found.pk]
        assert shown(account, eve, is_held=True) == []


def test_it_may_be_brought_back_or_put_aside_anew(account, eve, found):
    for days in (3, 5):
        hold_discrepancy(
            discrepancy_id=found.pk, until_on=DAY + timedelta(days=days), reason="asked", actor=eve
        )
    release_discrepancy(discrepancy_id=found.pk, actor=eve)

    assert shown(account, eve) == [found.pk]
    assert found.holds.filter(released_at=None).count() == 0
    assert Event.objects.filter(action="reconciliation.hold_discrepancy").count() == 2


def test_a_proposal_for_what_was_put_aside_waits_for_its_approver(account, eve, found):
    hold_discrepancy(discrepancy_id=found.pk, until_on=DAY + timedelta(days=3), reason="asked", actor=eve)
    propose(discrepancy_id=found.pk, action="SUSPENSE", reason="unknown", actor=eve)

    assert shown(account, eve) == [found.pk]
    with pytest.raises(Refusal) as refused:
        hold_discrepancy(discrepancy_id=found.pk, until_on=DAY + timedelta(days=3), reason="x", actor=eve)
    assert refused.value.code == "not_waiting"


@pytest.mark.parametrize(
    ("days", "why", "code"),
    [
        (0, "x", "hold_day_unfit"),
        (61, "x", "hold_day_unfit"),
        (-1, "x", "hold_day_unfit"),
        (1, " ", "reason_missing"),
    ],
)
def test_a_day_or_reason_that_cannot_be_is_refused(account, eve, found, days, why, code):
    with pytest.raises(Refusal) as refused:
        hold_discrepancy(discrepancy_id=found.pk, until_on=DAY + timedelta(days=days), reason=why, actor=eve)

    assert refused.value.code == code
    assert not found.holds.exists()


def reject(found, item, eve, reason="another hospital's bag") -> SuggestionRejection:
    return reject_suggestion(
        discrepancy_id=found.pk, line_id=found.line_id, item_id=item.pk, reason=reason, actor=eve
    )


def test_a_rejected_suggestion_is_neither_suggested_nor_matched_again(account, eve, found):
    first, second = (row.expectation for row in Suggestion.objects.order_by("expectation_id"))
    reject(found, first, eve)
    assert [row.expectation_id for row in Suggestion.objects.all()] == [second.pk]
    found.refresh_from_db()
    assert found.reasons == ["One candidate, not certain."]
    second.withdrawn_at = clock.now()
    second.save()

    match_account(account=account)

    assert not Match.objects.exists()
    assert not Suggestion.objects.exists()


def test_a_rejected_difference_leaves_the_line_and_the_item_each_to_itself(account, eve):
    item = make.expected(account, 500_00, "BAG-1001", latest_on=DAY - timedelta(days=1))
    make.statement(account, make.line(480_00, "BAG-1001"))
    match_account(account=account)
    open_discrepancies(account=account, today=DAY)
    found = Discrepancy.objects.get(kind="AMOUNT_DIFFERENCE")

    reject(found, item, eve)
    match_account(account=account)
    open_discrepancies(account=account, today=DAY)

    rows = Discrepancy.objects.order_by("id").values_list("id", "kind", "amount_minor", "expectation")
    assert rows[0] == (found.pk, "UNMATCHED_CREDIT", 480_00, None)
    assert rows[1][1:] == ("UNMATCHED_DEPOSIT", -500_00, item.pk)
    assert not Match.objects.exists()


def test_no_candidate_is_rejected_under_a_proposal_that_waits(account, eve, found):
    suggested = Suggestion.objects.order_by("id")[0].expectation
    propose(discrepancy_id=found.pk, action="MATCH", reason="it is", item_ids=[suggested.pk], actor=eve)

    with pytest.raises(Refusal) as refused:
        reject(found, suggested, eve)

    assert refused.value.code == "not_waiting"
    assert not SuggestionRejection.objects.exists()


def test_a_rejection_may_be_taken_back_and_the_next_run_suggests_again(account, eve, found):
    item = Suggestion.objects.order_by("id")[0].expectation
    row = reject(found, item, eve)
    with pytest.raises(Refusal) as twice:
        reject(found, item, eve)
    restore_suggestion(discrepancy_id=found.pk, rejection_id=row.pk, actor=eve)

    match_account(account=account)

    assert twice.value.code == "suggestion_rejected"
    assert Suggestion.objects.count() == 2
    with pytest.raises(Refusal):
        reject(found, item, eve, reason=" ")


def test_a_rejection_keeps_a_repeated_line_apart_all_the_same(account, eve):
    make.expected(account, 50_00, "BAG-1001")
    make.expected(account, 50_00, "BAG-2002")
    make.statement(
        account,
        make.line(50_00, "BAG-1001", bank_reference="B1"),
        make.line(50_00, "BAG-1001", bank_reference="B1"),
    )
    match_account(account=account)
    open_discrepancies(account=account, today=DAY)
    found = Discrepancy.objects.get(line__position=2)
    reject(found, account.expectations.get(references=["BAG-2002"]), eve)

    again = match_account(account=account)

    assert [line for line, _repeats in again.duplicate_ids] == [found.line_id]


def test_several_go_to_one_person_or_none_does(account, eve, found):
    other = make.hospital("SOUTH")
    make.expected(account, 1_00, "BAG-3003", latest_on=make.DAY)
    open_discrepancies(account=account, today=DAY)
    ids = list(Discrepancy.objects.values_list("pk", flat=True))
    sue = make.reviewer(other, username="sue")

    with pytest.raises(Refusal) as refused:
        assign_discrepancies(discrepancy_ids=ids, owner=sue, actor=eve)
    assert refused.value.code == "owner_elsewhere"
    assert not Discrepancy.objects.exclude(owner=None).exists()

    assert assign_discrepancies(discrepancy_ids=ids, owner=eve, actor=eve) == len(ids) == 2
    assert Discrepancy.objects.filter(owner=eve).count() == 2


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reconciliation_discrepancyhold SET until_on = until_on + 1",
        "UPDATE reconciliation_suggestionrejection SET reason = 'other'",
        "DELETE FROM reconciliation_discrepancyhold",
        "DELETE FROM reconciliation_suggestionrejection",
    ],
)
def test_the_database_keeps_what_was_set_aside(account, eve, found, sql):
    hold_discrepancy(discrepancy_id=found.pk, until_on=DAY + timedelta(days=3), reason="asked", actor=eve)
    reject(found, Suggestion.objects.order_by("id")[0].expectation, eve)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
