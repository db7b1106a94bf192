"""Training: the real register with real commands, of which nothing remains."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from cashiering.commands.register import create_register
from cashiering.commands.session import open_session, record_opening_count
from cashiering.models import Session
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
        session = open_session(register=register, actor=actor)
        yield record_opening_count(session=session, denominations={}, actor=actor)
        transaction.set_rollback(True)
