"""A cashier's day on the screens, as a browser without JavaScript sees it."""

import html
import re

import pytest

from cashiering.models import Payment, Session
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


class Browser:
    """A signed-in cashier whose every response is kept."""

    def __init__(self, person) -> None:
        self.client = access.signed_in(person)
        self.seen = []

    def get(self, address: str):
        return self._keep(self.client.get(address, follow=True))

    def post(self, address: str, **form):
        return self._keep(self.client.post(address, form, follow=True))

    def _keep(self, answer):
        self.seen.append(answer.content.decode(errors="replace") + str(answer.headers))
        return answer


def fields(answer) -> dict[str, str]:
    """The payment form as a browser would send it."""
    text = answer.content.decode()
    form = text[text.index('class="till__form"') :]
    values = dict(re.findall(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', form))
    for name, value in re.findall(r'id="(amount-\d+)"\s+name="[^"]+"\s+value="([^"]*)"', form):
        values[name] = value
    lines = re.findall(r'<input\s+type="hidden"\s+name="line"\s+value="([^"]*)"', form)
    values.pop("line", None)
    values.update({"line": [html.unescape(line) for line in lines]} if lines else {})
    values["invoice"] = re.findall(r'name="invoice"\s+value="(\d+)"[^>]*checked', form)
    return values


def pay(browser: Browser, given: make.Till, invoice, **typed):
    page = browser.get(f"/cashiering/register/?q={invoice.number}")
    return browser.post("/cashiering/register/payment/", **{**fields(page), **typed})


def opened(given: make.Till) -> Browser:
    browser = Browser(given.ana)
    browser.post("/cashiering/my-session/opening/", register=given.register.public_id)
    pieces = {f"pieces-{face}": number for face, number in make.FLOAT.items()}
    browser.post("/cashiering/my-session/opening-count/", **pieces)
    return browser


def test_a_day_at_the_register_never_shows_the_expected_cash_before_the_count():
    given = make.till()
    browser = opened(given)
    pay(browser, given, make.invoice(given, 31_07), cash="40")
    pay(browser, given, make.invoice(given, 12_06), cash="12.06")
    browser.get("/cashiering/payments/")
    browser.get("/cashiering/sessions/")
    browser.get(f"/cashiering/sessions/{Session.objects.get().public_id}/")
    browser.post("/cashiering/my-session/counting/")
    browser.get("/cashiering/my-session/")

    before = list(browser.seen)
    pieces = {f"pieces-{face}": number for face, number in make.pieces(240_00).items()}
    browser.post("/cashiering/my-session/count/", **pieces)
    recount = {f"pieces-{face}": number for face, number in make.pieces(243_13).items()}
    after = browser.post("/cashiering/my-session/count/", **recount)

    hidden = [text for text in [*before, browser.seen[-2]] if re.search(r"243\.?13|24313|3\.13", text)]
    assert hidden == []
    assert "$243.13" in after.content.decode()


def test_cash_with_change_shows_the_receipt_and_the_change():
    given = make.till()
    browser = opened(given)

    answer = pay(browser, given, make.invoice(given, 85_00), cash="100")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "$15.00" in page
    assert Payment.objects.get().receipt_number in page


def test_sending_the_form_twice_takes_the_money_once():
    given = make.till()
    browser = opened(given)
    bill = make.invoice(given, 85_00)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))

    first = browser.post("/cashiering/register/payment/", **form, cash="85")
    second = browser.post("/cashiering/register/payment/", **form, cash="85")

    assert first.redirect_chain == second.redirect_chain
    assert Payment.objects.count() == 1


def test_a_tender_button_takes_the_rest_without_javascript():
    given = make.till()
    browser = opened(given)

    pay(browser, given, make.invoice(given, 85_00), cash="50", rest="CARD")

    tenders = Payment.objects.get().tenders.order_by("line")
    assert {row.kind: row.amount_minor for row in tenders} == {"CARD": 35_00, "CASH": 50_00}


def test_a_refusal_keeps_what_was_typed_and_says_why():
    given = make.till()
    browser = opened(given)

    answer = pay(browser, given, make.invoice(given, 85_00), cash="20")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "$65.00 is missing" in page
    assert 'value="20"' in page
    assert "<title>Error:" in page


def test_a_balance_that_changed_shows_the_old_and_the_new_amount():
    given = make.till()
    browser = opened(given)
    bill = make.invoice(given, 85_00)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    make.take_payment(
        session=other,
        patient=given.patient,
        allocations=[(bill.pk, make.Money(60_00, "USD"))],
        tenders=[make.cash(60_00)],
        key="other",
        actor=given.ben,
    )

    answer = browser.post("/cashiering/register/payment/", **form, cash="85")

    assert answer.status_code == 422
    page = re.sub(r"<[^>]+>", "", answer.content.decode())
    assert "was 85.00, is $25.00 now" in page
    again = browser.post("/cashiering/register/payment/", **fields(answer), cash="25")
    assert again.status_code == 200
    assert Payment.objects.filter(session__cashier=given.ana).get().total_minor == 25_00


@pytest.mark.parametrize("text", ["name", "mrn", "invoice"])
def test_one_box_finds_a_person(text):
    given = make.till()
    browser = opened(given)
    bill = make.invoice(given, 85_00)
    typed = {"name": "Okaf", "mrn": given.patient.mrn, "invoice": bill.number}[text]

    answer = browser.get(f"/cashiering/register/?q={typed}")

    page = answer.content.decode()
    assert answer.redirect_chain == []
    assert given.patient.name in page
    assert "$85.00" in page


def test_a_head_cashier_approves_and_deposits_and_finance_verifies_the_bag():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))
    make.paid(session, given, make.cheque(60_00))
    make.start_counting(session=session, actor=given.ana)
    ticked = list(Payment.objects.filter(tenders__kind="CHEQUE").values_list("tenders__pk", flat=True))
    make.commit_count(
        session=session, denominations=make.pieces(240_00), ticked_cheques=ticked, actor=given.ana
    )
    head, finance = Browser(given.cora), Browser(access.user("FINANCE_REVIEWER", facilities=[given.facility]))

    head.post(f"/cashiering/sessions/{session.public_id}/approval/")
    sealed = head.post(
        f"/cashiering/deposits/new/{given.facility.code}/",
        session=[session.pk],
        cheque=ticked,
        declared_cash="40",
        declared_cheques="60.00",
        bag_number="BAG1",
        slip_number="SLIP1",
    )
    address = sealed.redirect_chain[-1][0]
    own = head.post(f"{address}verification/")
    finance.post(f"{address}verification/")
    handed = head.post(f"{address}handover/", courier="Armoured Ltd")

    assert own.status_code == 403
    assert "In transit" in handed.content.decode()
    assert make.balance(given, "deposit.in_transit") == make.Money(100_00, "USD")
    assert make.balance(given, "cheque.drawer") == make.Money(0, "USD")


@pytest.mark.parametrize("address", ["card-batches", "deposits", "payments", "sessions", "registers"])
def test_lists_open_for_a_controller(address):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.card(40_00))

    answer = Browser(given.gil).get(f"/cashiering/{address}/")

    assert answer.status_code == 200


def test_a_receipt_prints_as_page_pdf_and_bytes_and_duplicates_are_numbered():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser = Browser(given.ana)
    address = f"/cashiering/payments/{payment.public_id}/receipt"

    duplicate = browser.post(f"{address}/")

    assert "DUPLICATE 1" in duplicate.content.decode()
    assert browser.get(f"{address}.pdf").content.startswith(b"%PDF")
    assert b"DUPLICATE 1" in browser.get(f"{address}.bin").content
