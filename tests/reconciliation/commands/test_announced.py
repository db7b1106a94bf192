"""What a bank announced and does not book stays in sight, is told, and is settled by two people."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hms_ach import clock
from reconciliation.commands import approve, import_statement, propose, reconcile_account
from reconciliation.models import Discrepancy, Proposal
from reconciliation.queries import announced
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db
DAY = LATER.date()
LONG = LATER + timedelta(days=9)


@pytest.fixture
def account():
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


@pytest.fixture
def eve(account):
    return make.reviewer(account.facility)


def report(account, *entries: str, number: int = 7) -> None:
    head = f":20:R{number}\n:25:US-1234567890\n:28C:{number}/1\n:34F:USD0,\n"
    content = f"{head}{chr(10).join(entries)}\n".encode()
    import_statement(content=content, name="r.942", actor=access.user(), facility_ids=[account.facility_id])


def entry(amount: str, reference: str, day=DAY, own: str = "NONREF") -> str:
    return f":61:{day:%y%m%d}{day:%m%d}C{amount}NTRF{own}//{reference}"


def night(account, at=LATER + timedelta(days=1)) -> None:
    with clock.at(at):
        reconcile_account(account=account)


def told() -> Discrepancy:
    return Discrepancy.objects.get(kind="STATEMENT_ANNOUNCED")


def test_what_does_not_come_is_one_discrepancy_of_the_statement_that_should_have_brought_it(account):
    report(account, entry("10,00", "B1"), entry("4,50", "B2"), entry("7,00", "B3"))
    before = [each.is_overdue for each in announced(account)]
    statement = make.statement(account, make.line(7_00, on=DAY, bank_reference="B3"), on=DAY)

    night(account)
    night(account)

    row = told()
    assert before == [False, False, False]
    assert (row.statement, row.amount_minor, row.state, row.due_on) == (statement, -14_50, "OPEN", DAY)
    assert len(row.reasons) == 2
    assert row.reasons[0].startswith("$10.00, B1, was announced for ")
    assert [(each.is_overdue, each.discrepancy) for each in announced(account)] == [(True, row.public_id)] * 2


def test_it_stays_on_the_accounts_page_as_overdue_until_two_people_settle_it(account, eve):
    report(account, entry("10,00", "B1"))
    make.statement(account, on=DAY)
    night(account)
    row, page = told(), reverse("reconciliation:account-detail", args=[account.code])

    shown = access.signed_in(eve).get(page).content.decode()
    with clock.at(LATER + timedelta(days=1)):
        propose(discrepancy_id=row.pk, action="ACCEPT", cause="NOT_BOOKED", reason="Recalled", actor=eve)
        approve(proposal_id=Proposal.objects.get().pk, actor=make.approver(account.facility))
    night(account)
    settled = access.signed_in(eve).get(page).content.decode()

    assert "Overdue" in shown
    assert reverse("reconciliation:discrepancy-detail", args=[row.public_id]) in shown
    assert "Nothing is announced" in settled
    assert Discrepancy.objects.filter(kind="STATEMENT_ANNOUNCED").count() == 1
    assert [each.is_settled for each in announced(account)] == [True]


def test_what_comes_late_closes_it_by_itself_and_what_does_not_is_still_told(account):
    report(account, entry("10,00", "B1"), entry("4,50", "B2"))
    make.statement(account, on=DAY)
    night(account)
    late = make.line(10_00, on=DAY + timedelta(days=1), bank_reference="B1")
    make.statement(account, late, statement_id="S2", on=DAY + timedelta(days=1))
    night(account, LATER + timedelta(days=2))
    half = list(told().reasons)
    last = make.line(4_50, on=DAY + timedelta(days=4), bank_reference="B2")
    make.statement(account, last, statement_id="S3", opening=10_00, on=DAY + timedelta(days=4))
    night(account, LATER + timedelta(days=5))

    assert [", B2," in each for each in half] == [True]
    assert told().state == "APPROVED"
    assert announced(account) == []


def test_a_statement_that_does_not_join_is_another_matter(account):
    make.statement(account, make.line(1_00, on=DAY - timedelta(days=1)), on=DAY - timedelta(days=1))
    report(account, entry("10,00", "B1"))
    make.statement(account, statement_id="S2", opening=5_00, on=DAY)

    night(account)

    gap, row = Discrepancy.objects.get(kind="STATEMENT_GAP"), told()
    assert (gap.amount_minor, len(gap.reasons), row.amount_minor) == (4_00, 1, -10_00)
    assert "closed with another balance" in gap.reasons[0]
    assert ", B1," in row.reasons[0]


def test_what_two_people_settled_before_it_had_a_kind_of_its_own_is_not_told_again(account, eve):
    report(account, entry("10,00", "B1"))
    make.statement(account, on=DAY)
    night(account)
    propose(discrepancy_id=told().pk, action="ACCEPT", cause="NOT_BOOKED", reason="Recalled", actor=eve)
    approve(proposal_id=Proposal.objects.get().pk, actor=make.approver(account.facility))
    Discrepancy.objects.filter(pk=told().pk).update(kind="STATEMENT_GAP")

    night(account, LATER + timedelta(days=2))

    assert [each.is_settled for each in announced(account)] == [True]
    assert not Discrepancy.objects.filter(kind="STATEMENT_ANNOUNCED").exists()


def test_what_a_report_says_for_information_only_announces_nothing(account):
    told_only = make.line(9_00, on=DAY, bank_reference="N1")._replace(status="INFO")
    awaited = make.line(8_00, on=DAY, bank_reference="P1")._replace(status="PDNG")
    make.statement(account, told_only, awaited, on=DAY)

    assert [each.entry.bank_reference for each in announced(account)] == ["P1"]


def test_of_two_equal_ones_that_were_announced_both_must_come(account):
    report(account, entry("10,00", "B1"), entry("10,00", "B1"))
    make.statement(account, make.line(10_00, on=DAY, bank_reference="B1"), on=DAY)

    assert [each.entry.ordinal for each in announced(account)] == [2]


def test_a_pending_entry_has_five_banking_days_more(account):
    pending = make.line(9_00, on=DAY)._replace(status="PDNG")
    make.statement(account, pending, on=DAY)
    night(account)
    early = [each.is_overdue for each in announced(account)]
    make.statement(account, statement_id="S2", on=DAY + timedelta(days=7))
    night(account, LONG)

    assert early == [False]
    assert [each.is_overdue for each in announced(account)] == [True]
    assert told().reasons[0].startswith("$9.00")


def test_a_statement_that_arrives_closes_what_was_proposed_without_it(account, eve):
    make.statement(account, on=DAY)
    night(account, LATER + timedelta(days=4))
    row = Discrepancy.objects.filter(kind="STATEMENT_MISSING").earliest("due_on")
    propose(discrepancy_id=row.pk, action="ACCEPT", cause="NO_MOVEMENT", reason="", actor=eve)

    make.statement(account, statement_id="S2", on=row.due_on)

    row.refresh_from_db()
    assert row.state == "APPROVED"
