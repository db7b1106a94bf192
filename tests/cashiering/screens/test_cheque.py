"""Cheques on the screens: found, reported, confirmed by another, shown at the register."""

import pytest

from cashiering.models import ChequeBlock, ChequeReturn
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_cheque_is_found_reported_confirmed_and_its_block_lifted():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cheque(40_00))
    cora, gil, ana = Browser(given.cora), Browser(given.gil), Browser(given.ana)
    url = f"/cashiering/payments/{payment.public_id}/cheque-return/"
    typed = {"cheque": payment.tenders.get().pk, "reason": "NO_FUNDS", "returned_on": "2026-03-12"}

    refused = cora.post(url, **typed | {"returned_on": "soon"})
    cora.post(url, **typed)
    found = f"/cashiering/cheques/returns/{ChequeReturn.objects.get().public_id}/"
    mine = cora.get(found).content.decode()
    gil.post(f"{found}confirmation/")

    assert refused.status_code == 422
    assert "Another person confirms it" in mine
    assert "Returned" in ana.get("/cashiering/cheques/?q=1001").content.decode()
    assert "1001" in ana.get("/cashiering/cheques/?returned=1").content.decode()
    register = ana.get(f"/cashiering/register/?patient={given.patient.pk}").content.decode()
    receipt = ana.get(f"/cashiering/payments/{payment.public_id}/receipt/").content.decode()
    assert "No cheques:" in register
    assert "Cheque 1001 returned unpaid" in receipt
    block = ChequeBlock.objects.get()
    assert ana.client.post(f"/cashiering/cheque-blocks/{block.public_id}/lifting/").status_code == 403
    cora.post(f"/cashiering/cheque-blocks/{block.public_id}/lifting/", reason="Paid")
    block.refresh_from_db()
    assert block.lifted_by == given.cora
