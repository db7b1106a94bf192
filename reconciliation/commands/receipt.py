"""Whether what a file says can be one of our statements."""

from collections.abc import Collection

from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Statement
from reconciliation.queries.account import account_by_number, account_to_come
from reconciliation.queries.statement import sequence_problem

_RULE = "statement"
# The field of a finding about an account that is not ours.
UNKNOWN = "account"


def own_account(
    said: ReadStatement, facility_ids: Collection[int]
) -> tuple[BankAccount | None, list[Finding]]:
    """The account a statement is of. Some banks write their own number before it, with a slash."""
    numbers = list(dict.fromkeys([said.account_number, said.account_number.rpartition("/")[2]]))
    for number in numbers:
        if account := account_by_number(number, facility_ids):
            return account, []
    waiting = account_to_come(numbers, facility_ids)
    problem = "is not one of your bank accounts"
    if waiting is not None:
        problem = f"is the number of {waiting.code} once another person puts it in force"
    shown = f"••{said.account_number[-4:]}"
    return None, [Finding(said.source_line, UNKNOWN, shown, _RULE, problem)]


def account_findings(account: BankAccount, said: ReadStatement) -> list[Finding]:
    """What cannot be on this account: another currency, days missing or reversed, endless sums."""
    line, problems = said.source_line, []
    if said.currency and said.currency != account.currency:
        problem = f"the account {account.code} is in {account.currency}"
        problems.append(Finding(line, "currency", said.currency, _RULE, problem))
    if said.to_on is None or said.from_on is None or said.from_on > said.to_on:
        problems.append(Finding(line, "days", "", _RULE, "the statement's days are missing or reversed"))
    amounts = (said.booked_minor, said.opening_minor or 0, said.closing_minor or 0)
    if any(abs(minor) >= 2**63 for minor in amounts):
        problems.append(Finding(line, "amounts", "", _RULE, "they are more than any account holds"))
    if len(said.statement_id) > 70:
        problems.append(
            Finding(line, "number", said.statement_id[:60], _RULE, "is longer than 70 characters")
        )
    return problems


def sequence_findings(account: BankAccount, said: ReadStatement) -> list[Finding]:
    """A number that cannot be right beside the year's other statements."""
    if said.to_on is None or said.sequence is None:
        return []
    problem = sequence_problem(account, said.statement_id, said.sequence, said.to_on)
    if not problem:
        return []
    return [Finding(said.source_line, "sequence", str(said.sequence), _RULE, problem)]


def refuse(findings: list[Finding]) -> None:
    """Raises FileRejected with all findings where one of them is fatal."""
    fatal = [finding for finding in findings if finding.is_fatal]
    if fatal:
        first = fatal[0]
        problem = " ".join(part for part in (first.field, repr(first.value) if first.value else "") if part)
        hint = f" (the account's profile may allow {first.switch})" if first.switch else ""
        raise FileRejected(first.line, f"{problem} {first.problem}{hint}", findings)


def check_asked(known: list[Statement], account: BankAccount | None, statement_id: str) -> None:
    """The address that known bytes were sent to must be one of their statements."""
    if known:
        check_asked_values([(0, row.account, row) for row in known], account, statement_id)


def check_asked_values(rows: list, account: BankAccount | None, statement_id: str) -> None:
    """The address that the file was sent to must be one of the final statements in it, if it has any."""
    if account is None or not rows:
        return
    if not any(own == account and said.statement_id == statement_id for _, own, said in rows):
        line = getattr(rows[0][2], "source_line", 0)
        raise FileRejected(line, f"the file has no statement {statement_id!r} of account {account.code}")
