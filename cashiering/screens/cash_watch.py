"""Cash that must be reported on Form 8300."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from billing.queries import people_of
from cashiering.commands import file_cash_report
from cashiering.models import CashReport
from cashiering.queries.cash_watch import reportable_cash
from hms_ach.access.models import Facility
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen


@screen("cashiering.view_cash_watch")
def cash_watch(request: Request) -> HttpResponse:
    """Payers whose cash of twelve months is above the limit, and what was filed."""
    facility_ids = facility_ids_of(request.user)
    reports = CashReport.objects.filter(facility_id__in=facility_ids)
    filed = reports.select_related("filed_by", "patient", "facility")
    context = {"due": reportable_cash(facility_ids), "filed": filed.order_by("-id")[:50]}
    return page(request, full="cashiering/cash_watch/list.html", context=context)


@screen("cashiering.file_cash_report", methods=("POST",))
def report(request: Request, public_id: str) -> HttpResponse:
    """Record the filed form."""
    facility_ids = facility_ids_of(request.user)
    due = next((one for one in reportable_cash(facility_ids) if one.patient_public_id == public_id), None)
    if due is None or not people_of(facility_ids).filter(pk=due.patient_id).exists():
        messages.error(request, "The cash of this payer is reported, or not above the limit.")
        return redirect("cashiering:cash-watch")
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", pk=due.facility_id)
    try:
        file_cash_report(
            patient_id=due.patient_id,
            facility=facility,
            reference=request.POST.get("reference", "")[:60],
            actor=request.user,
        )
        messages.success(request, "Recorded. Counting starts anew with the next cash payment.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:cash-watch")
