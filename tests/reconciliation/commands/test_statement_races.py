"""One file sent twice at one moment. Each test commits, in a database of its own."""

import pytest

from reconciliation.commands import import_statement
from reconciliation.models import Statement, StatementLine
from tests.cashiering.commands.test_races import together
from tests.make import access
from tests.make import reconciliation as make

pytestmark = pytest.mark.usefixtures("own_database")


def test_the_same_file_at_once_is_taken_in_once_and_known_to_the_other():
    account = make.bank_account(make.hospital())
    content = make.statement_file(make.line(10_00, "A-1001"), make.line(20_00, "A-1002"))
    actor = access.user()

    def send():
        return import_statement(
            content=content, name="s.xml", actor=actor, facility_ids=[account.facility_id]
        ).is_known

    results = together(*[send] * 3)

    assert sorted(results) == [False, True, True]
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 2)
