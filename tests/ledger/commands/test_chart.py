"""Importing a chart: first said, then done, all or nothing."""

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach.refusal import FileRejected
from ledger.commands import import_chart, plan_chart
from ledger.models import Account
from ledger.queries import chart
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
HEAD = "number,name,class,normal_side,currency,active_from,active_until,parent\n"


def taken(facility, rows: str):
    return import_chart(
        legal_entity=facility.legal_entity,
        content=(HEAD + rows).encode(),
        name="chart.csv",
        today=make.DAY,
        actor=make.person("gil"),
    )


def test_a_chart_is_said_then_taken_in_with_its_tree():
    facility = make.book()
    rows = (
        "1000,Current assets,asset,,,,,\n"
        "1001,Checking,asset,debit,,2000-01-01,,1000\n"
        "1099,Yen,asset,,JPY,,,1000\n"
    )

    plan = plan_chart(legal_entity=facility.legal_entity, content=(HEAD + rows).encode(), today=make.DAY)
    assert Account.objects.filter(number="1000").count() == 0
    done = taken(facility, rows)

    assert [row.number for row in plan.added] == [row.number for row in done.added] == ["1000", "1099"]
    assert [row.number for row in done.changed] == ["1001"]
    lines = {line.number: line.depth for line in chart(legal_entity=facility.legal_entity, on=make.DAY)}
    assert (lines["1000"], lines["1001"], lines["1099"], lines["1004"]) == (0, 1, 1, 0)
    assert Account.objects.get(number="1099").history.count() >= 1


def test_taking_the_same_chart_again_changes_nothing():
    facility = make.book()
    rows = "1000,Current assets,asset,,,,,\n"
    taken(facility, rows)

    plan = plan_chart(legal_entity=facility.legal_entity, content=(HEAD + rows).encode(), today=make.DAY)

    assert (plan.added, plan.changed, plan.n_same) == ((), (), 1)


@pytest.mark.parametrize(
    "row, field",
    [
        ("1001,Checking,expense,,,,,", "class"),
        ("1001,Checking,asset,credit,,,,", "normal_side"),
        ("1001,Checking,asset,,EUR,,,", "currency"),
        ("1005,Drawers,asset,,,,2026-03-12,", "active_until"),
    ],
)
def test_what_entries_rely_on_is_never_changed_by_a_file(row, field):
    facility = make.book()
    make.entry(facility)

    with pytest.raises(FileRejected) as refused:
        taken(facility, "1000,Good,asset,,,,,\n" + row + "\n")

    assert field in [finding.field for finding in refused.value.findings]
    assert not Account.objects.filter(number="1000").exists()


@pytest.mark.parametrize(
    "sql, why",
    [
        ("UPDATE ledger_account SET parent_id = id WHERE number = '1001'", "below itself"),
        (
            (
                "UPDATE ledger_account SET parent_id = (SELECT id FROM ledger_account WHERE number = '8510') "
                "WHERE number = '1001'"
            ),
            "its own entity and class",
        ),
    ],
)
def test_the_database_keeps_the_chart_a_tree(sql, why):
    make.book()

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
