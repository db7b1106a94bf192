"""Whether the books still add up: the last nightly check of each legal entity."""

from django.http import HttpResponse

from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, page, screen
from ledger.queries import latest_checks


@screen("ledger.view_period")
def balance_check_list(request: Request) -> HttpResponse:
    """The last check of each of the person's legal entities, with what it found."""
    entities = {facility.legal_entity_id for facility in facilities_of(request.user)}
    return page(
        request,
        full="ledger/balance_check/list.html",
        context={"checks": latest_checks(legal_entity_ids=entities)},
    )
