"""The safe's count on the screens: what the second person does not type is no total."""

import pytest

from cashiering.commands import count_safe
from cashiering.models import SafeCount
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_second_person_who_types_no_total_confirms_nothing_not_even_an_empty_safe():
    given = make.till()
    count = count_safe(facility=given.facility, denominations={}, bags=[], actor=given.ben)
    cora = access.signed_in(given.cora)
    address = f"/cashiering/safe/counts/{count.public_id}/"

    page = cora.post(f"{address}confirmation/", {"total": " "}, follow=True)
    assert "No amount is written" in page.content.decode()
    assert SafeCount.objects.get().state == "COUNTED"

    cora.post(f"{address}confirmation/", {"total": "0"})
    assert SafeCount.objects.get().state != "COUNTED"
