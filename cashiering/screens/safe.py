"""The safe: its sealed bags, and its daily count by two people."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import approve_safe_count, confirm_safe_count, count_safe, discard_safe_count
from cashiering.models import SafeCount
from cashiering.queries.safe import safe_counts_of, safe_currencies, sealed_bags
from cashiering.screens.count_grid import counted_in, grid_of
from cashiering.screens.pay_form import typed_money
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries


@screen("cashiering.view_safe")
def safe_list(request: Request) -> HttpResponse:
    """Each facility's sealed bags, and the counts of their safes."""
    facilities = facilities_of(request.user)
    rows = safe_counts_of(facility_ids_of(request.user))
    safes = [
        (one, [bag for currency in currencies for bag in sealed_bags(one, currency)], currencies)
        for one, currencies in ((one, safe_currencies(one)) for one in facilities)
    ]
    context = {
        "safes": safes,
        "has_bags": any(bags for _facility, bags, _currencies in safes),
        "page": Paginator(rows, 30).get_page(asked_page(request)),
    }
    return page(request, full="cashiering/safe/list.html", context=context)


@screen("cashiering.count_safe", methods=("GET", "POST"))
def counting(request: Request, code: str) -> HttpResponse:
    """The first person counts."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    refusal, currencies = "", safe_currencies(facility)
    asked = request.POST.get("currency") or request.GET.get("currency", "")
    currency = asked if asked in currencies else facility.currency
    if request.method == "POST":
        try:
            count = count_safe(
                facility=facility,
                denominations=counted_in(request.POST, currency),
                bags=request.POST.getlist("bag"),
                currency=currency,
                actor=request.user,
            )
            messages.success(request, "Counted. A second person confirms the total now.")
            return redirect("cashiering:safe-count", public_id=count.public_id)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "facility": facility,
        "bags": [(bag, bag.number in request.POST.getlist("bag")) for bag in sealed_bags(facility, currency)],
        "grid": grid_of(currency, request.POST or None),
        "currency": currency,
        "currencies": currencies,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/safe/counting.html", context=context, status=status)


@screen("cashiering.view_safe")
def count_detail(request: Request, public_id: str) -> HttpResponse:
    """One count. The book's figure appears after the second person confirmed."""
    count = _count(request, public_id)
    mine = request.user.pk in (count.counted_by_id, count.confirmed_by_id)
    is_open = count.state == SafeCount.State.COUNTED
    is_judged = count.state not in (SafeCount.State.COUNTED, SafeCount.State.DISCARDED)
    context = {
        "count": count,
        "is_open": is_open,
        "is_discarded": count.state == SafeCount.State.DISCARDED,
        "may_confirm": is_open and not mine,
        "may_approve": count.state == SafeCount.State.DIFFERENT and not mine,
        "is_judged": is_judged,
        "shows_total": is_judged or count.counted_by_id == request.user.pk,
        "total_minor": count.total_minor,
        "difference_minor": count.difference_minor,
        "entries": document_entries(("safe_count", public_id)),
    }
    return page(request, full="cashiering/safe/detail.html", context=context)


def _count(request: Request, public_id: str) -> SafeCount:
    return scoped_or_404(safe_counts_of(facility_ids_of(request.user)), request, public_id=public_id)


def _act(request: Request, public_id: str, act: Callable[[SafeCount], object], done: str) -> HttpResponse:
    try:
        act(_count(request, public_id))
        messages.success(request, done)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:safe-count", public_id=public_id)


@screen("cashiering.confirm_safe_count", methods=("POST",))
def confirmation(request: Request, public_id: str) -> HttpResponse:
    """The second person's total."""

    def act(count: SafeCount) -> None:
        total = typed_money(request.POST.get("total", ""), count.currency)
        confirm_safe_count(count=count, total=total, actor=request.user)

    return _act(request, public_id, act, "Confirmed. The result is below.")


@screen("cashiering.confirm_safe_count", methods=("POST",))
def discard(request: Request, public_id: str) -> HttpResponse:
    """The second person's total stays another: both count again."""

    def act(count: SafeCount) -> None:
        discard_safe_count(count=count, reason=request.POST.get("reason", "")[:200], actor=request.user)

    return _act(request, public_id, act, "The count is given up and kept. Count the safe again.")


@screen("cashiering.approve_safe_count", methods=("POST",))
def approval(request: Request, public_id: str) -> HttpResponse:
    """A third person accepts the difference."""

    def act(count: SafeCount) -> None:
        approve_safe_count(count=count, reason=request.POST.get("reason", "")[:200], actor=request.user)

    return _act(request, public_id, act, "The difference is approved and booked.")
