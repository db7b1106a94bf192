"""Affiliates' money: what came to one legal entity and is another's, from its proposal to its undoing."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import names_of
from hms_ach.web.totals import totals_of
from ledger.queries import document_entries
from reconciliation.queries import affiliate_receipts
from reconciliation.screens.clearing_journal import clearing_journal


@screen("reconciliation.view_discrepancy")
def affiliate_receipt_list(request: Request) -> HttpResponse:
    """Everything that the person's facilities received for others, or others for them."""
    rows = affiliate_receipts(facility_ids_of(request.user))
    shown = Paginator(rows, 50).get_page(asked_page(request))
    names = names_of({row.reference for row in shown} | {row.document for row in shown} - {""})
    told = [(row, names.get(row.reference), names.get(row.document)) for row in shown]
    return page(
        request,
        full="reconciliation/affiliate/list.html",
        context={"totals": totals_of(rows, {"Total": "amount_minor"}), "page": shown, "rows": told},
    )


@screen("reconciliation.view_discrepancy")
def affiliate_receipt_detail(request: Request, public_id: str) -> HttpResponse:
    """One of them, for both entities: who said so, what is posted in which book."""
    own = facility_ids_of(request.user)
    row = affiliate_receipts(own).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    context = {
        "row": row,
        "journal": clearing_journal(row),
        "entries": document_entries(("affiliate", row.public_id)),
        "undo": row.undoings.filter(verdict="APPROVED").select_related("proposed_by", "decided_by").first(),
        "is_receivers": row.facility_id in own,
    }
    return page(request, full="reconciliation/affiliate/detail.html", context=context)
