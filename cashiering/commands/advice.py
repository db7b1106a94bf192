"""What others say the bank's statement will show: taken in, and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from cashiering.formats import nacha, x12
from cashiering.models import Advice, Refund
from cashiering.rules.advised import (
    Advised,
    Announced,
    OwnRefund,
    announced_by_ach,
    announced_by_remittances,
)
from hms_ach import audit, clock, files
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import FileRejected, Finding, Refusal

KIND = "advice_file"
MAX_BYTES = 64 * 1024 * 1024


class AdviceContradicts(Refusal):
    code = "advice_contradicts"
    sentence = (
        "{reference} of this payer was announced before, with {amount} for {day}. Withdraw that advice "
        "first, if this one is right."
    )


class AdviceOtherCurrency(Refusal):
    code = "advice_other_currency"
    status = 422
    sentence = "{facility} has its money in {own}, and this advice is in {currency}. Send it to its facility."


class AdviceDone(Refusal):
    code = "advice_done"
    sentence = "{reference} is {state} already. Refresh the page."


class WithdrawalWithoutReason(Refusal):
    code = "withdrawal_without_reason"
    status = 422
    sentence = "Say why the bank will not show it."


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it. known: how many of the advices were here before; nothing of them changed."""

    advices: list[Advice]
    known: int
    findings: list[Finding]


def take_advice_file(*, content: bytes | BinaryIO, name: str, facility: Facility, actor: User) -> Taken:
    """Take in all that a file announces, or nothing: 835 remittances, or a NACHA file of ours or of returns.

    The original is kept even when it is refused. The same payments again, in whatever file, change nothing;
    the same bytes are not kept again. Raises FileRejected with all findings, also where an advice contradicts
    an earlier one, and FileTooLarge.
    """
    with transaction.atomic():
        stored = files.store(
            content,
            name=name,
            media_type="application/octet-stream",
            kind=KIND,
            facility=facility,
            actor=actor,
            limit_bytes=MAX_BYTES,
        )
        same = Advice.objects.filter(facility=facility, file__sha256=stored.sha256, withdrawn_at=None)
        known = list(same.select_related("facility").order_by("id"))
        if known:
            transaction.set_rollback(True)
    if known:
        return Taken(known, len(known), [])
    with transaction.atomic(), files.open_file(stored.public_id) as stream:
        found = _read(iter(lambda: stream.read(64 * 1024), b""), facility)
        return _record(found, facility=facility, actor=actor, file=stored)


@transaction.atomic
def record_advice(*, facility: Facility, advised: Advised, actor: User) -> tuple[Advice, bool]:
    """Take in one sum that a program announces; whether it was here before.

    Raises AdviceContradicts or AdviceOtherCurrency. Safe to repeat.
    """
    _hold(facility)
    known = _earlier(facility, [advised]).get(_identity(advised))
    if advised.amount.currency != facility.currency:
        raise AdviceOtherCurrency(
            facility=facility.code, own=facility.currency, currency=advised.amount.currency
        )
    if known is not None:
        if not _agrees(known, advised):
            raise AdviceContradicts(**_said(known))
        return known, True
    return _keep(facility, advised, actor, None), False


@transaction.atomic
def withdraw_advice(*, advice: Advice | int, reason: str, actor: User) -> Advice:
    """The bank will not show it: it is expected no more. Raises AdviceDone, WithdrawalWithoutReason."""
    found = Advice.objects.select_for_update(of=("self",)).select_related("facility")
    row = found.get(pk=getattr(advice, "pk", advice))
    if row.state != "AWAITING":
        raise AdviceDone(reference=row.reference, state=row.state.lower())
    if not reason.strip():
        raise WithdrawalWithoutReason()
    row.withdrawn_by, row.withdrawn_at, row.withdraw_reason = actor, clock.now(), reason.strip()[:200]
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdraw_reason"])
    audit.record(
        "cashiering.withdraw_advice",
        actor=actor,
        subject=row,
        facility=row.facility,
        reason=row.withdraw_reason,
    )
    return row


