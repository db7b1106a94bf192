"""Who had a hand in a drawer does not approve it, in the commands and in the database."""

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    accept_transfer,
    approve_session,
    audit_till,
    count_forced,
    force_close,
    offer_float,
    offer_handover,
    reject_transfer,
)
from cashiering.commands.approval import ApproverIsCashier
from cashiering.commands.movement import MovementKeyReused
from cashiering.commands.session import SessionAlreadyYours, create_session
from cashiering.models import CashTransfer, Session, Tender
from hms_ach import clock
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def approve_by_sql(session: Session, person) -> None:
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(
            state="APPROVED", approved_by=person, approved_at=clock.now()
        )


def test_a_rejected_handover_leaves_no_tick():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cheque(40_00))
    offer = offer_handover(
        session=session,
        to=given.ben,
        denominations=make.FLOAT,
        key="h",
        actor=given.ana,
        ticked_cheques=[payment.tenders.get().pk],
    )
    assert Tender.objects.get().ticked_at

    reject_transfer(transfer=offer, reason="Not all there", actor=given.ben)

    assert Tender.objects.get().ticked_at is None


def test_the_same_handover_again_is_the_same_and_a_strange_key_is_refused():
    given = make.till()
    session = make.opened(given)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    ask = {"denominations": make.FLOAT, "key": "h"}
    new = access.user("CASHIER", facilities=[given.facility])

    first = offer_handover(session=session, to=new, actor=given.ana, **ask)
    again = offer_handover(session=session, to=new, actor=given.ana, **ask)
    with pytest.raises(MovementKeyReused):
        offer_handover(session=other, to=new, actor=given.ben, **ask)

    assert first == again


def test_who_gave_a_float_does_not_approve_the_drawer_that_got_it():
    given = make.till()
    head = access.user("CASHIER", "CONTROLLER", facilities=[given.facility])
    giver = make.opened(given, cashier=head)
    taker = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    offer = offer_float(session=giver, to=taker, denominations={20_00: 1}, key="f", actor=head)
    accept_transfer(transfer=offer, denominations={20_00: 1}, actor=given.ben)
    make.counted(taker, 220_00)

    with pytest.raises(ApproverIsCashier):
        approve_session(session=taker, actor=head)
    with pytest.raises(DatabaseError, match="had a hand"):
        approve_by_sql(taker, head)


def test_who_audited_a_drawer_neither_counts_nor_approves_it():
    given = make.till()
    session = make.opened(given)
    audit_till(session=session, denominations=make.FLOAT, remarks="Alone", actor=given.gil)
    force_close(session=session, reason="Went home", actor=given.cora)

    with pytest.raises(ApproverIsCashier):
        count_forced(session=session, denominations=make.FLOAT, actor=given.gil)
    counter = access.user("HEAD_CASHIER", facilities=[given.facility])
    count_forced(session=session, denominations=make.FLOAT, actor=counter)
    for person in (given.gil, counter, given.cora):
        with pytest.raises(ApproverIsCashier):
            approve_session(session=session, actor=person)
    with pytest.raises(DatabaseError, match="had a hand"):
        approve_by_sql(session, given.gil)


def test_an_offered_float_keeps_its_receiver_in_the_database():
    given = make.till()
    giver = make.opened(given)
    places = [make.register(given.facility, actor=given.gil) for _n in range(2)]
    people = [given.ben, access.user("CASHIER", facilities=[given.facility])]
    drawers = [make.opened(given, cashier=one, place=at) for one, at in zip(people, places, strict=True)]
    offer_float(session=giver, to=drawers[0], denominations={20_00: 1}, key="f", actor=given.ana)

    with pytest.raises(DatabaseError, match="keeps its receiver"), transaction.atomic():
        CashTransfer.objects.update(receiver=drawers[1])


def test_a_second_session_of_a_cashier_is_told_from_a_drawer_that_is_taken():
    given = make.till()
    session = make.opened(given)
    place = make.register(given.facility, actor=given.gil)

    with pytest.raises(SessionAlreadyYours, match=session.number):
        create_session(register=place, cashier=given.ana, business_on=session.business_on)
