"""The safe is counted by two people; a third accepts what is missing. Suspect notes leave a trace."""

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    approve_safe_count,
    confirm_safe_count,
    count_safe,
    discard_safe_count,
    take_suspect_note,
)
from cashiering.commands.movement import MovementMalformed
from cashiering.commands.safe import (
    SafeCountedToday,
    SafeCountOwn,
    SafeCountStateWrong,
    SafeReasonMissing,
    SafeTotalDiffers,
)
from cashiering.models import SafeCount
from cashiering.queries import expected_cash, safe_holds, sealed_bags
from cashiering.rules.denominations import DenominationUnknown
from hms_ach.money import Money
from ledger.commands import Posting
from tests.make import access, ledger
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def funded():
    """A till whose safe was given 1,000.00; a float of 200.00 is out, a sealed bag of 80.00 is in."""
    given = make.till()
    ledger.entry(
        given.facility,
        postings=[Posting("cash.safe", usd(1_000_00)), Posting("equity.opening", usd(-1_000_00))],
    )
    session = make.opened(given)
    make.dropped(session, given.cora, 80_00)
    return given, session


def counted(given, loose: int, *, bags=None):
    seen = [bag.number for bag in sealed_bags(given.facility)] if bags is None else bags
    return count_safe(facility=given.facility, denominations=make.pieces(loose), bags=seen, actor=given.cora)


def test_a_safe_that_holds_what_the_book_says_is_exact_after_the_second_person():
    given, _session = funded()
    count = counted(given, 800_00)

    with pytest.raises(SafeCountOwn):
        confirm_safe_count(count=count, total=usd(880_00), actor=given.cora)
    with pytest.raises(SafeTotalDiffers):
        confirm_safe_count(count=count, total=usd(870_00), actor=given.ben)
    confirm_safe_count(count=count, total=usd(880_00), actor=given.ben)

    count.refresh_from_db()
    assert (count.state, count.difference_minor) == ("EXACT", 0)


def test_a_missing_bag_is_a_difference_that_a_third_person_accepts_into_the_book():
    given, _session = funded()
    count = confirm_safe_count(count=counted(given, 800_00, bags=[]), total=usd(800_00), actor=given.ben)

    with pytest.raises(SafeCountOwn):
        approve_safe_count(count=count, reason="Lost", actor=given.ben)
    with pytest.raises(DatabaseError, match="decided already"), transaction.atomic():
        SafeCount.objects.filter(pk=count.pk).update(state="DISCARDED", reason="Not lost")
    approve_safe_count(count=count, reason="Lost", actor=given.gil)

    assert count.difference_minor == -80_00
    assert safe_holds(given.facility) == usd(800_00)
    assert make.balance(given, "cash.over_short") == usd(80_00)
    with pytest.raises(SafeCountStateWrong):
        approve_safe_count(count=count, reason="Again", actor=given.gil)


def test_two_who_disagree_give_the_count_up_and_count_again():
    given, _session = funded()
    wrong = counted(given, 790_00)

    with pytest.raises(SafeCountOwn):
        discard_safe_count(count=wrong, reason="Miscounted", actor=given.cora)
    with pytest.raises(SafeReasonMissing):
        discard_safe_count(count=wrong, reason=" ", actor=given.ben)
    discard_safe_count(count=wrong, reason="Miscounted", actor=given.ben)
    right = confirm_safe_count(count=counted(given, 800_00), total=usd(880_00), actor=given.ben)

    assert right.state == "EXACT"
    with pytest.raises(SafeCountStateWrong):
        confirm_safe_count(count=wrong, total=usd(870_00), actor=given.gil)
    with pytest.raises(DatabaseError, match="decided already"), transaction.atomic():
        SafeCount.objects.filter(pk=wrong.pk).update(state="COUNTED", confirmed_by=None)


def test_the_safe_is_counted_once_a_day():
    given, _session = funded()
    counted(given, 800_00)

    with pytest.raises(SafeCountedToday):
        counted(given, 800_00)


def test_the_expected_figure_is_on_no_page_before_the_second_person_confirmed():
    given, _session = funded()
    count = counted(given, 799_00)
    page = f"/cashiering/safe/counts/{count.public_id}/"

    before = access.signed_in(given.cora).get(page).content.decode()
    confirm_safe_count(count=count, total=usd(879_00), actor=given.ben)
    after = access.signed_in(given.cora).get(page).content.decode()

    assert "880.00" not in before
    assert "880.00" in after


def test_a_suspect_note_is_out_of_the_drawer_and_its_loss_has_a_name():
    given, session = funded()
    asked = {"session": session, "serial": "AB1", "handed_to": "Officer 7", "actor": given.ana}

    note = take_suspect_note(**asked, face_minor=20_00, key="s1")
    again = take_suspect_note(**asked, face_minor=20_00, key="s1")

    session.refresh_from_db()
    assert note == again
    assert expected_cash(session).minor == session.cash_minor == 100_00
    assert make.balance(given, "cash.over_short", session.public_id) == usd(20_00)


def test_a_suspect_note_needs_a_real_face_a_serial_and_a_keeper():
    given, session = funded()
    asked = {"session": session, "serial": "AB1", "handed_to": "Officer 7", "actor": given.ana, "key": "s1"}

    with pytest.raises(DenominationUnknown):
        take_suspect_note(**asked, face_minor=30_00)
    with pytest.raises(MovementMalformed):
        take_suspect_note(**asked | {"serial": " "}, face_minor=20_00)
    with pytest.raises(MovementMalformed):
        take_suspect_note(**asked, face_minor=20_00, patient_id=-1)
