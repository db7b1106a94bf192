"""The cut-off test on screen and as a file."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from cashiering.commands import TenderGiven, receive_payment
from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.money import Money
from ledger.commands import open_period
from reconciliation.commands import pull_expectations, reconcile_account
from tests.make import access, billing
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
PAGE = "reconciliation:cut-off-test"
MARCH = {"last_day": "2026-03-31", "days": "3"}


def transfer(north, day: date, minor: int, reference: str):
    """A transfer that was recorded on a day."""
    with clock.at(datetime(day.year, day.month, day.day, 16, tzinfo=UTC)):
        clerk = billing.clerk(north, name=f"dan{reference}")
        bill = billing.issued(north, billing.patient(north, clerk), clerk, minor)
        amount = Money(minor, "USD")
        return receive_payment(
            facility=north,
            patient=None,
            allocations=[(bill.pk, amount)],
            tenders=[TenderGiven("TRANSFER", amount, reference=reference)],
            key=reference,
            actor=clerk,
        )


@pytest.fixture
def north():
    north = make.hospital()
    open_period(legal_entity=north.legal_entity, starts_on=date(2026, 4, 1), actor=None)
    return north


@pytest.fixture
def told(north):
    """What the page of the last March days says in April, to a reviewer."""
    account = make.bank_account(north)
    days = {"EFT881234001": (30, 3), "EFT881234002": (31, 3), "EFT881234003": (1, 4), "EFT881234004": (31, 3)}
    made = {
        key: transfer(north, date(2026, month, day), 10_00 * place, key).receipt_number
        for place, (key, (day, month)) in enumerate(days.items(), start=1)
    }
    with clock.at(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        pull_expectations(facility_ids=[north.pk])
        last, first = date(2026, 3, 31), date(2026, 4, 1)
        came = [(10_00, "EFT881234001"), (30_00, "EFT881234003"), (7_00, "odd")]
        make.statement(account, *(make.line(*each, on=last) for each in came), on=last)
        make.statement(
            account, make.line(20_00, "EFT881234002", on=first), on=first, opening=47_00, statement_id="S2"
        )
        reconcile_account(account=account)
        browser = access.signed_in(make.reviewer(north))
        page = browser.get(reverse(PAGE), MARCH).content.decode()
        file = browser.get(reverse("reconciliation:cut-off-file"), MARCH)
        yield made, page, b"".join(file.streaming_content).decode()


def test_each_receipt_stands_beside_the_banks_day_and_what_it_means(told):
    made, page, file = told
    rows = {
        row.split(",")[1]: row.strip() for row in file.splitlines() if ",NORTH-" in row or "NORTH," in row
    }
    meaning = {
        "EFT881234001": "Same period",
        "EFT881234002": "On its way at the period's end",
        "EFT881234003": "At the bank before it was recorded",
        "EFT881234004": "Not at the bank",
    }

    for key, words in meaning.items():
        assert rows[made[key]].endswith(words), key
    assert "3 to look at" in page
    assert page.index(made["EFT881234003"]) < page.index(made["EFT881234001"])
    assert "$7.00" in page.split("Booked on")[1]
    assert "Definition" in file
    assert Event.objects.filter(action="reconciliation.export_cut_off").count() == 1


def test_what_cannot_be_asked_is_said_and_a_stranger_sees_nothing(north):
    browser = access.signed_in(make.reviewer(north))

    wrong = browser.get(reverse(PAGE), {"last_day": "x", "days": "99"})

    assert wrong.status_code == 422
    assert "less than or equal to 10" in wrong.content.decode()
    assert access.signed_in(access.user("CASHIER")).get(reverse(PAGE)).status_code == 403
