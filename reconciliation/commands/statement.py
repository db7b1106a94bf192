"""Taking in the bank's files, of whatever format: all of a file, or nothing."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from typing import BinaryIO

from django.db import transaction

from hms_ach import audit, clock, files
from hms_ach.access.models import User
from hms_ach.refusal import FileRejected, Finding
from reconciliation.commands import staging
from reconciliation.commands.continuity import check_continuity, is_proved
from reconciliation.commands.interim import announced_findings, keep_report
from reconciliation.commands.receipt import (
    account_findings,
    check_asked,
    check_asked_values,
    own_account,
    refuse,
    sequence_findings,
)
from reconciliation.commands.restatement import (
    StatementContradicts,
    check_restated,
    refuse_contradiction,
    restated,
)
from reconciliation.commands.statement_day import future_findings
from reconciliation.formats.detection import HEAD, Format, detect
from reconciliation.formats.file import Opened
from reconciliation.formats.statement import Kind
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Discrepancy, InterimReport, Statement
from reconciliation.queries.account_profile import profile_of, table_profile_for
from reconciliation.queries.statement import neighbours, statement_matters
from reconciliation.rules.allowance import allowed

KIND = "bank_file"
__all__ = ["Imported", "StatementContradicts", "import_statement", "take_in"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought. is_known: the same bytes came before and nothing changed.

    opened  what does not add up or join since, as discrepancies of statements
    """

    statements: list[Statement]
    findings: list[Finding]
    is_known: bool = False
    reports: list[InterimReport] = field(default_factory=list)
    opened: list[Discrepancy] = field(default_factory=list)


def import_statement(
    *,
    content: bytes | BinaryIO,
    name: str,
    actor: User,
    facility_ids: Collection[int],
    account: BankAccount | None = None,
    statement_id: str = "",
    format: Format | None = None,
) -> Imported:
    """Keep the original and take in its statements with their booked lines, and what it announces.

    account, statement_id  what the sender says the file is; refused when it is something else
    format                 what the sender says its format is; recognised by its bytes when None

    The original is kept even when it is refused. The same bytes again change nothing and are not kept
    again; lines that an overlapping file brought before are not taken twice. Raises FileTooLarge,
    FileRejected with all findings, StatementContradicts.
    """
    with transaction.atomic():
        stored = files.store(
            content,
            name=name,
            media_type="application/octet-stream",
            kind=KIND,
            facility=account.facility if account else None,
            actor=actor,
        )
        known = _known(stored, facility_ids)
        if known.is_known:
            transaction.set_rollback(True)
    if known.is_known:
        check_asked(known.statements, account, statement_id)
        return known
    return take_in(
        stored,
        actor=actor,
        facility_ids=facility_ids,
        account=account,
        statement_id=statement_id,
        format=format,
    )


@transaction.atomic
def take_in(
    stored,
    *,
    actor: User,
    facility_ids: Collection[int],
    account: BankAccount | None = None,
    statement_id: str = "",
    format: Format | None = None,
    table_of: BankAccount | None = None,
    is_rehearsal: bool = False,
) -> Imported:
    """Read a kept file into statements and lines. Raises what `import_statement` raises.

    Whoever sends the same bytes at the same moment waits, and finds them known.

    table_of      whose column profile reads a table; `account` when None
    is_rehearsal  do everything and take it back: what the import would find
    """
    staging.hold_file(stored.sha256)
    known = _known(stored, facility_ids)
    if known.is_known:
        check_asked(known.statements, account, statement_id)
        return known
    opened = Opened(asked=format, profile=table_profile_for(table_of or account, facility_ids))
    staged = staging.read_into_staging(stored, opened)
    rows, strangers = _owned(stored, staged.statements, facility_ids, account, statement_id)
    spans = [
        (said.source_line, said.last_line or said.source_line, profile_of(own).switches)
        for _, own, said in rows
    ]
    findings = allowed(staged.findings, spans) + strangers
    _lock_accounts({own.pk for _number, own, _said in rows})
    began_at = clock.now()  # behind whoever held the accounts: what they opened is not this file's
    for number, own, said in rows:
        findings += account_findings(own, said) + future_findings(number, own, said)
        if said.kind == Kind.FINAL:
            findings += sequence_findings(own, said)
            if said.to_on is not None:
                staging.date_open_entries(number, said.to_on)
                findings += restated(number, own, said) + announced_findings(number, own, said)
    refuse(findings)
    if not rows:
        raise FileRejected(1, "the file holds no statement of any account")
    check_asked_values([row for row in rows if row[2].kind == Kind.FINAL], account, statement_id)
    keep = _Keeper(stored, staged.format, findings, actor)
    for number, own, said in rows:
        keep.one(number, own, said)
    matters = list(statement_matters({own.pk for _number, own, _said in rows}, since=began_at))
    if is_rehearsal:
        transaction.set_rollback(True)
    return Imported(keep.statements, findings, reports=keep.reports, opened=matters)


