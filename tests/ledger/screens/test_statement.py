"""Statements on screen and as files: filters, comparison, and the way down from each figure."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hms_ach import clock
from hms_ach.audit.models import Event
from ledger.commands import record_rate, take_tie_outs
from ledger.models import Period
from ledger.rules.definitions import DEFINITIONS
from ledger.screens.statement import TABLES
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def reviewer(facility):
    return access.signed_in(access.user("FINANCE_REVIEWER", facilities=[facility], username="eve"))


@pytest.fixture
def entries(facility):
    return [
        make.entry(facility, postings=make.lines(125_00), memo="=1+1"),
        make.entry(facility, postings=make.lines(75_00), day=DAY - timedelta(days=7)),
        make.entry(facility, postings=make.lines(30_00, debit="receivable.patient", credit="cash.drawer")),
    ]


def shown(client, name, *args, **query):
    response = client.get(reverse(f"ledger:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def file(client, statement, form, **query):
    response = client.get(reverse("ledger:statement-file", args=[statement, form]), {"until": DAY} | query)
    assert response.status_code == 200
    return response.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return lines[lines.index([]) + 1 :]


def test_the_trial_balance_stands_beside_that_of_other_days(reviewer, facility, entries):
    week = {"since": DAY - timedelta(days=6), "until": DAY}

    compared = shown(reviewer, "trial-balance", compare="previous", **week)

    for figure in ("$95.00", "$75.00", "+$20.00", "+26.7"):
        assert figure in compared


def test_days_without_a_posting_show_the_balances_carried_into_them(reviewer, facility, entries):
    quiet = shown(reviewer, "trial-balance", since=DAY + timedelta(days=1), until=DAY + timedelta(days=9))
    before = shown(reviewer, "trial-balance", since=DAY - timedelta(days=99), until=DAY - timedelta(days=90))

    assert quiet.count("$170.00") == 4
    assert "Nothing was posted up to these days" in before


def test_every_figure_of_the_trial_balance_opens_its_rows(reviewer, facility, entries):
    table = shown(reviewer, "trial-balance", until=DAY, compare="previous", since=DAY - timedelta(days=6))

    figures = re.findall(r'class="figure" href="([^"]+)">([^<]+)<', table)
    assert len(figures) == 2 * 6
    for address, figure in figures:
        rows = reviewer.get(unescape(address)).content.decode()
        assert figure.lstrip("\N{MINUS SIGN}") in rows, address


def test_a_statement_as_it_was_known_leaves_out_what_came_later(reviewer, facility):
    with clock.at(datetime(2026, 3, 20, 15, 0, tzinfo=UTC)):
        make.entry(facility, postings=make.lines(10_00))
    with clock.at(datetime(2026, 3, 20, 16, 0, tzinfo=UTC)):
        make.entry(facility, postings=make.lines(5_00))
    moment = "2026-03-20T11:30"  # half past eleven in New York

    for name, args in [
        ("trial-balance", ()),
        ("account-detail", (facility.legal_entity.code, "1005")),
        ("posting-list", ()),
    ]:
        assert "$15.00" in shown(reviewer, name, *args, until=DAY)
        assert "$15.00" not in shown(reviewer, name, *args, until=DAY, known_at=moment)
        assert "$10.00" in shown(reviewer, name, *args, until=DAY, known_at=moment)


def test_a_file_carries_filter_moment_person_and_definition(reviewer, facility, entries):
    lines = file(reviewer, "trial-balance", "csv", since=DAY).decode()

    assert "Mar 12, 2026 to Mar 12, 2026" in lines
    assert "Eve (eve)" in lines
    assert "debits less credits" in lines
    assert "Produced," in lines
    figures = ["75.00", "125.00", "30.00", "95.00", "170.00"]
    assert rows_of(lines.encode())[1] == ["1005", "Cash in drawers", "Asset", *figures]


# What some statements must be told besides their filter.
NAMED = {
    "account": {"account": "1005"},
    "documents": {"sub_ledger": "till", "role": "cash.drawer", "currency": "USD"},
    "tie-outs": {"period": "2026-03"},
}


@pytest.mark.parametrize("statement", TABLES)
def test_every_statement_is_a_csv_a_workbook_and_a_paper(reviewer, facility, entries, statement):
    of = NAMED.get(statement, {}) | ({"of": facility.legal_entity.code} if statement == "account" else {})

    assert len(rows_of(file(reviewer, statement, "csv", **of))) >= 1
    assert load_workbook(io.BytesIO(file(reviewer, statement, "xlsx", **of))).active.max_row > 8
    assert file(reviewer, statement, "pdf", **of).startswith(b"%PDF-")


def test_the_day_book_holds_every_line_and_no_formula(reviewer, facility, entries):
    rows = rows_of(file(reviewer, "journal", "csv"))

    assert len(rows) == 1 + 6 + 1
    assert "'=1+1" in rows[1]
    assert "=1+1" not in rows[1]


def test_the_account_as_a_file_runs_from_opening_to_closing(reviewer, facility, entries):
    rows = rows_of(file(reviewer, "account", "csv", of=facility.legal_entity.code, account="1005", since=DAY))

    assert [row[-1] for row in rows[1:]] == ["75.00", "200.00", "170.00", "170.00"]


@pytest.mark.parametrize(
    "statement, asked, told",
    [
        ("trial-balance", {"since": "2026-03-12"}, "75.00,125.00,30.00,95.00,170.00"),
        ("chart", {}, "receivable.patient"),
        ("gl-batches", {}, "Total"),
        ("rates", {}, "EUR,USD,1.1"),
        ("periods", {}, "March 2026"),
        ("tie-outs", {"period": "2026-03"}, "Care to be billed,Unbilled receivables,USD"),
        ("documents", {"sub_ledger": "till", "role": "cash.drawer", "currency": "USD"}, "Total,,,0.00"),
    ],
)
def test_every_list_of_the_book_is_a_file_with_what_it_is(
    reviewer, facility, entries, statement, asked, told
):
    eve = make.person("kay")
    record_rate(base="EUR", quote="USD", on=DAY, rate=Decimal("1.1"), source="x", actor=eve)
    take_tie_outs(period_id=Period.objects.get(starts_on__lte=DAY, ends_on__gte=DAY).pk, today=DAY, actor=eve)

    content = file(reviewer, statement, "csv", **asked).decode()

    assert told in content
    assert DEFINITIONS[statement].text.partition(".")[0] in content
    assert load_workbook(io.BytesIO(file(reviewer, statement, "xlsx", **asked)))


@pytest.mark.parametrize(
    "asked",
    [
        {"sub_ledger": "till", "role": "receivable.patient", "currency": "USD"},
        {"sub_ledger": "none", "role": "cash.drawer", "currency": "USD"},
        {"sub_ledger": "till", "role": "cash.drawer", "currency": "DOLLARS"},
        {},
    ],
)
def test_a_figure_that_no_sub_ledger_has_is_refused(reviewer, facility, asked):
    assert reviewer.get(reverse("ledger:open-document-list"), asked).status_code == 422
    address = reverse("ledger:statement-file", args=["documents", "csv"])
    assert reviewer.get(address, asked).status_code == 422


def test_another_entitys_tie_out_is_not_there(reviewer, facility):
    asked = {"sub_ledger": "till", "role": "cash.drawer", "currency": "USD", "tie_out": "tie_none"}

    assert reviewer.get(reverse("ledger:open-document-list"), asked).status_code == 404


def test_who_took_a_statement_stays_in_the_audit_trail(reviewer, facility, entries):
    file(reviewer, "trial-balance", "csv")

    event = Event.objects.get(action="ledger.export_statement")
    assert event.actor.username == "eve"
    assert event.after["statement"] == "trial-balance"


BAD = [
    {"until": "nonsense"},
    {"until": "0001-01-01"},
    {"until": "9999-12-31"},
    {"since": "2026-02-30"},
    {"since": "2026-03-12", "until": "2026-03-01"},
    {"known_at": "yesterday"},
    {"known_at": "0001-01-01T00:00"},
    {"entity": "NOT-MINE"},
    {"facility": "NOT-MINE"},
]
PAGES = ["trial-balance", "entry-list", "posting-list", "open-item-list", "chart-list", "account-role-list"]


@pytest.mark.parametrize("asked", BAD)
def test_a_filter_that_cannot_be_understood_shows_nothing_and_says_why(reviewer, facility, entries, asked):
    names = PAGES if "known_at" not in asked else PAGES[:3]

    for name in names:
        assert "Nothing is shown" in shown(reviewer, name, **asked), name
    for name in ["trial-balance", "journal", "postings"]:
        address = reverse("ledger:statement-file", args=[name, "csv"])
        assert reviewer.get(address, asked).status_code == 422


@pytest.mark.parametrize(
    "asked", [{"compare": "days"}, {"compare": "moon"}, {"compare": "days", "compare_until": "x"}]
)
def test_a_comparison_with_no_days_says_so(reviewer, facility, asked):
    assert "Nothing is shown" in shown(reviewer, "trial-balance", **asked)


@pytest.mark.parametrize("asked", [{"page": "9" * 30}, {"side": "left"}])
def test_a_page_beyond_the_last_or_a_side_that_is_none_is_no_error(reviewer, facility, entries, asked):
    shown(reviewer, "posting-list", until=DAY, **asked)


def test_an_unknown_statement_or_form_or_account_is_not_there(reviewer, facility):
    for statement, form in [("moon", "csv"), ("trial-balance", "exe"), ("account", "csv")]:
        assert reviewer.get(reverse("ledger:statement-file", args=[statement, form])).status_code == 404


def test_other_facilities_stay_out_of_files(facility, entries):
    foreign = access.signed_in(access.user("AUDITOR", facilities=[make.book()]))

    assert rows_of(file(foreign, "postings", "csv"))[1:] == [["Total", *[""] * 9, "0.00", "0.00", "", "", ""]]
    assert (
        foreign.get(
            reverse("ledger:statement-file", args=["account", "csv"]),
            {"of": facility.legal_entity.code, "account": "1005"},
        ).status_code
        == 404
    )


def test_a_cashier_takes_no_statement(facility):
    cashier = access.signed_in(access.user("CASHIER", facilities=[facility]))

    assert cashier.get(reverse("ledger:statement-file", args=["journal", "csv"])).status_code == 403


def test_the_day_book_ends_in_the_same_totals_on_screen_and_in_its_file(reviewer, facility, entries):
    content = shown(reviewer, "entry-list", until=DAY)
    total = rows_of(file(reviewer, "journal", "csv"))[-1]

    assert "Total of 3 entries" in content
    assert "In balance" in content
    assert "$230.00" in content
    assert total[0] == "Total"
    assert total[10:12] == ["230.00", "230.00"]


def test_postings_in_a_foreign_currency_add_up_in_it(reviewer, facility):
    make.entry(facility, postings=make.lines(80_00))

    total = rows_of(file(reviewer, "postings", "csv", account="1005", currency="USD"))[-1]

    assert total[12:14] == ["80.00", "USD"]


def test_a_statement_without_postings_still_says_what_it_opened_and_closed_with(reviewer, facility, entries):
    later = {"since": DAY + timedelta(days=1), "until": DAY + timedelta(days=2)}

    content = shown(reviewer, "account-detail", facility.legal_entity.code, "1005", **later)

    for words in ("Opening balance", "No postings in these days", "Moved in these days", "$0.00", "$170.00"):
        assert words in content


def test_a_clearing_file_ends_in_the_total_of_its_items(reviewer, facility, entries):
    total = rows_of(file(reviewer, "clearing", "csv"))[-1]
    page = shown(reviewer, "open-item-list", until=DAY)

    assert total[0] == "Total"
    assert total[9:11] == ["170.00", "USD"]
    assert "Total of these items" in page
    assert "$170.00" in page


def test_what_entities_owe_each_other_names_all_books_it_was_taken_from(reviewer, facility):
    content = file(reviewer, "affiliates", "csv", items="on").decode()

    assert "Legal entities open to the reader" in content
    assert "Shown,item by item" in content
    assert "Facilities," not in content
