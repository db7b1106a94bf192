"""What those behind the till see: bags and receipts, as a browser without JavaScript sees them."""

import re

import pytest

from cashiering.commands import audit_till, void_payment
from cashiering.models import Deposit, MerchantAgreement
from hms_ach.access.roles import Role
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_refused_bag_keeps_what_was_ticked():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(50_00))
    make.approved(session, given, 250_00)

    answer = access.signed_in(given.cora).post(
        f"/cashiering/deposits/new/{given.facility.code}/", {"declared_cash": "1.00", "bag_number": "B1"}
    )

    box = re.search(r'<input type="checkbox" name="session"[^>]*>', answer.content.decode())
    assert answer.status_code == 422
    assert box is not None
    assert "checked" not in box[0]


def test_an_unwritten_count_of_a_bag_is_unknown_and_not_zero():
    given = make.till()
    session = make.opened(given)
    make.approved(session, given, 200_00)
    chosen = {"session": session.pk, "bag_number": "B1", "slip_number": "S1"}

    answer = access.signed_in(given.cora).post(
        f"/cashiering/deposits/new/{given.facility.code}/", chosen | {"declared_cash": " "}
    )

    assert answer.status_code == 422
    assert "The sum of the cash is not written" in answer.content.decode()
    assert not Deposit.objects.exists()


def test_a_voided_receipt_names_who_voided_it_and_why():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(10_00))
    void_payment(payment=payment, reason="Wrong patient", actor=given.ana)
    auditor = access.user(Role.AUDITOR, facilities=[given.facility])

    said = access.signed_in(auditor).get(f"/cashiering/payments/{payment.public_id}/").content.decode()

    assert f"Wrong patient. By {given.ana.get_full_name()}" in said
    assert f"/billing/patients/{given.patient.public_id}/" in said
    assert payment.session.number in said


def test_what_an_audit_found_is_its_auditors_alone_until_the_drawer_is_counted():
    given = make.till()
    session = make.opened(given)
    audit_till(session=session, denominations=make.pieces(190_00), remarks="Ana stood by", actor=given.gil)

    def said(person) -> str:
        answer = access.signed_in(person).get(f"/cashiering/sessions/{session.public_id}/")
        return answer.content.decode().split('aria-label="Surprise audits"')[1].split("</table>")[0]

    assert "190.00" in said(given.gil)
    assert "190.00" not in said(given.cora)
    make.counted(session, 200_00)
    assert "190.00" in said(given.cora)


def test_a_fee_is_typed_as_an_amount_and_what_is_wrong_with_it_is_said():
    given = make.till()
    address = f"/cashiering/merchant-agreement/{given.facility.code}/"
    asked = {"merchant_id": "9", "fee_percent": "1.85", "settlement_days": "1", "starts_on": "2026-01-02"}
    browser = access.signed_in(given.gil)

    assert browser.post(address, asked | {"fee_fixed": "0,10"}).status_code == 422
    assert browser.post(address, asked | {"fee_fixed": "0.10"}).status_code == 302
    current = MerchantAgreement.objects.get(facility=given.facility, ends_on=None)
    assert (current.merchant_id, current.fee_basis_points, current.fee_fixed_minor) == ("9", 185, 10)
    for wrong in ("1,85", "1.855", "-1", "21", "two"):
        assert browser.post(address, asked | {"fee_fixed": "0.10", "fee_percent": wrong}).status_code == 422


def test_an_agreement_that_would_overlap_the_one_before_is_refused_with_its_first_day():
    given = make.till()
    address = f"/cashiering/merchant-agreement/{given.facility.code}/"
    asked = {"merchant_id": "9", "fee_percent": "1.85", "fee_fixed": "0.10", "settlement_days": "1"}
    browser = access.signed_in(given.gil)
    browser.post(address, asked | {"starts_on": "2026-02-01"})

    answer = browser.post(address, asked | {"starts_on": "2026-02-01"})

    assert answer.status_code == 422
    assert "Give a first day after" in answer.content.decode()
    assert browser.post(address, asked | {"starts_on": "2026-03-01"}).status_code == 302


def test_a_suspect_note_asks_for_nothing_that_is_hidden():
    given = make.till()
    make.opened(given)

    said = access.signed_in(given.ana).get("/cashiering/my-session/suspect-note/").content.decode()

    assert 'name="key"' in said
    assert "Key" not in re.findall(r"<label[^>]*>\s*([^<]*?)\s*<", said)
    assert said.count('name="key"') == 1


def test_a_drawer_that_nobody_can_take_says_what_to_do():
    given = make.till()
    make.opened(given)

    said = access.signed_in(given.ana).get("/cashiering/my-session/float/").content.decode()

    assert "No colleague of this facility has an open drawer" in said
    assert "pieces-" not in said


def test_a_session_and_a_transfer_lead_to_the_book_once_they_are_counted():
    given = make.till()
    session = make.opened(given)
    witness = access.user(Role.HEAD_CASHIER, facilities=[given.facility])
    transfer = make.dropped(session, witness, 50_00)
    auditor = access.signed_in(access.user(Role.AUDITOR, facilities=[given.facility]))

    def entries(where: str) -> list[str]:
        return re.findall(r"/ledger/entries/(ent_[^/]+)/", auditor.get(where).content.decode())

    address = f"/cashiering/sessions/{session.public_id}/"
    assert entries(address) == []
    assert len(entries(f"/cashiering/transfers/{transfer.public_id}/")) == 1
    make.approved(session, given, 150_00)
    assert len(entries(address)) == 3
