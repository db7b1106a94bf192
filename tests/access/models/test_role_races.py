"""Two conflicting roles given at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import DatabaseError, connections

from hms_ach.access.commands import RoleConflictRefused, grant_role
from hms_ach.access.models import RoleGrant
from tests.make import access as make


def test_of_two_conflicting_grants_at_once_one_wins(own_database):
    people = [make.user() for _ in range(5)]

    for person in people:
        both = Barrier(2)

        def give(role, person=person, both=both):
            try:
                both.wait()
                grant_role(user=person, role=role)
            except (RoleConflictRefused, DatabaseError):
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as pool:
            won = list(pool.map(give, ["CASHIER", "FINANCE_APPROVER"]))

        assert sorted(won) == [False, True]
        assert RoleGrant.objects.filter(user=person).count() == 1
