"""Taking in what a bank took out of a lockbox: payments where stubs prove them, suspense for the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Replace, Upper

from billing.queries import invoices_of
from cashiering.commands.bank_receipt import confirm_bank_receipt
from cashiering.commands.lockbox_image import MAX_BYTES, keep_images, spooled
from cashiering.commands.payment import receive_payment
from cashiering.formats import lockbox
from cashiering.models import LockboxCheque, LockboxDeposit, Payment
from cashiering.rules.tenders import TenderGiven
from hms_ach import audit, clock, files, outbox
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import FileRejected, Finding, Refusal
from ledger.commands import Posting, post_entry

KIND = "lockbox_file"
SUSPENSE = "suspense.unidentified"
_CURRENCY = "USD"


class LockboxOtherCurrency(Refusal):
    code = "lockbox_other_currency"
    status = 422
    sentence = "A lockbox file is in dollars, and {facility} has its money in {own}."


@dataclass(frozen=True, slots=True)
class LockboxTaken:
    """What came of a file. known: how many of its deposits were here before; images: new pictures."""

    deposits: list[LockboxDeposit]
    known: int
    findings: list[Finding]
    images: int = 0


def take_lockbox_file(
    *, content: bytes | BinaryIO, name: str, facility: Facility, actor: User
) -> LockboxTaken:
    """Take in all deposits of a BAI lockbox file, alone or in a ZIP with its pictures; or nothing.

    A cheque whose stubs add up to it, for invoices that are issued and owe as much, pays them; any other goes
    to suspense with the reason. The deposit's sum is awaited on the bank's statement as one item.

    The original is kept even when it is refused. The same file again changes nothing. Raises FileRejected
    with all findings, also where a batch of that day was taken in with other cheques, and as
    `add_lockbox_images` for pictures; LockboxOtherCurrency; FileTooLarge. Emits `payment.received` for each,
    and `lockbox_deposit.recorded`.
    """
    if facility.currency != _CURRENCY:
        raise LockboxOtherCurrency(facility=facility.code, own=facility.currency)
    with transaction.atomic():
        stored = files.store(
            content,
            name=name,
            media_type="text/plain",
            kind=KIND,
            facility=facility,
            actor=actor,
            limit_bytes=MAX_BYTES,
        )
    with transaction.atomic(), files.open_file(stored.public_id) as stream:
        said, images = _read(stream, name)
        # Whoever takes in the same at the same moment waits, and finds it known.
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        rows, known = [], 0
        for deposit in said.deposits:
            cheques = [each for each in deposit.cheques if each.amount_minor]
            found = _earlier(facility, deposit, cheques)
            known += found is not None
            if found is None and cheques:
                found = _take(facility, deposit, cheques, file=stored, actor=actor)
            rows += [found] if found else []
        added = keep_images(images, rows, actor=actor).added if images else 0
    return LockboxTaken(rows, known, said.findings, added)


def _read(stream: BinaryIO, name: str) -> tuple[lockbox.LockboxFile, list[lockbox.LockboxImage]]:
    """The lockbox file and the pictures that came with it. Raises FileRejected."""
    head = stream.read(8)
    if not lockbox.is_packed(head):
        rest = iter(lambda: stream.read(64 * 1024), b"")
        return lockbox.read(piece for part in ((head,), rest) for piece in part), []
    with spooled(head, stream) as source:
        unpacked = lockbox.unpack(source, name=name)
    if unpacked.text is None:
        raise FileRejected(0, "there are pictures only; add them on the page of their deposit")
    return lockbox.read([unpacked.text]), unpacked.images


def _earlier(
    facility: Facility, deposit: lockbox.LockboxDeposit, cheques: Sequence[lockbox.LockboxCheque]
) -> LockboxDeposit | None:
    """The deposit as it was taken in before. Raises FileRejected where its batch came with other cheques."""
    batches = {each.batch for each in cheques}
    rows = LockboxCheque.objects.filter(
        facility=facility, lockbox=deposit.lockbox, deposited_on=deposit.deposited_on, batch__in=batches
    )
    before = list(rows.select_related("deposit").order_by("id"))
    if not before:
        return None
    same = {(each.batch, each.item, each.amount_minor, each.number) for each in before}
    if same == {(each.batch, each.item, each.amount_minor, each.number) for each in cheques}:
        return before[0].deposit
    words = f"{deposit.lockbox} of {deposit.deposited_on}"
    problem = "was taken in before with other cheques; ask the bank which is right"
    found = Finding(deposit.line, "batch", ", ".join(sorted(batches)), "lockbox", f"of {words} {problem}")
    raise FileRejected(deposit.line, f"{found.value} {found.problem}", [found])


def _take(
    facility: Facility,
    said: lockbox.LockboxDeposit,
    cheques: Sequence[lockbox.LockboxCheque],
    *,
    file: files.StoredFile,
    actor: User,
) -> LockboxDeposit:
    deposit = LockboxDeposit.objects.create(
        facility=facility,
        lockbox=said.lockbox,
        deposited_on=said.deposited_on,
        currency=_CURRENCY,
        total_minor=sum(each.amount_minor for each in cheques),
        file=file,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    rows = [_cheque(deposit, each, actor) for each in cheques]
    total = Money(deposit.total_minor, _CURRENCY)
    post_entry(
        key=f"cashiering.lockbox_deposit:{deposit.public_id}",
        facility=facility,
        effective_on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        source=("lockbox_deposit", deposit.public_id),
        memo=f"Lockbox {deposit}",
        postings=[
            Posting("transfer.clearing", total, reference=deposit.public_id),
            *[_placed(row) for row in rows],
        ],
        actor=actor,
    )
    unplaced = sum(row.payment_id is None for row in rows)
    audit.record(
        "cashiering.take_lockbox_file",
        actor=actor,
        subject=deposit,
        facility=facility,
        after={"total": total, "cheques": len(rows), "in suspense": unplaced},
    )
    data = {
        "lockbox": deposit.lockbox,
        "deposited_on": deposit.deposited_on.isoformat(),
        "total": total.as_json(),
        "cheques": len(rows),
        "in_suspense": unplaced,
    }
    outbox.record("lockbox_deposit.recorded", subject=deposit.public_id, facility=facility, data=data)
    return deposit


def _placed(row: LockboxCheque) -> Posting:
    """Where the cheque's money belongs: its receipt, or suspense under its own name."""
    amount = Money(-row.amount_minor, _CURRENCY)
    if row.payment is not None:
        return Posting("transfer.clearing", amount, reference=row.payment.public_id)
    return Posting(SUSPENSE, amount, reference=row.public_id)


