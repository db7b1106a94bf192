"""Keeping what banks announce before their final statements."""

from dataclasses import asdict

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Finding
from reconciliation.commands import staging
from reconciliation.formats.statement import Kind
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, InterimReport


def keep_report(
    stored,
    number: int,
    account: BankAccount,
    said: ReadStatement,
    *,
    format: str,
    findings: list[Finding],
    actor: User,
) -> InterimReport:
    """Keep a report's entries, or the pending ones of a final statement. They move no balance.

    An entry that an earlier report announced is not kept again.
    """
    assert said.from_on is not None
    assert said.to_on is not None
    is_pending = said.kind == Kind.FINAL
    report = InterimReport.objects.create(
        account=account,
        kind=InterimReport.Kind.PENDING if is_pending else InterimReport.Kind(str(said.kind)),
        report_id=said.statement_id[:70],
        format=format,
        from_on=said.from_on,
        to_on=said.to_on,
        entry_count=said.other_count + (0 if is_pending else said.booked_count),
        findings=[asdict(finding) for finding in findings],
        file=stored,
        sha256=stored.sha256,
        file_no=number,
        imported_by=actor,
        imported_at=clock.now(),
    )
    new_count = staging.keep_announced(number, report)
    audit.record(
        "reconciliation.keep_report",
        actor=actor,
        subject=report,
        facility=account.facility,
        after={"entries": new_count, "sha256": stored.sha256},
    )
    return report


def announced_findings(number: int, account: BankAccount, said: ReadStatement) -> list[Finding]:
    """A warning for each booked entry that a report announced for these days and no line brings.

    At most twenty. One query.
    """
    return [
        Finding(
            line=said.source_line,
            field="announced",
            value=f"{Money(minor, account.currency).in_words()} {reference}"[:60],
            rule="interim against final",
            problem=f"was announced by report {report}".rstrip() + " and is not on the statement",
            is_fatal=False,
        )
        for report, minor, reference in staging.never_came(number, account, said)
    ]
