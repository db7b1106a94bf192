"""What a file that announces money says the bank will show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cashiering.formats.nacha import AchBatch, AchFile, AchReturn
from cashiering.formats.x12 import RemittanceFile, RemittanceNotice
from hms_ach import calendars
from hms_ach.money import Money
from hms_ach.refusal import Finding

# ACH moves dollars only.
_ACH_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Advised:
    """One sum, as models.Advice keeps it. line: where the file says it."""

    kind: str
    amount: Money
    reference: str
    expected_on: date
    references: tuple[str, ...] = ()
    payer_id: str = ""
    payer_name: str = ""
    method: str = ""
    batch: str = ""
    reason: str = ""
    original: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class OwnRefund:
    """A refund of ours that waits for the bank: how a file may name it."""

    public_id: str
    reference: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Announced:
    """All that a file announces. batched: public ids of refunds that go in a batch, with its trace."""

    advised: list[Advised]
    findings: list[Finding]
    batched: dict[str, str]


def announced_by_ach(file: AchFile, refunds: Sequence[OwnRefund]) -> Announced:
    """Each batch's debits as one sum and its credits as another; each returned entry by itself.

    refunds  those of ours that are sent: what a file pays out for them, the till awaits already
    """
    ours = _told_apart(refunds)
    advised, findings = [], list(file.findings)
    batched: dict[str, str] = {}
    for batch in file.batches:
        reference = f"{batch.odfi}{batch.number:07}"
        own = {
            public_id: each.amount_minor
            for each in batch.credits
            for name in (each.trace, each.individual_id)
            if (public_id := ours.get((name, each.amount_minor)))
        }
        batched |= dict.fromkeys(own, reference)
        if own:
            said = f"{len(own)} of its credits are refunds that the till awaits by themselves"
            findings.append(Finding(batch.line, "batch", reference, "refunds", said, is_fatal=False))
        for suffix, minor in (("", batch.debit_minor), ("-C", sum(own.values()) - batch.credit_minor)):
            if minor:
                advised.append(_of_batch(file, batch, reference + suffix, minor))
        advised += [_of_return(file, batch, each, ours) for each in batch.returns if each.amount_minor]
    return Announced(advised, findings, batched)


def _told_apart(refunds: Sequence[OwnRefund]) -> dict[tuple[str, int], str]:
    """Public ids by reference and amount; of refunds that share both, none is meant."""
    found: dict[tuple[str, int], list[str]] = {}
    for each in refunds:
        found.setdefault((each.reference, each.amount_minor), []).append(each.public_id)
    return {named: public_ids[0] for named, public_ids in found.items() if len(public_ids) == 1}


def _of_batch(file: AchFile, batch: AchBatch, reference: str, minor: int) -> Advised:
    settles_on = batch.effective_on or calendars.add_banking_days(file.created_on, 1)
    return Advised(
        kind="ACH_FILE",
        amount=Money(minor, _ACH_CURRENCY),
        reference=reference,
        references=_known((reference.removesuffix("-C"), file.reference)),
        payer_id=batch.company_id,
        payer_name=batch.company_name,
        batch=file.key[:40],
        expected_on=calendars.add_banking_days(settles_on, 0),
        line=batch.line,
    )


def _of_return(file: AchFile, batch: AchBatch, each: AchReturn, ours: dict[tuple[str, int], str]) -> Advised:
    return Advised(
        kind="ACH_RETURN",
        amount=Money(-each.amount_minor if each.is_debit else each.amount_minor, _ACH_CURRENCY),
        reference=each.trace or f"{each.original_trace}-{each.reason}",
        references=_known((each.trace, each.original_trace)),
        payer_id=batch.company_id,
        payer_name=batch.company_name,
        batch=file.key[:40],
        reason=each.reason,
        original="" if each.is_debit else _original(each, ours),
        expected_on=calendars.add_banking_days(file.created_on, 0),
        line=each.line,
    )


def _original(each: AchReturn, ours: dict[tuple[str, int], str]) -> str:
    """The refund that its trace or its receiver's number names; none where the two name different ones."""
    names = {ours.get((name, each.amount_minor), "") for name in (each.original_trace, each.individual_id)}
    named = names - {""}
    return named.pop() if len(named) == 1 else ""


def announced_by_remittances(file: RemittanceFile) -> Announced:
    """Each payment that the bank will show; notices, and payments of nothing, are told and left out."""
    advised, findings = [], list(file.findings)
    for notice in file.notices:
        if notice.is_notice_only or not notice.amount_minor:
            why = "only gives notice" if notice.is_notice_only else "pays nothing"
            said = f"{why}: the bank will show no line"
            findings.append(Finding(notice.line, "BPR", notice.trace, "835 BPR", said, is_fatal=False))
            continue
        advised.append(_of_notice(notice))
    return Announced(advised, findings, {})


def _of_notice(notice: RemittanceNotice) -> Advised:
    assert notice.effective_on is not None
    return Advised(
        kind="REMITTANCE",
        amount=Money(notice.amount_minor, notice.currency),
        reference=notice.trace,
        references=(notice.trace,),
        payer_id=notice.payer_id,
        payer_name=notice.payer_name,
        method=notice.method,
        expected_on=notice.effective_on,
        line=notice.line,
    )


def _known(references: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for reference in references if reference.strip("0 ")))
