"""Foreign cash: who lets it be taken, at what rate, and what it does to the drawer and the book."""

import pytest
from django.db.models import Sum

from cashiering.commands import (
    approve_cash_currency,
    approve_session,
    ask_cash_currency,
    correct_tenders,
    record_movement,
    take_payment,
    void_payment,
)
from cashiering.commands.agreement import DrawerFull
from cashiering.commands.cash_currency import (
    CashCurrencyByAsker,
    CashCurrencyDecided,
    CashCurrencyWrong,
    CurrencyNotTaken,
    NoRateToday,
    RateChanged,
)
from cashiering.commands.correction import TendersUnchanged
from cashiering.models import CashCurrency, Tender
from cashiering.queries import cash_to_bank, expected_cash, till_read
from cashiering.queries.cash_currency import cash_currencies, cash_currencies_awaiting
from cashiering.queries.control_room import open_drawers
from cashiering.queries.cross_check import cross_totals, orphans
from cashiering.rules.denominations import DenominationUnknown
from cashiering.rules.foreign_cash import ForeignCashUneven
from cashiering.rules.tenders import CashNotNeeded, TendersTooSmall
from hms_ach.money import CurrencyMismatch, Money
from ledger.models import Posting
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_notes_are_worth_the_rate_of_the_day_and_change_is_local():
    given = make.till()
    make.taking(given)
    session = make.opened(given)

    payment = make.paid(session, given, make.notes(50_00), minor=52_30)

    tender = payment.tenders.get()
    session.refresh_from_db()
    assert (tender.tendered_minor, tender.change_minor, tender.amount_minor) == (55_00, 2_70, 52_30)
    assert (tender.foreign_currency, tender.foreign_minor) == ("EUR", 50_00)
    assert (tender.exchange_rate.source, str(tender.exchange_rate.rate)) == ("ECB", "1.1000000000")
    assert expected_cash(session) == usd(197_30) == usd(session.cash_minor)
    assert expected_cash(session, "EUR") == eur(50_00)
    assert make.balance(given, "cash.drawer", session.public_id) == usd(197_30)
    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == eur(50_00)
    assert make.balance(given, "receivable.patient") == usd(0)


def test_what_was_exchanged_at_the_rate_of_the_book_gains_and_loses_nothing():
    given = make.till()
    make.taking(given, rate="1.0837")
    session = make.opened(given)

    make.paid(session, given, make.notes(33_00), minor=20_00)

    lines = Posting.objects.filter(facility=given.facility, role="fx.gain_loss")
    assert lines.aggregate(sum=Sum("functional_minor"))["sum"] == 0


def test_a_split_of_notes_dollars_and_a_card_gives_change_from_the_last_cash():
    given = make.till()
    make.taking(given)
    session = make.opened(given)

    payment = make.paid(session, given, make.card(10_00), make.notes(20_00), make.cash(20_00), minor=45_00)

    lines = payment.tenders.order_by("line").values_list("tendered_minor", "change_minor")
    assert list(lines) == [(10_00, 0), (22_00, 0), (20_00, 7_00)]
    assert expected_cash(session) == usd(213_00)
    assert expected_cash(session, "EUR") == eur(20_00)


def test_too_few_notes_and_needless_notes_are_refused_with_what_is_missing():
    given = make.till()
    make.taking(given)
    session = make.opened(given)

    with pytest.raises(TendersTooSmall) as small:
        make.paid(session, given, make.notes(20_00), minor=30_00)
    with pytest.raises(CashNotNeeded):
        make.paid(session, given, make.card(30_00), make.notes(5_00), minor=30_00)

    assert "$8.00 is missing" in str(small.value)


@pytest.mark.parametrize(
    ("currency", "minor", "refusal", "words"),
    [
        ("CAD", 20_00, CurrencyNotTaken, "Taken are: USD, EUR"),
        ("EUR", 52_00, ForeignCashUneven, "smallest piece taken here is €5.00"),
    ],
)
def test_other_currencies_and_smaller_pieces_are_refused(currency, minor, refusal, words):
    given = make.till()
    make.taking(given, smallest_minor=5_00)
    session = make.opened(given)

    with pytest.raises(refusal) as refused:
        make.paid(session, given, make.notes(minor, currency), minor=1_00)

    assert words in str(refused.value)


