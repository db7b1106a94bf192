"""Opening a drawer: the session, its float and its opening count."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from cashiering.commands.locks import NotYourSession, lock_open_session, lock_own_session, lock_session
from cashiering.commands.register import till_policy
from cashiering.models import CashMovement, Count, OverShort, Register, Session
from cashiering.rules.denominations import counted_total
from cashiering.rules.variance import Band, band_of
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands import Posting, post_entry


class DrawerTaken(Refusal):
    code = "drawer_taken"
    sentence = "Register {register} has a session that is not finished. Choose another register."


class SessionAlreadyYours(Refusal):
    code = "session_already_yours"
    sentence = "Your session {number} is not finished. Close it before you open another."


class RegisterInactive(Refusal):
    code = "register_inactive"
    sentence = "Register {register} is out of use. Choose another register."


class SessionNotSuspended(Refusal):
    code = "session_not_suspended"
    sentence = "Session {number} is {state}; only a suspended session is taken up again."


class OpeningNotAwaited(Refusal):
    code = "opening_not_awaited"
    sentence = "Session {number} is {state}: its opening count is done."


@transaction.atomic
def open_session(*, register: Register | int, actor: User) -> Session:
    """Give the cashier custody of a drawer; it takes money once its opening is counted.

    The business day is fixed here, by the facility's clock and cut-off.
    Raises RegisterInactive, SessionAlreadyYours or DrawerTaken.
    """
    register = Register.objects.select_related("facility").get(pk=getattr(register, "pk", register))
    if not register.is_active:
        raise RegisterInactive(register=register.code)
    facility = register.facility
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    running = Session.objects.filter(cashier=actor, state__in=Session.IN_CUSTODY).first()
    if running is not None:
        raise SessionAlreadyYours(number=running.number)
    session = create_session(register=register, cashier=actor, business_on=day)
    audit.record("cashiering.open_session", actor=actor, subject=session, facility=facility)
    outbox.record("session.opened", subject=session.public_id, facility=facility, data=told(session))
    return session


def create_session(*, register: Register, cashier: User, business_on, **details) -> Session:
    """The row of a session; the database refuses a second one at the drawer, and of the cashier.

    Raises DrawerTaken or SessionAlreadyYours.
    """
    try:
        with transaction.atomic():
            return Session.objects.create(
                number=_number(register, business_on.year),
                register=register,
                facility=register.facility,
                cashier=cashier,
                business_on=business_on,
                currency=register.currency,
                opened_at=clock.now(),
                **details,
            )
    except IntegrityError as error:
        if "cashiering_session_one_per_cashier" in str(error):
            raise SessionAlreadyYours(number=_running(cashier)) from None
        if "cashiering_session_one_per_drawer" not in str(error):
            raise
        raise DrawerTaken(register=register.code) from None


def _running(cashier: User) -> str:
    rows = Session.objects.filter(cashier=cashier, state__in=Session.IN_CUSTODY, is_rescue=False)
    return str(rows.values_list("number", flat=True).first() or "")


def told(session: Session) -> dict:
    """What events of a session say; never what its drawer should hold."""
    return {
        "session": session.public_id,
        "number": session.number,
        "register": session.register.public_id,
        "business_on": session.business_on.isoformat(),
        "state": session.state.lower(),
    }


def _number(register: Register, year: int) -> str:
    number = next_number(series=f"session:{register.pk}", facility_id=register.facility_id, year=year)
    return f"{register.facility.code}-{register.code}-{year}-S{number:04d}"


@transaction.atomic
def record_opening_count(
    *,
    session: Session | int,
    denominations: dict[int, int],
    actor: User,
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> Session:
    """Count the float that came from the safe; the drawer is open from now on.

    foreign  pieces by face value of foreign cash that was found in the drawer, which should hold none

    A difference to the register's float is a posting of its own, never part of the closing one.
    Raises NotYourSession, OpeningNotAwaited, DenominationUnknown or PiecesMalformed.
    Emits `cash.over_short` for a difference.
    """
    session = lock_session(session)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    if session.state != Session.State.OPENING:
        raise OpeningNotAwaited(number=session.number, state=session.get_state_display().lower())
    counted = counted_total(denominations, session.currency)
    given = Money(session.register.default_float_minor, session.currency)
    record_float(session, given, actor)
    write_count(session, kind=Count.Kind.OPENING, denominations=denominations, counted=counted, actor=actor)
    if counted != given:
        _record_opening_difference(session, given=given, counted=counted, actor=actor)
    for currency, found in (foreign or {}).items():
        _count_found(session, currency, found, actor)
    session.cash_minor = counted.minor
    session.state = Session.State.OPEN
    session.save(update_fields=["cash_minor", "state"])
    audit.record(
        "cashiering.record_opening_count",
        actor=actor,
        subject=session,
        facility=session.facility,
        after={"counted": counted, "float": given},
    )
    return session


@transaction.atomic
def suspend_session(*, session: Session | int, actor: User) -> Session:
    """Lock the drawer for a break: it takes no money until its cashier takes it up again.

    Raises NotYourSession or SessionNotOpen.
    """
    session = lock_open_session(session, actor=actor)
    return _moved(session, Session.State.SUSPENDED, "suspend_session", actor)


@transaction.atomic
def resume_session(*, session: Session | int, actor: User) -> Session:
    """Take a suspended session up again. Raises NotYourSession or SessionNotSuspended."""
    session = lock_own_session(session, actor=actor)
    if session.state != Session.State.SUSPENDED:
        raise SessionNotSuspended(number=session.number, state=session.get_state_display().lower())
    return _moved(session, Session.State.OPEN, "resume_session", actor)


def _moved(session: Session, state: str, action: str, actor: User) -> Session:
    session.state = state
    session.save(update_fields=["state"])
    audit.record(f"cashiering.{action}", actor=actor, subject=session, facility=session.facility)
    return session


def write_count(
    session: Session, *, kind: str, denominations: dict[int, int], counted: Money, actor: User
) -> Count:
    """The row of a count; the database keeps it as it is."""
    return Count.objects.create(
        session=session,
        kind=kind,
        currency="" if counted.currency == session.currency else counted.currency,
        denominations={str(face): number for face, number in denominations.items() if number},
        total_minor=counted.minor,
        counted_by=actor,
        counted_at=clock.now(),
    )


def record_float(session: Session, given: Money, actor: User) -> None:
    """Book the register's float from the safe into the drawer. For callers that hold the session's lock."""
    if not given:
        return
    movement = CashMovement.objects.create(
        session=session,
        kind=CashMovement.Kind.FLOAT_IN,
        amount_minor=given.minor,
        made_by=actor,
        made_at=clock.now(),
        key=f"float:{session.public_id}",
    )
    post_entry(
        key=f"cashiering.float:{session.public_id}",
        facility=session.facility,
        effective_on=session.business_on,
        source=("cash_movement", movement.public_id),
        memo=f"Float {session.number}",
        postings=[
            Posting("cash.drawer", given, reference=session.public_id, tender="CASH"),
            Posting("cash.safe", -given, tender="CASH"),
        ],
        actor=actor,
    )


def _count_found(session: Session, currency: str, found: dict[int, int], actor: User) -> None:
    """Foreign cash that somebody left in a drawer: counted, and over by all of it."""
    counted = counted_total(found, currency)
    if counted:
        write_count(session, kind=Count.Kind.OPENING, denominations=found, counted=counted, actor=actor)
        _record_opening_difference(session, given=Money.zero(currency), counted=counted, actor=actor)


def _record_opening_difference(session: Session, *, given: Money, counted: Money, actor: User) -> None:
    difference = counted - given
    policy = till_policy(session.facility_id)
    band = band_of(
        difference.minor,
        free_minor=policy.variance_free_minor,
        supervisor_minor=policy.variance_supervisor_minor,
    )
    over_short = OverShort.objects.create(
        session=session,
        kind="OPENING",
        cashier=session.cashier,
        currency=given.currency,
        expected_minor=given.minor,
        counted_minor=counted.minor,
        difference_minor=difference.minor,
        needs_finance=band is Band.FINANCE or given.currency != session.currency,
        state=OverShort.State.PENDING,
        reason="Float counted at opening",
        created_at=clock.now(),
    )
    post_over_short(session, over_short, actor=actor)


def post_over_short(session: Session, over_short: OverShort, *, actor: User) -> None:
    """Book a drawer's difference to cash over and short, and tell the world."""
    difference = Money(over_short.difference_minor, over_short.currency)
    post_entry(
        key=f"cashiering.over_short:{over_short.public_id}",
        facility=session.facility,
        effective_on=session.business_on,
        source=("over_short", over_short.public_id),
        memo=f"{over_short.get_kind_display()} difference {session.number}",
        postings=[
            Posting("cash.drawer", difference, reference=session.public_id, tender="CASH"),
            Posting("cash.over_short", -difference, reference=over_short.public_id, tender="CASH"),
        ],
        actor=actor,
    )
    outbox.record(
        "cash.over_short",
        subject=over_short.public_id,
        facility=session.facility,
        data={
            "session": session.public_id,
            "register": session.register.public_id,
            "business_on": session.business_on.isoformat(),
            "kind": over_short.kind.lower(),
            "difference": difference.as_json(),
        },
    )
