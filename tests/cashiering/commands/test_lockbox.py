"""A lockbox file: what its stubs prove is paid, the rest lies in suspense, and the bank shows one sum."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import take_lockbox_file
from cashiering.commands.lockbox import LockboxOtherCurrency
from cashiering.models import LockboxCheque, LockboxDeposit, Payment
from cashiering.queries import awaiting_bank
from hms_ach import clock
from hms_ach.files.models import StoredFile
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from hms_ach.refusal import FileRejected
from reconciliation.commands import approve_clearing, propose_clearing, reconcile_account
from reconciliation.commands.clearing import SuspenseKey
from reconciliation.models import Match
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file
from tests.make import access
from tests.make import cashiering as make
from tests.make import reconciliation as bank

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def till():
    with clock.at(NOON):
        yield make.till()


@pytest.fixture
def bills(till):
    return [make.invoice(till, minor) for minor in (100_00, 50_00)]


def stub(bill, minor: int) -> tuple[str, int]:
    return bill.number.replace("-", ""), minor


def take(till, *cheques):
    return take_lockbox_file(
        content=lockbox_file(*cheques), name="lbx.txt", facility=till.facility, actor=till.gil
    )


def two(bills):
    first, second = bills
    return cheque(1, 150_00, stub(first, 100_00), stub(second, 50_00)), cheque(2, 70_00)


def test_what_stubs_prove_is_paid_and_the_rest_lies_in_suspense(till, bills):
    (deposit,) = take(till, *two(bills)).deposits

    paid, left = deposit.cheques.order_by("item")
    for bill in bills:
        bill.refresh_from_db()
    assert [bill.state for bill in bills] == ["PAID", "PAID"]
    assert (paid.payment.total_minor, left.problem) == (150_00, "The file names no invoice.")
    assert make.balance(till, "transfer.clearing", paid.payment.public_id) == usd(0)
    assert make.balance(till, "transfer.clearing", deposit.public_id) == usd(220_00)
    assert make.balance(till, "suspense.unidentified", left.public_id) == usd(-70_00)
    assert [(one.kind, one.amount) for one in awaiting_bank()] == [("lockbox", usd(220_00))]
    told = Event.objects.get(type="lockbox_deposit.recorded").data
    assert (told["cheques"], told["in_suspense"]) == (2, 1)


def test_the_statements_line_is_matched_with_the_whole_deposit(till, bills):
    (deposit,) = take(till, *two(bills)).deposits
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(220_00, "7654321", description="LOCKBOX DEPOSIT"))

    reconcile_account(account=account)

    deposit.refresh_from_db()
    assert Match.objects.get().pass_name == "reference"
    assert deposit.bank_confirmed_on == bank.DAY
    assert make.balance(till, "transfer.clearing", deposit.public_id) == usd(0)


def test_two_people_place_what_lies_in_suspense(till, bills):
    (deposit,) = take(till, cheque(1, 100_00)).deposits
    item = SuspenseKey(till.facility, deposit.cheques.get().public_id, "USD")
    bank.bank_account(till.facility)

    clearing = propose_clearing(
        item=item, purpose="INVOICE", amount=usd(100_00), reason="told by telephone",
        document=bills[0].number, actor=bank.reviewer(till.facility),
    )  # fmt: skip
    approve_clearing(clearing_id=clearing.pk, actor=bank.approver(till.facility))

    bills[0].refresh_from_db()
    assert bills[0].state == "PAID"
    assert make.balance(till, "suspense.unidentified", item.reference) == usd(0)


@pytest.mark.parametrize("what", ["unknown", "too much", "paid already"])
def test_an_invoice_that_cannot_take_it_leaves_the_whole_cheque_in_suspense(till, bills, what):
    first, second = bills
    rows = {
        "unknown": cheque(1, 150_00, stub(first, 100_00), ("X-1", 50_00)),
        "too much": cheque(1, 150_00, stub(first, 99_00), stub(second, 51_00)),
        "paid already": cheque(2, 50_00, stub(second, 50_00)),
    }
    before = [cheque(1, 50_00, stub(second, 50_00))] if what == "paid already" else []

    (deposit,) = take(till, *before, rows[what]).deposits

    left = deposit.cheques.get(payment=None)
    first.refresh_from_db()
    assert left.problem
    assert first.state == "ISSUED"
    assert make.balance(till, "suspense.unidentified", left.public_id) == usd(-left.amount_minor)


def test_the_same_deposit_again_changes_nothing(till, bills):
    first = take(till, *two(bills))
    again = take(till, *two(bills))

    assert (first.known, again.known, again.deposits) == (0, 1, first.deposits)
    assert (LockboxDeposit.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_batch_with_other_cheques_refuses_the_file(till, bills):
    take(till, *two(bills))

    with pytest.raises(FileRejected, match="was taken in before with other cheques"):
        take(till, cheque(1, 150_00))

    assert LockboxDeposit.objects.count() == 1


def test_a_file_that_does_not_agree_changes_nothing_and_is_kept(till):
    content = lockbox_file(cheque(1, 150_00)).replace(b"0000015000", b"0000015001", 1)

    with pytest.raises(FileRejected):
        take_lockbox_file(content=content, name="bad.txt", facility=till.facility, actor=till.gil)

    assert not LockboxDeposit.objects.exists()
    assert StoredFile.objects.filter(name="bad.txt").exists()


def test_a_facility_of_another_currency_takes_none():
    with clock.at(NOON):
        till = make.till(currency="EUR")
        with pytest.raises(LockboxOtherCurrency):
            take(till, cheque(1, 1_00))


def test_the_database_keeps_what_the_file_said(till, bills):
    take(till, *two(bills))

    for rows, change in ((LockboxDeposit, {"total_minor": 1}), (LockboxCheque, {"amount_minor": 1})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.all().delete()


def test_the_screens_show_what_became_of_each_cheque(till, bills):
    eve = access.signed_in(bank.reviewer(till.facility))
    cashier = access.signed_in(till.ana)
    (deposit,) = take(till, *two(bills)).deposits

    shown = eve.get(f"/cashiering/lockboxes/{deposit.public_id}/").content.decode()

    assert deposit.cheques.get(item="001").payment.receipt_number in shown
    assert "In suspense: The file names no invoice." in shown
    assert b"7654321" in eve.get("/cashiering/lockboxes/").content
    assert cashier.get("/cashiering/lockboxes/upload/").status_code == 403


def test_a_program_sends_a_file_and_reads_the_deposits(till, bills):
    client = access.api("advices:write", facilities=[till.facility])
    address = f"/api/ach/lockbox-files/{till.facility.code}/day.txt"
    content = lockbox_file(*two(bills))

    sent = [client.put(address, content, content_type="text/plain") for _ in range(2)]
    bad = client.put(address, content[:200], content_type="text/plain")

    assert [answer.status_code for answer in (*sent, bad)] == [201, 200, 422]
    (shown,) = client.get("/api/ach/lockbox-deposits").json()["items"]
    assert shown["total"]["amount"] == "220.00"
    assert sorted(one["problem"] for one in shown["cheques"]) == ["", "The file names no invoice."]
