"""Lockbox deposits as people and programs see them."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from cashiering.models import LockboxDeposit


def lockbox_deposits_of(facility_ids: Collection[int]) -> QuerySet[LockboxDeposit]:
    """Those of the facilities, the newest first, with how many cheques and how many of them nobody placed."""
    rows = LockboxDeposit.objects.filter(facility_id__in=facility_ids).select_related("facility", "file")
    count = Count("cheques", distinct=True)
    unplaced = Count("cheques", filter=Q(cheques__payment=None), distinct=True)
    return rows.annotate(cheque_count=count, unplaced_count=unplaced).order_by("-id")
