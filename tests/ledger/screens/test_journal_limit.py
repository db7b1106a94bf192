"""Limits of journals on screen."""

from decimal import Decimal

import pytest
from django.urls import reverse

from hms_ach.money import Money
from ledger.commands import JournalLineAsked, prepare_journal, record_rate
from ledger.models import Account, Journal
from ledger.queries import waiting
from ledger.queries.journal_limit import limits_in_force
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


def test_a_limit_is_asked_for_by_one_and_let_count_by_another(facility):
    gil = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    finn = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    page = reverse("ledger:journal-limit-list")
    sent = {"entity": facility.legal_entity.code, "role": "FINANCE_APPROVER", "limit": "9,000.00"}

    assert "Write an amount" in gil.post(page, sent | {"is_without": "on"}).content.decode()
    assert "counts once another person" in gil.post(page, sent, follow=True).content.decode()
    assert "Approve</button>" not in gil.get(page).content.decode()
    limit = facility.legal_entity.journallimit_set.get()
    approval = reverse("ledger:journal-limit-approval", args=[limit.pk])
    assert "asked for this limit" in gil.post(approval, follow=True).content.decode()
    assert "counts from now on" in finn.post(approval, follow=True).content.decode()

    assert limits_in_force(legal_entity=facility.legal_entity)["FINANCE_APPROVER"] == 9_000_00
    assert "$9,000.00" in finn.get(page).content.decode()


def test_whoever_may_not_ask_asks_for_nothing(facility):
    finn = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    sent = {"entity": facility.legal_entity.code, "role": "FINANCE_APPROVER", "is_without": "on"}

    finn.post(reverse("ledger:journal-limit-list"), sent)

    assert not facility.legal_entity.journallimit_set.exists()


def prepared(facility, amount: Money) -> Journal:
    """By a reviewer, who approves nothing."""
    accounts = {row.number: row for row in Account.objects.filter(legal_entity=facility.legal_entity)}
    lines = [JournalLineAsked(accounts["8510"], amount), JournalLineAsked(accounts["1001"], -amount)]
    eve = access.user("FINANCE_REVIEWER", facilities=[facility])
    return prepare_journal(facility=facility, effective_on=make.DAY, memo="Rent", lines=lines, actor=eve)


def asked_of(person, facility) -> int:
    rows = waiting(person, [facility.pk])
    return sum(row.count for row in rows if row.title == "Journals to approve")


def test_a_journal_above_a_roles_limit_is_refused_to_it_and_awaits_the_role_that_approves_it(facility):
    finn = access.user("FINANCE_APPROVER", facilities=[facility])
    gil = access.user("CONTROLLER", facilities=[facility])
    prepared(facility, Money(25_000_00, "USD"))
    journal = prepared(facility, Money(25_000_01, "USD"))
    page, approval = (
        reverse(f"ledger:{name}", args=[journal.public_id]) for name in ("journal-detail", "journal-approval")
    )

    assert (asked_of(finn, facility), asked_of(gil, facility)) == (1, 2)
    desk = access.signed_in(finn)
    shown = desk.get(page).content.decode()
    assert "worth $25,000.01, and your roles approve up to $25,000.00. Controller approves it." in shown
    assert "Approve and post" not in shown
    assert desk.get(reverse("ledger:journal-list")).content.decode().count("above your limit") == 1
    refused = desk.post(approval)
    assert (refused.status_code, Journal.objects.get(pk=journal.pk).state) == (403, "PROPOSED")
    assert "Ask somebody whose role has a higher limit" in refused.content.decode()
    assert "is posted" in access.signed_in(gil).post(approval, follow=True).content.decode()


def test_a_foreign_journal_is_judged_by_what_it_is_worth_that_day(facility):
    finn = access.user("FINANCE_APPROVER", facilities=[facility])
    record_rate(base="EUR", quote="USD", on=make.DAY, rate=Decimal("1.25"), source="ECB", actor=finn)
    journal = prepared(facility, Money(20_001_00, "EUR"))

    shown = access.signed_in(finn).get(reverse("ledger:journal-detail", args=[journal.public_id]))

    assert "worth $25,001.25, and your roles" in shown.content.decode()
