"""What awaits people at the bank."""

from datetime import UTC, datetime, timedelta

from hms_ach import clock
from reconciliation.commands import close_day, hold_discrepancy, propose, reconcile_account, withdraw
from reconciliation.models import Discrepancy
from reconciliation.queries import waiting
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 14, 15, tzinfo=UTC)


def test_a_day_waits_to_be_closed_from_its_end_until_it_is_closed(db, django_assert_num_queries):
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        finn = make.approver(account.facility)
        make.statement(account)

        with django_assert_num_queries(14):
            before = _days(finn, account)
        close_day(facility=account.facility, business_on=make.DAY, actor=finn)
        after = _days(finn, account)

    assert (before.count, before.oldest_on) == (2, make.DAY)
    assert (after.count, after.oldest_on) == (1, make.DAY + timedelta(days=1))


def _days(person, account):
    return _asked(person, account, "Days to close")


def _asked(person, account, title: str):
    rows = waiting(person, [account.facility_id])
    return next(row for row in rows if row.title == title)


def test_what_is_put_aside_awaits_nobody_and_ones_own_withdrawn_proposal_hides_no_other(db):
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        eve, finn = make.reviewer(account.facility), make.approver(account.facility)
        make.statement(account, make.line(77_00), make.line(88_00))
        reconcile_account(account=account)
        first, second = Discrepancy.objects.filter(line__isnull=False).order_by("id")
        hold_discrepancy(
            discrepancy_id=first.pk, until_on=LATER.date() + timedelta(days=3), reason="asked", actor=eve
        )
        open_rows = Discrepancy.objects.filter(state="OPEN").count()
        assert _asked(eve, account, "Discrepancies to resolve").count == open_rows - 1

        for person in (finn, eve):
            proposal = propose(discrepancy_id=second.pk, action="SUSPENSE", reason="Who?", actor=person)
            if person == finn:
                withdraw(proposal_id=proposal.pk, actor=finn)

        assert _asked(finn, account, "Proposals to approve").count == 1
        assert _asked(eve, account, "Proposals to approve").count == 0
