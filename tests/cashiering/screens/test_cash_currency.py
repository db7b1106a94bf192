"""Foreign cash on screen: the rules by two people, the register with its rate, and every count."""

import pytest

from cashiering.commands import ask_cash_currency
from cashiering.formats.escpos_receipt import receipt_bytes
from cashiering.models import CashCurrency, Deposit, Payment, SafeCount, Session
from cashiering.queries.payment import payment_shown
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

REGISTER = "/cashiering/register/"


def typed(given, minor: int, **more) -> dict:
    """The register's form as a browser sends it, for one new invoice."""
    bill = make.invoice(given, minor)
    amount = f"{minor // 100}.{minor % 100:02d}"
    return {
        "key": f"till_{bill.pk}",
        "patient": given.patient.pk,
        "invoice": bill.pk,
        f"amount-{bill.pk}": amount,
        f"seen-{bill.pk}": amount,
        **more,
    }


def test_one_person_asks_and_another_lets_it_count():
    given = make.till()
    asks = access.signed_in(given.cora)
    answer = asks.post(
        "/cashiering/foreign-cash/",
        {
            "facility": given.facility.code,
            "currency": "EUR",
            "is_taken": "yes",
            "smallest": "5",
            "rate_days": "1",
            "gives_back": "SAME",
        },
    )
    rule = CashCurrency.objects.get()
    own = asks.post(f"/cashiering/foreign-cash/{rule.public_id}/approval/")
    approved = access.signed_in(given.gil).post(f"/cashiering/foreign-cash/{rule.public_id}/approval/")

    rule.refresh_from_db()
    assert (answer.status_code, own.status_code, approved.status_code) == (302, 403, 302)
    assert (rule.smallest_minor, rule.rate_days, rule.approved_by) == (5_00, 1, given.gil)
    said = access.signed_in(given.gil).get("/cashiering/foreign-cash/").content.decode()
    assert "No rate from EUR to USD is known" in said


@pytest.mark.parametrize(
    ("smallest", "currency"), [("seven", "EUR"), ("7", "EUR"), ("5", "USD"), ("-5", "EUR")]
)
def test_a_rule_that_cannot_be_keeps_what_was_typed_and_says_why(smallest, currency):
    given = make.till()

    answer = access.signed_in(given.cora).post(
        "/cashiering/foreign-cash/",
        {
            "facility": given.facility.code,
            "currency": currency,
            "is_taken": "yes",
            "smallest": smallest,
            "rate_days": "0",
            "gives_back": "LOCAL",
        },
    )

    assert answer.status_code == 422
    assert f'value="{smallest}"' in answer.content.decode()
    assert not CashCurrency.objects.exists()


def test_the_register_shows_the_rate_with_its_source_and_day_and_takes_notes():
    given = make.till()
    make.taking(given, smallest_minor=5_00)
    make.opened(given)
    browser = access.signed_in(given.ana)
    form = typed(given, 52_30, cash="50", cash_currency="EUR")
    page = browser.get(f"{REGISTER}?patient={given.patient.pk}").content.decode()

    taken = browser.post(f"{REGISTER}payment/", form)

    payment = Payment.objects.get()
    shown = payment_shown(payment)
    assert taken.status_code == 302
    assert "1 EUR = 1.1 USD, ECB" in page
    assert shown.tenders[0].label == "Cash EUR 50.00 at 1.1"
    assert str(shown.change) == "2.70"
    printed = receipt_bytes(shown, link="https://example.org/r")
    assert b"Cash EUR 50.00 at 1.1" in printed
    assert b"55.00" in printed


def test_a_facility_without_foreign_cash_shows_no_choice():
    given = make.till()
    make.opened(given)
    make.invoice(given, 10_00)

    page = access.signed_in(given.ana).get(f"{REGISTER}?patient={given.patient.pk}").content.decode()

    assert "cash_currency" not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cash": "52", "cash_currency": "EUR"}, "smallest piece taken here is €5.00"),
        ({"cash": "fifty", "cash_currency": "EUR"}, "is not an amount in EUR"),
        ({"cash": "-50", "cash_currency": "EUR"}, "more than zero"),
        ({"cash": "50", "cash_currency": "CAD"}, "CAD is not taken in cash here"),
        ({"cash": "50", "cash_currency": "X1!"}, "is not an ISO 4217 currency code"),
        ({"cash": "5", "cash_currency": "EUR"}, "is missing"),
        ({"cash": "50", "cash_currency": "GBP"}, "No rate from GBP to USD is known"),
        ({"cash": "0", "cash_currency": "EUR"}, "more than zero"),
    ],
)
def test_bad_notes_take_nothing_and_say_why(more, words):
    given = make.till()
    make.taking(given, smallest_minor=5_00)
    asked = ask_cash_currency(facility=given.facility, currency="GBP", smallest_minor=5_00, actor=given.cora)
    CashCurrency.objects.filter(pk=asked.pk).update(approved_by=given.gil, approved_at=asked.asked_at)
    make.opened(given)

    answer = access.signed_in(given.ana).post(f"{REGISTER}payment/", typed(given, 52_30, **more))

    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not Payment.objects.exists()


