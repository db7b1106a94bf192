"""The journal and one entry of it."""

from datetime import timedelta

from django.http import Http404, HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, page, screen
from hms_ach.web.names import name_of, names_of
from ledger.queries import entry_detail, journal
from ledger.screens.filters import BookFilter


@screen("ledger.view_entry")
def entry_list(request: Request) -> HttpResponse:
    """Entries of the person's facilities, latest first; the last 31 days unless other days are chosen."""
    filters = BookFilter(request)
    scope = filters.scope()
    entries = None
    if scope:
        entries = journal(
            since=scope.since or scope.until - timedelta(days=31),
            until=scope.until,
            facility_ids=scope.facility_ids,
            page=request.GET.get("page", 1),
        )
    names = names_of(row.source_id for row in entries or [])
    return page(
        request,
        full="ledger/entry/list.html",
        fragment="ledger/entry/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "page": entries,
            "rows": [(row, names[row.source_id]) for row in entries or []],
        },
    )


@screen("ledger.view_entry")
def entry_screen(request: Request, public_id: str) -> HttpResponse:
    """One entry with its lines, what caused it, what reverses it, and the batch it went out in."""
    entry = entry_detail(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if entry is None:
        raise Http404
    references = names_of(line.reference for line in entry.lines)
    return page(
        request,
        full="ledger/entry/detail.html",
        context={
            "entry": entry,
            "source": name_of(entry.row.source_id),
            "lines": [(line, references[line.reference]) for line in entry.lines],
        },
    )
