"""Saying how an account's files are read."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from reconciliation.formats.reading import SWITCHES
from reconciliation.formats.table import TableProfile
from reconciliation.models import AccountProfile, BankAccount


class SwitchUnknown(Refusal):
    code = "switch_unknown"
    status = 422
    sentence = "There is no deviation {switch}. Choose from those that the account's page lists."


@transaction.atomic
def change_account_profile(
    *,
    account: BankAccount,
    switches: Collection[str],
    calendar: str,
    table: dict[str, Any] | None,
    actor: User,
) -> AccountProfile:
    """Set which deviations the account's bank may send, when its statements are due, how its tables read.

    table  a column profile as JSON (formats.table.TableProfile), already tried on a file; None for none

    Raises SwitchUnknown, ProfileWrong.
    """
    unknown = set(switches) - set(SWITCHES)
    if unknown:
        raise SwitchUnknown(switch=min(unknown)[:40])
    kept = TableProfile.from_json(table).as_json() if table is not None else None
    profile, _ = AccountProfile.objects.select_for_update().get_or_create(account=account)
    before = {"switches": profile.switches, "calendar": profile.calendar, "table": profile.table}
    profile.switches = sorted(set(switches))
    profile.calendar = AccountProfile.Calendar(calendar)
    profile.table = kept
    profile.save()
    audit.record(
        "reconciliation.change_account_profile",
        actor=actor,
        subject=account,
        facility=account.facility,
        before=before,
        after={"switches": profile.switches, "calendar": profile.calendar, "table": profile.table},
    )
    return profile
