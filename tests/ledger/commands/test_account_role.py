"""Moving where money is posted takes two people and a day."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.commands import (
    RoleChangeDecided,
    RoleChangeDoesNotFit,
    RoleChangeNotByProposer,
    RoleChangeWithoutReason,
    RolePlayed,
    RoleUnknown,
    assign_role,
    create_account,
    decide_role_change,
    propose_role_change,
)
from ledger.models import AccountRole
from ledger.queries import account_roles
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
FROM = date(2026, 3, 20)


def new_account(facility, number="1015"):
    return create_account(
        legal_entity=facility.legal_entity,
        number=number,
        name="New drawers",
        natural_class="ASSET",
        normal_side="DEBIT",
        active_from=date(2026, 1, 1),
        actor=None,
    )


def proposed(facility, *, of=None, actor=None, **more):
    account = new_account(facility)
    values = {"role": "cash.drawer", "account": account, "valid_from": FROM, "reason": "New chart"} | more
    return propose_role_change(facility=of, actor=actor or make.person("gil"), **values)


def drawer_account(facility, day):
    entry = make.entry(facility, day=day)
    return entry.postings.get(role="cash.drawer").account.number


def test_an_approved_change_holds_from_its_day_and_leaves_the_past():
    facility, hana = make.book(), make.person("hana")
    change = proposed(facility)

    decide_role_change(change_id=change.pk, is_approved=True, actor=hana)

    assert drawer_account(facility, date(2026, 3, 19)) == "1005"
    assert drawer_account(facility, FROM) == "1015"
    lines = list(account_roles(legal_entity=facility.legal_entity, on=make.DAY))
    drawers = [(line.account.number, line.is_later) for line in lines if line.role == "cash.drawer"]
    assert drawers == [("1005", False), ("1015", True)]


def test_a_facilitys_own_account_goes_before_the_entitys():
    facility, hana = make.book(), make.person("hana")
    change = proposed(facility, of=facility)

    decide_role_change(change_id=change.pk, is_approved=True, actor=hana)

    assert drawer_account(facility, FROM) == "1015"
    assert AccountRole.objects.get(role="cash.drawer", facility=None).valid_until is None


def test_nobody_decides_their_own_change_and_nobody_twice():
    facility, gil, hana = make.book(), make.person("gil"), make.person("hana")
    change = proposed(facility, actor=gil)

    with pytest.raises(RoleChangeNotByProposer):
        decide_role_change(change_id=change.pk, is_approved=True, actor=gil)
    decide_role_change(change_id=change.pk, is_approved=False, actor=hana)
    with pytest.raises(RoleChangeDecided):
        decide_role_change(change_id=change.pk, is_approved=True, actor=hana)

    assert drawer_account(facility, FROM) == "1005"


def test_what_cannot_be_is_refused_when_it_is_proposed():
    facility, other, gil = make.book(), make.book(), make.person("gil")
    account = new_account(facility)
    asked = {"account": account, "valid_from": FROM, "facility": None, "reason": "New", "actor": gil}

    with pytest.raises(RoleUnknown):
        propose_role_change(role="cash.pocket", **asked)
    with pytest.raises(RoleChangeDoesNotFit, match="not in use"):
        propose_role_change(role="cash.drawer", **asked | {"valid_from": date(2025, 1, 1)})
    with pytest.raises(RoleChangeDoesNotFit, match="another legal entity"):
        propose_role_change(role="cash.drawer", **asked | {"facility": other})
    with pytest.raises(RoleChangeWithoutReason):
        propose_role_change(role="cash.drawer", **asked | {"reason": " "})
    with pytest.raises(RolePlayed):
        assign_role(role="cash.drawer", account=account, valid_from=FROM, actor=gil)


def test_a_change_behind_a_later_one_is_refused():
    facility, hana = make.book(), make.person("hana")
    first = proposed(facility)
    earlier = propose_role_change(
        role="cash.drawer",
        account=new_account(facility, "1016"),
        valid_from=date(2026, 3, 1),
        facility=None,
        reason="Earlier",
        actor=make.person("ida"),
    )
    decide_role_change(change_id=first.pk, is_approved=True, actor=hana)

    with pytest.raises(RoleChangeDoesNotFit, match="assigned from 2026-03-20"):
        decide_role_change(change_id=earlier.pk, is_approved=True, actor=hana)


@pytest.mark.parametrize(
    "sql, why",
    [
        (
            (
                "INSERT INTO ledger_accountrole (legal_entity_id, role, account_id, valid_from) "
                "SELECT legal_entity_id, role, account_id, '2026-04-01' "
                "FROM ledger_accountrole WHERE role = 'cash.safe'"
            ),
            "approval of a second person",
        ),
        (
            "UPDATE ledger_accountrole SET account_id = (SELECT max(id) FROM ledger_account)",
            "only ends",
        ),
        ("UPDATE ledger_rolechange SET is_approved = true, decided_at = now()", "decision_whole"),
        (
            (
                "UPDATE ledger_rolechange SET is_approved = true, decided_at = now(), "
                "decided_by_id = proposed_by_id"
            ),
            "two_people",
        ),
        ("UPDATE ledger_rolechange SET reason = 'other'", "proposed first"),
        ("DELETE FROM ledger_rolechange", "permission denied"),
    ],
)
def test_the_database_lets_nobody_move_a_role_alone(sql, why):
    proposed(make.book())

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
