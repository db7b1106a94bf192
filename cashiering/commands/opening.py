"""The opening count: what is in a drawer when a cashier begins, and who else saw it."""

from collections.abc import Mapping

from django.db import transaction

from cashiering.commands.locks import NotYourSession, lock_session
from cashiering.commands.override import refuse_unfit
from cashiering.commands.register import till_policy
from cashiering.commands.session import post_over_short, record_float, write_count
from cashiering.models import Count, OverShort, Session
from cashiering.queries.opening import is_opening_confirmed
from cashiering.rules.denominations import counted_total
from cashiering.rules.variance import Band, band_of
from hms_ach import audit, clock
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class OpeningNotAwaited(Refusal):
    code = "opening_not_awaited"
    sentence = "Session {number} is {state}: its opening count is done."


class OpeningUnconfirmed(Refusal):
    code = "opening_unconfirmed"
    status = 403
    sentence = (
        "At {facility} another person confirms the opening count. Have a colleague look at the count, then "
        "scan a badge, or type a user name and a PIN."
    )


@transaction.atomic
def record_opening_count(
    *,
    session: Session | int,
    denominations: dict[int, int],
    actor: User,
    foreign: Mapping[str, dict[int, int]] | None = None,
    agreed: Agreement | None = None,
) -> Session:
    """Count the float that came from the safe; the drawer is open from now on.

    foreign  pieces by face value of foreign cash that was found in the drawer, which should hold none
    agreed   another person who saw the count and agrees to it; needed where the facility's rule says so

    A difference to the register's float is a posting of its own, never part of the closing one.
    Raises NotYourSession, OpeningNotAwaited, OpeningUnconfirmed, AgreementUnfit, DenominationUnknown or
    PiecesMalformed. Emits `cash.over_short` for a difference.
    """
    session = lock_session(session)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    if session.state != Session.State.OPENING:
        raise OpeningNotAwaited(number=session.number, state=session.get_state_display().lower())
    counted = counted_total(denominations, session.currency)
    _refuse_unconfirmed(session, agreed, actor)
    given = Money(session.register.default_float_minor, session.currency)
    record_float(session, given, actor)
    _write(session, denominations, counted, agreed, actor)
    if counted != given:
        _record_opening_difference(session, given=given, counted=counted, actor=actor)
    for currency, found in (foreign or {}).items():
        _count_found(session, currency, found, agreed, actor)
    session.cash_minor = counted.minor
    session.state = Session.State.OPEN
    session.save(update_fields=["cash_minor", "state"])
    _note(session, given=given, counted=counted, agreed=agreed, actor=actor)
    return session


def _refuse_unconfirmed(session: Session, agreed: Agreement | None, actor: User) -> None:
    if agreed is not None:
        refuse_unfit(agreed, action="OPENING", session=session, actor=actor)
    elif is_opening_confirmed(session.facility_id):
        raise OpeningUnconfirmed(facility=session.facility.name)


def _write(
    session: Session, pieces: dict[int, int], counted: Money, agreed: Agreement | None, actor: User
) -> None:
    kind = Count.Kind.OPENING
    write_count(session, kind=kind, denominations=pieces, counted=counted, actor=actor, confirmed=agreed)


def _note(session: Session, *, given: Money, counted: Money, agreed: Agreement | None, actor: User) -> None:
    """Both people's part in the audit trail."""
    seen = {"counted": counted, "float": given}
    audit.record(
        "cashiering.record_opening_count",
        actor=actor,
        subject=session,
        facility=session.facility,
        after=seen,
    )
    if agreed is not None:
        audit.record(
            "cashiering.confirm_opening",
            actor=agreed.person,
            subject=session,
            facility=session.facility,
            on_behalf_of=actor,
            after={**seen, "way": agreed.way},
        )


def _count_found(
    session: Session, currency: str, found: dict[int, int], agreed: Agreement | None, actor: User
) -> None:
    """Foreign cash that somebody left in a drawer: counted, and over by all of it."""
    counted = counted_total(found, currency)
    if counted:
        _write(session, found, counted, agreed, actor)
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