def _known(stored, facility_ids: Collection[int]) -> Imported:
    """What the same bytes brought before."""
    mine = {"sha256": stored.sha256, "account__facility_id__in": facility_ids}
    statements = Statement.objects.filter(**mine).select_related("account").order_by("id")
    reports = InterimReport.objects.filter(**mine).select_related("account").order_by("id")
    found, announced = list(statements), list(reports)
    return Imported(found, [], is_known=bool(found or announced), reports=announced)


def _owned(
    stored,
    statements: list[ReadStatement],
    facility_ids: Collection[int],
    account: BankAccount | None,
    statement_id: str,
) -> tuple[list[tuple[int, BankAccount, ReadStatement]], list[Finding]]:
    """(number in the file, account, statement) of each of our accounts, and the findings of the others."""
    rows, findings = [], []
    for number, said in enumerate(statements, start=1):
        own, problems = own_account(said, facility_ids)
        findings += problems
        if own is not None:
            if not said.statement_id:
                # The format numbers nothing: the sender's name for it, or one that no other file has.
                name = statement_id if own == account else ""
                said = replace(said, statement_id=name or f"{said.to_on}-{stored.sha256[:8]}-{number}")
            rows.append((number, own, said))
    return rows, findings


def _lock_accounts(ids: set[int]) -> None:
    """One file at a time for an account; several accounts in one order."""
    list(BankAccount.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


class _Keeper:
    """Writes what was read and accepted."""

    def __init__(self, stored, format: str, findings: list[Finding], actor: User) -> None:
        self._stored, self._format, self._findings, self._actor = stored, format, findings, actor
        self.statements: list[Statement] = []
        self.reports: list[InterimReport] = []

    def one(self, number: int, account: BankAccount, said: ReadStatement) -> None:
        if said.kind == Kind.FINAL:
            self.statements.append(self._statement(number, account, said))
        if said.kind != Kind.FINAL or said.other_count:
            report = keep_report(
                self._stored,
                number,
                account,
                said,
                format=self._format,
                findings=self._findings,
                actor=self._actor,
            )
            self.reports.append(report)

    def _statement(self, number: int, account: BankAccount, said: ReadStatement) -> Statement:
        assert said.from_on is not None
        assert said.to_on is not None
        name = {"statement_id": said.statement_id, "year": said.to_on.year, "page": said.page}
        before = Statement.objects.filter(account=account, **name).first()
        if before is not None:
            refuse_contradiction(number, account, said, before)
        proved = is_proved(account, said)
        new_count = staging.count_new(number, account, is_proved=proved)
        statement = Statement.objects.create(
            account=account,
            **name,
            is_last_page=said.is_last_page,
            format=self._format,
            file_no=number,
            sequence=said.sequence,
            currency=account.currency,
            opening_minor=said.opening_minor,
            closing_minor=said.closing_minor,
            booked_minor=said.booked_minor,
            from_on=said.from_on,
            to_on=said.to_on,
            made_at=said.created_at if said.created_at and said.created_at.tzinfo else None,
            findings=[asdict(finding) for finding in self._findings],
            line_count=said.booked_count,
            known_line_count=said.booked_count - new_count,
            file=self._stored,
            sha256=self._stored.sha256,
            imported_by=self._actor,
            imported_at=clock.now(),
        )
        staging.keep_lines(number, statement, is_proved=proved)
        check_continuity(statement, *neighbours(statement))
        check_restated(number, statement, said)
        audit.record(
            "reconciliation.import_statement",
            actor=self._actor,
            subject=statement,
            facility=account.facility,
            after={"lines": new_count, "sha256": self._stored.sha256},
        )
        return statement


def is_table(stored) -> bool:
    """Whether a kept file is read by the column profile of an account, as far as its first bytes say."""
    with files.open_file(stored.public_id) as source:
        head = source.read(HEAD)
    return detect(head) == Format.CSV or head.startswith(b"PK")


def refused_because(refusal: Exception) -> str:
    """What a refusal says, for a log of deliveries."""
    count = len(getattr(refusal, "findings", ()))
    return str(refusal) + (f" ({count} findings)" if isinstance(refusal, FileRejected) and count > 1 else "")
