"""The batches that receipts fall into by themselves, and what is in each."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from cashiering.models import Tender
from cashiering.queries.receipt_batch import receipt_batch_tenders, receipt_batches
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, asked_day, page, scoped_or_404, screen


@screen("cashiering.view_cash_book")
def receipt_batch_list(request: Request) -> HttpResponse:
    """The batches of a business day of the person's facilities."""
    facilities = list(facilities_of(request.user))
    days = [clock.business_date(timezone=one.timezone, cutoff=one.business_day_cutoff) for one in facilities]
    on = asked_day(request, "day") or max(days, default=clock.today("UTC"))
    return page(
        request,
        full="cashiering/receipt_batch/list.html",
        fragment="cashiering/receipt_batch/_table.html",
        context={"on": on, "batches": receipt_batches(facilities, on=on)},
    )


@screen("cashiering.view_cash_book")
def receipt_batch(request: Request, code: str, day: str, username: str, kind: str) -> HttpResponse:
    """The receipts of one batch, and where each went: its session, card batch or bag."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    on, cashier = clock.day_of(day), get_object_or_404(User, username=username)
    if on is None or kind not in Tender.Kind.values:
        raise Http404
    department = request.GET.get("department", "")
    rows = receipt_batch_tenders(
        facility,
        on=on,
        cashier=cashier,
        kind=kind,
        department_id=int(department) if department.isdecimal() and len(department) < 18 else None,
    )
    context = {
        "on": on,
        "facility": facility,
        "cashier": cashier,
        "label": Tender.Kind(kind).label,
        "tenders": rows,
    }
    return page(request, full="cashiering/receipt_batch/detail.html", context=context)
