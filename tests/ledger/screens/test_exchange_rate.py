"""Recording exchange rates by hand on screen."""

import pytest
from django.urls import reverse

from ledger.models import ExchangeRate
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
EURO = {"base": "EUR", "quote": "USD", "on": "2026-03-12", "source": "Bank"}


@pytest.mark.parametrize("wrong", [{"rate": "-1.08"}, {"quote": "EUR"}, {"rate": "0"}])
def test_what_is_no_rate_at_all_is_not_offered_as_right(wrong):
    facility = make.book(code="NORTH")
    gil = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    new = reverse("ledger:exchange-rate-new")

    refused = gil.post(new, EURO | {"rate": "1.08"} | wrong)
    insisted = gil.post(new, EURO | {"rate": "1.08"} | wrong | {"is_sure": "on"})

    assert refused.status_code == insisted.status_code == 422
    assert "is no rate from EUR to" in refused.content.decode()
    assert "looks like a slip:" not in refused.content.decode()
    assert not ExchangeRate.objects.exists()