def test_without_a_rate_of_today_nothing_is_taken_and_the_words_say_which_one_there_is():
    given = make.till()
    asked = ask_cash_currency(facility=given.facility, currency="EUR", rate_days=2, actor=given.cora)
    approve_cash_currency(rule=asked, actor=given.gil)
    session = make.opened(given)

    with pytest.raises(NoRateToday) as none:
        make.paid(session, given, make.notes(50_00), minor=1_00)
    make.rated(given, "EUR", "1.10", days_ago=3)
    with pytest.raises(NoRateToday) as old:
        make.paid(session, given, make.notes(50_00), minor=1_00)
    make.rated(given, "EUR", "1.11", days_ago=2)
    payment = make.paid(session, given, make.notes(50_00), minor=1_00)

    assert "No rate from EUR to USD is known" in str(none.value)
    assert "one of the last 2 days" in str(old.value)
    assert payment.tenders.get().tendered_minor == 55_50


def test_a_rate_that_changed_since_the_payer_was_told_is_refused_with_the_new_worth():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    shown = cash_currencies(given.facility, quote="USD", on=session.business_on)[0].rate
    make.rated(given, "EUR", "1.20")

    with pytest.raises(RateChanged) as refused:
        make.paid(session, given, make.notes(50_00, rate_id=shown.id), minor=52_00)

    assert "€50.00 is now worth $60.00, at 1.2" in str(refused.value)
    assert not Tender.objects.exists()


def test_the_same_key_gives_the_same_receipt_even_when_the_rate_changed_meanwhile():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    bill = make.invoice(given, 52_00)
    shown = cash_currencies(given.facility, quote="USD", on=session.business_on)[0].rate
    asked = {
        "session": session,
        "patient": given.patient,
        "allocations": [(bill.pk, usd(52_00))],
        "tenders": [make.notes(50_00, rate_id=shown.id)],
        "key": "once",
        "actor": given.ana,
    }
    first = take_payment(**asked)
    make.rated(given, "EUR", "1.20")

    assert take_payment(**asked) == first


def test_a_void_takes_the_notes_out_again_and_the_change_in():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    payment = make.paid(session, given, make.notes(50_00), minor=52_30)

    void_payment(payment=payment, reason="Wrong", actor=given.ana)

    session.refresh_from_db()
    assert expected_cash(session) == usd(200_00) == usd(session.cash_minor)
    assert expected_cash(session, "EUR") == eur(0)
    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == eur(0)


def test_a_receipt_issued_again_counts_its_notes_at_the_rate_they_were_taken_at():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    payment = make.paid(session, given, make.card(10_00), make.notes(50_00), minor=62_30)
    make.rated(given, "EUR", "1.02")

    asked = {"payment": payment, "reason": "It was a cheque", "key": "again", "actor": given.ana}
    with pytest.raises(TendersUnchanged):
        correct_tenders(tenders=[make.card(10_00), make.notes(50_00)], **asked)
    again = correct_tenders(tenders=[make.cheque(10_00), make.notes(50_00)], **asked)

    session.refresh_from_db()
    notes = again.tenders.get(kind="CASH")
    assert (notes.tendered_minor, notes.change_minor, str(notes.exchange_rate.rate)) == (
        55_00,
        2_70,
        "1.1000000000",
    )
    assert expected_cash(session) == usd(197_30) == usd(session.cash_minor)
    assert expected_cash(session, "EUR") == eur(50_00)


def test_x_read_and_z_read_tell_foreign_cash_apart_and_hide_it_before_the_count():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    make.paid(session, given, make.cash(10_00))

    before = till_read(session)
    make.counted(session, 207_30, EUR=50_00)
    session.refresh_from_db()
    after = till_read(session)

    assert [(one.label, one.amount) for one in before.tenders] == [("Cash", None), ("Cash in EUR", None)]
    assert [(one.amount, one.worth) for one in after.tenders] == [
        (usd(10_00), None),
        (eur(50_00), usd(52_30)),
    ]
    assert [(one.expected, one.difference) for one in after.drawers] == [
        (usd(207_30), usd(0)),
        (eur(50_00), eur(0)),
    ]


