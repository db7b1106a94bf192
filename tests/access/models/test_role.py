"""What the database refuses about roles, whoever writes the row."""

from itertools import combinations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from hms_ach.access.models import RoleConflict, RoleGrant
from hms_ach.access.roles import Role
from tests.make import access as make

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO access_rolegrant (user_id, role, granted_at, reason, revocation_reason)
    VALUES (%s, %s, now(), '', '')
"""


def write(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def excluding_pairs():
    """Preparing and approving, auditing and anything, technology and money, programs and people."""
    preparers = {"CASHIER", "HEAD_CASHIER", "BILLING_CLERK", "FINANCE_REVIEWER", "CONTROLLER"}
    for pair in map(frozenset, combinations(Role.values, 2)):
        prepares_and_approves = "FINANCE_APPROVER" in pair and pair & preparers
        if prepares_and_approves or pair & {"AUDITOR", "ADMINISTRATOR", "INTEGRATOR"}:
            yield pair


def test_the_table_of_conflicts_is_the_catalogue():
    kept = {frozenset(pair) for pair in RoleConflict.objects.values_list("role", "other_role")}

    assert kept == set(excluding_pairs())


def test_no_conflicting_pair_can_be_written_in_either_order():
    for one, other in (sorted(pair) for pair in excluding_pairs() if "INTEGRATOR" not in pair):
        for first, second in ((one, other), (other, one)):
            person = make.user(first)
            with pytest.raises(IntegrityError, match="conflicts with"):
                write(INSERT, person.pk, second)


def test_pairs_that_do_not_conflict_are_held_together():
    person = make.user("CASHIER", "HEAD_CASHIER", "BILLING_CLERK")

    assert RoleGrant.objects.filter(user=person, revoked_at=None).count() == 3


def test_people_are_no_integrators_and_programs_nothing_else():
    person, program = make.user(), make.api_client("gl:read").user
    with pytest.raises(IntegrityError, match="not for a user of kind PERSON"):
        write(INSERT, person.pk, "INTEGRATOR")
    with pytest.raises(IntegrityError, match="not for a user of kind SERVICE"):
        write(INSERT, program.pk, "CASHIER")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_rolegrant SET role = 'CONTROLLER'",
        "UPDATE access_rolegrant SET user_id = user_id + 1",
        "UPDATE access_rolegrant SET granted_at = now()",
        "DELETE FROM access_rolegrant",
        "TRUNCATE access_rolegrant",
        "DELETE FROM access_roleconflict",
        "UPDATE access_roleconflict SET other_role = 'CASHIER'",
        "INSERT INTO access_roleconflict (role, other_role, reason) VALUES ('A', 'B', '')",
        "DELETE FROM access_user",
        "UPDATE access_user SET is_superuser = true",
        "UPDATE access_user SET kind = 'SERVICE'",
    ],
)
def test_the_application_cannot(statement):
    make.user("CASHIER")
    with pytest.raises(DatabaseError):
        write(statement)


def test_a_revocation_is_written_once():
    make.user("CASHIER")
    write("UPDATE access_rolegrant SET revoked_at = clock_timestamp()")

    for again in ("clock_timestamp() + interval '1 day'", "NULL"):
        with pytest.raises(DatabaseError, match="revoked once"):
            write(f"UPDATE access_rolegrant SET revoked_at = {again}")


def test_nobody_gives_a_role_to_oneself():
    person = make.user()
    with pytest.raises(IntegrityError, match="not_to_oneself"):
        RoleGrant.objects.create(user=person, role="CASHIER", granted_by=person, granted_at=timezone.now())