def _read(chunks, facility: Facility) -> Announced:
    """By its first letters: ISA begins an X12 interchange, 1 an ACH file."""
    head = next(chunks, b"")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:3]
    whole = (piece for part in ((head,), chunks) for piece in part)
    if start == b"ISA":
        return announced_by_remittances(x12.read(whole))
    if start[:1] == b"1":
        return announced_by_ach(nacha.read(whole), _own_refunds(facility))
    raise FileRejected(1, "it is neither an X12 file (835) nor an ACH file")


def _own_refunds(facility: Facility) -> list[OwnRefund]:
    """Refunds that went to the bank: as it will pay them out, or send them back."""
    rows = Refund.objects.filter(facility=facility, state__in=("SENT", "SETTLED"), session=None)
    rows = rows.exclude(reference="").order_by("id")
    return [OwnRefund(row.public_id, row.reference, row.amount_minor) for row in rows]


def _record(found: Announced, *, facility: Facility, actor: User, file) -> Taken:
    _hold(facility)
    earlier = _earlier(facility, found.advised)
    findings, advices, known = list(found.findings), [], 0
    for said in found.advised:
        row = earlier.get(_identity(said))
        if row is not None and not _agrees(row, said):
            problem = str(AdviceContradicts(**_said(row)))
            findings.append(Finding(said.line, "reference", said.reference, "advices", problem))
        elif said.amount.currency != facility.currency:
            problem = f"is in {said.amount.currency}; {facility.code} has its money in {facility.currency}"
            findings.append(Finding(said.line, "currency", said.reference, "advices", problem))
        elif row is not None:
            known += 1
            advices.append(row)
        else:
            row = earlier[_identity(said)] = _keep(facility, said, actor, file)
            advices.append(row)
    fatal = next((each for each in findings if each.is_fatal), None)
    if fatal is not None:
        raise FileRejected(fatal.line, f"{fatal.value} {fatal.problem}".rstrip("."), findings)
    for public_id, batch in sorted(found.batched.items()):
        Refund.objects.filter(public_id=public_id, state="SENT").update(batch=batch)
    return Taken(advices, known, findings)


def _hold(facility: Facility) -> None:
    """Whoever announces the same at the same moment waits, and finds it known."""
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)


def _identity(said: Advised) -> tuple[str, str, str]:
    return said.kind, said.payer_id, said.reference


def _earlier(facility: Facility, advised: Sequence[Advised]) -> dict[tuple[str, str, str], Advice]:
    references = {said.reference for said in advised}
    rows = Advice.objects.filter(facility=facility, reference__in=references, withdrawn_at=None)
    return {(row.kind, row.payer_id, row.reference): row for row in rows.order_by("id")}


def _agrees(row: Advice, said: Advised) -> bool:
    return Money(row.amount_minor, row.currency) == said.amount and row.expected_on == said.expected_on


def _said(row: Advice) -> dict:
    amount = Money(row.amount_minor, row.currency)
    return {"reference": row.reference, "amount": amount, "day": row.expected_on}


def _keep(facility: Facility, said: Advised, actor: User, file) -> Advice:
    row = Advice.objects.create(
        facility=facility,
        kind=said.kind,
        amount_minor=said.amount.minor,
        currency=said.amount.currency,
        reference=said.reference[:60],
        references=[each[:60] for each in said.references],
        payer_id=said.payer_id[:40],
        payer_name=said.payer_name[:120],
        method=said.method[:3],
        batch=said.batch,
        reason=said.reason,
        original=said.original,
        expected_on=said.expected_on,
        file=file,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    audit.record(
        "cashiering.record_advice",
        actor=actor,
        subject=row,
        facility=facility,
        after={"kind": row.kind, "amount": said.amount.as_json(), "expected_on": row.expected_on.isoformat()},
    )
    return row
