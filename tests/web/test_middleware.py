"""What no database can keep is refused as unreadable, wherever it was typed."""

import pytest

from tests.make import access

pytestmark = pytest.mark.django_db


def test_a_zero_character_is_no_crash():
    client = access.signed_in(access.user("CASHIER", facilities=[access.facility()]))

    answers = [
        client.get("/cashiering/cheques/?q=%00"),
        client.get("/cashiering/payments/%00/"),
        client.post("/cashiering/payments/pay_x/refund/", {"reason": "a\x00b"}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert "could not be read" in answers[0].content.decode()
