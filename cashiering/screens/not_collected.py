"""Money that was not collected at the desk: saying why, and the report of reasons and clerks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.queries import due_list, people_of
from cashiering.commands import record_not_collected
from cashiering.models import NotCollected, Session
from cashiering.queries.session import session_of
from cashiering.reports.not_collected import not_collected_report
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import total
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_days, page, screen


@screen("cashiering.take_payment", methods=("GET", "POST"))
def addition(request: Request) -> HttpResponse:
    """Say why a patient leaves without paying what is chosen."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    sent = request.POST if request.method == "POST" else request.GET
    patient = _patient(sent.get("patient", ""), session)
    if patient is None:
        return redirect("cashiering:register")
    due = due_list(patient_id=patient.pk, facility_ids=[session.facility_id], today=session.business_on)
    chosen = [item for item in due if str(item.invoice_id) in sent.getlist("invoice")]
    chosen = chosen or [item for item in due if item.kind == "PATIENT"]
    refusal = ""
    if "reason" in request.POST:
        try:
            made = record_not_collected(
                session=session,
                patient_id=patient.pk,
                invoice_ids=[item.invoice_id for item in chosen],
                reason=request.POST["reason"],
                note=request.POST.get("note", "")[:200],
                actor=request.user,
            )
            messages.success(request, f"Recorded: {len(made)} not collected from {patient.name}.")
            return redirect("cashiering:register")
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "session": session,
        "patient": patient,
        "chosen": chosen,
        "total": total([item.balance for item in chosen], session.currency),
        "reasons": NotCollected.Reason.choices,
        "typed": request.POST,
        "refusal": refusal,
        "has_errors": bool(refusal),
        "back": f"{reverse('cashiering:register')}?patient={patient.pk}",
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/not_collected/form.html", context=context, status=status)


def _patient(text: str, session: Session):
    if not text.isdecimal():
        return None
    return people_of([session.facility_id]).filter(pk=int(text)).first()


@screen("cashiering.view_not_collected")
def not_collected_list(request: Request) -> HttpResponse:
    """What was not collected from a day to a day, by reason and by clerk; this month at first."""
    today = clock.now().date()
    since, until = asked_days(request, since=today.replace(day=1), until=today)
    report = not_collected_report(facility_ids=facility_ids_of(request.user), since=since, until=until)
    context = {"report": report, "since": since, "until": until}
    return page(
        request,
        full="cashiering/not_collected/list.html",
        fragment="cashiering/not_collected/_table.html",
        context=context,
    )
