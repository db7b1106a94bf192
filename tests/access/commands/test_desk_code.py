"""PINs and badges: who a code is, how often it may be wrong, and that nobody agrees with themselves."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from hms_ach import clock
from hms_ach.access.commands import (
    BadgeNotWaiting,
    BadgeOther,
    BadgeTaken,
    DeskCodeLocked,
    DeskCodeOwn,
    DeskCodeReasonMissing,
    DeskCodeWrong,
    confirm_badge,
    enrol_badge,
    refuse_badge,
    set_pin,
    suspend_user,
    who_agrees,
    withdraw_desk_code,
)
from hms_ach.access.models import DeskAttempt, DeskCode
from hms_ach.access.rules.pin import BadgeUnfit, PinUnfit
from tests.make import access

pytestmark = pytest.mark.django_db

PIN, BADGE = "493817", "HMS-0042-77"


@pytest.fixture
def people():
    ana, cora = access.user("CASHIER"), access.user("HEAD_CASHIER")
    set_pin(user=cora, pin=PIN, actor=cora)
    access.badge(cora, BADGE)
    return ana, cora


def test_a_pin_and_a_badge_know_their_person(people):
    ana, cora = people

    by_pin = who_agrees(username=cora.username, pin=PIN, asked_by=ana)
    by_badge = who_agrees(badge=BADGE.lower(), asked_by=ana)

    assert (by_pin.person, by_pin.way, by_badge.person, by_badge.way) == (cora, "PIN", cora, "BADGE")
    kept = DeskCode.objects.get(user=cora)
    assert PIN not in kept.pin_hash
    assert BADGE not in kept.badge_hash


def test_wrong_unknown_suspended_and_withdrawn_are_refused_alike(people):
    ana, cora = people
    suspended = access.user("HEAD_CASHIER")
    set_pin(user=suspended, pin=PIN, actor=suspended)
    suspend_user(user=suspended, reason="Left", actor=cora)

    for ask in (
        {"username": cora.username, "pin": "000000"},
        {"username": cora.username, "pin": ""},
        {"username": "nobody", "pin": PIN},
        {"username": ana.username, "pin": PIN},
        {"username": suspended.username, "pin": PIN},
        {"badge": "HMS-0042-78"},
    ):
        with pytest.raises(DeskCodeWrong):
            who_agrees(**ask, asked_by=ana)
    with pytest.raises(DeskCodeReasonMissing):
        withdraw_desk_code(user=cora, reason=" ", actor=cora)
    withdraw_desk_code(user=cora, reason="Lost", actor=cora)
    with pytest.raises(DeskCodeWrong):
        who_agrees(badge=BADGE, asked_by=ana)


def test_five_wrong_tries_pause_the_person_and_ten_the_screen(people):
    ana, cora = people
    other = access.user("CASHIER")

    for _try in range(5):
        with pytest.raises(DeskCodeWrong):
            who_agrees(username=cora.username, pin="111222", asked_by=ana)
    with pytest.raises(DeskCodeLocked):
        who_agrees(username=cora.username, pin=PIN, asked_by=other)
    for _try in range(5):
        with pytest.raises(DeskCodeWrong):
            who_agrees(badge="HMS-9999-99", asked_by=ana)
    with pytest.raises(DeskCodeLocked):
        who_agrees(badge="HMS-9999-98", asked_by=ana)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert who_agrees(username=cora.username, pin=PIN, asked_by=ana).person == cora


def test_nobody_agrees_with_themselves(people):
    _ana, cora = people

    with pytest.raises(DeskCodeOwn):
        who_agrees(badge=BADGE, asked_by=cora)


@pytest.mark.parametrize(
    "pin", ["12345", "1234567890123", "123456", "654321", "777777", "121212", "19800203", "abcdef"]
)
def test_what_is_easily_guessed_is_no_pin(pin):
    with pytest.raises(PinUnfit):
        set_pin(user=access.user("HEAD_CASHIER"), pin=pin, actor=access.user("HEAD_CASHIER"))


def test_a_badge_is_one_persons_and_long_enough(people):
    with pytest.raises(BadgeTaken):
        enrol_badge(user=access.user("HEAD_CASHIER"), code=BADGE, actor=people[1])
    with pytest.raises(BadgeUnfit):
        enrol_badge(user=access.user("HEAD_CASHIER"), code="1234", actor=people[1])


def test_a_badge_agrees_to_nothing_before_its_owner_has_scanned_it():
    ana, eve = access.user("CASHIER"), access.user("HEAD_CASHIER")
    access.badge(eve, "HMS-0001-11")
    enrol_badge(user=eve, code=BADGE, actor=access.user("ADMINISTRATOR"))

    for code in (BADGE, "HMS-0001-11"):
        with pytest.raises(DeskCodeWrong):
            who_agrees(badge=code, asked_by=ana)
    with pytest.raises(BadgeOther):
        confirm_badge(user=eve, code="HMS-0001-11")
    with pytest.raises(BadgeNotWaiting):
        confirm_badge(user=ana, code=BADGE)
    confirm_badge(user=eve, code=BADGE)

    assert who_agrees(badge=BADGE, asked_by=ana).person == eve


def test_a_badge_waits_for_one_person_only_and_not_after_it_was_refused():
    eve, fay = access.user("HEAD_CASHIER"), access.user("HEAD_CASHIER")
    admin = access.user("ADMINISTRATOR")
    enrol_badge(user=eve, code=BADGE, actor=admin)

    with pytest.raises(BadgeTaken):
        enrol_badge(user=fay, code=BADGE, actor=admin)
    refuse_badge(user=eve)
    with pytest.raises(BadgeNotWaiting):
        confirm_badge(user=eve, code=BADGE)
    with pytest.raises(BadgeNotWaiting):
        refuse_badge(user=eve)


def test_the_database_knows_who_enrolled_what_waits(people):
    with pytest.raises(IntegrityError, match="waiting_by_somebody"), transaction.atomic():
        DeskCode.objects.filter(user=people[1]).update(waiting_hash="x")


def test_tries_are_kept_for_ever(people):
    ana, cora = people
    with pytest.raises(DeskCodeWrong):
        who_agrees(username=cora.username, pin="111222", asked_by=ana)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        DeskAttempt.objects.all().delete()
    assert list(DeskAttempt.objects.values_list("person_id", "is_right")) == [(cora.pk, False)]
