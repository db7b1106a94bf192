"""Lockbox deposits as people and programs see them."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet, Sum

from cashiering.models import LockboxCheque, LockboxDeposit
from hms_ach.money import Money


def lockbox_deposits_of(facility_ids: Collection[int]) -> QuerySet[LockboxDeposit]:
    """Those of the facilities, the newest first, with how many cheques and how many of them nobody placed."""
    rows = LockboxDeposit.objects.filter(facility_id__in=facility_ids).select_related("facility", "file")
    count = Count("cheques", distinct=True)
    unplaced = Count("cheques", filter=Q(cheques__payment=None), distinct=True)
    return rows.annotate(cheque_count=count, unplaced_count=unplaced).order_by("-id")


def unplaced_lockbox_sums(*, facility_ids: Collection[int]) -> list[Money]:
    """What cheques of lockboxes put into suspense, a sum a currency. One SQL query."""
    rows = LockboxCheque.objects.filter(facility_id__in=facility_ids, payment=None).order_by()
    sums = rows.values_list("deposit__currency").annotate(sum=Sum("amount_minor"))
    return [Money(int(minor), currency) for currency, minor in sums]
