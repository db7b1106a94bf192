"""Opening accounts at banks."""

from datetime import date

from django.db import transaction

from hms_ach import audit
from hms_ach.access.models import Facility, User
from hms_ach.money import digits
from hms_ach.refusal import Refusal
from reconciliation.commands.account_number import BankAccountExists, propose_account_number
from reconciliation.models import BankAccount
from reconciliation.queries.account import comparable, number_index


class AccountPerCurrency(Refusal):
    code = "account_per_currency"
    sentence = "{facility} already has an open {currency} account, {account}. Its money goes there."


@transaction.atomic
def create_bank_account(
    *,
    facility: Facility,
    code: str,
    name: str,
    number: str,
    currency: str,
    opened_on: date,
    actor: User,
    bank_name: str = "",
) -> BankAccount:
    """An account into which a facility's money of one currency goes, once another person approves its number.

    Until then it takes no statements, and nothing is expected on it.

    number     account number or IBAN; kept encrypted, shown by its last four
    opened_on  from this day on a missing statement is a discrepancy

    Raises BankAccountExists, AccountPerCurrency or CurrencyUnknown.
    """
    digits(currency)
    index = number_index(number)
    known = BankAccount.objects.filter(number_index=index) | BankAccount.objects.filter(code=code)
    if known.exists():
        raise BankAccountExists()
    same = BankAccount.objects.filter(facility=facility, currency=currency, closed_on=None).first()
    if same is not None:
        raise AccountPerCurrency(facility=facility.name, currency=currency, account=same.code)
    account = BankAccount.objects.create(
        facility=facility,
        code=code,
        name=name,
        bank_name=bank_name,
        number=number,
        number_index=index,
        last4=comparable(number)[-4:],
        currency=currency,
        opened_on=opened_on,
    )
    audit.record(
        "reconciliation.create_bank_account",
        actor=actor,
        subject=account,
        facility=facility,
        after={"code": code, "currency": currency, "opened_on": opened_on.isoformat()},
    )
    propose_account_number(account=account, number=number, reason="New account", actor=actor)
    return account
