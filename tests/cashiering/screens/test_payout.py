"""A processor's report through the browser and the API, and a chargeback won from the bank's credit."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cashiering.commands import (
    close_card_batch,
    confirm_payment_return,
    report_payment_return,
    set_merchant_agreement,
)
from cashiering.models import ChargebackWin, Payout
from hms_ach import clock
from hms_ach.money import Money
from reconciliation.commands import reconcile_account
from reconciliation.models import Discrepancy
from tests.make import access
from tests.make import cashiering as make
from tests.make import reconciliation as bank

pytestmark = pytest.mark.django_db
NOON, LATER = (datetime(2026, 3, day, 17, tzinfo=UTC) for day in (12, 18))
HEAD = "payout,paid_on,merchant,type,batch,case,gross,fee,chargebacks,net"
LIST = "/cashiering/payouts/"


@pytest.fixture
def till():
    with clock.at(NOON):
        till = make.till()
        set_merchant_agreement(
            facility=till.facility, merchant_id="445501", fee_basis_points=250, fee_fixed_minor=0,
            settlement_days=1, starts_on=bank.DAY, actor=till.gil,
        )  # fmt: skip
        till.sale = make.paid(make.opened(till), till, make.card(60_00)).tenders.get()
        till.batch = close_card_batch(batch=till.sale.card_batch, actor=till.gil)
        till.eve, till.finn = bank.reviewer(till.facility), bank.approver(till.facility)
        yield till


def report(till, fee: str, net: str) -> bytes:
    return f"{HEAD}\nPO-1,2026-03-13,445501,batch,{till.batch.number},,60.00,{fee},,{net}\n".encode()


def uploaded(client, till, content: bytes):
    file = SimpleUploadedFile("payout.csv", content)
    return client.post(f"{LIST}upload/", {"facility": till.facility.pk, "file": file}, follow=True)


def test_a_report_is_taken_in_and_another_person_accepts_its_fee(till):
    eve, finn = access.signed_in(till.eve), access.signed_in(till.finn)

    shown = uploaded(eve, till, report(till, "2.00", "58.00")).content.decode()
    assert "do not agree with ours" in shown

    page = f"{LIST}{Payout.objects.get().public_id}/"
    assert "who did not take the report in, accepts it." in eve.get(page).content.decode()
    assert "0.50" in finn.get(page).content.decode()
    finn.post(f"{page}acceptance/", {"reason": "the new price list"})
    assert Payout.objects.get().state == "AWAITED"
    assert "the new price list" in eve.get(page).content.decode()
    eve.post(f"{page}withdrawal/", {"reason": "the processor sent another"})
    assert Payout.objects.get().state == "WITHDRAWN"


def test_a_report_that_cannot_be_read_shows_every_finding_and_takes_nothing(till):
    shown = uploaded(access.signed_in(till.eve), till, report(till, "1.5", "58.51"))

    assert shown.status_code == 422
    assert "has not the 2 decimals of USD" in shown.content.decode()
    assert not Payout.objects.exists()


def test_who_may_not_is_refused(till):
    uploaded(access.signed_in(till.eve), till, report(till, "2.00", "58.00"))
    page = f"{LIST}{Payout.objects.get().public_id}/"

    assert access.signed_in(till.ana).get(f"{LIST}upload/").status_code == 403
    assert access.signed_in(till.eve).post(f"{page}acceptance/", {"reason": "x"}).status_code == 403
    stranger = access.signed_in(bank.reviewer(bank.hospital("SOUTH"), username="sue"))
    assert stranger.get(page).status_code == 404
    assert "PO-1" not in stranger.get(LIST).content.decode()


def test_a_program_sends_the_report_and_reads_what_came_of_it(till):
    client = access.api("advices:write", facilities=[till.facility])
    address = f"/api/ach/payout-reports/{till.facility.code}/payout.csv"

    first, again = (_put(client, address, report(till, "1.50", "58.50"), f"key-000{n}") for n in (1, 2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()[0]["state"] == "awaited"
    (shown,) = client.get("/api/ach/payouts").json()["items"]
    assert (shown["net"]["amount"], shown["rows"][0]["card_batch"]) == ("58.50", till.batch.public_id)
    refused = _put(client, address, b"payout,net\nP,1\n", "key-0003")
    assert (refused.status_code, refused.json()["code"]) == (422, "file_rejected")


def _put(client, address: str, content: bytes, key: str):
    return client.put(
        address, content, content_type="application/octet-stream", headers={"Idempotency-Key": key}
    )


def test_the_banks_credit_leads_to_the_chargeback_that_was_won(till):
    taken = report_payment_return(
        tender=till.sale, reason="FRAUD", amount=Money(25_00, "USD"), returned_on=bank.DAY,
        bank_reference="CB-2201", actor=till.eve,
    )  # fmt: skip
    confirm_payment_return(payment_return=taken, actor=till.gil)
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(-25_00, "CB-2201"), bank.line(25_00, "CB-2201"))
    with clock.at(LATER):
        reconcile_account(account=account)
        _won_from_the_credit(till)
        reconcile_account(account=account)

    row, win = Discrepancy.objects.get(line__amount_minor=25_00), ChargebackWin.objects.get()
    assert (row.state, row.closed_by_match.pass_name) == ("APPROVED", "reference")
    assert win.bank_confirmed_on == bank.DAY


def _won_from_the_credit(till) -> None:
    """The reviewer follows the credit's link and reports it; the approver confirms it."""
    row = Discrepancy.objects.get(line__amount_minor=25_00)
    eve, finn = access.signed_in(till.eve), access.signed_in(till.finn)
    page = eve.get(f"/reconciliation/discrepancies/{row.public_id}/").content.decode()
    assert "Was a chargeback won?" in page
    assert "It takes an earlier line back" not in page

    address, _, said = unescape(re.search(r'href="([^"]+/win/[^"]+)"', page)[1]).partition("?")
    eve.post(address, dict(part.split("=") for part in said.split("&")))
    win = ChargebackWin.objects.get()
    decision = f"/cashiering/chargeback-wins/{win.public_id}/decision/"
    assert eve.post(decision, {"verdict": "confirm"}).status_code == 403
    finn.post(decision, {"verdict": "confirm"})
