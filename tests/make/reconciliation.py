"""Bank accounts, statements, and what the till awaits."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta

from cashiering.models import Deposit
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from ledger.commands import Posting, post_entry
from reconciliation.commands import (
    SuspenseKey,
    approve,
    approve_account_number,
    create_bank_account,
    import_statement,
    match_account,
    propose,
    reconcile_account,
)
from reconciliation.formats.camt import write
from reconciliation.formats.statement import Entry, Statement
from reconciliation.models import BankAccount, Discrepancy, Expectation, Match
from reconciliation.models import Statement as KeptStatement
from reconciliation.rules.references import keys_of
from tests.make import access, ledger

DAY = ledger.DAY
_numbers = itertools.count(1)


def hospital(code: str = "NORTH") -> Facility:
    """A facility with the seed chart and an open period around DAY."""
    return ledger.book(code=code)


def reviewer(*facilities: Facility, username: str = "eve") -> User:
    return access.user("FINANCE_REVIEWER", facilities=facilities, username=username)


def approver(*facilities: Facility, username: str = "finn") -> User:
    return access.user("FINANCE_APPROVER", facilities=facilities, username=username)


def bank_account(
    facility: Facility, *, code: str = "NORTH-OP", number: str = "US-1234567890", opened_on: date = DAY
) -> BankAccount:
    account = create_bank_account(
        facility=facility,
        code=code,
        name="Operating",
        number=number,
        currency=facility.currency,
        opened_on=opened_on,
        actor=access.user(username=f"opener{next(_numbers)}"),
    )
    return in_force(account, number)


def in_force(account: BankAccount, number: str) -> BankAccount:
    """The same account after another person has typed its number again."""
    second = access.user(username=f"second{next(_numbers)}")
    approve_account_number(number_id=account.numbers.get().pk, number=number, actor=second)
    account.refresh_from_db()
    return account


def line(minor: int, *references: str, on: date = DAY, bank_reference: str | None = None, **more) -> Entry:
    """A booked line; with a bank reference of its own unless one is given."""
    if bank_reference is None:
        bank_reference = f"BNK{next(_numbers):07d}"
    return Entry(
        amount_minor=minor,
        currency="USD",
        booked_on=on,
        value_on=on,
        bank_reference=bank_reference,
        references=references,
        **more,
    )


def statement_file(
    *entries: Entry,
    statement_id: str = "S1",
    number: str = "US-1234567890",
    opening: int = 0,
    sequence: int | None = None,
    on: date = DAY,
    currency: str = "USD",
) -> bytes:
    """A camt.053 file of one day whose balances agree with its lines."""
    closing = opening + sum(entry.amount_minor for entry in entries if entry.status == "BOOK")
    return write(
        Statement(
            account_number=number,
            statement_id=statement_id,
            currency=currency,
            opening_minor=opening,
            closing_minor=closing,
            from_on=on,
            to_on=on,
            sequence=sequence,
            entries=tuple(entries),
        )
    )


def statement(account: BankAccount, *entries: Entry, actor: User | None = None, **said) -> KeptStatement:
    """An imported statement of one day."""
    imported = import_statement(
        content=statement_file(*entries, **said),
        name="statement.xml",
        actor=actor or access.user(),
        facility_ids=[account.facility_id],
    )
    return imported.statements[0]


def night(account: BankAccount, *entries: Entry, night: int = 0) -> list[Match]:
    """What is matched of the lines of a day, so many after the first."""
    on = DAY + timedelta(days=night)
    opening = sum(line.amount_minor for line in account.lines.all())
    entries = tuple(entry._replace(booked_on=on, value_on=on) for entry in entries)
    statement(account, *entries, statement_id=f"S{night}", opening=opening, on=on)
    return list(Match.objects.filter(pk__in=match_account(account=account).match_ids))


def expected(
    account: BankAccount, minor: int, *references: str, on: date = DAY, fee: int = 0, **more
) -> Expectation:
    """An expected item alone, for what only looks at matching."""
    values = {
        "kind": "card_batch" if fee else "deposit",
        "clearing_role": "card.clearing" if fee else "deposit.in_transit",
        "earliest_on": on,
        "latest_on": on + timedelta(days=3),
    } | more
    return Expectation.objects.create(
        source_id=f"dep_{next(_numbers)}",
        facility_id=account.facility_id,
        account=account,
        amount_minor=minor,
        fee_minor=fee,
        currency=account.currency,
        reference="ref",
        references=list(references),
        expected_on=on,
        pulled_at=clock.now(),
        **{"keys": keys_of(references)} | values,
    )


def deposit_in_transit(facility: Facility, minor: int, *, bag: str = "", on: date = DAY) -> Deposit:
    """A bag that was handed over, with the entry that put its money on the way."""
    bag = bag or f"BAG{next(_numbers):06d}"
    people: Sequence[User] = [access.user() for _ in range(2)]
    deposit = Deposit.objects.create(
        facility=facility,
        business_on=on,
        bag_number=bag,
        slip_number=f"SLIP{next(_numbers):06d}",
        currency="USD",
        cash_minor=minor,
        cheques_minor=0,
        state="IN_TRANSIT",
        prepared_by=people[0],
        prepared_at=clock.now(),
        verified_by=people[1],
        verified_at=clock.now(),
        courier="Armoured",
        handed_over_by=people[1],
        handed_over_at=clock.now(),
        expected_on=on,
    )
    amount = Money(minor, "USD")
    post_entry(
        key=f"test.deposit:{deposit.public_id}",
        facility=facility,
        effective_on=on,
        source=("deposit", deposit.public_id),
        memo=bag,
        postings=[
            Posting("deposit.in_transit", amount, reference=deposit.public_id),
            Posting("cash.safe", -amount),
        ],
    )
    return deposit


def mt940_file(
    *lines: str,
    number: int = 1,
    opening: str = "C260311USD0,00",
    closing: str,
    account: str = "US-1234567890",
) -> bytes:
    """An MT940 statement of 12 March 2026 with the lines given as they stand."""
    body = "".join(f"{line}\n" for line in lines)
    head = f":20:REF\n:25:{account}\n:28C:{number}/1\n:60F:{opening}\n"
    return f"{head}{body}:62F:{closing}\n-\n".encode()


def in_suspense(facility: Facility, minor: int, *, eve: User, finn: User, on: date = DAY) -> SuspenseKey:
    """Money on a bank line that nobody could place, put into suspense by two people."""
    nth = next(_numbers)
    account = bank_account(facility, code=f"{facility.code}-{nth}", number=f"US-{nth:010}")
    statement(account, line(minor, "unknown", on=on), on=on, number=f"US-{nth:010}")
    reconcile_account(account=account)
    found = Discrepancy.objects.get(line__account=account, kind="UNMATCHED_CREDIT")
    proposal = propose(discrepancy_id=found.pk, action="SUSPENSE", reason="Who pays?", actor=eve)
    approve(proposal_id=proposal.pk, actor=finn)
    return SuspenseKey(facility, found.public_id, facility.currency)
