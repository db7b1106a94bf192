"""Every attempt of the list is refused by the database itself; their number is printed (pytest -s)."""

import re
import sys
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hms_ach.access.models import Department
from ledger.commands import hard_close, open_period, record_rate, reverse_entry, soft_close
from ledger.models import Account, Entry, Period
from tests.ledger.models.attempts import ATTEMPTS, Attempt, entry, header
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
TAKEN = ""
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
COLUMNS = (
    "entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role, amount_minor, currency,"
    " functional_minor, payer_class, payer, tender, reference"
)


@pytest.fixture
def hospitals():
    """A and B, as attempts.py says."""
    ours, other = make.book(code="A"), make.book(code="B")
    gil = make.person("gil")
    for first, close in [(JANUARY, hard_close), (FEBRUARY, soft_close)]:
        close(
            period_id=open_period(legal_entity=ours.legal_entity, starts_on=first, actor=None).pk, actor=gil
        )
    Department.objects.create(facility=other, code="WB", name="Ward")
    ends = {"active_from": date(2020, 1, 1), "active_until": date(2026, 3, 12)}
    _account(ours, "OLD", **ends)
    _account(ours, "NEW", active_from=date(2026, 3, 13))
    _account(ours, "EUR", active_from=date(2020, 1, 1), currency="EUR")
    record_rate(base="EUR", quote="USD", on=JANUARY, rate=Decimal("1.1"), source="ECB", actor=gil)
    same = {"debit": "cash.drawer", "credit": "cash.drawer"}
    for key in ("good", "gone"):
        make.entry(ours, key=key, postings=make.lines(100, **same))
    reverse_entry(
        original="gone", key="back", effective_on=make.DAY, memo="", source=("void", "1"), actor=None
    )
    return ours


def _account(facility, number, **values):
    drawer = Account.objects.get(legal_entity=facility.legal_entity, number="1005")
    return Account.objects.create(
        legal_entity=facility.legal_entity,
        number=number,
        name=number,
        natural_class=drawer.natural_class,
        normal_side=drawer.normal_side,
        **values,
    )


def test_a_right_entry_by_the_same_means_is_taken(hospitals):
    _tried(entry())

    assert Entry.objects.get(key="attempt").postings.count() == 2


def test_the_database_refuses_every_attempt(hospitals):
    before = _everything()

    answers = [(attempt, _answer(attempt, hospitals)) for attempt in ATTEMPTS]

    _told(answers)
    assert [attempt.rule for attempt, answer in answers if not re.search(attempt.said, answer)] == []
    assert _everything() == before


def _told(answers: list[tuple[Attempt, str]]) -> None:
    for attempt, answer in answers:
        sys.stdout.write(f"{'refused' if answer != TAKEN else 'TAKEN':<9}{attempt.rule}\n")
    n_refused = sum(answer != TAKEN for _attempt, answer in answers)
    sys.stdout.write(f"{len(answers)} attempts as the application's role, {n_refused} refused\n")


def _answer(attempt: Attempt, facility) -> str:
    """The database's refusal; TAKEN when there was none."""
    try:
        if attempt.sql == "COPY":
            _copied(facility)
        else:
            _tried(attempt.sql)
    except DatabaseError as error:
        return str(error)
    return TAKEN


@transaction.atomic
def _tried(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def _copied(facility) -> None:
    """An entry by INSERT, and lines that do not balance by COPY."""
    account = Account.objects.get(legal_entity=facility.legal_entity, number="1005").pk
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(header() + " RETURNING id")
        entry_id = cursor.fetchone()[0]
        with cursor.copy(f"COPY ledger_posting ({COLUMNS}) FROM STDIN") as copy:
            for line, minor in [(1, 100), (2, -90)]:
                where = [entry_id, line, facility.legal_entity_id, facility.pk, make.DAY, account]
                copy.write_row([*where, "cash.drawer", minor, "USD", minor, "", "", "", ""])


def _everything() -> list:
    """What an attempt that went through would have changed."""
    return [
        list(Entry.objects.order_by("id").values_list("key", "postings__line", "postings__amount_minor")),
        list(Period.objects.order_by("id").values_list("starts_on", "ends_on", "state")),
        list(Account.objects.order_by("id").values_list("number", "natural_class", "parent")),
    ]
