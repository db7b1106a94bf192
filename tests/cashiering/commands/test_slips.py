"""Slips of transfers, wallets, HSA and FSA cards, ticked one by one at the close as cheques are."""

from dataclasses import replace

import pytest

from cashiering.commands import (
    approve_session,
    commit_count,
    offer_handover,
    start_counting,
    withdraw_transfer,
)
from cashiering.models import Tender
from cashiering.queries.session import session_result, slips_of
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def till():
    """A till with an open session: cash, a card, a cheque, and one tender of each kind that leaves a slip."""
    given = make.till()
    session = make.opened(given)
    plain = make.card(12_00)
    tenders = [
        make.cash(10_00),
        plain,
        make.cheque(13_00),
        make.TenderGiven("TRANSFER", Money(14_00, "USD"), reference="EFT1"),
        replace(plain, is_wallet=True),
        replace(plain, is_health_account=True),
    ]
    for tender in tenders:
        make.paid(session, given, tender)
    start = [slip.pk for slip in slips_of(session)]
    return given, session, start


def closed(session, **ticked) -> None:
    start_counting(session=session, actor=session.cashier)
    commit_count(session=session, denominations=make.pieces(210_00), actor=session.cashier, **ticked)
    session.refresh_from_db()


def test_only_what_leaves_a_slip_is_ticked_and_a_missing_one_stands_on_the_result(till):
    _given, session, slips = till
    kinds = [(one.kind, one.is_wallet, one.is_health_account) for one in slips_of(session)]
    plain = Tender.objects.get(kind="CARD", is_wallet=False, is_health_account=False)

    closed(session, ticked_slips=[slips[0], slips[2], plain.pk])

    assert kinds == [("TRANSFER", False, False), ("CARD", True, False), ("CARD", False, True)]
    result = session_result(session)
    assert [slip.pk for slip in result.unticked_slips] == [slips[1]]
    plain.refresh_from_db()
    assert plain.ticked_at is None
    assert result.unticked_cheques == 1


def test_a_slip_of_another_session_is_not_ticked(till):
    given, _session, slips = till
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    start_counting(session=other, actor=given.ben)

    commit_count(session=other, denominations=make.FLOAT, ticked_slips=slips, actor=given.ben)

    assert not Tender.objects.filter(pk__in=slips, ticked_at__isnull=False).exists()


def test_the_approver_ticks_a_slip_that_was_found_after_all(till):
    given, session, slips = till
    closed(session, ticked_slips=slips[:2])

    approve_session(session=session, found_slips=slips, actor=given.cora)

    assert session_result(session).unticked_slips == []


def test_a_handover_that_is_withdrawn_unticks_its_slips(till):
    given, session, slips = till
    offered = offer_handover(
        session=session,
        to=given.ben,
        denominations=make.pieces(210_00),
        ticked_slips=slips,
        key="h",
        actor=given.ana,
    )
    ticked = Tender.objects.filter(ticked_at__isnull=False).count()

    withdraw_transfer(transfer=offered, actor=given.ana)

    assert (ticked, Tender.objects.filter(ticked_at__isnull=False).count()) == (3, 0)
