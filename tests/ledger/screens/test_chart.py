"""The chart, the roles and the posting rules on screen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ledger.commands import plan_chart
from ledger.models import Account, RoleChange
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
GOOD = b"number,name,class,parent\n1000,Current assets,asset,\n1098,Petty,asset,1000\n"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def controller(facility):
    return access.signed_in(access.user("CONTROLLER", facilities=[facility]))


def upload(browser, facility, content):
    address = reverse("ledger:chart-upload", args=[facility.legal_entity.code])
    return browser.post(address, {"file": SimpleUploadedFile("chart.csv", content)})


def test_a_chart_is_shown_before_it_is_taken_in(controller, facility):
    where = upload(controller, facility, GOOD)["Location"]

    shown = controller.get(where).content.decode()
    assert "Take 2 new and 0 changed accounts in" in shown
    assert not Account.objects.filter(number="1098").exists()
    controller.post(where)

    table = controller.get(reverse("ledger:chart-list")).content.decode()
    assert "Current assets" in table
    assert "control account" in table


def test_the_chart_comes_back_as_it_went_out(controller, facility):
    Account.objects.filter(number="1005").update(name="=Cash, in drawers")
    content = controller.get(reverse("ledger:chart-csv", args=[facility.legal_entity.code])).content

    plan = plan_chart(legal_entity=facility.legal_entity, content=content, today=make.DAY)

    assert b"'=Cash" in content
    assert (plan.added, plan.changed, plan.findings) == ((), (), ())
    assert plan.n_same == Account.objects.count()


def test_a_wrong_row_is_named_and_nothing_is_taken_in(controller, facility):
    where = upload(controller, facility, GOOD + b"1097,Wrong,wealth,\n")["Location"]

    shown = controller.get(where).content.decode()
    done = controller.post(where)

    assert "write one of these" in shown
    assert "accounts in</span>" not in shown
    assert done.status_code == 422
    assert not Account.objects.filter(number="1098").exists()


def test_somebody_elses_file_is_not_there(controller, facility):
    where = upload(controller, facility, GOOD)["Location"]

    other = access.signed_in(access.user("CONTROLLER", facilities=[facility]))

    assert other.get(where).status_code == 404


def test_a_role_moves_when_another_person_approves(controller, facility):
    other = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    asked = {
        "role": "expense.petty",
        "account": "8521",
        "valid_from": "2026-03-20",
        "reason": "One account for small costs",
    }
    controller.post(reverse("ledger:account-role-proposal", args=[facility.legal_entity.code]), asked)
    change = RoleChange.objects.get()
    decision = reverse("ledger:account-role-decision", args=[change.public_id])

    own = controller.post(decision, {"decision": "approve"}, follow=True)
    assert "another person must decide" in own.content.decode()
    assert "Approve" in other.get(reverse("ledger:account-role-list")).content.decode()
    other.post(decision, {"decision": "approve"})

    change.refresh_from_db()
    assert change.is_approved


def test_the_rules_page_names_entries_that_no_rule_explains(controller, facility):
    make.entry(facility)
    make.entry(facility, postings=make.lines(credit="revenue.patient_services"))
    day = {"since": make.DAY.isoformat(), "until": make.DAY.isoformat()}

    shown = controller.get(reverse("ledger:posting-rule-list"), day).content.decode()

    assert "Entries that no rule explains" in shown
    assert "Gross patient services revenue</td>" in shown
    assert "revenue.patient_services" not in shown
    assert "A remittance pays a claim" in shown.split("Not posted yet")[1]
