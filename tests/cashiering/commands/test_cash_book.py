"""The cash book: what a day held and moved, written once at the first handover."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    change_register,
    hand_over_deposit,
    pay_refund,
    prepare_deposit,
    record_movement,
    request_refund,
    set_till_policy,
    verify_deposit,
    write_cash_book,
)
from cashiering.commands.cash_book import CashBookDayEmpty, CashBookDayRuns, CashBookWritten
from cashiering.commands.register import DepartmentElsewhere
from cashiering.models import CashBookPage
from cashiering.queries.cash_book import cash_book, cash_book_documents, cash_book_rows
from cashiering.rules.cash_book import added_up
from hms_ach.access.commands import create_department
from hms_ach.money import Money
from ledger.models import Posting
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def figures(rows, tender: str, *, place: str = "", currency: str = "USD") -> list[int] | None:
    row = next(
        one
        for one in rows
        if (one.tender, one.currency) == (tender, currency) and (not place or one.place == place)
    )
    return [one.minor for one in row.figures] if row.figures else None


def lived():
    """A day: 40.00 in cash, 25.00 by card, a cheque of 30.00, 5.00 paid out, a drop of 20.00."""
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))
    make.paid(session, given, make.card(25_00))
    make.paid(session, given, make.cheque(30_00))
    record_movement(
        session=session, kind="PAID_OUT", amount=Money(5_00, "USD"), reason="Stamps", key="s", actor=given.ana
    )
    make.dropped(session, given.ben, 20_00)
    return given, session


def bag(given, session):
    """The session's cash on its way to the bank."""
    made = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(35_00, "USD"),
        bag_number="B1",
        slip_number="B1",
        actor=given.cora,
    )
    verify_deposit(deposit=made, actor=given.gil)
    return hand_over_deposit(deposit=made, courier="Brinks", actor=given.cora)


def test_every_tender_has_its_line_and_each_adds_up():
    given, session = lived()
    make.approved(session, given, 215_00)

    rows = cash_book_rows([given.facility], on=session.business_on)

    drawer = str(given.register)
    # opening, receipts, paid out, handed on, to the bank, other, closing
    assert figures(rows, "Cash", place=drawer) == [0, 40_00, -5_00, -35_00, 0, 0, 0]
    assert figures(rows, "Cash", place="Safe") == [0, 0, 0, 35_00, 0, 0, 35_00]
    assert figures(rows, "Cheque", place=drawer) == [0, 30_00, 0, 0, 0, 0, 30_00]
    assert figures(rows, "Card", place=drawer) == [0, 25_00, 0, 0, 0, 0, 25_00]


def test_the_lines_are_the_books_to_the_cent():
    given, session = lived()
    make.approved(session, given, 214_00)

    rows = cash_book_rows([given.facility], on=session.business_on)

    for role in ("cash.drawer", "cash.safe", "cheque.drawer", "card.clearing"):
        closing = sum(row.closing.minor for row in rows if row.role == role)
        lines = Posting.objects.filter(facility=given.facility, role=role)
        assert closing == sum(lines.values_list("amount_minor", flat=True)), role
    assert figures(rows, "Cash", place=str(given.register))[5] == -1_00


def test_the_page_is_written_when_the_first_bag_leaves_and_never_again():
    given, session = lived()
    make.approved(session, given, 215_00)

    made = bag(given, session)

    page = CashBookPage.objects.get()
    assert (page.deposit, page.written_by, page.number) == (made, given.cora, 1)
    rows = cash_book([given.facility], on=session.business_on)
    assert figures(rows, "Cash", place="Safe") == [0, 0, 0, 35_00, -35_00, 0, 0]
    with pytest.raises(CashBookWritten):
        write_cash_book(facility=given.facility, business_on=session.business_on, actor=given.gil)


def test_what_comes_after_stands_beside_the_page_and_not_in_it():
    given, session = lived()
    make.approved(session, given, 215_00)
    bag(given, session)
    later = make.opened(given)
    make.paid(later, given, make.card(10_00))
    make.approved(later, given, 200_00)

    rows = cash_book([given.facility], on=session.business_on)

    card = next(row for row in rows if row.tender == "Card")
    assert [one.minor for one in card.figures] == [0, 25_00, 0, 0, 0, 0, 25_00]
    assert card.now == Money(35_00, "USD")


