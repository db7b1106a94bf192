"""Statistical accounts on screen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from ledger.commands import Counted, define_statistic, record_statistics
from ledger.models import StatisticEntry
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    facility = make.book(code="NORTH")
    define_statistic(
        legal_entity=facility.legal_entity,
        code="PD",
        name="Patient days",
        unit="days",
        decimals=0,
        actor=make.person("gil"),
    )
    return facility


def signed_in(role, facility):
    return access.signed_in(access.user(role, facilities=[facility]))


def send(client, facility, **said):
    asked = {"account": "PD", "facility": "NORTH", "on": make.DAY, "quantity": "27"} | said
    where = reverse("ledger:statistic-recording", args=[facility.legal_entity.code])
    return client.post(where, asked, follow=True)


def test_a_quantity_is_recorded_shown_and_taken_back(facility):
    reviewer = signed_in("FINANCE_REVIEWER", facility)

    assert "Recorded." in send(reviewer, facility).content.decode()
    where, asked = reverse("ledger:statistic-list"), {"until": make.DAY, "code": "PD"}
    assert "Take back" in reviewer.get(where, asked).content.decode()
    reviewer.post(reverse("ledger:statistic-reversal", args=[StatisticEntry.objects.get().public_id]))

    assert "Taken back" in reviewer.get(where, asked).content.decode()


@pytest.mark.parametrize("wrong", [{"quantity": "x"}, {"quantity": "1.5"}, {"on": ""}, {"account": "MOON"}])
def test_what_does_not_fit_keeps_the_form(facility, wrong):
    answer = send(signed_in("FINANCE_REVIEWER", facility), facility, **wrong)

    assert answer.status_code == 422
    assert not StatisticEntry.objects.exists()


def test_the_controller_defines_and_the_auditor_only_looks(facility):
    where = reverse("ledger:statistic-definition", args=[facility.legal_entity.code])
    new = {"code": "VISIT", "name": "Visits", "unit": "visits", "decimals": "0"}
    controller, auditor = signed_in("CONTROLLER", facility), signed_in("AUDITOR", facility)

    assert "counted from now on" in controller.post(where, new, follow=True).content.decode()
    assert controller.post(where, new).status_code == 422
    assert auditor.post(where, new).status_code == 403
    assert send(auditor, facility).status_code == 403
    assert auditor.get(reverse("ledger:statistic-list")).status_code == 200


def test_other_facilities_stay_out(facility):
    counted = [Counted("PD", facility, make.DAY, Decimal(27), "k1")]
    (entry,) = record_statistics(counted=counted, source="admissions", actor=make.person("eve"))
    foreign = signed_in("FINANCE_REVIEWER", make.book())

    assert foreign.post(reverse("ledger:statistic-reversal", args=[entry.public_id])).status_code == 404
    assert send(foreign, facility).status_code == 404


def test_the_file_of_one_account_says_which_and_how_much_in_all(facility):
    client = signed_in("CONTROLLER", facility)
    for day in (make.DAY, make.DAY - timedelta(days=1)):
        send(client, facility, on=day)

    asked = {"entity": facility.legal_entity.code, "code": "PD", "until": make.DAY}
    content = (
        client.get(reverse("ledger:statement-file", args=["statistics", "csv"]), asked).getvalue().decode()
    )

    assert "Account,PD" in content
    assert "Patient days of NORTH,54 days in 2 entries" in content
