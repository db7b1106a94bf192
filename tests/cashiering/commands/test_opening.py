"""The opening count: another person confirms it where the facility's rule says so."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    accept_handover,
    approve_opening_rule,
    approve_session,
    ask_opening_rule,
    offer_handover,
    open_session,
    record_opening_count,
    take_payment,
)
from cashiering.commands.approval import ApproverIsCashier
from cashiering.commands.locks import SessionNotOpen
from cashiering.commands.opening import OpeningUnconfirmed
from cashiering.commands.opening_rule import OpeningRuleByAsker, OpeningRuleDecided
from cashiering.commands.override import AgreementUnfit
from cashiering.models import Count, OverShort, Session
from cashiering.queries import till_read
from hms_ach.access.commands import Agreement
from hms_ach.audit.models import Event
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


OPEN_AT_ONCE = """
    INSERT INTO cashiering_session (public_id, number, register_id, facility_id, cashier_id, business_on,
        currency, state, is_rescue, cash_minor, opened_at, forced_reason)
    SELECT public_id || 'x', 'x', {register}, facility_id, {cashier}, business_on,
        currency, 'OPEN', false, 0, opened_at, '' FROM cashiering_session
"""
CONFIRMED_BY_SELF = """
    INSERT INTO cashiering_count (session_id, kind, currency, denominations, total_minor, counted_by_id,
        counted_at, confirmed_by_id, confirmed_way, confirmed_at)
    SELECT id, 'OPENING', '', '{}', 0, cashier_id, now(), cashier_id, 'PIN', now() FROM cashiering_session
"""


def ruled(*, is_confirmed: bool = True):
    """A till at a facility where another person confirms openings, and its session, not counted yet."""
    given = make.till()
    make.opening_rule(given, is_confirmed=is_confirmed)
    return given, open_session(register=given.register, actor=given.ana)


def test_a_drawer_opens_and_takes_money_only_after_another_person_confirmed_its_count():
    given, session = ruled()
    bill = make.invoice(given, 10_00)
    ask = {
        "session": session,
        "patient": given.patient,
        "allocations": [(bill.pk, Money(10_00, "USD"))],
        "tenders": [make.cash(10_00)],
        "key": "first",
        "actor": given.ana,
    }

    with pytest.raises(OpeningUnconfirmed):
        record_opening_count(session=session, denominations=make.FLOAT, actor=given.ana)
    with pytest.raises(SessionNotOpen):
        take_payment(**ask)
    assert not Count.objects.exists()
    record_opening_count(
        session=session, denominations=make.FLOAT, actor=given.ana, agreed=Agreement(given.ben, "BADGE")
    )

    count = Count.objects.get()
    assert (count.counted_by, count.confirmed_by, count.confirmed_way) == (given.ana, given.ben, "BADGE")
    assert count.confirmed_at is not None
    assert take_payment(**ask).total_minor == 10_00
    event = Event.objects.get(action="cashiering.confirm_opening")
    assert (event.actor, event.on_behalf_of) == (given.ben, given.ana)


def test_neither_the_cashier_nor_a_stranger_nor_who_may_not_confirms():
    given, session = ruled()
    stranger = access.user("CASHIER")

    for person in (given.ana, stranger, given.dan):
        with pytest.raises(AgreementUnfit):
            record_opening_count(
                session=session,
                denominations=make.FLOAT,
                actor=given.ana,
                agreed=Agreement(person, "PIN"),
            )

    session.refresh_from_db()
    assert (session.state, Count.objects.count()) == ("OPENING", 0)


@pytest.mark.parametrize("is_confirmed", [False, None])
def test_without_the_rule_nobody_is_asked(is_confirmed):
    given = make.till()
    if is_confirmed is not None:
        make.opening_rule(given, is_confirmed=True)
        make.opening_rule(given, is_confirmed=is_confirmed)

    session = make.opened(given)

    assert (session.state, Count.objects.get().confirmed_by) == ("OPEN", None)


def test_the_rule_counts_when_another_person_lets_it():
    given = make.till()
    older = ask_opening_rule(facility=given.facility, is_confirmed=False, actor=given.gil)
    rule = ask_opening_rule(facility=given.facility, is_confirmed=True, actor=given.gil)

    with pytest.raises(OpeningRuleByAsker):
        approve_opening_rule(rule=rule, actor=given.gil)
    with pytest.raises(OpeningRuleDecided):
        approve_opening_rule(rule=older, actor=given.cora)
    assert make.opened(given).state == "OPEN"
    approve_opening_rule(rule=rule, actor=given.cora)

    other = make.register(given.facility, actor=given.gil)
    with pytest.raises(OpeningUnconfirmed):
        make.opened(given, cashier=given.ben, place=other)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cashiering_session SET state = 'OPEN'",
        "UPDATE cashiering_session SET state = 'SUSPENDED'",
        OPEN_AT_ONCE,
    ],
)
def test_the_database_opens_no_drawer_that_nobody_confirmed(sql):
    given, _session = ruled()
    other = make.register(given.facility, actor=given.gil)

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(register=other.pk, cashier=given.ben.pk))

    assert "another person confirms the opening count" in str(refused.value)


def test_the_database_keeps_confirmer_and_counter_apart_and_the_rule_as_it_was_asked():
    ruled()

    for sql, said in (
        (CONFIRMED_BY_SELF, "cashiering_count_confirmed_by_another"),
        ("UPDATE cashiering_openingrule SET is_confirmed = false", "permission denied"),
        ("UPDATE cashiering_openingrule SET approved_by_id = asked_by_id", "approved once"),
    ):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert said in str(refused.value)


def test_a_handed_over_drawer_was_counted_by_two_and_opens():
    given, session = ruled()
    agreed = Agreement(given.cora, "PIN")
    record_opening_count(session=session, denominations=make.FLOAT, actor=given.ana, agreed=agreed)
    offered = offer_handover(
        session=session, to=given.ben, denominations=make.FLOAT, key="h", actor=given.ana
    )

    taken = accept_handover(transfer=offered, denominations=make.FLOAT, actor=given.ben)

    assert (taken.state, taken.cashier) == (Session.State.OPEN, given.ben)


def test_who_confirmed_the_opening_does_not_approve_the_session():
    given, session = ruled()
    agreed = Agreement(given.cora, "PIN")
    record_opening_count(session=session, denominations=make.FLOAT, actor=given.ana, agreed=agreed)
    make.counted(session, 200_00)

    with pytest.raises(ApproverIsCashier):
        approve_session(session=session, actor=given.cora)
    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE cashiering_session SET state = 'APPROVED', approved_by_id = %s, approved_at = now()",
            [given.cora.pk],
        )

    assert "had a hand in this drawer" in str(refused.value)
    assert approve_session(session=session, actor=given.gil).state == "APPROVED"


def test_a_confirmed_opening_difference_is_its_own_posting_and_stands_on_every_read():
    given, session = ruled()
    agreed = Agreement(given.cora, "PIN")
    record_opening_count(session=session, denominations=make.pieces(195_00), actor=given.ana, agreed=agreed)
    x_read = till_read(session).as_json()["openings"]
    make.counted(session, 195_00)

    row = OverShort.objects.get()
    assert (row.kind, row.difference_minor) == ("OPENING", -5_00)
    assert make.balance(given, "cash.over_short") == Money(5_00, "USD")
    session.refresh_from_db()
    kept = session.z_read.figures["openings"]
    assert [(one["confirmed_by"], one["difference"]["amount"]) for one in kept] == [
        (given.cora.username, "-5.00")
    ]
    assert x_read == [{**kept[0], "counted": None, "difference": None}]
