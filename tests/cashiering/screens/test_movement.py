"""Cash in and out of the own drawer on the screens, with the paper that proves it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cashiering.models import CashMovement
from cashiering.screens import movement
from hms_ach.files.models import StoredFile
from tests.cashiering.screens.test_register import Browser
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db
URL = "/cashiering/my-session/movement/"


def stamps(**typed):
    paper = SimpleUploadedFile("stamps.jpg", b"\xff\xd8\xff stamps", "image/jpeg")
    return {"kind": "PAID_OUT", "amount": "12.50", "reason": "Stamps", "key": "k", "slip": paper} | typed


def test_a_paid_out_keeps_its_receipt_which_opens_from_the_session():
    given = make.till()
    session = make.opened(given)

    Browser(given.ana).post(URL, **stamps())

    made = CashMovement.objects.get(kind="PAID_OUT")
    head, stranger = access.signed_in(given.cora), access.signed_in(access.user("HEAD_CASHIER"))
    page = head.get(f"/cashiering/sessions/{session.public_id}/").content.decode()
    address = f"/cashiering/movements/{made.public_id}/slip/"
    assert address in page
    assert b"".join(head.get(address).streaming_content) == b"\xff\xd8\xff stamps"
    assert stranger.get(address).status_code == 404


def test_a_refused_movement_keeps_no_file(monkeypatch):
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)

    refused = browser.post(URL, **stamps(reason=" "))
    monkeypatch.setattr(movement, "SLIP_BYTES", 4)
    large = browser.post(URL, **stamps())

    assert (refused.status_code, large.status_code) == (422, 422)
    assert "larger than 4 bytes" in large.content.decode()
    assert not StoredFile.objects.exists()
    assert not CashMovement.objects.filter(kind="PAID_OUT").exists()
