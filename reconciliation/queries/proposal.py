"""Questions about proposals that wait."""

from django.db.models import Q

from reconciliation.models import Discrepancy, Proposal


def waiting_elsewhere(row: Discrepancy) -> Proposal | None:
    """The first waiting proposal for another discrepancy that takes this one's line or item. One query."""
    taken = Q(pk=None)
    if row.line_id is not None:
        taken |= Q(plan__lines__contains=[row.line_id])
    if row.expectation_id is not None:
        taken |= Q(plan__items__contains=[row.expectation_id])
    rows = Proposal.objects.filter(taken, verdict=None, discrepancy__state="PROPOSED")
    return rows.exclude(discrepancy=row).select_related("discrepancy", "proposed_by").order_by("id").first()
