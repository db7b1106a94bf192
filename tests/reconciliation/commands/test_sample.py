"""Some matches of each day go to somebody who made nothing in them."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import audit, clock
from reconciliation.commands import (
    SampleJudged,
    SampleOfOwnWork,
    WrongWithoutReason,
    draw_sample,
    judge_match,
    reconcile_account,
)
from reconciliation.models import Expectation, SampledMatch
from reconciliation.queries import measured_precision, samples_to_judge
from reconciliation.rules.sampling import EACH_PASS, draw
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture
def account(db):
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        bags = [make.deposit_in_transit(account.facility, 1_000_00 + n * 700).bag_number for n in range(6)]
        make.statement(account, *(make.line(1_000_00 + n * 700, bag) for n, bag in enumerate(bags)))
        reconcile_account(account=account)
        yield account


def _drawn(account):
    return draw_sample(facility=account.facility, made_on=LATER.date())


def test_a_day_is_drawn_once_and_can_be_drawn_again_from_its_record(account):
    first, second = _drawn(account), _drawn(account)
    match_ids = list(SampledMatch.objects.order_by("match_id").values_list("match_id", flat=True))
    everything = sorted(account.matches.values_list("pk", flat=True))

    assert first == second
    assert first.population == {"reference": 6}
    assert match_ids == draw({"reference": everything}, seed=first.seed)["reference"]
    assert len(match_ids) == EACH_PASS


def test_nobody_judges_what_another_did_in_their_name(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    _drawn(account)
    sampled = SampledMatch.objects.first()
    item = Expectation.objects.get(matched__match=sampled.match)
    audit.record("cashiering.verify_deposit", actor=finn, on_behalf_of=eve, subject=item.source_id)

    with pytest.raises(SampleOfOwnWork):
        judge_match(sampled_id=sampled.pk, is_right=True, actor=eve)


def test_nobody_judges_what_they_worked_on(account):
    eve = make.reviewer(account.facility)
    _drawn(account)
    sampled = SampledMatch.objects.first()
    item = Expectation.objects.get(matched__match=sampled.match)
    audit.record("cashiering.verify_deposit", actor=eve, subject=item.source_id)

    with pytest.raises(SampleOfOwnWork):
        judge_match(sampled_id=sampled.pk, is_right=True, actor=eve)


def test_a_judgement_is_given_once_and_a_wrong_match_says_why(account):
    eve = make.reviewer(account.facility)
    _drawn(account)
    first, second, *_ = SampledMatch.objects.order_by("pk")
    judge_match(sampled_id=first.pk, is_right=True, actor=eve)

    with pytest.raises(SampleJudged):
        judge_match(sampled_id=first.pk, is_right=False, note="no", actor=eve)
    with pytest.raises(WrongWithoutReason):
        judge_match(sampled_id=second.pk, is_right=False, actor=eve)

    assert samples_to_judge([account.facility_id]).count() == EACH_PASS - 1


def test_precision_counts_what_people_found(account):
    eve = make.reviewer(account.facility)
    _drawn(account)
    before = measured_precision([account.facility_id], since=LATER.date())
    for n, sampled in enumerate(SampledMatch.objects.order_by("pk")):
        judge_match(sampled_id=sampled.pk, is_right=n > 0, note="wrong bag", actor=eve)

    by_pass, whole = measured_precision([account.facility_id], since=LATER.date())

    assert before[0].precision.share is None
    assert (by_pass.stratum.population, by_pass.stratum.judged, by_pass.stratum.right) == (6, 4, 3)
    assert by_pass.precision.share == whole.precision.share == 0.75


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE reconciliation_matchsample SET seed = 1", "permission denied"),
        ("UPDATE reconciliation_sampledmatch SET pass_name = 'x'", "judged once"),
        ("DELETE FROM reconciliation_sampledmatch", "permission denied"),
    ],
)
def test_the_database_keeps_what_was_drawn(account, sql, says):
    _drawn(account)

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