def test_a_rate_that_changed_is_told_and_the_next_try_is_at_the_new_one():
    given = make.till()
    make.taking(given)
    make.opened(given)
    browser = access.signed_in(given.ana)
    form = typed(given, 52_30, cash="50", cash_currency="EUR", **{"rate-EUR": "1"})

    refused = browser.post(f"{REGISTER}payment/", form)

    said = refused.content.decode()
    rate = said.split('name="rate-EUR" value="')[1].split('"')[0]
    assert refused.status_code == 422
    assert "The rate of EUR changed while this payment was open" in said
    assert browser.post(f"{REGISTER}payment/", form | {"rate-EUR": rate}).status_code == 302


def test_notes_are_split_off_as_a_line_and_local_cash_pays_the_rest():
    given = make.till()
    make.taking(given)
    make.opened(given)
    browser = access.signed_in(given.ana)
    form = typed(given, 30_00, cash="20", cash_currency="EUR")
    page = browser.post(f"{REGISTER}payment/", form | {"split": "1"}).content.decode()
    line = page.split('name="line" value="')[1].split('"')[0].replace("&quot;", '"')

    taken = browser.post(
        f"{REGISTER}payment/", form | {"line": line, "cash": "", "cash_currency": "USD", "rest": "cash"}
    )

    tenders = Payment.objects.get().tenders.order_by("line")
    assert taken.status_code == 302
    assert "Cash €20.00" in page
    assert list(tenders.values_list("foreign_currency", "amount_minor")) == [("EUR", 22_00), ("", 8_00)]


def test_the_rest_in_notes_is_the_fewest_that_pay_it():
    given = make.till()
    make.taking(given, smallest_minor=5_00)
    make.opened(given)

    access.signed_in(given.ana).post(
        f"{REGISTER}payment/", typed(given, 52_30, rest="cash", cash_currency="EUR")
    )

    assert Payment.objects.get().tenders.get().foreign_minor == 50_00


def test_notes_are_counted_at_the_close_in_the_safe_and_in_a_bag_of_their_own():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    ana, cora = access.signed_in(given.ana), access.signed_in(given.cora)
    ana.post("/cashiering/my-session/counting/")
    page = ana.get("/cashiering/my-session/").content.decode()
    local = {
        "pieces-10000": "1",
        "pieces-5000": "1",
        "pieces-2000": "2",
        "pieces-500": "1",
        "pieces-200": "1",
    }
    ana.post(
        "/cashiering/my-session/count/", local | {"pieces-25": "1", "pieces-5": "1", "foreign-EUR-5000": "1"}
    )
    cora.post(f"/cashiering/sessions/{session.public_id}/approval/")
    detail = cora.get(f"/cashiering/sessions/{session.public_id}/").content.decode()
    code = given.facility.code

    cora.post(f"/cashiering/safe/{code}/count/", {"currency": "EUR", "pieces-5000": "1"})
    bag = {"currency": "EUR", "session": session.pk, "bag_number": "E1", "slip_number": "E1"}
    wrong = cora.post(f"/cashiering/deposits/new/{code}/", bag | {"declared_cash": "45"})
    right = cora.post(f"/cashiering/deposits/new/{code}/", bag | {"declared_cash": "50"})

    session = Session.objects.get()
    assert "foreign-EUR-5000" in page
    assert "Each currency of the drawer" in detail
    assert session.state == "APPROVED"
    assert (SafeCount.objects.get().currency, SafeCount.objects.get().difference_minor) == ("EUR", 0)
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (Deposit.objects.get().currency, Deposit.objects.get().cash_minor) == ("EUR", 50_00)


def test_every_page_of_the_cash_offers_the_currencies_of_the_drawer():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    access.user("CASHIER", facilities=[given.facility])
    make.paid(session, given, make.notes(50_00), minor=52_30)
    ana, cora = access.signed_in(given.ana), access.signed_in(given.cora)
    pages = {
        "/cashiering/my-session/float/?currency=EUR": "Counted here: <strong>EUR</strong>",
        "/cashiering/my-session/handover/": "foreign-EUR-5000",
        "/cashiering/my-session/movement/": '<option value="EUR"',
        "/cashiering/my-session/suspect-note/": 'value="EUR:5000"',
    }

    for address, words in pages.items():
        assert words in ana.get(address).content.decode(), address
    detail = cora.get(f"/cashiering/sessions/{session.public_id}/").content.decode()
    top_up = cora.get(f"/cashiering/sessions/{session.public_id}/top-up/?currency=EUR").content.decode()
    assert "foreign-EUR-5000" in detail
    assert "Counted here: <strong>EUR</strong>" in top_up
