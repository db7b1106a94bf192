"""Control totals: what the documents of a page add up to, beside the book."""

from django.http import HttpResponse

from hms_ach import clock
from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, page, screen
from ledger.queries import control_totals, role_name


@screen("ledger.view_account")
def control_total_list(request: Request) -> HttpResponse:
    """Of each of the person's legal entities, to the cent; only the roles asked for, else all of them.

    Lists of documents bring it in below themselves: the whole of the entity, whatever the list's filter.
    """
    roles = request.GET.getlist("role") or None
    homes = {each.legal_entity_id: each for each in reversed(facilities_of(request.user))}
    totals = []
    for home in sorted(homes.values(), key=lambda home: home.legal_entity.code):
        entity, today = home.legal_entity, clock.today(home.timezone)
        for each in control_totals(legal_entity=entity, on=today, roles=roles):
            totals.append((each, role_name(each.role), entity, today))
    return page(
        request,
        full="ledger/control_total/list.html",
        fragment="ledger/control_total/_table.html",
        context={"totals": totals, "all_tie": all(each.ties for each, *_ in totals)},
    )
