"""The cash book on screen and as files."""

import io

import pytest
from openpyxl import load_workbook

from cashiering.models import CashBookPage
from hms_ach.audit.models import Event
from tests.cashiering.commands.test_cash_book import lived
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

BOOK = "/cashiering/cash-book/"


def test_the_page_shows_each_line_and_leads_to_its_documents():
    given, session = lived()
    make.approved(session, given, 215_00)
    browser = access.signed_in(given.cora)

    page = browser.get(f"{BOOK}?day={session.business_on}").content.decode()
    address = page.split('<a href="/cashiering/cash-book/')[1].split('"')[0].replace("&amp;", "&")
    line = browser.get(f"/cashiering/cash-book/{address}").content.decode()

    assert "Not written yet" in page
    assert "$40.00" in page
    assert "Payment" in line
    assert "Handed on" in line


def test_a_cashier_sees_no_cash_book_and_the_auditor_writes_none():
    given, session = lived()
    auditor = access.user("AUDITOR", facilities=[given.facility])
    address = f"{BOOK}{given.facility.code}/{session.business_on}/page/"

    assert access.signed_in(given.ana).get(BOOK).status_code == 403
    assert access.signed_in(auditor).get(BOOK).status_code == 200
    assert access.signed_in(auditor).post(address).status_code == 403


def test_a_page_is_written_by_hand_once():
    given, session = lived()
    address = f"{BOOK}{given.facility.code}/{session.business_on}/page/"
    browser = access.signed_in(given.cora)
    early = browser.post(address, follow=True).content.decode()
    make.approved(session, given, 215_00)

    written = browser.post(address, follow=True).content.decode()
    again = browser.post(address, follow=True).content.decode()

    assert "drawers are not approved" in early
    assert "is written. It never changes." in written
    assert "is written already" in again
    assert CashBookPage.objects.get().written_by == given.cora


@pytest.mark.parametrize("level", ["place", "department", "site", "institution"])
def test_the_files_say_what_the_page_says_and_who_took_them(level):
    given, session = lived()
    make.approved(session, given, 215_00)
    browser = access.signed_in(given.cora)
    query = f"?day={session.business_on}&by={level}"

    csv = b"".join(browser.get(f"/cashiering/cash-book.csv{query}").streaming_content).decode()
    xlsx = b"".join(browser.get(f"/cashiering/cash-book.xlsx{query}").streaming_content)

    sheet = load_workbook(io.BytesIO(xlsx)).active
    assert any(row[-2] in (35_00 / 100, "35.00") for row in sheet.iter_rows(values_only=True))
    assert ",Card,USD,0.00,25.00,0.00,0.00,0.00,0.00,25.00," in csv
    assert Event.objects.filter(action="cashiering.export_cash_book").count() == 2


def test_paper_and_bad_addresses():
    given, session = lived()
    browser = access.signed_in(given.cora)

    pdf = browser.get(f"/cashiering/cash-book.pdf?day={session.business_on}")

    code = given.facility.code
    assert pdf.content.startswith(b"%PDF")
    assert browser.get("/cashiering/cash-book.exe").status_code == 404
    assert browser.get(f"{BOOK}?day=yesterday").status_code == 422
    assert browser.get(f"{BOOK}{code}/2026-13-40/cash.drawer/USD/").status_code == 404
    assert browser.get(f"{BOOK}{code}/2026-03-01/revenue/USD/?register=x").status_code == 404
    assert browser.post(f"{BOOK}{code}/never/page/").status_code == 404
