"""The discrepancies as files: what the page shows, and nothing of other facilities."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hms_ach import clock
from hms_ach.audit.models import Event
from reconciliation.commands import assign_discrepancy, propose, reconcile_account
from reconciliation.models import Discrepancy
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db

DAY = LATER.date()


@pytest.fixture
def north():
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        lines = [make.line(125_00, "=SUM(A1)", on=DAY), make.line(-40_00, "DEBIT77", on=DAY)]
        make.statement(account, *lines, on=DAY)
        with clock.at(LATER + timedelta(days=6)):
            reconcile_account(account=account)
            yield account.facility


@pytest.fixture
def eve(north):
    return make.reviewer(north)


def taken(person, form: str, query: str = ""):
    answer = access.signed_in(person).get(
        f"{reverse('reconciliation:discrepancy-report', args=[form])}?{query}"
    )
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def rows_of(person, query: str = "") -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(taken(person, "csv", query).decode())))
    head = next(number for number, line in enumerate(lines) if line and line[0] == "Discrepancy")
    return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]


def test_each_row_says_type_age_amount_owner_proposed_ending_and_service_level(north, eve):
    found = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")
    assign_discrepancy(discrepancy_id=found.pk, owner=eve, actor=eve)
    propose(discrepancy_id=found.pk, action="SUSPENSE", reason="Who pays?", actor=eve)

    row = next(row for row in rows_of(eve) if row["Discrepancy"] == found.public_id)

    assert (row["Type"], row["Amount"], row["Currency"]) == ("Unmatched bank credit", "125.00", "USD")
    assert (row["Age in days"], row["Owner"]) == ("6", eve.get_full_name())
    assert (row["Proposed ending"], row["Why"]) == ("Move to suspense", "Who pays?")
    assert row["Service level"] == "in time"


def test_an_amount_that_nobody_knows_is_empty_and_not_zero(eve):
    missing = [row for row in rows_of(eve) if row["Type"] == "Missing statement"]

    assert missing
    assert {row["Amount"] for row in missing} == {""}


def test_the_file_keeps_the_filter_of_the_page(eve):
    assert {row["Type"] for row in rows_of(eve, "kind=UNMATCHED_DEBIT")} == {"Unmatched bank debit"}
    assert rows_of(eve, "mine=1") == []


def test_workbook_and_paper_hold_the_same_and_whoever_took_them_is_known(eve):
    sheet = load_workbook(io.BytesIO(taken(eve, "xlsx"))).active
    cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}

    assert 125 in cells
    assert taken(eve, "pdf").startswith(b"%PDF")
    assert Event.objects.filter(action="reconciliation.export_discrepancies", actor=eve).count() == 2


def test_nothing_of_other_facilities_is_in_it(north):
    stranger = make.reviewer(make.hospital("LAKE"), username="lea")

    assert rows_of(stranger) == []
