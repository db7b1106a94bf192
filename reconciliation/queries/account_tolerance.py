"""What each account tolerates."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hms_ach.money import Money
from reconciliation.models import AccountTolerance, BankAccount, Match, MatchAdjustment
from reconciliation.rules.tolerance import Direction, Tolerance

_USED_IN = "difference"


@dataclass(frozen=True, slots=True)
class ToleranceUse:
    """How often passes used a tolerance in matches that stand, and what it cost: positive was lost."""

    count: int
    posted: Money


def tolerances_of(facility_ids: Collection[int]) -> QuerySet[AccountTolerance]:
    """All that were ever proposed for these facilities' accounts, the newest first."""
    rows = AccountTolerance.objects.filter(account__facility_id__in=facility_ids)
    rows = rows.select_related("account__facility", "proposed_by", "decided_by", "ended_by")
    return rows.order_by("-id")


def tolerances_in_force(account: BankAccount, *, on: date) -> tuple[Tolerance, ...]:
    """What the engine may tolerate on the account on a day: nothing, unless two people agreed. One query."""
    return tuple(
        Tolerance(
            words=re.compile(rf"\A{re.escape(row.kind)}\Z"),
            role=row.role,
            reason=reason_of_use(row),
            largest_minor=row.largest_minor,
            per_mille=row.per_mille,
            direction=Direction(row.direction),
        )
        for row in rows_in_force(account, on=on)
    )


def rows_in_force(account: BankAccount, *, on: date) -> QuerySet[AccountTolerance]:
    """At most one for each kind."""
    rows = AccountTolerance.objects.filter(account=account, verdict="APPROVED", valid_from__lte=on)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), Q(ended_on=None) | Q(ended_on__gt=on))
    return rows.order_by("kind", "id")


def reason_of_use(row: AccountTolerance) -> str:
    """The reason that a match by this tolerance gives."""
    return f"within tolerance {row.public_id}"


def tolerance_use(row: AccountTolerance) -> ToleranceUse:
    """Its matches that stand. Two queries."""
    used = Match.objects.filter(account_id=row.account_id, pass_name=_USED_IN, undo=None)
    ids = list(used.filter(reasons__contains=[reason_of_use(row)]).values_list("pk", flat=True))
    parts = MatchAdjustment.objects.filter(match_id__in=ids, role=row.role)
    total = sum(parts.values_list("amount_minor", flat=True))
    return ToleranceUse(len(ids), Money(total, row.account.currency))
