"""Agreeing at somebody else's screen: enrolling a PIN or a badge, and knowing who a code is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, connection, transaction
from django.utils.crypto import salted_hmac

from hms_ach import audit, clock
from hms_ach.access.models import DeskAttempt, DeskCode, User
from hms_ach.access.rules.pin import check_badge, check_pin
from hms_ach.refusal import Refusal

# Five wrong tries at one person's code, or ten at one screen, and nothing is tried for a quarter of an hour.
MOST_WRONG, MOST_WRONG_AT_SCREEN = 5, 10
PAUSE = timedelta(minutes=15)
_NO_BADGE = {"badge_hash": "", "badge_set_at": None}
_NONE_WAITING = {"waiting_hash": "", "waiting_since": None, "enrolled_by": None}


class BadgeTaken(Refusal):
    code = "badge_taken"
    sentence = "This badge is somebody else's. Give out a new one."


class BadgeNotWaiting(Refusal):
    code = "badge_not_waiting"
    sentence = "No badge of yours waits to be confirmed. Have an administrator enrol it."


class BadgeOther(Refusal):
    code = "badge_other"
    status = 422
    sentence = (
        "This is another badge than the one that was enrolled for you. Scan that one, or say it is not yours."
    )


class DeskCodeWrong(Refusal):
    code = "desk_code_wrong"
    status = 403
    sentence = (
        "This is no badge or PIN that counts here. Scan or type it again. "
        "Who has no PIN yet sets one with the key beside the own name."
    )


class DeskCodeLocked(Refusal):
    code = "desk_code_locked"
    status = 403
    sentence = "Too many wrong tries. Wait a quarter of an hour, or have another person agree."


class DeskCodeOwn(Refusal):
    code = "desk_code_own"
    status = 403
    sentence = "You cannot agree with yourself. Another person scans a badge or types a PIN."


class DeskCodeReasonMissing(Refusal):
    code = "desk_code_reason_missing"
    status = 422
    sentence = "Say why this PIN and badge count no more: it is kept in the audit trail."


@dataclass(frozen=True, slots=True)
class Agreement:
    """Another person who agrees at this screen, known by "PIN" or "BADGE"."""

    person: User
    way: str


@transaction.atomic
def set_pin(*, user: User, pin: str, actor: User) -> None:
    """Give a person the PIN that they chose themselves. Raises PinUnfit."""
    check_pin(pin)
    given = {"pin_hash": make_password(pin), "pin_set_at": clock.now()}
    DeskCode.objects.update_or_create(user=user, defaults=given)
    audit.record("access.set_pin", actor=actor, subject=user)


@transaction.atomic
def enrol_badge(*, user: User, code: str, actor: User) -> None:
    """Scan a badge for a person. It counts once the person has scanned it, too; the one before no more.

    Raises BadgeUnfit or BadgeTaken.
    """
    check_badge(code)
    given = {"waiting_hash": _hash(code), "waiting_since": clock.now(), "enrolled_by": actor}
    if DeskCode.objects.filter(badge_hash=given["waiting_hash"]).exclude(user=user).exists():
        raise BadgeTaken()
    _write_badge(user, given | _NO_BADGE)
    audit.record("access.enrol_badge", actor=actor, subject=user)


@transaction.atomic
def confirm_badge(*, user: User, code: str) -> None:
    """Let the badge count that was enrolled for a person, who scans it. The person is known by password.

    Raises BadgeNotWaiting, BadgeOther or BadgeTaken.
    """
    waiting = _waiting_badge(user)
    if waiting != _hash(code.strip()):
        raise BadgeOther()
    _write_badge(user, {"badge_hash": waiting, "badge_set_at": clock.now()} | _NONE_WAITING)
    audit.record("access.confirm_badge", actor=user, subject=user)


@transaction.atomic
def refuse_badge(*, user: User) -> None:
    """Say that the badge that was enrolled is not one's own: it never counts. Raises BadgeNotWaiting."""
    _waiting_badge(user)
    _write_badge(user, _NONE_WAITING)
    audit.record("access.refuse_badge", actor=user, subject=user)


def _waiting_badge(user: User) -> str:
    code = DeskCode.objects.select_for_update(of=("self",)).filter(user=user).first()
    if code is None or not code.waiting_hash:
        raise BadgeNotWaiting()
    return code.waiting_hash


def _write_badge(user: User, values: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            DeskCode.objects.update_or_create(user=user, defaults=values)
    except IntegrityError:
        raise BadgeTaken() from None


@transaction.atomic
def withdraw_desk_code(*, user: User, reason: str, actor: User) -> None:
    """Let neither PIN nor badge of a person count any more: lost, or left the hospital.

    Raises DeskCodeReasonMissing.
    """
    if not reason.strip():
        raise DeskCodeReasonMissing()
    none = {"pin_hash": "", "pin_set_at": None} | _NO_BADGE | _NONE_WAITING
    DeskCode.objects.filter(user=user).update(**none)
    audit.record("access.withdraw_desk_code", actor=actor, subject=user, reason=reason)


def who_agrees(*, badge: str = "", username: str = "", pin: str = "", asked_by: User) -> Agreement:
    """The other person whose badge was scanned, or whose name and PIN were typed. Not in a transaction.

    asked_by  who is signed in at the screen

    Every try is kept, so that a refusal cannot take it back. Raises DeskCodeOwn, DeskCodeWrong or
    DeskCodeLocked.
    """
    with transaction.atomic():
        _wait(f"screen:{asked_by.pk}")
        person, way = _found(badge.strip(), username.strip())
        _wait(f"person:{person.pk if person else 0}")
        if _is_locked(asked_by, person):
            refusal: Refusal | None = DeskCodeLocked()
        else:
            is_right = way == "BADGE" if person and way == "BADGE" else _is_pin(person, pin)
            DeskAttempt.objects.create(
                asked_by=asked_by, person=person, is_right=is_right, tried_at=clock.now()
            )
            refusal = None if is_right else DeskCodeWrong()
        if refusal:
            audit.record("access.refuse_desk_code", actor=asked_by, subject=person or asked_by)
    if refusal:
        raise refusal
    assert person is not None
    if person.pk == asked_by.pk:
        raise DeskCodeOwn()
    return Agreement(person, way)


def _wait(what: str) -> None:
    """Tries at one screen, and at one person's code, come one after the other: none slips past the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"access.desk:{what}"])


def _found(badge: str, username: str) -> tuple[User | None, str]:
    people = User.objects.filter(is_active=True, kind=User.Kind.PERSON).select_related("desk_code")
    if badge:
        return people.filter(desk_code__badge_hash=_hash(badge)).first(), "BADGE"
    return people.filter(username=username).first(), "PIN"


def _is_pin(person: User | None, pin: str) -> bool:
    """Takes as long for somebody without a PIN, or for nobody, as for a wrong one."""
    code = getattr(person, "desk_code", None)
    kept = code.pin_hash if code else ""
    if not kept:
        make_password(pin)
        return False
    return check_password(pin, kept)


def _is_locked(asked_by: User, person: User | None) -> bool:
    since = clock.now() - PAUSE
    wrong = DeskAttempt.objects.filter(is_right=False, tried_at__gte=since)
    at_screen = wrong.filter(asked_by=asked_by).count()
    at_person = wrong.filter(person=person).count() if person else 0
    return at_screen >= MOST_WRONG_AT_SCREEN or at_person >= MOST_WRONG


def _hash(code: str) -> str:
    return salted_hmac("access.badge", code.upper(), algorithm="sha256").hexdigest()
