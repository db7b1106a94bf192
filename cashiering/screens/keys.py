"""The keys of the registers: a card to print, and the choice of a site."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from cashiering.commands import choose_keys
from cashiering.queries.keys import keys_of
from cashiering.queries.session import session_of
from cashiering.rules.keys import KEYS
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen


@screen("cashiering.take_payment")
def key_card(request: Request) -> HttpResponse:
    """All keys of the cashier's register on one card, to print and to lay beside it."""
    session = session_of(request.user)
    facility = session.facility if session else facilities_of(request.user)[0]
    context = {"facility": facility, "keys": list(keys_of(facility.pk).values())}
    return page(request, full="cashiering/keys/card.html", context=context)


@screen("cashiering.manage_register", methods=("GET", "POST"))
def key_choice(request: Request, code: str) -> HttpResponse:
    """Give the actions of a facility's registers other keys."""
    rows = Facility.objects.filter(pk__in=facility_ids_of(request.user))
    facility = get_object_or_404(rows, code=code)
    refusal, typed = "", {key.action: key.key for key in keys_of(facility.pk).values()}
    if request.method == "POST":
        typed = {one.action: request.POST.get(one.action, "").strip()[:20] for one in KEYS}
        try:
            choose_keys(facility=facility, chosen=typed, actor=request.user)
            messages.success(request, f"The registers of {facility.name} answer to these keys now.")
            return redirect("cashiering:register-list")
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "facility": facility,
        "rows": [(one, typed[one.action]) for one in KEYS],
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/keys/choice.html", context=context, status=status)
