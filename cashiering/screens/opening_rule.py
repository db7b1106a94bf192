"""Who confirms opening counts: the rule of each facility, asking for another, letting it count."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from cashiering.commands import approve_opening_rule, ask_opening_rule
from cashiering.queries.opening import opening_rule_line, opening_rules_awaiting
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen


@screen("cashiering.view_register")
def opening_rule_list(request: Request) -> HttpResponse:
    """The rule of each of the person's facilities, and what awaits approval. Two SQL queries a facility."""
    places = [(one, opening_rule_line(one.pk)) for one in facilities_of(request.user)]
    return page(request, full="cashiering/opening_rule/list.html", context={"places": places})


@screen("cashiering.ask_opening_rule", methods=("POST",))
def request_page(request: Request, code: str) -> HttpResponse:
    """Ask that a facility's opening counts be confirmed, or no more."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    is_confirmed = request.POST.get("is_confirmed") == "yes"
    ask_opening_rule(facility=facility, is_confirmed=is_confirmed, actor=request.user)
    messages.success(request, "It counts once another person approves it.")
    return redirect("cashiering:opening-rule-list")


@screen("cashiering.approve_opening_rule", methods=("POST",))
def approval(request: Request, public_id: str) -> HttpResponse:
    """Let a rule count that somebody else asked for."""
    rule = opening_rules_awaiting(facility_ids_of(request.user)).filter(public_id=public_id).first()
    if rule is None:
        raise Http404
    try:
        approve_opening_rule(rule=rule, actor=request.user)
        messages.success(request, f"{rule.facility.code}: the rule counts for drawers opened from now on.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:opening-rule-list")
