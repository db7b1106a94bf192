"""The nightly check finds what went around the database's rules, and tells."""

from datetime import date
from itertools import count

import pytest
from django.urls import reverse

from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from ledger.commands import check_balances, hard_close
from ledger.models import BalanceCheck, BalanceDrift, Period
from ledger.queries import waiting
from ledger.rules.sub_ledger import REGISTERED, OpenDocument, SubLedger
from ledger.tasks import check_all_balances
from tests.make import access
from tests.make import ledger as make


@pytest.mark.django_db
def test_a_book_that_nobody_tampered_with_has_no_drift():
    facility, gil = make.book(), make.person("gil")
    make.entry(facility)
    hard_close(period_id=Period.objects.get().pk, actor=gil)

    check = check_balances(legal_entity=facility.legal_entity)

    assert (check.n_postings, check.n_drifts) == (2, 0)


TAMPERING = {
    "ALTER TABLE ledger_posting DISABLE TRIGGER USER;"
    "UPDATE ledger_posting SET amount_minor = 1, functional_minor = 1 WHERE line = 1": {
        "snapshot of a period: amount",
        "snapshot of a period: debit",
        "entry not balanced",
        "entry not balanced in functional currency",
        "total of an entry",
    },
    "ALTER TABLE ledger_posting DISABLE TRIGGER USER; DELETE FROM ledger_posting": {
        "snapshot of a period: amount",
        "snapshot of a period: debit",
        "snapshot of a period: credit",
        "total of an entry",
        "number of postings",
    },
    "ALTER TABLE ledger_entry DISABLE TRIGGER USER; DELETE FROM ledger_entry": {"postings of no entry"},
    "ALTER TABLE ledger_snapshotline DISABLE TRIGGER USER;"
    "UPDATE ledger_snapshotline SET debit_minor = debit_minor + 1, credit_minor = credit_minor + 1": {
        "snapshot of a period: debit",
        "snapshot of a period: credit",
    },
}


@pytest.mark.parametrize("sql", TAMPERING)
def test_what_the_owner_of_the_tables_changed_is_found_told_and_shown(sql, own_database, owner_connection):
    facility, gil = make.book(), make.person("gil")
    make.entry(facility)
    hard_close(period_id=Period.objects.get().pk, actor=gil)
    with owner_connection.cursor() as cursor:
        cursor.execute(sql)

    check_all_balances()

    # What is posted without documents never ties to them either.
    found = set(BalanceDrift.objects.values_list("kind", flat=True)) - {"documents of a sub-ledger"}
    assert found == TAMPERING[sql]
    assert Event.objects.get(type="book.drifted").subject == facility.legal_entity.code
    assert drifts_waiting(facility) == BalanceDrift.objects.count()


@pytest.mark.django_db
def test_control_accounts_that_are_not_what_their_documents_add_up_to_are_told_and_stand_on_the_home_page():
    facility = make.book()
    make.entry(facility)

    check_all_balances()

    found = BalanceDrift.objects.order_by("subject").values_list(
        "kind", "subject", "kept_minor", "should_be_minor"
    )
    assert list(found) == [
        ("documents of a sub-ledger", "Drawers and deposits held for patients: Cash in drawers", 125_00, 0),
        ("documents of a sub-ledger", "Receivables: Receivables from patients", -125_00, 0),
    ]
    assert Event.objects.get(type="book.drifted").data["drifts"] == drifts_waiting(facility) == 2


@pytest.mark.django_db
def test_what_differs_is_found_though_people_post_to_the_account_between_the_looks(monkeypatch):
    facility, looks = make.book(), count(1)

    def documents(_entity, _day):
        """Each look finds one receipt more, in both; the documents have seven cents more all along."""
        make.entry(facility)
        return [OpenDocument("cash.drawer", "pay_1", facility.pk, Money(125_00 * next(looks) + 7, "USD"))]

    for code in list(REGISTERED):
        monkeypatch.delitem(REGISTERED, code)
    monkeypatch.setitem(REGISTERED, "till", SubLedger("till", "Till", ("cash.drawer",), documents))

    check_balances(legal_entity=facility.legal_entity, documents_on=make.DAY)

    assert BalanceDrift.objects.get().should_be_minor == 250_07


def drifts_waiting(facility):
    controller = access.user("CONTROLLER", facilities=[facility])
    rows = waiting(controller, [facility.pk])
    return next(row.count for row in rows if row.permission == "ledger.view_period")


@pytest.mark.django_db
def test_the_screen_says_that_everything_adds_up():
    facility = make.book()
    make.entry(facility, day=date(2026, 3, 12))
    client = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    before = client.get(reverse("ledger:balance-check-list")).content.decode()
    check_balances(legal_entity=facility.legal_entity)

    after = client.get(reverse("ledger:balance-check-list")).content.decode()

    assert "No check has run yet" in before
    assert "Everything adds up" in after


@pytest.mark.django_db
def test_the_screen_shows_what_differs_as_money_and_counts_as_counts():
    facility = make.book()
    client = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    run = BalanceCheck.objects.create(
        legal_entity=facility.legal_entity, checked_at=clock.now(), n_postings=2, n_drifts=2
    )
    for kind, currency in [("total of an entry", "USD"), ("number of postings", "")]:
        BalanceDrift.objects.create(
            check_run=run,
            kind=kind,
            subject="ent_1",
            currency=currency,
            kept_minor=125_034,
            should_be_minor=7,
        )

    shown = client.get(reverse("ledger:balance-check-list")).content.decode()

    assert "$1,250.34" in shown
    assert "$0.07" in shown
    assert ">125034<" in shown
    assert "minor" not in shown
