"""The number of a bank account: one person says it, another puts it in force."""

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.proposed import decide, decline
from hms_ach.refusal import Refusal
from reconciliation.models import AccountNumber, BankAccount
from reconciliation.queries.account import comparable, number_index


class BankAccountExists(Refusal):
    code = "bank_account_exists"
    sentence = "There is a bank account with this code or number already. Use that one."


class AccountNumberWaits(Refusal):
    code = "account_number_waits"
    sentence = "A number of {account} waits for another person already. Have it decided or withdrawn first."


class AccountNumberDecided(Refusal):
    code = "account_number_decided"
    sentence = "This was decided already. Refresh the page."


class AccountNumberBySamePerson(Refusal):
    code = "account_number_by_same_person"
    status = 403
    sentence = "You wrote this number yourself. Another person must compare it with the bank's letter."


class AccountNumberUnlike(Refusal):
    code = "account_number_unlike"
    status = 422
    sentence = "This is not the number that was proposed. Compare both with the bank's letter."


@transaction.atomic
def propose_account_number(*, account: BankAccount, number: str, reason: str, actor: User) -> AccountNumber:
    """Say which number the account has. Nothing changes until another person approves it.

    number  account number or IBAN; kept encrypted, shown by its last four

    Raises BankAccountExists, AccountNumberWaits.
    """
    index = number_index(number)
    if BankAccount.objects.filter(number_index=index).exclude(pk=account.pk, is_in_force=False).exists():
        raise BankAccountExists()
    try:
        with transaction.atomic():
            row = AccountNumber.objects.create(
                account=account,
                number=number,
                number_index=index,
                last4=comparable(number)[-4:],
                reason=reason.strip()[:500],
                proposed_by=actor,
                proposed_at=clock.now(),
            )
    except IntegrityError as error:
        if "reconciliation_accountnumber_one_waiting" not in str(error):
            raise
        raise AccountNumberWaits(account=account.code) from error
    _note("propose_account_number", row, actor, row.reason)
    return row


@transaction.atomic
def approve_account_number(*, number_id: int, number: str, actor: User) -> AccountNumber:
    """Another person types the number from the bank's letter: where both agree, it is in force.

    A new account takes statements and money from now on. Raises AccountNumberDecided,
    AccountNumberBySamePerson, AccountNumberUnlike, BankAccountExists.
    """
    row = _undecided(number_id)
    if row.proposed_by_id == actor.pk:
        raise AccountNumberBySamePerson()
    if number_index(number) != row.number_index:
        raise AccountNumberUnlike()
    account = row.account
    if BankAccount.objects.filter(number_index=row.number_index).exclude(pk=account.pk).exists():
        raise BankAccountExists()
    decide(row, "APPROVED", actor)
    before = {"last4": account.last4, "is_in_force": account.is_in_force}
    account.number, account.number_index, account.last4 = row.number, row.number_index, row.last4
    account.is_in_force = True
    account.save(update_fields=["number", "number_index", "last4", "is_in_force"])
    _note("approve_account_number", row, actor, before=before)
    return row


@transaction.atomic
def refuse_account_number(*, number_id: int, reason: str, actor: User) -> AccountNumber:
    """The number stays as it was; an account that was never in force is closed.

    Whoever proposed it withdraws, anybody else sends it back. Raises AccountNumberDecided.
    """
    row = _undecided(number_id)
    decline(row, actor, verdict_reason=reason.strip()[:500])
    account = row.account
    if not account.is_in_force:
        account.closed_on = account.opened_on
        account.save(update_fields=["closed_on"])
    _note("refuse_account_number", row, actor, row.verdict_reason)
    return row


def _undecided(number_id: int) -> AccountNumber:
    account_id = AccountNumber.objects.values_list("account_id", flat=True).get(pk=number_id)
    accounts = BankAccount.objects.select_for_update(of=("self",)).select_related("facility")
    account = accounts.get(pk=account_id)
    row = AccountNumber.objects.select_for_update(of=("self",)).get(pk=number_id)
    if row.verdict is not None:
        raise AccountNumberDecided()
    row.account = account
    return row


def _note(action: str, row: AccountNumber, actor: User, reason: str = "", before: dict | None = None) -> None:
    account = row.account
    audit.record(
        f"reconciliation.{action}",
        actor=actor,
        subject=account,
        facility=account.facility,
        reason=reason,
        before=before,
        after={"last4": row.last4, "is_in_force": account.is_in_force},
    )