def test_a_missing_note_is_a_difference_of_its_own_currency():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    make.counted(session, 197_30, EUR=40_00)

    make.counted_again(session, 197_30, EUR=40_00)

    session.refresh_from_db()
    found = session.over_shorts.get()
    assert session.state == "VARIANCE_PENDING"
    assert (found.currency, found.difference_minor, found.needs_finance) == ("EUR", -10_00, True)


def test_approved_foreign_cash_is_in_the_safe_and_waits_for_the_bank():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)

    make.counted(session, 197_30, EUR=50_00)
    approved = approve_session(session=session, actor=given.cora)

    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == eur(0)
    assert make.balance(given, "cash.safe", currency="EUR") == eur(50_00)
    assert cash_to_bank(approved, "EUR") == eur(50_00)
    assert cash_to_bank(approved) == usd(-2_70)


def test_billed_and_collected_agree_with_foreign_cash_and_local_change():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    make.paid(session, given, make.card(5_00), make.notes(10_00), minor=16_00)

    here, day = [given.facility.pk], session.business_on
    totals = cross_totals(here, day, day)[0]
    assert totals.collected == totals.collected_in_book == usd(68_30)
    assert orphans(here, day, day) == []


def test_a_currency_counts_once_another_person_approved_it():
    given = make.till()
    asked = ask_cash_currency(facility=given.facility, currency="EUR", actor=given.cora)

    with pytest.raises(CashCurrencyByAsker):
        approve_cash_currency(rule=asked, actor=given.cora)
    assert cash_currencies(given.facility, quote="USD", on=asked.asked_at.date()) == []
    approve_cash_currency(rule=asked, actor=given.gil)
    with pytest.raises(CashCurrencyDecided):
        approve_cash_currency(rule=asked, actor=given.gil)

    shown = cash_currencies(given.facility, quote="USD", on=asked.asked_at.date())
    assert [one.currency for one in shown] == ["EUR"]


def test_a_newer_request_takes_the_place_of_one_that_awaits_and_can_end_it():
    given = make.till()
    make.taking(given)
    older = ask_cash_currency(facility=given.facility, currency="EUR", smallest_minor=5_00, actor=given.cora)
    newer = ask_cash_currency(facility=given.facility, currency="EUR", is_taken=False, actor=given.cora)

    with pytest.raises(CashCurrencyDecided):
        approve_cash_currency(rule=older, actor=given.gil)
    assert list(cash_currencies_awaiting([given.facility.pk])) == [newer]
    approve_cash_currency(rule=newer, actor=given.gil)
    assert not cash_currencies_awaiting([given.facility.pk]).exists()

    assert cash_currencies(given.facility, quote="USD", on=newer.asked_at.date()) == []


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        ({"currency": "USD"}, CashCurrencyWrong),
        ({"currency": "XXX"}, DenominationUnknown),
        ({"currency": "EUR", "smallest_minor": 7}, CashCurrencyWrong),
        ({"currency": "EUR", "rate_days": 8}, CashCurrencyWrong),
        ({"currency": "EUR", "gives_back": "GOLD"}, CashCurrencyWrong),
    ],
)
def test_rules_that_cannot_be_are_refused(rule, refusal):
    given = make.till()

    with pytest.raises(refusal):
        ask_cash_currency(facility=given.facility, actor=given.cora, **rule)

    assert not CashCurrency.objects.exists()


def test_foreign_notes_count_towards_the_drawers_limit():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    here = [given.facility.pk]

    make.paid(session, given, make.notes(900_00), minor=980_00)
    before = open_drawers(here)[0]
    with pytest.raises(DrawerFull):
        make.paid(session, given, make.notes(5_00), minor=5_00)
    make.dropped(session, given.cora, eur(800_00))

    assert (before.fullness, before.is_over_limit) == (10, True)
    assert open_drawers(here)[0].fullness == 3
    assert make.paid(session, given, make.notes(5_00), minor=5_00)


def test_paid_ins_stay_in_the_drawers_own_currency():
    given = make.till()
    make.taking(given)
    session = make.opened(given)

    with pytest.raises(CurrencyMismatch):
        record_movement(
            session=session, kind="PAID_IN", amount=eur(5_00), reason="Found", key="k1", actor=given.ana
        )
