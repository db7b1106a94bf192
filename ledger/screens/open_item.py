"""The clearing watch: items that have not returned to zero."""

from typing import Any

from django.http import HttpResponse

from hms_ach.web import Request, page, screen
from hms_ach.web.names import names_of
from ledger.queries import clearing_watch, open_items
from ledger.rules.roles import CLEARING_ROLES, role_name
from ledger.screens.filters import BookFilter


@screen("ledger.view_entry")
def open_item_list(request: Request) -> HttpResponse:
    """One clearing role's open items, oldest first, and how much is open on each of the others."""
    filters = BookFilter(request)
    scope = filters.scope()
    role = request.GET.get("role", "")
    role = role if role in CLEARING_ROLES else CLEARING_ROLES[0]
    asked: dict[str, Any] = {}
    if scope:
        asked = {
            "legal_entity": scope.legal_entity,
            "today": scope.until,
            "facility_ids": scope.facility_ids,
        }
    items = open_items(role, **asked) if asked else []
    names = names_of(item.reference for item in items)
    return page(
        request,
        full="ledger/open_item/list.html",
        fragment="ledger/open_item/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "role": role,
            "role_name": role_name(role),
            "items": [(item, names[item.reference]) for item in items],
            "watch": clearing_watch(**asked) if asked else [],
        },
    )
