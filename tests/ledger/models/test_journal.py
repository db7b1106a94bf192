"""Raw SQL as the application, between transactions: a journal stays as it was prepared."""

import pytest
from django.db import DatabaseError, connection

from hms_ach.money import Money
from ledger.commands import JournalLineAsked, approve_journal, prepare_journal
from ledger.models import Account, Journal
from tests.make import access
from tests.make import ledger as make


def prepared(facility, actor, minor) -> Journal:
    accounts = [Account.objects.get(number=number) for number in ("8510", "1001")]
    lines = [
        JournalLineAsked(account, Money(amount, "USD"))
        for account, amount in zip(accounts, (minor, -minor), strict=True)
    ]
    return prepare_journal(facility=facility, effective_on=make.DAY, memo="Rent", lines=lines, actor=actor)


def test_a_journal_gets_no_line_after_it_was_prepared_nor_another_entry(own_database):
    facility = make.book()
    eve = access.user("FINANCE_REVIEWER", facilities=[facility])
    finn = access.user("FINANCE_APPROVER", facilities=[facility])
    journal, other = prepared(facility, eve, 100_00), prepared(facility, eve, 50_00)
    entry = approve_journal(journal_id=other.pk, actor=finn).entry
    late = (
        "INSERT INTO ledger_journalline (journal_id, line, account_id, amount_minor) "
        f"SELECT {journal.pk}, 3, account_id, 1 FROM ledger_journalline LIMIT 1"
    )
    foreign = (
        f"UPDATE ledger_journal SET state = 'POSTED', decided_at = now(), decided_by_id = {finn.pk}, "
        f"entry_id = {entry.pk} WHERE id = {journal.pk}"
    )

    for sql, why in [(late, "only when it is prepared"), (foreign, "journal_entry_id|as it was prepared")]:
        with pytest.raises(DatabaseError, match=why), connection.cursor() as cursor:
            cursor.execute(sql)
