"""The day book, and one entry of it."""

from dataclasses import replace

from django import forms
from django.http import Http404, HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import name_of, names_of
from ledger.queries import LineFilter, entry_detail, journal, lines_total
from ledger.reports.lines import journal_table
from ledger.rules.calendar import LAST_DAYS
from ledger.rules.entry_source import FREE_SOURCES, document_name
from ledger.rules.posting_rules import RULES
from ledger.screens.filters import StatementFilter
from ledger.screens.foot import foot_of

_KINDS = sorted({rule.source for rule in RULES} | {*FREE_SOURCES})


class JournalFilter(StatementFilter):
    """The statement's filter, a kind of document, and whether a GL batch holds the entry."""

    kind = forms.ChoiceField(
        label="Document",
        required=False,
        choices=[("", "Any"), *((kind, document_name(kind)) for kind in _KINDS)],
    )
    unbatched = forms.BooleanField(label="In no GL batch yet", required=False)

    def wanted(self) -> LineFilter:
        """The postings of the entries that were chosen."""
        return LineFilter(kind=self.cleaned_data["kind"], is_unbatched=self.cleaned_data["unbatched"])


@screen("ledger.view_entry")
def entry_list(request: Request) -> HttpResponse:
    """Entries of the person's facilities, latest first; the last 31 days unless other days are chosen."""
    filters = JournalFilter(request)
    scope = filters.scope()
    entries = total = None
    if scope:
        since = scope.since or scope.until - LAST_DAYS
        scope = replace(scope, since=since)
        wanted = filters.wanted()
        total = lines_total(scope, wanted)
        entries = journal(
            since=since,
            until=scope.until,
            facility_ids=scope.facility_ids,
            known_at=scope.known_at,
            source_kind=wanted.kind,
            is_unbatched=wanted.is_unbatched,
            page=asked_page(request),
        )
    names = names_of(row.source_id for row in entries or [])
    return page(
        request,
        full="ledger/entry/list.html",
        fragment="ledger/entry/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("journal", request),
            "scope": scope,
            "page": entries,
            "total": total,
            "rows": [(row, names[row.source_id]) for row in entries or []],
        },
    )


def table(request: Request) -> StatementTable:
    """The entries of the days chosen with all their lines, as rows for a file."""
    filters = JournalFilter(request)
    scope = filters.scope_or_refuse()
    return journal_table(scope, filters.wanted(), actor=request.user)


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
