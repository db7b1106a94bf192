"""Taking in the bank's files: all of a file, or nothing."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import BinaryIO

from django.db import transaction

from hms_ach import audit, clock, files
from hms_ach.access.models import User
from hms_ach.refusal import FileRejected, Finding, Refusal
from reconciliation.commands import staging
from reconciliation.commands.continuity import check_continuity
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Statement
from reconciliation.queries.account import account_by_number
from reconciliation.queries.statement import neighbours, sequence_problem

KIND = "camt053"


class StatementContradicts(Refusal):
    code = "statement_contradicts"
    sentence = (
        "Statement {statement} of {year} is here already with other bytes (SHA-256 {known}…). "
        "Nothing was changed; ask the bank which one is right."
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """The statements of a file. is_known: the same bytes came before and nothing changed."""

    statements: list[Statement]
    findings: list[Finding]
    is_known: bool = False


def import_statement(
    *,
    content: bytes | BinaryIO,
    name: str,
    actor: User,
    facility_ids: Collection[int],
    account: BankAccount | None = None,
    statement_id: str = "",
) -> Imported:
    """Keep the original and take in its statements with their booked lines.

    account, statement_id  what the sender says the file is; refused when it is something else

    The original is kept even when it is refused. The same bytes again change nothing and are not kept
    again; lines that an overlapping file brought before are not taken twice. Raises FileTooLarge,
    FileRejected with all findings, StatementContradicts.
    """
    with transaction.atomic():
        stored = files.store(
            content,
            name=name,
            media_type="application/xml",
            kind=KIND,
            facility=account.facility if account else None,
            actor=actor,
        )
        known = _known(stored, facility_ids)
        if known:
            transaction.set_rollback(True)
    if known:
        _check_asked(known, account, statement_id)
        return Imported(known, [], is_known=True)
    return take_in(stored, actor=actor, facility_ids=facility_ids, account=account, statement_id=statement_id)


@transaction.atomic
def take_in(
    stored,
    *,
    actor: User,
    facility_ids: Collection[int],
    account: BankAccount | None = None,
    statement_id: str = "",
    is_rehearsal: bool = False,
) -> Imported:
    """Read a kept file into statements and lines. Raises what `import_statement` raises.

    Whoever sends the same bytes at the same moment waits, and finds them known.

    is_rehearsal  do everything and take it back: what the import would find
    """
    staging.hold_file(stored.sha256)
    if known := _known(stored, facility_ids):
        _check_asked(known, account, statement_id)
        return Imported(known, [], is_known=True)
    staged = staging.read_into_staging(stored)
    findings, rows = list(staged.findings), []
    for number, statement in enumerate(staged.statements, start=1):
        own, problems = _account_of(statement, facility_ids)
        findings += problems
        if own is not None:
            rows.append((number, own, statement))
    _lock_accounts({own.pk for _number, own, _statement in rows})
    for _number, own, statement in rows:
        findings += _sequence_findings(own, statement)
    _refuse(findings)
    _check_asked_values(rows, account, statement_id)
    statements = [_keep(stored, number, own, said, findings, actor) for number, own, said in rows]
    if is_rehearsal:
        transaction.set_rollback(True)
    return Imported(statements, findings)


def _known(stored, facility_ids: Collection[int]) -> list[Statement]:
    """What the same bytes brought before."""
    rows = Statement.objects.filter(sha256=stored.sha256, account__facility_id__in=facility_ids)
    return list(rows.select_related("account").order_by("id"))


def _lock_accounts(ids: set[int]) -> None:
    """One file at a time for an account; several accounts in one order."""
    list(BankAccount.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _refuse(findings: list[Finding]) -> None:
    fatal = [finding for finding in findings if finding.is_fatal]
    if fatal:
        first = fatal[0]
        problem = " ".join(part for part in (first.field, repr(first.value) if first.value else "") if part)
        raise FileRejected(first.line, f"{problem} {first.problem}", findings)


def _account_of(
    statement: ReadStatement, facility_ids: Collection[int]
) -> tuple[BankAccount | None, list[Finding]]:
    account = account_by_number(statement.account_number, facility_ids)
    line, rule = statement.source_line, "ISO 20022 camt.053 Stmt"
    if account is None:
        shown = f"••{statement.account_number[-4:]}"
        return None, [Finding(line, "Acct/Id", shown, rule, "is not one of your bank accounts")]
    problems = []
    if statement.currency and statement.currency != account.currency:
        problem = f"the account {account.code} is in {account.currency}"
        problems.append(Finding(line, "Acct/Ccy", statement.currency, rule, problem))
    if statement.to_on is None or statement.from_on is None or statement.from_on > statement.to_on:
        problems.append(
            Finding(line, "FrToDt", "", rule, "the days of the statement are missing or reversed")
        )
    if abs(statement.booked_minor) >= 2**63:
        problems.append(Finding(line, "Ntry", "", rule, "the entries sum to more than any account holds"))
    return account, problems


def _sequence_findings(account: BankAccount, statement: ReadStatement) -> list[Finding]:
    if statement.to_on is None or statement.sequence is None:
        return []
    problem = sequence_problem(account, statement.statement_id, statement.sequence, statement.to_on)
    if not problem:
        return []
    rule = "ISO 20022 camt.053 ElctrncSeqNb"
    return [Finding(statement.source_line, "ElctrncSeqNb", str(statement.sequence), rule, problem)]


def _check_asked(known: list[Statement], account: BankAccount | None, statement_id: str) -> None:
    _check_asked_values([(0, row.account, row) for row in known], account, statement_id)


def _check_asked_values(rows: list, account: BankAccount | None, statement_id: str) -> None:
    """The address that the file was sent to must be one of the statements in it."""
    if account is None:
        return
    if not any(own == account and said.statement_id == statement_id for _, own, said in rows):
        line = getattr(rows[0][2], "source_line", 0) if rows else 0
        raise FileRejected(line, f"the file has no statement {statement_id!r} of account {account.code}")


def _keep(stored, number: int, account: BankAccount, said, findings: list[Finding], actor: User) -> Statement:
    before = Statement.objects.filter(
        account=account, statement_id=said.statement_id, year=said.to_on.year
    ).first()
    if before is not None:
        raise StatementContradicts(
            statement=said.statement_id, year=said.to_on.year, known=before.sha256[:12]
        )
    new_count = staging.count_new(number, account)
    statement = Statement.objects.create(
        account=account,
        statement_id=said.statement_id,
        year=said.to_on.year,
        sequence=said.sequence,
        currency=account.currency,
        opening_minor=said.opening_minor,
        closing_minor=said.closing_minor,
        booked_minor=said.booked_minor,
        from_on=said.from_on,
        to_on=said.to_on,
        made_at=said.created_at if said.created_at and said.created_at.tzinfo else None,
        line_count=said.booked_count,
        known_line_count=said.booked_count - new_count,
        findings=[asdict(finding) for finding in findings],
        file=stored,
        sha256=stored.sha256,
        imported_by=actor,
        imported_at=clock.now(),
    )
    staging.keep_lines(number, statement)
    check_continuity(statement, *neighbours(statement))
    audit.record(
        "reconciliation.import_statement",
        actor=actor,
        subject=statement,
        facility=account.facility,
        after={"lines": new_count, "sha256": stored.sha256},
    )
    return statement
