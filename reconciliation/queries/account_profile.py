"""Questions about how accounts' files are read."""

from collections.abc import Collection
from dataclasses import replace

from reconciliation.formats.table import TableProfile
from reconciliation.models import AccountProfile, BankAccount


def profile_of(account: BankAccount) -> AccountProfile:
    """The account's profile; one with nothing particular where none was made. One query."""
    return AccountProfile.objects.filter(account=account).first() or AccountProfile(account=account)


def table_profile_for(account: BankAccount | None, facility_ids: Collection[int]) -> TableProfile | None:
    """How a table is read: the account's way, or the only way there is; None when that is not certain.

    Account and currency that no column says are the account's. One query.
    """
    rows = AccountProfile.objects.filter(table__isnull=False, account__facility_id__in=facility_ids)
    if account is not None:
        rows = rows.filter(account=account)
    found = list(rows.select_related("account").order_by("id")[:2])
    if len(found) != 1 or found[0].table is None:
        return None
    return table_profile_of(found[0].account, TableProfile.from_json(found[0].table))


def table_profile_of(account: BankAccount, profile: TableProfile) -> TableProfile:
    """The profile with the account's own number and currency where it says none."""
    number = profile.account_number or ("" if "account" in profile.columns else account.number)
    currency = profile.currency or ("" if "currency" in profile.columns else account.currency)
    return replace(profile, account_number=number, currency=currency)
