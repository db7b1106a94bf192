"""Money that came to one legal entity and is another's, as either of them sees it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from reconciliation.models import ClearingUndo, SuspenseClearing


def affiliate_receipts(facility_ids: Collection[int]) -> QuerySet[SuspenseClearing]:
    """What these facilities received for others or others for them, the newest first; is_undone is told.

    One query.
    """
    rows = SuspenseClearing.objects.filter(purpose=SuspenseClearing.Purpose.AFFILIATE)
    rows = rows.filter(Q(facility__in=facility_ids) | Q(owner__in=facility_ids))
    undone = ClearingUndo.objects.filter(clearing=OuterRef("pk"), verdict=ClearingUndo.Verdict.APPROVED)
    return (
        rows.annotate(is_undone=Exists(undone))
        .select_related("facility__legal_entity", "owner__legal_entity", "proposed_by", "decided_by")
        .order_by("-id")
    )
