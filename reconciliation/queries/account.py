"""Questions about bank accounts."""

from collections.abc import Collection

from hms_ach import vault
from hms_ach.refusal import Refusal
from reconciliation.models import AccountNumber, BankAccount


class BankAccountUnknown(Refusal):
    code = "bank_account_unknown"
    status = 404
    sentence = "There is no bank account {account} among those open to you. Check its code."


def comparable(number: str) -> str:
    """An account number or IBAN as it is compared: letters and digits only."""
    return "".join(letter for letter in number if letter.isalnum()).upper()


def number_index(number: str) -> str:
    return vault.blind_index(comparable(number), "reconciliation_bankaccount.number")


def accounts_of(facility_ids: Collection[int]) -> list[BankAccount]:
    """The facilities' accounts by code. One query."""
    rows = BankAccount.objects.filter(facility_id__in=facility_ids).select_related("facility")
    return list(rows.order_by("code", "id"))


def numbers_of(account: BankAccount) -> list[AccountNumber]:
    """Every number that was ever proposed for it, the newest first. One query."""
    rows = AccountNumber.objects.filter(account=account).select_related("proposed_by", "decided_by")
    return list(rows.order_by("-id"))


def account_by_number(number: str, facility_ids: Collection[int]) -> BankAccount | None:
    """The account in force with this number or IBAN, if it is one of the facilities'. One query."""
    if not comparable(number):
        return None
    rows = BankAccount.objects.filter(number_index=number_index(number), is_in_force=True)
    rows = rows.filter(facility_id__in=facility_ids)
    return rows.select_related("facility").first()


def account_to_come(numbers: Collection[str], facility_ids: Collection[int]) -> BankAccount | None:
    """The account for which one of these numbers waits for another person. One query."""
    indexes = [number_index(number) for number in numbers if comparable(number)]
    rows = AccountNumber.objects.filter(number_index__in=indexes, verdict=None)
    row = rows.filter(account__facility_id__in=facility_ids).select_related("account").first()
    return row.account if row else None


def account_by_code(code: str, facility_ids: Collection[int]) -> BankAccount:
    """The account with this code or public id. Raises BankAccountUnknown. One query."""
    rows = BankAccount.objects.filter(facility_id__in=facility_ids).select_related("facility")
    found = (rows.filter(code=code) | rows.filter(public_id=code)).first()
    if found is None:
        raise BankAccountUnknown(account=code)
    return found
