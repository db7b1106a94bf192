"""Questions about proposals that wait."""

from django.db.models import Q, QuerySet

from reconciliation.models import Discrepancy, Proposal, SuspenseClearing


def waiting_elsewhere(row: Discrepancy) -> Proposal | None:
    """The first waiting proposal for another discrepancy that takes this one's line or item. One query."""
    taken = Q(pk=None)
    if row.line_id is not None:
        taken |= Q(plan__lines__contains=[row.line_id])
    if row.expectation_id is not None:
        taken |= Q(plan__items__contains=[row.expectation_id])
    rows = Proposal.objects.filter(taken, verdict=None, discrepancy__state="PROPOSED")
    return rows.exclude(discrepancy=row).select_related("discrepancy", "proposed_by").order_by("id").first()


def waiting_as_expected() -> QuerySet[SuspenseClearing]:
    """Waiting proposals that money in suspense is what was expected, in order; not asked yet."""
    return SuspenseClearing.objects.filter(purpose="EXPECTED", verdict=None).order_by("id")


def in_suspense(row: Discrepancy) -> SuspenseClearing | None:
    """The waiting proposal that money in suspense is what this one misses. One query, or none."""
    if row.expectation is None:
        return None
    return waiting_as_expected().filter(document=row.expectation.source_id).first()
