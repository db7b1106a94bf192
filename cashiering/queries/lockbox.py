"""Lockbox deposits as people and programs see them, and the pictures of their cheques."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from cashiering.models import LockboxDeposit, LockboxImage

_IN_ORDER: list[str] = LockboxImage.Side.values


def lockbox_deposits_of(facility_ids: Collection[int]) -> QuerySet[LockboxDeposit]:
    """Those of the facilities, the newest first, with how many cheques and how many of them nobody placed."""
    rows = LockboxDeposit.objects.filter(facility_id__in=facility_ids).select_related("facility", "file")
    count = Count("cheques", distinct=True)
    unplaced = Count("cheques", filter=Q(cheques__payment=None), distinct=True)
    return rows.annotate(cheque_count=count, unplaced_count=unplaced).order_by("-id")


def lockbox_images_of(cheque: str, facility_ids: Collection[int]) -> list[LockboxImage]:
    """The pictures of a cheque (lbc_...) of these facilities: front, back, stubs. One query."""
    rows = LockboxImage.objects.filter(cheque__public_id=cheque, cheque__facility_id__in=facility_ids)
    return in_order(rows.select_related("file", "cheque"))


def in_order(images: Collection[LockboxImage]) -> list[LockboxImage]:
    return sorted(images, key=lambda one: (_IN_ORDER.index(one.side), one.page))
