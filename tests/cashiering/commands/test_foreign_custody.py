"""Foreign cash from hand to hand: drawer, colleague, safe, bag, bank."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction

from cashiering.commands import (
    accept_handover,
    audit_till,
    confirm_bank_receipt,
    count_safe,
    hand_over_deposit,
    offer_handover,
    open_session,
    prepare_deposit,
    record_opening_count,
    take_suspect_note,
    verify_deposit,
)
from cashiering.commands.close import ForeignCashUncounted
from cashiering.commands.deposit import DepositIncomplete, DepositOutOfBalance, SessionNotDepositable
from cashiering.commands.transfer import TransferCountDiffers
from cashiering.models import Session, TillAudit, TransferPart
from cashiering.queries import awaiting_bank, expected_cash, till_documents
from cashiering.queries.deposit import depositable, foreign_undeposited
from cashiering.queries.safe import safe_currencies, sealed_bags
from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, build_gl_batch, post_entry
from ledger.models import Posting as Line
from ledger.queries import file_bytes
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

EUR_50 = Money(50_00, "EUR")


def taken():
    """A drawer with 197.30 dollars and 50 euros in it."""
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    return given, session


def handed_over(given, session, *, notes: int = 50_00):
    return offer_handover(
        session=session,
        to=given.ben,
        denominations=make.pieces(197_30),
        foreign={"EUR": make.pieces(notes, "EUR")},
        key="h1",
        actor=given.ana,
    )


def test_a_drawer_is_handed_over_with_its_notes_counted_by_both():
    given, session = taken()
    offered = handed_over(given, session)
    counts = {"denominations": make.pieces(197_30), "actor": given.ben}

    with pytest.raises(ForeignCashUncounted):
        accept_handover(transfer=offered, **counts)
    with pytest.raises(TransferCountDiffers):
        accept_handover(transfer=offered, foreign={"EUR": make.pieces(45_00, "EUR")}, **counts)
    receiver = accept_handover(transfer=offered, foreign={"EUR": make.pieces(50_00, "EUR")}, **counts)

    session.refresh_from_db()
    assert (session.state, session.over_shorts.count()) == ("BALANCED", 0)
    assert expected_cash(receiver) == Money(197_30, "USD")
    assert expected_cash(receiver, "EUR") == EUR_50
    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == Money(0, "EUR")
    assert make.balance(given, "cash.drawer", receiver.public_id, "EUR") == EUR_50


def test_notes_that_are_missing_at_a_handover_are_the_senders_difference():
    given, session = taken()
    offered = handed_over(given, session, notes=45_00)

    accept_handover(
        transfer=offered,
        denominations=make.pieces(197_30),
        foreign={"EUR": make.pieces(45_00, "EUR")},
        actor=given.ben,
    )

    session.refresh_from_db()
    found = session.over_shorts.get()
    assert (session.state, found.currency, found.difference_minor) == ("VARIANCE_PENDING", "EUR", -5_00)


def test_a_handover_that_leaves_the_notes_out_is_refused():
    given, session = taken()

    with pytest.raises(ForeignCashUncounted) as refused:
        offer_handover(
            session=session, to=given.ben, denominations=make.pieces(197_30), key="h1", actor=given.ana
        )

    assert "count EUR too" in str(refused.value)


def test_a_surprise_audit_counts_each_currency():
    given, session = taken()
    asked = {
        "session": session,
        "denominations": make.pieces(197_30),
        "remarks": "With Ana",
        "actor": given.cora,
    }

    with pytest.raises(ForeignCashUncounted):
        audit_till(**asked)
    audit_till(**asked, foreign={"EUR": make.pieces(40_00, "EUR")})

    found = TillAudit.objects.order_by("id").values_list("currency", "difference_minor")
    assert list(found) == [("USD", 0), ("EUR", -10_00)]


def test_notes_left_in_a_drawer_are_over_when_it_is_opened():
    given = make.till()
    make.taking(given)
    session = open_session(register=given.register, actor=given.ana)

    record_opening_count(
        session=session, denominations=make.FLOAT, foreign={"EUR": {20_00: 1}}, actor=given.ana
    )

    found = session.over_shorts.get()
    assert (found.kind, found.currency, found.difference_minor) == ("OPENING", "EUR", 20_00)
    assert expected_cash(session, "EUR") == Money(20_00, "EUR")
    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == Money(20_00, "EUR")


def test_a_false_note_of_another_currency_is_out_of_the_drawer():
    given, session = taken()

    take_suspect_note(
        session=session,
        face_minor=50_00,
        currency="EUR",
        serial="X1",
        handed_to="Officer",
        key="s1",
        actor=given.ana,
    )

    assert expected_cash(session, "EUR") == Money(0, "EUR")
    assert expected_cash(session) == Money(197_30, "USD")


def test_the_drawers_sub_ledger_ties_in_each_currency():
    given, session = taken()
    entity = given.facility.legal_entity

    figures = [one.amount for one in till_documents(entity, session.business_on) if one.role == "cash.drawer"]

    assert figures == [Money(197_30, "USD"), EUR_50]


def test_foreign_cash_goes_to_the_bank_in_a_bag_of_its_own_and_is_awaited_in_its_currency():
    given, session = taken()
    make.approved(session, given, 197_30, EUR=50_00)
    here = {"facility": given.facility, "sessions": [session.pk], "cheques": [], "actor": given.cora}
    assert foreign_undeposited([given.facility.pk]).get().to_bank_minor == 50_00

    with pytest.raises(DepositOutOfBalance):
        prepare_deposit(**here, declared_cash=Money(45_00, "EUR"), bag_number="E1", slip_number="E1")
    with pytest.raises(DepositIncomplete):
        prepare_deposit(**here | {"cheques": [1]}, declared_cash=EUR_50, bag_number="E1", slip_number="E1")
    bag = prepare_deposit(**here, declared_cash=EUR_50, bag_number="E1", slip_number="E1")
    with pytest.raises(SessionNotDepositable):
        prepare_deposit(**here, declared_cash=EUR_50, bag_number="E2", slip_number="E2")
    assert [one.amount for one in sealed_bags(given.facility, "EUR")] == [EUR_50]
    assert not foreign_undeposited([given.facility.pk]).exists()
    verify_deposit(deposit=bag, actor=given.gil)
    hand_over_deposit(deposit=bag, courier="Brinks", actor=given.cora)

    awaited = awaiting_bank(facility_ids=[given.facility.pk])
    assert [(one.amount, one.references) for one in awaited] == [(EUR_50, ["E1", "E1"])]
    assert make.balance(given, "cash.safe", currency="EUR") == Money(0, "EUR")
    assert Session.objects.get(pk=session.pk).state == "APPROVED"
    assert depositable(given.facility, "EUR").sessions == []


def test_a_bag_of_notes_says_nothing_of_how_far_the_sessions_own_cash_is():
    given, session = taken()
    make.paid(session, given, make.cash(30_00))
    make.approved(session, given, 227_30, EUR=50_00)
    here = {"facility": given.facility, "sessions": [session.pk], "cheques": [], "actor": given.cora}
    bags = [
        prepare_deposit(**here, declared_cash=Money(27_30, "USD"), bag_number="U1", slip_number="U1"),
        prepare_deposit(**here, declared_cash=EUR_50, bag_number="E1", slip_number="E1"),
    ]
    states = []

    for bag in bags:
        verify_deposit(deposit=bag, actor=given.gil)
        hand_over_deposit(deposit=bag, courier="Brinks", actor=given.cora)
    states.append(Session.objects.get().state)
    for bag in reversed(bags):
        confirm_bank_receipt(kind="deposit", public_id=bag.public_id, on=session.business_on, actor=None)
        states.append(Session.objects.get().state)

    assert states == ["DEPOSITED", "DEPOSITED", "BANK_CONFIRMED"]


def test_what_the_notes_gained_until_the_bank_had_them_is_a_gain_of_exchange():
    given, session = taken()
    make.approved(session, given, 197_30, EUR=50_00)
    bag = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=EUR_50,
        bag_number="E1",
        slip_number="E1",
        actor=given.cora,
    )
    verify_deposit(deposit=bag, actor=given.gil)
    hand_over_deposit(deposit=bag, courier="Brinks", actor=given.cora)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        make.rated(given, "EUR", "1.20")
        post_entry(
            key="bank",
            facility=given.facility,
            effective_on=clock.today("America/New_York"),
            source=("match", "m1"),
            memo="Bag at the bank",
            postings=[
                Posting("bank.operating", EUR_50),
                Posting("deposit.in_transit", -EUR_50, reference=bag.public_id),
            ],
        )

    lines = Line.objects.filter(facility=given.facility, entry__key="bank")
    by_role = {line.role: line.functional_minor for line in lines.filter(amount_minor=0)}
    assert by_role == {"deposit.in_transit": 5_00, "fx.gain_loss": -5_00}
    assert make.balance(given, "deposit.in_transit", bag.public_id, "EUR") == Money(0, "EUR")


def test_the_safe_is_counted_once_a_day_in_each_currency():
    given, session = taken()
    make.approved(session, given, 197_30, EUR=50_00)

    euros = count_safe(
        facility=given.facility,
        denominations=make.pieces(50_00, "EUR"),
        bags=[],
        currency="EUR",
        actor=given.cora,
    )
    dollars = count_safe(facility=given.facility, denominations=make.pieces(0), bags=[], actor=given.cora)

    assert safe_currencies(given.facility) == ["USD", "EUR"]
    assert (euros.difference_minor, dollars.currency) == (0, "USD")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cashiering_transferpart SET amount_minor = 1",
        "DELETE FROM cashiering_transferpart",
        "UPDATE cashiering_tender SET foreign_minor = 1 WHERE foreign_currency <> ''",
        "UPDATE cashiering_cashcurrency SET rate_days = 3",
        "DELETE FROM cashiering_cashcurrency",
        "UPDATE cashiering_cashcurrency SET approved_at = now()",
    ],
)
def test_what_was_handed_over_tendered_or_decided_never_changes(sql):
    given, session = taken()
    handed_over(given, session)
    assert TransferPart.objects.exists()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_nobody_approves_the_own_rule_by_sql_either():
    given = make.till()
    make.taking(given)
    eve = access.user("CONTROLLER", facilities=[given.facility])

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cashiering_cashcurrency (public_id, facility_id, currency, is_taken, rate_days,
                smallest_minor, gives_back, asked_by_id, asked_at, approved_by_id, approved_at)
               VALUES ('ccy_x', %s, 'GBP', true, 0, 500, 'LOCAL', %s, now(), %s, now())""",
            [given.facility.pk, eve.pk, eve.pk],
        )


def test_the_general_ledger_gets_a_day_with_foreign_cash_balanced_in_each_currency():
    given, session = taken()
    make.approved(session, given, 197_30, EUR=50_00)

    batch = build_gl_batch(facility=given.facility, business_on=session.business_on, actor=None)

    file = next(one for one in batch.files.all() if one.layout == "json")
    whole = json.loads(b"".join(file_bytes(file)))
    sums: dict[str, Decimal] = {}
    for line in whole["lines"]:
        amount = Decimal(line["debit"]) - Decimal(line["credit"])
        sums[line["currency"]] = sums.get(line["currency"], Decimal(0)) + amount
    assert sums == {"USD": Decimal(0), "EUR": Decimal(0)}
    assert whole["trailer"]["functional_debit"] == whole["trailer"]["functional_credit"]