def _cheque(deposit: LockboxDeposit, said: lockbox.LockboxCheque, actor: User) -> LockboxCheque:
    """The cheque, with its receipt or with the problem that kept it from one."""
    payment, problem = None, said.problem
    if not problem:
        try:
            with transaction.atomic():
                payment = _pay(deposit, said, actor)
        except Refusal as refusal:
            problem = str(refusal)
    return LockboxCheque.objects.create(
        deposit=deposit,
        facility=deposit.facility,
        lockbox=deposit.lockbox,
        deposited_on=deposit.deposited_on,
        batch=said.batch,
        item=said.item,
        amount_minor=said.amount_minor,
        number=said.number,
        routing=said.routing,
        account_last4=said.account[-4:],
        stubs=[[stub.invoice, stub.amount_minor] for stub in said.stubs],
        payment=payment,
        problem=problem[:300],
    )


class InvoiceOfStubUnknown(Refusal):
    code = "invoice_of_stub_unknown"
    sentence = "No one invoice of {facility} has the number {invoice}."


def _pay(deposit: LockboxDeposit, said: lockbox.LockboxCheque, actor: User) -> Payment:
    """Raises InvoiceOfStubUnknown, and what receive_payment raises."""
    facility, day = deposit.facility, deposit.deposited_on
    asked: dict[int, Money] = {}
    patients = set()
    for stub in said.stubs:
        invoice = _invoice(facility, stub.invoice)
        part = Money(stub.amount_minor, _CURRENCY)
        asked[invoice.pk] = asked.get(invoice.pk, Money(0, _CURRENCY)) + part
        patients.add(invoice.patient_id)
    where = f"{deposit.lockbox}-{day:%y%m%d}-{said.batch}-{said.item}"
    payment = receive_payment(
        facility=facility,
        patient=patients.pop() if len(patients) == 1 else None,
        allocations=sorted(asked.items()),
        tenders=[TenderGiven("TRANSFER", Money(said.amount_minor, _CURRENCY), reference=f"Lockbox {where}")],
        key=f"lockbox:{deposit.public_id}:{where}",
        actor=actor,
    )
    # The bank has it already, as its file says; the deposit's sum is what its statement has to show.
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=day, actor=actor)
    return payment


def _invoice(facility: Facility, said: str):
    """The only issued invoice whose number is this without separators, as a payer or a bank writes it."""
    bare = re.sub(r"[^A-Z0-9]", "", said.upper())
    rows = invoices_of([facility.pk]).filter(state="ISSUED")
    rows = rows.annotate(bare=Upper(Replace(F("number"), Value("-"), Value(""))))
    found = list(rows.filter(bare=bare).order_by("pk")[:2]) if bare else []
    if len(found) != 1:
        raise InvoiceOfStubUnknown(facility=facility.code, invoice=said[:24])
    return found[0]
