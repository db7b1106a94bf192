"""Training: the real register with real commands, of which nothing remains."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from cashiering.commands.opening import record_opening_count
from cashiering.commands.register import create_register
from cashiering.commands.session import create_session, open_session, refuse_running
from cashiering.models import Register, Session
from cashiering.queries.opening import is_opening_confirmed
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal


class TrainingElsewhere(Refusal):
    code = "training_elsewhere"
    status = 404
    sentence = "There is no such place to train at."


@contextmanager
def rehearsal(*, facility: Facility, actor: User) -> Iterator[Session]:
    """An open session at a register made for this moment; whatever happens inside is taken back at its end.

    Receipts are numbered, invoices settled, entries posted and events written as ever, in a transaction that
    never commits: no number is consumed, nothing is in the book, nobody is told, nothing is printed. The
    register has no terminal and no printer. Raises TrainingElsewhere, and SessionAlreadyYours for who works
    in a real session: real and training money never mix.
    """
    if facility.pk not in facility_ids_of(actor):
        raise TrainingElsewhere()
    with transaction.atomic():
        register = create_register(
            facility=facility,
            code=f"T{secrets.token_hex(4)}",
            name="Training",
            default_float_minor=0,
            actor=actor,
        )
        yield _opened(register, actor)
        transaction.set_rollback(True)


def _opened(register: Register, actor: User) -> Session:
    """An open session at an empty drawer, in which there is nothing that another person could confirm."""
    facility = register.facility
    if not is_opening_confirmed(facility.pk):
        session = open_session(register=register, actor=actor)
        return record_opening_count(session=session, denominations={}, actor=actor)
    refuse_running(actor)
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    return create_session(
        register=register, cashier=actor, business_on=day, state=Session.State.OPEN, is_rescue=True
    )
