"""A debit of the bank leads to the payment that it takes back, and its return takes the debit."""

import re
from html import unescape

import pytest
import time_machine

from cashiering.commands import TenderGiven, close_card_batch, confirm_payment_return, report_payment_return
from cashiering.models import PaymentReturn
from cashiering.queries import awaiting_bank
from hms_ach.money import Money
from reconciliation.commands import approve, propose, pull_expectations, reconcile_account
from reconciliation.models import Discrepancy, Expectation, Match
from tests.make import access
from tests.make import cashiering as till
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
LATER = "2026-03-18T15:00:00Z"


@pytest.fixture
def given():
    """A till with a transfer of 80.00 that the bank has paid, and a closed card batch of 60.00."""
    with time_machine.travel("2026-03-12T15:00:00Z"):
        given = till.till()
        session = till.opened(given)
        given.paid = till.paid(
            session, given, TenderGiven("TRANSFER", Money(80_00, "USD"), reference="E2E-77001")
        )
        given.sale = till.paid(session, given, till.card(60_00))
        given.batch = close_card_batch(batch=given.sale.tenders.get().card_batch, actor=given.gil)
        given.account = make.bank_account(given.facility)
        given.eve, given.finn = make.reviewer(given.facility), make.approver(given.facility)
        make.statement(given.account, make.line(80_00, "E2E-77001"), statement_id="ONE")
        reconcile_account(account=given.account)
    assert Match.objects.get().pass_name == "reference"
    return given


def test_a_transfer_that_the_bank_takes_back_is_reported_confirmed_and_matched(given):
    with time_machine.travel(LATER):
        make.statement(
            given.account, make.line(-80_00, bank_reference="RTN/55"), statement_id="TWO", opening=80_00
        )
        reconcile_account(account=given.account)
        row = Discrepancy.objects.get(line__amount_minor=-80_00)
        eve = access.signed_in(given.eve)
        page = eve.get(f"/reconciliation/discrepancies/{row.public_id}/").content.decode()
        link = unescape(re.search(r'href="([^"]+/payment-return/[^"]+)"', page)[1])
        assert "bank_reference=RTN/55" in link

        address, _, said = link.partition("?")
        typed = dict(part.split("=") for part in said.split("&")) | {"reason": "RECALLED"}
        eve.post(address, typed)
        found = PaymentReturn.objects.get()
        shown = eve.get(f"/cashiering/payment-returns/{found.public_id}/").content.decode()
        assert "Another person confirms it." in shown
        finn = access.signed_in(given.finn)
        finn.post(f"/cashiering/payment-returns/{found.public_id}/decision/", {"verdict": "confirm"})
        reconcile_account(account=given.account)

    found.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, row.closed_by_match.pass_name) == ("APPROVED", "reference")
    assert found.bank_confirmed_on == row.line.booked_on
    assert till.balance(given, "transfer.clearing", found.public_id) == Money(0, "USD")


def test_a_chargeback_that_the_processor_nets_is_split_from_its_batch(given):
    with time_machine.travel(LATER):
        found = report_payment_return(
            tender=given.sale.tenders.get(), reason="FRAUD", amount=Money(25_00, "USD"),
            returned_on=make.DAY, bank_reference="CB-2201", actor=given.eve,
        )  # fmt: skip
        confirm_payment_return(payment_return=found, actor=given.gil)
        due = {one.kind: one.amount.minor for one in awaiting_bank(facility_ids=[given.facility.pk])}
        assert due == {"card_batch": 60_00, "chargeback": -25_00}
        make.statement(given.account, make.line(35_00, str(given.batch)), statement_id="TWO", opening=80_00)
        reconcile_account(account=given.account)
        items = list(Expectation.objects.filter(kind__in=due).values_list("pk", flat=True))
        row = Discrepancy.objects.get(line__amount_minor=35_00)
        proposal = propose(
            discrepancy_id=row.pk, action="MATCH", reason="Netted", actor=given.eve, item_ids=items
        )
        approve(proposal_id=proposal.pk, actor=given.finn)

    match = Match.objects.latest("id")
    assert set(match.items.values_list("expectation_id", flat=True)) == set(items)
    found.refresh_from_db()
    given.batch.refresh_from_db()
    assert (found.bank_confirmed_on, given.batch.state) == (make.DAY, "SETTLED")
    assert till.balance(given, "card.clearing", found.public_id) == Money(0, "USD")


def test_a_return_that_nobody_confirmed_is_not_awaited(given):
    with time_machine.travel(LATER):
        report_payment_return(
            tender=given.paid.tenders.get(), reason="RECALLED", returned_on=make.DAY, actor=given.eve
        )
        pull_expectations(facility_ids=[given.facility.pk])

    assert not Expectation.objects.filter(kind="transfer_return").exists()


def test_who_may_not_report_is_refused(given):
    address = f"/cashiering/payments/{given.paid.public_id}/payment-return/"
    cashier = access.signed_in(given.ana)
    stranger = access.signed_in(make.reviewer(make.hospital("SOUTH"), username="sue"))

    assert cashier.get(address).status_code == 403
    assert stranger.get(address).status_code == 404


def test_a_program_reports_and_a_person_confirms(given):
    client = access.api("payments:read", "payments:write", facilities=[given.facility])
    asked = {
        "payment": given.sale.public_id, "method": "card", "amount": {"amount": "25.00", "currency": "USD"},
        "reason": "disputed", "returned_on": "2026-03-12", "bank_reference": "CB-1",
    }  # fmt: skip
    with time_machine.travel(LATER):
        answer, again = (_reported(client, asked, key) for key in ("key-0001", "key-0002"))
        unknown = _reported(client, asked | {"method": "transfer"}, "key-0003")

    assert (answer.status_code, again.status_code, unknown.status_code) == (201, 409, 404)
    assert (answer.json()["state"], answer.json()["amount"]["amount"]) == ("reported", "25.00")
    (shown,) = client.get("/api/ach/payment-returns").json()["items"]
    assert client.get(f"/api/ach/payment-returns/{shown['id']}").json() == shown


def _reported(client, asked, key):
    return client.post(
        "/api/ach/payment-returns", asked, content_type="application/json", headers={"Idempotency-Key": key}
    )
