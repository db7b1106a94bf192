"""Journals by hand: two people, limits, evidence, and the book's own guards behind them."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock, files
from hms_ach.money import Money
from ledger.commands import (
    ControlAccountByHand,
    EntryNotFinances,
    ForeignAccount,
    JournalAboveLimit,
    JournalLineAsked,
    JournalNotAwaiting,
    JournalNotByPreparer,
    JournalOnlyByPreparer,
    JournalTooShort,
    JournalUnbalanced,
    PeriodClosed,
    approve_journal,
    approve_journal_limit,
    decide_role_change,
    hard_close,
    open_period,
    prepare_journal,
    prepare_reversal,
    propose_journal_limit,
    propose_role_change,
    reject_journal,
    reverse_due,
    soft_close,
    withdraw_journal,
)
from ledger.commands.journal_limit import JournalLimitByProposer, JournalLimitDecided, JournalLimitWrong
from ledger.models import Account, Entry, Journal, JournalLimitApproval, JournalLine, Period
from ledger.queries.journal_limit import limits_in_force
from ledger.rules.roles import CHART, CONTROL_ROLES
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book()


@pytest.fixture
def eve(facility):
    return access.user("FINANCE_REVIEWER", facilities=[facility])


@pytest.fixture
def finn(facility):
    return access.user("FINANCE_APPROVER", facilities=[facility])


def line(facility, number, minor, currency="USD"):
    account = Account.objects.get(legal_entity=facility.legal_entity, number=number)
    return JournalLineAsked(account, Money(minor, currency))


def prepared(facility, actor, minor=100_00, **more) -> Journal:
    values = {"effective_on": make.DAY, "memo": "Rent of March"} | more
    lines = values.pop("lines", None) or [line(facility, "8510", minor), line(facility, "1001", -minor)]
    return prepare_journal(facility=facility, lines=lines, actor=actor, **values)


def test_a_journal_is_posted_as_prepared_when_another_person_approves(facility, eve, finn):
    evidence = files.store(
        b"lease", name="lease.pdf", media_type="application/pdf", kind="t", facility=facility, actor=eve
    )
    journal = prepared(facility, eve, file_ids=[evidence.pk])
    assert not Entry.objects.exists()

    posted = approve_journal(journal_id=journal.pk, actor=finn)

    rows = posted.entry.postings.order_by("line").values_list("account__number", "amount_minor")
    assert list(rows) == [("8510", 100_00), ("1001", -100_00)]
    assert (posted.entry.source_kind, posted.entry.source_id) == ("adjustment", journal.public_id)
    assert [each.file.name for each in posted.files.all()] == ["lease.pdf"]


def test_the_preparer_decides_nothing_but_may_withdraw(facility, eve, finn):
    journal = prepared(facility, eve)

    with pytest.raises(JournalNotByPreparer):
        approve_journal(journal_id=journal.pk, actor=eve)
    with pytest.raises(JournalNotByPreparer):
        reject_journal(journal_id=journal.pk, reason="Mine", actor=eve)
    with pytest.raises(JournalOnlyByPreparer):
        withdraw_journal(journal_id=journal.pk, actor=finn)
    withdraw_journal(journal_id=journal.pk, actor=eve)

    with pytest.raises(JournalNotAwaiting):
        approve_journal(journal_id=journal.pk, actor=finn)
    assert not Entry.objects.exists()


def test_an_approver_approves_up_to_the_limit_of_their_role(facility, eve, finn):
    gil = access.user("CONTROLLER", facilities=[facility])
    large = prepared(facility, eve, 25_000_01)

    with pytest.raises(JournalAboveLimit, match=r"\$25,000.01.*up to \$25,000.00"):
        approve_journal(journal_id=large.pk, actor=finn)
    assert not Entry.objects.exists()
    approve_journal(journal_id=large.pk, actor=gil)

    limit = Money(50_00, "USD")
    entity = facility.legal_entity
    asked = propose_journal_limit(legal_entity=entity, role="FINANCE_APPROVER", limit=limit, actor=gil)
    still = prepared(facility, eve, 50_01)
    approve_journal(journal_id=still.pk, actor=finn)
    approve_journal_limit(limit_id=asked.pk, actor=finn)
    small = prepared(facility, eve, 50_01)
    with pytest.raises(JournalAboveLimit):
        approve_journal(journal_id=small.pk, actor=finn)


def test_what_cannot_be_posted_is_refused_when_it_is_prepared(facility, eve):
    other = make.book()

    with pytest.raises(JournalUnbalanced, match=r"\$100.00 and credits \$99.00"):
        prepared(facility, eve, lines=[line(facility, "8510", 100_00), line(facility, "1001", -99_00)])
    with pytest.raises(JournalTooShort):
        prepared(facility, eve, lines=[line(facility, "8510", 100_00)])
    with pytest.raises(ControlAccountByHand, match="1022"):
        prepared(facility, eve, lines=[line(facility, "1022", 1_00), line(facility, "1001", -1_00)])
    with pytest.raises(ForeignAccount):
        prepared(facility, eve, lines=[line(facility, "8510", 1_00), line(other, "1001", -1_00)])


@pytest.mark.parametrize("currency, minor", [("JPY", 1250), ("KWD", 1_250_500)])
def test_currencies_without_cents_and_with_three_digits(currency, minor, eve):
    facility = make.book(currency=currency)
    finn = access.user("CONTROLLER", facilities=[facility])
    lines = [line(facility, "8510", minor, currency), line(facility, "1001", -minor, currency)]

    posted = approve_journal(journal_id=prepared(facility, eve, lines=lines).pk, actor=finn)

    assert (posted.total_minor, posted.entry.total_functional_minor) == (minor, minor)


def test_a_soft_closed_period_takes_journals_and_a_hard_closed_one_none(facility, eve, finn):
    period = Period.objects.get()
    first, second = prepared(facility, eve), prepared(facility, eve)
    soft_close(period_id=period.pk, actor=finn)
    approve_journal(journal_id=first.pk, actor=finn)
    hard_close(period_id=period.pk, actor=finn)

    with pytest.raises(PeriodClosed):
        approve_journal(journal_id=second.pk, actor=finn)


def test_an_accrual_takes_itself_back_on_its_day(facility, eve, finn):
    journal = prepared(facility, eve, effective_on=make.DAY, reverses_on=date(2026, 3, 20))
    entry = approve_journal(journal_id=journal.pk, actor=finn).entry

    early, _waiting = reverse_due(today=date(2026, 3, 19))
    done, _waiting = reverse_due(today=date(2026, 3, 20))
    again, _waiting = reverse_due(today=date(2026, 3, 21))

    assert (early, again) == ([], [])
    assert [(each.reverses_id, each.effective_on) for each in done] == [(entry.pk, date(2026, 3, 20))]


def test_a_reversal_whose_period_is_not_open_waits_or_comes_late(facility, eve, finn):
    journal = prepared(facility, eve, reverses_on=date(2026, 4, 1))
    approve_journal(journal_id=journal.pk, actor=finn)

    done, waiting = reverse_due(today=date(2026, 4, 2))
    assert (done, len(waiting)) == ([], 1)
    open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 5, 1), actor=None)
    done, waiting = reverse_due(today=date(2026, 5, 2))

    assert [(each.effective_on, each.belongs_on) for each in done] == [(date(2026, 5, 2), date(2026, 4, 1))]


def test_a_reversal_that_the_book_refuses_holds_up_no_other_and_waits(facility, eve, finn):
    other = make.book()
    entries = []
    for place in (facility, other):
        journal = prepared(place, eve, effective_on=make.DAY, reverses_on=date(2026, 3, 20))
        entries.append(approve_journal(journal_id=journal.pk, actor=finn).entry)
    account = entries[0].postings.order_by("line").first().account
    account.active_until = date(2026, 3, 15)
    account.save()

    done, waiting = reverse_due(today=date(2026, 3, 20))

    assert [each.reverses_id for each in done] == [entries[1].pk]
    assert [(row.entry_id, refusal.code) for row, refusal in waiting] == [(entries[0].pk, "account_inactive")]


def test_an_entry_of_finance_is_taken_back_by_two_people_and_others_by_their_document(facility, eve, finn):
    entry = approve_journal(journal_id=prepared(facility, eve).pk, actor=finn).entry

    reversal = prepare_reversal(entry=entry, effective_on=make.DAY, reason="Wrong month", actor=eve)
    done = approve_journal(journal_id=reversal.pk, actor=finn)

    assert done.entry.reverses_id == entry.pk
    with pytest.raises(EntryNotFinances):
        prepare_reversal(entry=make.entry(facility), effective_on=make.DAY, reason="No", actor=eve)


@pytest.mark.parametrize(
    "sql, why",
    [
        ("UPDATE ledger_journal SET memo = 'other'", "changes once"),
        ("UPDATE ledger_journal SET total_minor = 1", "changes once"),
        (
            "UPDATE ledger_journal SET state='REJECTED', decided_at=now(), decided_by_id=prepared_by_id",
            "two_people",
        ),
        ("UPDATE ledger_journal SET state = 'POSTED', decided_at = now(), decided_by_id = 1", "has_entry"),
        ("UPDATE ledger_journalline SET amount_minor = 1", "permission denied"),
        ("DELETE FROM ledger_journal", "permission denied"),
        ("DELETE FROM ledger_scheduledreversal", "permission denied"),
    ],
)
def test_the_database_refuses_what_goes_round_the_commands(facility, eve, sql, why):
    prepared(facility, eve)

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def write_by_sql(facility, eve):
    journal = Journal.objects.create(
        number="J-1",
        facility=facility,
        effective_on=make.DAY,
        memo="By SQL",
        currency="USD",
        total_minor=1,
        prepared_by=eve,
        prepared_at=clock.now(),
    )
    kept = Account.objects.get(number="1022")
    JournalLine.objects.create(journal=journal, line=1, account=kept, amount_minor=1)


def test_the_database_refuses_a_control_account_by_hand(facility, eve):
    with pytest.raises(DatabaseError, match="sub-ledger keeps"), transaction.atomic():
        write_by_sql(facility, eve)


def test_an_account_that_a_sub_ledger_took_over_meanwhile_is_refused(facility, eve, finn):
    journal = prepared(facility, eve)
    change = propose_role_change(
        role="card.clearing",
        account=Account.objects.get(number="1001"),
        facility=facility,
        valid_from=make.DAY,
        reason="Cards go to the bank's account",
        actor=eve,
    )
    decide_role_change(change_id=change.pk, is_approved=True, actor=finn)

    with pytest.raises(ControlAccountByHand):
        approve_journal(journal_id=journal.pk, actor=finn)
    with pytest.raises(DatabaseError, match="sub-ledger keeps"), transaction.atomic():
        Journal.objects.filter(pk=journal.pk).update(
            state="POSTED", decided_by=finn, decided_at=clock.now(), entry=make.entry(facility)
        )


def test_the_database_knows_the_control_roles_of_the_code():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role FROM unnest(%s::text[]) role WHERE ledger_is_control_role(role)",
            [[seed.role for seed in CHART]],
        )
        assert {row[0] for row in cursor.fetchall()} == CONTROL_ROLES


def test_a_limit_counts_when_another_person_lets_it(facility, finn):
    gil, entity = access.user("CONTROLLER", facilities=[facility]), facility.legal_entity
    first = propose_journal_limit(legal_entity=entity, role="FINANCE_APPROVER", limit=None, actor=gil)
    newer = propose_journal_limit(
        legal_entity=entity, role="FINANCE_APPROVER", limit=Money(9_00, "USD"), actor=gil
    )

    with pytest.raises(JournalLimitByProposer):
        approve_journal_limit(limit_id=newer.pk, actor=gil)
    with pytest.raises(JournalLimitDecided):
        approve_journal_limit(limit_id=first.pk, actor=finn)
    with pytest.raises(DatabaseError, match="somebody other"), transaction.atomic():
        JournalLimitApproval.objects.create(limit=newer, approved_by=gil, approved_at=clock.now())
    assert limits_in_force(legal_entity=entity)["FINANCE_APPROVER"] == 25_000_00
    approve_journal_limit(limit_id=newer.pk, actor=finn)
    assert limits_in_force(legal_entity=entity)["FINANCE_APPROVER"] == 9_00


@pytest.mark.parametrize(
    "role, limit, why",
    [
        ("CASHIER", None, "approves no journals"),
        ("CONTROLLER", Money(-1, "USD"), "zero or more"),
        ("CONTROLLER", Money(1, "EUR"), "in USD"),
    ],
)
def test_a_limit_that_means_nothing_is_refused(facility, finn, role, limit, why):
    with pytest.raises(JournalLimitWrong, match=why):
        propose_journal_limit(legal_entity=facility.legal_entity, role=role, limit=limit, actor=finn)
