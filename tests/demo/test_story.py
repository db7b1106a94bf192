"""The demo hospital, shortened: what it leaves for each kind of user, and that its book holds."""

import pytest
from django.contrib.auth.hashers import check_password
from django.db import DatabaseError, connection, transaction

from cashiering.models import ChangeOrder, Refund, SafeCount
from cashiering.queries.opening import is_opening_confirmed
from hms_ach import clock
from hms_ach.access.models import DeskCode, Facility, LegalEntity, User
from hms_ach.access.queries import facility_ids_of
from hms_ach.demo.catalogue import DEMO_PIN
from hms_ach.demo.story import tell_story
from hms_ach.home.screens import waiting_for
from ledger.queries import control_totals, trial_balance

DAYS = 4
# Whose work something is, or who said last how a visit stands: it moves from one to the next, and is kept.
OWNERS = {("reconciliation_discrepancy", "owner_id"), ("reconciliation_bankconnection", "owner_id")}
OWNERS |= {
    ("outbox_endpoint", "owner_id"),
    ("access_apiclient", "user_id"),
    ("access_facilitygrant", "user_id"),
    ("billing_arrival", "told_by_id"),
}


@pytest.fixture
def demo(own_database, tmp_path, settings):
    settings.DEMO_PASSWORD = "meadow lantern quartz eight"
    tell_story(seed=7, folder=tmp_path, say=lambda day: None, length=DAYS)
    return tmp_path


def test_every_role_finds_work_and_the_book_balances(demo):
    for username in ("headcashier.cora", "headcashier.noa", "billing.dan", "reviewer.eve", "approver.finn"):
        user = User.objects.get(username=username)
        assert waiting_for(user, facility_ids_of(user)), username

    for entity in LegalEntity.objects.all():
        balance = trial_balance(legal_entity=entity, as_of=clock.today("America/New_York"))
        assert balance.rows
        assert balance.is_balanced
        totals = control_totals(legal_entity=entity, on=clock.today("America/New_York"))
        assert [(one.role, one.documents, one.booked) for one in totals if not one.ties] == []
    assert set(SafeCount.objects.values_list("state", flat=True)) >= {"COUNTED", "EXACT"}
    assert ChangeOrder.objects.filter(state="ASKED").exists()
    assert Refund.objects.filter(state="REQUESTED", is_patient_present=False).exists()
    assert is_opening_confirmed(Facility.objects.get(code="LAKE").pk)
    assert check_password(DEMO_PIN, DeskCode.objects.get(user__username="headcashier.noa").pin_hash)
    assert (demo / "truth.jsonl").read_text().count("\n") > 10
    assert Facility.objects.count() == 3
    assert rewritten_names() == set()


def rewritten_names() -> set[tuple[str, str]]:
    """The columns that say who did something and in which the application may put another person."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        names = set(cursor.fetchall()) - OWNERS
    assert len(names) > 50
    return {name for name in names if _is_rewritten(*name)}


def _is_rewritten(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
        row = cursor.fetchone()
        if row is None:
            return False
        other = User.objects.exclude(pk=row[1]).latest("pk").pk
        try:
            with transaction.atomic():
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [other, row[0]])
                transaction.set_rollback(True)
        except DatabaseError:
            return False
    return True


_NAMES = """
    SELECT c.relname, a.attname FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
    WHERE k.confrelid = 'access_user'::regclass AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
      AND split_part(c.relname, '_', 1) IN
          ('ledger', 'billing', 'cashiering', 'reconciliation', 'access', 'outbox')
"""