def test_a_drawer_that_runs_is_unknown_and_holds_the_page_up():
    given, session = lived()

    rows = cash_book_rows([given.facility], on=session.business_on)
    asked = {"facility": given.facility, "business_on": session.business_on, "actor": given.cora}
    with pytest.raises(CashBookDayRuns) as refused:
        write_cash_book(**asked)

    assert figures(rows, "Cash", place=str(given.register)) is None
    assert added_up(rows, "site")[0].figures is None
    assert session.number in str(refused.value)
    documents = {"on": session.business_on, "role": "cash.drawer", "currency": "USD"}
    assert cash_book_documents(given.facility, register_id=given.register.pk, **documents) == []


def test_a_day_without_money_has_no_page():
    given = make.till()
    session = make.opened(given)
    day = session.business_on.replace(year=session.business_on.year - 1)

    with pytest.raises(CashBookDayEmpty):
        write_cash_book(facility=given.facility, business_on=day, actor=given.cora)


def test_each_currency_has_its_line():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    make.approved(session, given, 197_30, EUR=50_00)

    rows = cash_book_rows([given.facility], on=session.business_on)

    drawer = str(given.register)
    assert figures(rows, "Cash", place=drawer) == [0, -2_70, 0, 2_70, 0, 0, 0]
    assert figures(rows, "Cash", place=drawer, currency="EUR") == [0, 50_00, 0, -50_00, 0, 0, 0]
    assert figures(rows, "Cash", place="Safe", currency="EUR") == [0, 0, 0, 50_00, 0, 0, 50_00]


def test_a_refund_out_of_the_drawer_is_paid_out():
    given = make.till()
    set_till_policy(
        facility=given.facility,
        variance_free_minor=2_00,
        variance_supervisor_minor=20_00,
        void_alone_minor=100_00,
        paid_out_limit_minor=100_00,
        refund_alone_minor=100_00,
        actor=given.gil,
    )
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(40_00))
    refund = request_refund(
        payment=payment, tender=None, amount=Money(15_00, "USD"), reason="Twice", key="r", actor=given.ana
    )
    pay_refund(refund=refund, session=session, actor=given.ana)
    make.approved(session, given, 225_00)

    rows = cash_book_rows([given.facility], on=session.business_on)

    assert figures(rows, "Cash", place=str(given.register)) == [0, 40_00, -15_00, -25_00, 0, 0, 0]


def test_lines_add_up_by_department_site_and_institution():
    given, session = lived()
    clinic = create_department(facility=given.facility, code="OPC", name="Clinic", actor=given.gil)
    kept = {
        name: getattr(given.register, name)
        for name in (
            "name",
            "default_float_minor",
            "drawer_limit_minor",
            "terminal_id",
            "terminal_address",
            "printer_address",
            "is_active",
        )
    }
    change_register(register=given.register, department=clinic, actor=given.gil, **kept)
    other = make.till()
    with pytest.raises(DepartmentElsewhere):
        change_register(register=other.register, department=clinic, actor=given.gil, **kept)
    make.approved(session, given, 215_00)
    rows = cash_book_rows([given.facility], on=session.business_on)

    by_department = added_up(rows, "department")
    by_site = added_up(rows, "site")

    cash = [(one.department, one.closing.minor) for one in by_department if one.tender == "Cash"]
    assert sorted(cash) == [("", 35_00), ("Clinic", 0)]
    assert figures(by_site, "Cash") == [0, 40_00, -5_00, 0, 0, 0, 35_00]
    assert figures(added_up(rows, "institution"), "Card") == [0, 25_00, 0, 0, 0, 0, 25_00]


def test_documents_lead_from_a_line_to_what_caused_it():
    given, session = lived()
    make.approved(session, given, 215_00)

    found = cash_book_documents(
        given.facility,
        on=session.business_on,
        role="cash.drawer",
        register_id=given.register.pk,
        currency="USD",
    )

    kinds = [(one.column, one.source[:3], one.amount.minor) for one in found]
    assert ("receipts", "pay", 40_00) in kinds
    assert ("payments", "mov", -5_00) in kinds
    assert sum(minor for _column, _source, minor in kinds) == 0


@pytest.mark.parametrize("table", ["cashbookpage", "cashbookline"])
@pytest.mark.parametrize("verb", ["UPDATE cashiering_{} SET id = id", "DELETE FROM cashiering_{}"])
def test_a_written_page_never_changes(table, verb):
    given, session = lived()
    make.approved(session, given, 215_00)
    write_cash_book(facility=given.facility, business_on=session.business_on, actor=given.cora)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))
