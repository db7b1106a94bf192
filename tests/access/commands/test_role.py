"""Giving roles and taking them back."""

import pytest

from hms_ach.access.commands import (
    RoleConflictRefused,
    RoleNotForKind,
    RoleNotHeld,
    RoleToOneself,
    grant_role,
    revoke_role,
)
from hms_ach.access.models import RoleGrant, User
from hms_ach.access.queries import facilities_of, facility_ids_of, has_permission, roles_of
from hms_ach.audit.models import Event
from tests.make import access as make

pytestmark = pytest.mark.django_db


def fresh(user):
    """The user as the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_a_conflict_is_explained_in_words():
    person = make.user("CASHIER", username="ana")
    with pytest.raises(RoleConflictRefused) as refused:
        grant_role(user=person, role="FINANCE_APPROVER", actor=make.user("ADMINISTRATOR"))

    assert str(refused.value).startswith("Ana is already cashier and cannot also be finance approver:")


def test_after_a_revocation_the_other_role_may_be_given():
    admin, person = make.user("ADMINISTRATOR"), make.user("CASHIER")

    revoke_role(user=person, role="CASHIER", actor=admin, reason="promoted")
    grant_role(user=person, role="FINANCE_APPROVER", actor=admin)

    assert roles_of(fresh(person)) == {"FINANCE_APPROVER"}
    assert RoleGrant.objects.filter(user=person).count() == 2


def test_giving_twice_is_one_grant():
    person = make.user("CASHIER")

    grant_role(user=person, role="CASHIER")

    assert RoleGrant.objects.filter(user=person).count() == 1


def test_every_change_is_in_the_trail():
    admin, person = make.user("ADMINISTRATOR"), make.user()

    grant_role(user=person, role="AUDITOR", actor=admin, reason="yearly audit")
    revoke_role(user=person, role="AUDITOR", actor=admin, reason="audit done")

    given, taken = Event.objects.order_by("-id")[:2][::-1]
    assert (given.action, given.actor_id, given.reason) == ("access.grant_role", admin.pk, "yearly audit")
    assert (taken.action, taken.actor_id, taken.reason) == ("access.revoke_role", admin.pk, "audit done")


def test_what_makes_no_sense_is_refused():
    admin, program = make.user("ADMINISTRATOR"), make.api_client("gl:read").user
    with pytest.raises(RoleToOneself):
        grant_role(user=admin, role="AUDITOR", actor=admin)
    with pytest.raises(RoleNotForKind):
        grant_role(user=program, role="CASHIER", actor=admin)
    with pytest.raises(RoleNotHeld):
        revoke_role(user=admin, role="CASHIER", actor=make.user("ADMINISTRATOR"))


def test_permissions_come_from_roles_and_end_with_suspension():
    person = make.user("ADMINISTRATOR")
    assert person.has_perm("access.grant_role")
    assert not person.has_perm("billing.issue_invoice")

    person.is_active = False

    assert not has_permission(person, "access.grant_role")


def test_an_administrator_handles_no_money():
    kernel = ("access.", "audit.", "outbox.", "api.", "files.", "vault.")
    from hms_ach.access.roles import PERMISSIONS, Role

    for permission in PERMISSIONS[Role.ADMINISTRATOR]:
        assert permission.startswith(kernel), permission


def test_facilities_are_read_once_a_request(django_assert_num_queries):
    north, lake = make.facility("NORTH"), make.facility("LAKE")
    person = fresh(make.user("CASHIER", facilities=[north]))

    with django_assert_num_queries(1):
        assert facilities_of(person) == [north]
        assert facility_ids_of(person) == {north.pk}

    assert not person.has_perm("access.work_in_facility", lake)
    assert person.has_perm("access.work_in_facility", north)
