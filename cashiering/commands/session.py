"""A cashier's session: opened, locked for a break, taken up again; the rows of its float and its counts."""

from django.db import IntegrityError, transaction

from cashiering.commands.locks import lock_open_session, lock_own_session
from cashiering.models import CashMovement, Count, OverShort, Register, Session
from hms_ach import audit, clock, outbox
from hms_ach.access.commands import Agreement
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
    refuse_running(actor)
    session = create_session(register=register, cashier=actor, business_on=day)
    audit.record("cashiering.open_session", actor=actor, subject=session, facility=facility)
    outbox.record("session.opened", subject=session.public_id, facility=facility, data=told(session))
    return session


def refuse_running(cashier: User) -> None:
    """Raises SessionAlreadyYours."""
    running = Session.objects.filter(cashier=cashier, state__in=Session.IN_CUSTODY).first()
    if running is not None:
        raise SessionAlreadyYours(number=running.number)


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
    session: Session,
    *,
    kind: str,
    denominations: dict[int, int],
    counted: Money,
    actor: User,
    confirmed: Agreement | None = None,
) -> Count:
    """The row of a count; the database keeps it as it is.

    confirmed  who else agreed to an opening count
    """
    return Count.objects.create(
        session=session,
        kind=kind,
        currency="" if counted.currency == session.currency else counted.currency,
        denominations={str(face): number for face, number in denominations.items() if number},
        total_minor=counted.minor,
        counted_by=actor,
        counted_at=clock.now(),
        confirmed_by=confirmed.person if confirmed else None,
        confirmed_way=confirmed.way if confirmed else "",
        confirmed_at=clock.now() if confirmed else None,
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
