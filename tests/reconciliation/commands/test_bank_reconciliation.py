"""A bank reconciliation is prepared by one person and reviewed by another, and says when it is stale."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.outbox.models import Event as Told
from reconciliation.commands.bank_reconciliation import (
    ReconciliationByPreparer,
    ReconciliationDayNotOver,
    ReconciliationMoved,
    ReconciliationReviewed,
    ReconciliationUnexplained,
    ReconciliationUnknown,
    prepare_bank_reconciliation,
    review_bank_reconciliation,
)
from reconciliation.models import PreparedReconciliation, ReconciliationReview
from reconciliation.queries import bank_reconciliation, reconciliations_prepared, waiting
from reconciliation.queries.prepared_reconciliation import reconciliations_to_review
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER
from tests.reconciliation.queries.test_bank_reconciliation import by_hand

pytestmark = pytest.mark.django_db
DAY = LATER.date()


@pytest.fixture(autouse=True)
def now():
    with clock.at(LATER + timedelta(days=1)):
        yield


@pytest.fixture
def account():
    account = make.bank_account(make.hospital())
    make.statement(account, make.line(9_99, on=DAY), opening=250_00, on=DAY)
    return account


@pytest.fixture
def eve(account):
    return make.reviewer(account.facility)


@pytest.fixture
def finn(account):
    return make.approver(account.facility)


def prepared(account, eve, note: str = "") -> PreparedReconciliation:
    return prepare_bank_reconciliation(account_id=account.pk, as_of=DAY, note=note, actor=eve)


def unexplained(account) -> None:
    make.statement(account, statement_id="S2", opening=300_00, on=DAY)


def shown(person, account) -> str:
    page = reverse("reconciliation:bank-reconciliation", args=[account.code])
    return access.signed_in(person).get(f"{page}?day={DAY}").content.decode()


def test_it_keeps_the_figures_and_another_person_signs_them(account, eve, finn):
    row = prepared(account, eve, "as every month")
    review = review_bank_reconciliation(prepared_id=row.pk, note="seen", actor=finn)

    assert (row.at_bank_minor, row.before_minor, row.between_minor, row.in_book_minor) == (
        259_99,
        250_00,
        -9_99,
        0,
    )
    assert row.parts == [{"name": "At the bank, not in the book", "items": 1, "minor": -9_99}]
    assert (review.reviewed_by, review.note, len(row.digest)) == (finn, "seen", 64)
    actions = ["reconciliation.prepare_bank_reconciliation", "reconciliation.review_bank_reconciliation"]
    assert [each.action for each in Event.objects.filter(subject=row.public_id).order_by("id")] == actions
    told = Told.objects.get(type="bank_reconciliation.reviewed")
    assert (told.subject, told.data["digest"], told.data["as_of"]) == (
        row.public_id,
        row.digest,
        DAY.isoformat(),
    )


def test_nobody_signs_what_they_prepared_nor_what_is_signed(account, eve, finn):
    row = prepared(account, eve)

    with pytest.raises(ReconciliationByPreparer):
        review_bank_reconciliation(prepared_id=row.pk, actor=eve)
    review_bank_reconciliation(prepared_id=row.pk, actor=finn)
    with pytest.raises(ReconciliationReviewed):
        review_bank_reconciliation(prepared_id=row.pk, actor=finn)

    assert ReconciliationReview.objects.count() == 1


def test_what_is_not_explained_needs_a_note_and_what_is_not_known_waits(account, eve):
    with pytest.raises(ReconciliationDayNotOver):
        prepare_bank_reconciliation(account_id=account.pk, as_of=clock.now().date(), actor=eve)
    with pytest.raises(ReconciliationUnknown):
        prepare_bank_reconciliation(account_id=account.pk, as_of=DAY - timedelta(days=9), actor=eve)
    unexplained(account)
    with pytest.raises(ReconciliationUnexplained, match=r"\$40\.01"):
        prepared(account, eve, "  ")

    assert prepared(account, eve, "the bank left a page out").difference.minor == -40_01


def test_a_later_change_of_the_day_is_told_and_keeps_it_from_being_signed(account, eve, finn):
    signed = prepared(account, eve)
    review_bank_reconciliation(prepared_id=signed.pk, actor=finn)
    waits = prepared(account, eve)
    by_hand(account.facility, 1_00, DAY)

    with pytest.raises(ReconciliationMoved, match=r"in the book was \$0\.00 and is \$1\.00"):
        review_bank_reconciliation(prepared_id=waits.pk, actor=finn)

    rows = reconciliations_prepared(bank_reconciliation(account, on=DAY))
    assert [(row, len(changes)) for row, changes in rows] == [(waits, 2), (signed, 2)]
    assert "Signed figures differ from today" in shown(finn, account)


def test_items_that_change_places_are_told_though_every_sum_is_the_same(account, eve):
    row = prepared(account, eve)
    by_hand(account.facility, 2_00, DAY)
    by_hand(account.facility, -2_00, DAY, key="back")

    ((_, changes),) = reconciliations_prepared(bank_reconciliation(account, on=DAY))

    assert row.in_book_minor == 0
    assert changes == ["“In the book, not at the bank” has other items"]


def test_the_last_of_a_day_waits_for_whoever_did_not_prepare_it(account, eve, finn):
    prepared(account, eve)
    last = prepared(account, eve, "with the late page")

    assert reconciliations_to_review(finn, [account.facility_id]) == [last]
    assert reconciliations_to_review(eve, [account.facility_id]) == []


def test_the_page_takes_both_steps_and_the_paper_names_both_people(account, eve, finn):
    day = {"day": DAY.isoformat()}
    preparing = reverse("reconciliation:bank-reconciliation-preparation", args=[account.code])
    mine, others = access.signed_in(eve), access.signed_in(finn)
    mine.post(preparing, day | {"note": "as every month"})
    row = PreparedReconciliation.objects.get()
    waits = next(
        each
        for each in waiting(finn, [account.facility_id])
        if each.title == "Bank reconciliations to review"
    )
    signing = reverse("reconciliation:bank-reconciliation-review", args=[row.public_id])

    assert others.post(preparing, day).status_code == 403
    assert mine.post(signing).status_code == 403
    assert "Review and sign" not in shown(eve, account)
    assert "Review and sign" in shown(finn, account)
    assert (waits.count, waits.oldest_on) == (1, DAY)
    assert others.get(waits.url).url.endswith(f"?day={DAY}")
    others.post(signing, {"note": "seen"})
    csv = others.get(
        f"{reverse('reconciliation:bank-reconciliation-file', args=[account.code, 'csv'])}?day={DAY}"
    )
    paper = b"".join(csv.streaming_content).decode()
    assert f"by {eve.get_full_name()} (eve): as every month" in paper
    assert f"by {finn.get_full_name()} (finn): seen" in paper
    assert row.digest in paper
    assert "Signed figures,are these" in paper
    assert mine.post(preparing, {"day": "soon"}).status_code == 404


@pytest.mark.parametrize(
    "sql, says",
    [
        ("UPDATE reconciliation_preparedreconciliation SET note = 'x'", "permission denied"),
        ("DELETE FROM reconciliation_reconciliationreview", "permission denied"),
        (
            """INSERT INTO reconciliation_reconciliationreview
                   (prepared_id, note, reviewed_by_id, reviewed_at)
               SELECT id, '', prepared_by_id, now() FROM reconciliation_preparedreconciliation""",
            "by another person than who prepared it",
        ),
        (
            """INSERT INTO reconciliation_preparedreconciliation (public_id, account_id, as_of, statement_id,
                   at_bank_minor, before_minor, between_minor, in_book_minor, parts, digest, note,
                   prepared_by_id, prepared_at)
               SELECT 'brc_x', account_id, as_of, statement_id, at_bank_minor, before_minor, between_minor,
                   in_book_minor + 1, parts, digest, '', prepared_by_id, now()
                 FROM reconciliation_preparedreconciliation""",
            "reconciliation_preparedreconciliation_explained",
        ),
    ],
)
def test_the_database_holds_two_people_a_reason_and_what_was_written(account, eve, sql, says):
    prepared(account, eve)

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
