"""What a card processor reports that it pays: taken in, compared with ours, posted where it agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from cashiering.commands.bank_receipt import confirm_bank_receipt
from cashiering.commands.payout_check import compare, post_agreed
from cashiering.formats import payout as formats
from cashiering.models import CardBatch, ChargebackWin, MerchantAgreement, PaymentReturn, Payout, PayoutRow
from hms_ach import audit, clock, files, outbox
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import FileRejected, Finding, Refusal
from ledger.commands import reverse_entry

KIND = "payout_report"
MAX_BYTES = 16 * 1024 * 1024
State = Payout.State


class PayoutDecided(Refusal):
    code = "payout_decided"
    sentence = "Payout {payout} is {state} already. Refresh the page."


class PayoutUnexplained(Refusal):
    code = "payout_unexplained"
    sentence = (
        "{count} rows of payout {payout} do not agree with ours: {problem}. Put that right, then check again."
    )


class PayoutAcceptedByRecorder(Refusal):
    code = "payout_accepted_by_recorder"
    status = 403
    sentence = "You took the report in; another person must accept its fees."


class PayoutReasonMissing(Refusal):
    code = "payout_reason_missing"
    status = 422
    sentence = "Say why."


class PayoutPaid(Refusal):
    code = "payout_paid"
    sentence = "The bank has shown payout {payout}. Undo its match first."


@dataclass(frozen=True, slots=True)
class PayoutsTaken:
    """What came of a report. known: how many of its payouts were here before; nothing of them changed."""

    payouts: list[Payout]
    known: int
    findings: list[Finding]


def take_payout_report(
    *, content: bytes | BinaryIO, name: str, facility: Facility, actor: User
) -> PayoutsTaken:
    """Take in all payouts of a processor's report (docs/formats/payout.md), or nothing.

    Each is compared with our card batches and chargebacks. One that agrees to the cent, fees by contract, is
    posted at once: the bank is then expected to show its net in place of the batches.

    The original is kept even when it is refused. The same again changes nothing. Raises FileRejected with all
    findings, also where a payout contradicts an earlier one or is of a merchant that is not the facility's;
    FileTooLarge. Emits `payout.recorded`, and `payout.agreed` for each that was posted.
    """
    with transaction.atomic():
        stored = files.store(
            content, name=name, media_type="text/csv", kind=KIND, facility=facility, actor=actor,
            limit_bytes=MAX_BYTES,
        )  # fmt: skip
    with transaction.atomic(), files.open_file(stored.public_id) as stream:
        said = formats.read(iter(lambda: stream.read(64 * 1024), b""), currency=facility.currency)
        # Whoever takes in the same at the same moment waits, and finds it known.
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        _refuse_merchants(said, facility)
        rows, known = [], 0
        for each in said.payouts:
            found = _earlier(facility, each)
            known += found is not None
            rows.append(found or _take(facility, each, file=stored, actor=actor))
    return PayoutsTaken(rows, known, said.findings)


def _refuse_merchants(said: formats.PayoutReport, facility: Facility) -> None:
    ours = set(MerchantAgreement.objects.filter(facility=facility).values_list("merchant_id", flat=True))
    wrong = [each for each in said.payouts if each.merchant_id not in ours]
    problem = f"is no merchant number of {facility.code}"
    findings = [Finding(each.line, "merchant", each.merchant_id, "payout report", problem) for each in wrong]
    if findings:
        raise FileRejected(findings[0].line, f"{findings[0].value} {problem}", findings)


def _earlier(facility: Facility, said: formats.PayoutSaid) -> Payout | None:
    """The payout as it was taken in before. Raises FileRejected where its rows were others."""
    rows = Payout.objects.filter(facility=facility, merchant_id=said.merchant_id, reference=said.reference)
    found = rows.exclude(state=State.WITHDRAWN).select_related("facility").first()
    if found is None:
        return None
    names = ("kind", "terminal_id", "batch", "cases", "gross_minor", "fee_minor", "chargebacks_minor")
    before = sorted((*row[:3], tuple(row[3]), *row[4:]) for row in found.rows.values_list(*names))
    now = sorted(
        (part.kind.value, part.terminal, part.batch, part.cases, part.gross_minor, part.fee_minor,
         part.chargebacks_minor)
        for part in said.parts
    )  # fmt: skip
    if before == now and (found.paid_on, found.currency) == (said.paid_on, said.currency):
        return found
    problem = (
        "was taken in before with other rows; ask the processor which is right, and withdraw the wrong one"
    )
    finding = Finding(said.line, "payout", said.reference, "payout report", problem)
    raise FileRejected(said.line, f"payout {said.reference} {problem}", [finding])


def _take(facility: Facility, said: formats.PayoutSaid, *, file: files.StoredFile, actor: User) -> Payout:
    payout = Payout.objects.create(
        facility=facility,
        merchant_id=said.merchant_id,
        reference=said.reference,
        paid_on=said.paid_on,
        currency=said.currency,
        gross_minor=sum(part.gross_minor for part in said.parts),
        fee_minor=sum(part.fee_minor for part in said.parts),
        chargebacks_minor=sum(part.chargebacks_minor for part in said.parts),
        net_minor=said.net_minor,
        file=file,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    PayoutRow.objects.bulk_create(_row(payout, part) for part in said.parts)
    _note("take_payout_report", payout, actor)
    _check(payout, actor=actor)
    outbox.record("payout.recorded", subject=payout.public_id, facility=facility, data=_told(payout))
    return payout


def _row(payout: Payout, part: formats.PayoutPart) -> PayoutRow:
    return PayoutRow(
        payout=payout,
        line=part.line,
        kind=part.kind.value,
        terminal_id=part.terminal,
        batch=part.batch,
        cases=list(part.cases),
        sales=part.sales,
        gross_minor=part.gross_minor,
        fee_minor=part.fee_minor,
        chargebacks_minor=part.chargebacks_minor,
        net_minor=part.net_minor,
    )


@transaction.atomic
def check_payout(*, payout: Payout | int, actor: User) -> Payout:
    """Compare a payout that differs once more, after something was put right; post it where it agrees now.

    Raises PayoutDecided. Emits `payout.agreed` where it was posted.
    """
    found = _locked(payout)
    _refuse_decided(found)
    _check(found, actor=actor)
    return found


@transaction.atomic
def accept_payout(*, payout: Payout | int, reason: str, actor: User) -> Payout:
    """Accept what the processor kept beyond its contract, by another person than who took the report in.

    What differs in gross or chargebacks is never accepted: it is put right first. Raises PayoutDecided,
    PayoutAcceptedByRecorder, PayoutReasonMissing, PayoutUnexplained. Emits `payout.agreed`.
    """
    found = _locked(payout)
    _refuse_decided(found)
    if found.recorded_by_id == actor.pk:
        raise PayoutAcceptedByRecorder()
    if not reason.strip():
        raise PayoutReasonMissing()
    rows = compare(found)
    wrong = [row for row in rows if row.problem]
    if wrong:
        raise PayoutUnexplained(count=len(wrong), payout=found, problem=wrong[0].problem)
    found.accepted_by, found.accepted_at, found.accept_reason = actor, clock.now(), reason.strip()[:200]
    _settle(found, rows, actor)
    return found


@transaction.atomic
def withdraw_payout(*, payout: Payout | int, reason: str, actor: User) -> Payout:
    """Say that the report was wrong: what it posted is reversed, and the batches are awaited by themselves.

    Raises PayoutDecided where it was withdrawn, PayoutPaid once the bank has shown it, PayoutReasonMissing.
    """
    found = _locked(payout)
    if found.state == State.WITHDRAWN:
        raise PayoutDecided(payout=found, state=found.get_state_display().lower())
    if found.state == State.PAID:
        raise PayoutPaid(payout=found)
    if not reason.strip():
        raise PayoutReasonMissing()
    if found.state == State.AWAITED:
        day = clock.business_date(timezone=found.facility.timezone, cutoff=found.facility.business_day_cutoff)
        reverse_entry(
            original=f"cashiering.payout:{found.public_id}",
            key=f"cashiering.payout_withdrawn:{found.public_id}",
            memo=f"Payout {found} withdrawn",
            source=("payout", found.public_id),
            effective_on=day,
            actor=actor,
        )
    for rows in (CardBatch, PaymentReturn, ChargebackWin):
        rows.objects.filter(payout=found).update(payout=None)
    found.state = State.WITHDRAWN
    found.withdrawn_by, found.withdrawn_at, found.withdraw_reason = actor, clock.now(), reason.strip()[:200]
    found.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdraw_reason"])
    _note("withdraw_payout", found, actor, found.withdraw_reason)
    return found


def _locked(payout: Payout | int) -> Payout:
    rows = Payout.objects.select_for_update(of=("self",)).select_related("facility")
    return rows.get(pk=getattr(payout, "pk", payout))


def _refuse_decided(payout: Payout) -> None:
    if payout.state != State.DIFFERS:
        raise PayoutDecided(payout=payout, state=payout.get_state_display().lower())


def _check(payout: Payout, *, actor: User) -> None:
    rows = compare(payout)
    # Of fees beside what it has shown, the bank says nothing by itself.
    shown = [row for row in rows if row.kind != PayoutRow.Kind.FEE] or rows
    if all(row.is_shown for row in shown):
        payout.state = State.KNOWN
        payout.save(update_fields=["state"])
    elif not any(row.problem or row.fee_over_minor for row in rows):
        _settle(payout, rows, actor)


def _settle(payout: Payout, rows: Sequence[PayoutRow], actor: User) -> None:
    post_agreed(payout, rows, actor=actor)
    payout.save(update_fields=["state", "accepted_by", "accepted_at", "accept_reason"])
    if not payout.net_minor:
        # The bank never speaks of a payout of nothing.
        confirm_bank_receipt(kind="card_payout", public_id=payout.public_id, on=payout.paid_on, actor=actor)
        payout.refresh_from_db(fields=["state", "bank_confirmed_on"])
    _note("accept_payout" if payout.accepted_by_id else "agree_payout", payout, actor, payout.accept_reason)
    outbox.record("payout.agreed", subject=payout.public_id, facility=payout.facility, data=_told(payout))


def _note(action: str, payout: Payout, actor: User, reason: str = "") -> None:
    net = Money(payout.net_minor, payout.currency)
    audit.record(
        f"cashiering.{action}", actor=actor, subject=payout, facility=payout.facility, reason=reason,
        after={"state": payout.state, "net": net},
    )  # fmt: skip


def _told(payout: Payout) -> dict:
    amounts = {
        name: Money(getattr(payout, f"{name}_minor"), payout.currency).as_json()
        for name in ("gross", "fee", "chargebacks", "net")
    }
    said = {
        "merchant": payout.merchant_id,
        "reference": payout.reference,
        "paid_on": payout.paid_on.isoformat(),
    }
    return said | {"state": payout.state.lower()} | amounts
