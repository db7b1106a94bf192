"""The pages of what was announced."""

from datetime import UTC, datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cashiering.commands import confirm_bank_receipt, take_advice_file
from hms_ach import calendars, clock
from tests.make import access
from tests.make import cashiering as make
from tests.make.advice import Payment, remittances

pytestmark = pytest.mark.django_db


@pytest.fixture
def till():
    return make.till()


@pytest.fixture
def browser(till):
    return access.signed_in(access.user("FINANCE_REVIEWER", facilities=[till.facility]))


def uploaded(browser, till, content: bytes):
    file = SimpleUploadedFile("era.835", content)
    form = {"facility": till.facility.pk, "file": file}
    return browser.post(reverse("cashiering:advice-upload"), form, follow=True)


def test_an_upload_announces_and_the_list_finds_it(till, browser):
    shown = uploaded(browser, till, remittances(Payment("T100"), Payment("T200", handling="H")))

    assert "1 announced; 0 were here before." in shown.content.decode()
    assert "only gives notice" in shown.content.decode()
    for query, found in (("q=T100", True), ("q=none", False), ("state=MATCHED", False)):
        shown = browser.get(f"{reverse('cashiering:advice-list')}?{query}").content
        assert (b">T100</a>" in shown) == found
        assert (b"To come in" in shown) == found


def test_an_empty_list_says_whether_a_filter_empties_it(till, browser):
    address = reverse("cashiering:advice-list")
    empty = browser.get(address).content.decode()
    uploaded(browser, till, remittances(Payment("T100")))

    late = browser.get(f"{address}?state=LATE").content.decode()
    other = browser.get(f"{address}?kind=ACH_FILE").content.decode()
    named = browser.get(f"{address}?state=LATE&q=T200").content.decode()

    assert ("Nothing announced" in empty, "Clear</a>" in empty) == (True, False)
    assert ("No remittance is late" in late, "Try fewer filters" in other) == (True, True)
    assert ("No remittance is late" in named, "Try fewer filters" in named) == (False, True)
    assert all("Clear</a>" in shown and "Nothing announced" not in shown for shown in (late, other))


def test_a_refused_file_shows_its_findings_at_the_field(till, browser):
    shown = uploaded(browser, till, remittances(Payment("T100", amount="12,5")))

    assert shown.status_code == 422
    assert "is not an amount" in shown.content.decode()
    assert "Findings" in shown.content.decode()


def test_an_advice_is_withdrawn_with_a_reason(till, browser):
    taken = take_advice_file(
        content=remittances(Payment("T100")), name="era", facility=till.facility, actor=till.gil
    )
    page = reverse("cashiering:advice-detail", args=[taken.advices[0].public_id])

    refused = browser.post(f"{page}withdrawal/", {"reason": ""}, follow=True).content.decode()
    shown = browser.post(f"{page}withdrawal/", {"reason": "Sent twice"}, follow=True).content.decode()

    assert "Say why the bank will not show it." in refused
    assert "Sent twice" in shown
    assert "Withdraw the advice" not in shown
    assert access.signed_in(access.user("FINANCE_REVIEWER")).get(page).status_code == 404


def test_a_remittance_whose_money_does_not_come_is_late_and_its_payer_is_written_to(till, browser):
    content = remittances(Payment("T100"))
    advice = take_advice_file(content=content, name="era", facility=till.facility, actor=till.gil).advices[0]
    page = reverse("cashiering:advice-detail", args=[advice.public_id])
    late = f"{reverse('cashiering:advice-list')}?state=LATE"
    letters = []
    for days, is_late in ((3, False), (4, True)):
        on = calendars.add_banking_days(advice.expected_on, days)
        with clock.at(datetime.combine(on, time(17), UTC)):
            client = access.signed_in(access.user("FINANCE_REVIEWER", facilities=[till.facility]))
            assert (b">T100</a>" in client.get(late).content) == is_late
            assert (b"Letter to the payer" in client.get(page).content) == is_late
            letters.append(client.get(f"{page}letter/"))

    assert letters[0].status_code == 302
    assert letters[1].content.startswith(b"%PDF")
    confirm_bank_receipt(kind="remittance", public_id=advice.public_id, on=advice.expected_on, actor=None)
    assert b">T100</a>" not in browser.get(late).content
