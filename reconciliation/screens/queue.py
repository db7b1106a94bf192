"""The queue in the address: its filter, kept from page to page, and what comes after a row that is done."""

from django.urls import reverse

from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, asked_one_of, scoped_or_404
from reconciliation import queries
from reconciliation.models import Discrepancy
from reconciliation.queries import Asked, Group

# Beside the states themselves: what is put aside until a day.
HELD = "HELD"
FILTERS = ("kind", "state", "q", "mine", "overdue")


def asked_for(request: Request) -> Asked:
    given = {name: request.GET.get(name, "") for name in FILTERS}
    kind = asked_one_of(request, "kind", Discrepancy.Kind.values)
    state = asked_one_of(request, "state", (*Discrepancy.State.values, HELD))
    return Asked(
        kind=kind,
        state="" if state == HELD else state,
        text=given["q"].strip()[:60],
        is_mine=bool(given["mine"]),
        is_overdue=bool(given["overdue"]),
        is_held=state == HELD,
    )


def groups_of(request: Request) -> list[Group]:
    return queries.queue(facility_ids_of(request.user), reader=request.user, asked=asked_for(request))


def filter_of(request: Request) -> str:
    """The filter as it stands in an address."""
    kept = request.GET.copy()
    for name in list(kept):
        if name not in FILTERS or not kept[name]:
            del kept[name]
    return kept.urlencode()


def row_of(request: Request, public_id: str) -> Discrepancy:
    """The row with its place. Planning a join with all else that it points at would take longer than it."""
    rows = Discrepancy.objects.select_related("facility", "account")
    return scoped_or_404(rows, request, public_id=public_id)


def typed_back(request: Request, name: str) -> str:
    """What a person typed into a field that is not shown again, for the end of a message; "" for nothing."""
    typed = request.POST.get(name, "").strip()
    return f" You had written: “{typed[:500]}”." if typed else ""


def here(request: Request, row: Discrepancy) -> str:
    return _address(request, row.public_id)


def after(request: Request, row: Discrepancy, *, deciding: bool) -> str:
    """The address of the next row with the same kind of work, asked before anything changes.

    deciding  whether the next is a proposal of somebody else; otherwise what has no proposal yet
    """
    shown = [each for group in groups_of(request) for each in group.rows]
    here_at = next((n for n, each in enumerate(shown) if each.row.pk == row.pk), -1)
    rest = [each for each in shown[here_at + 1 :] + shown[: max(here_at, 0)] if not each.is_own]
    suits = [each.row for each in rest if (each.row.state == "PROPOSED") == deciding]
    if suits:
        return _address(request, suits[0].public_id, done=row.public_id)
    return f"{reverse('reconciliation:discrepancy-list')}?{filter_of(request)}&done={row.public_id}"


def _address(request: Request, public_id: str, done: str = "") -> str:
    address = f"{reverse('reconciliation:discrepancy-detail', args=[public_id])}?{filter_of(request)}"
    return f"{address}&done={done}" if done else address
