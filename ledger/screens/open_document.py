"""The documents behind a sub-ledger's figure: where the other side of every tie-out leads to."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse

from hms_ach.money import CURRENCIES
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import names_of
from ledger.models import TieOut
from ledger.queries import (
    DocumentsBehind,
    Scope,
    documents_kept,
    documents_now,
    role_name,
    tie_out_named,
)
from ledger.reports.open_document import open_documents_table
from ledger.rules.sub_ledger import REGISTERED
from ledger.screens.filters import BookFilter
from ledger.screens.foot import foot_of

_PAGE_SIZE = 50


class DocumentFilter(BookFilter):
    """The entity and the day, and which figure of which sub-ledger; or the tie-out that kept it."""

    sub_ledger = forms.ChoiceField(label="Sub-ledger")
    role = forms.CharField(label="Account role", max_length=40)
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in sorted(CURRENCIES)])
    tie_out = forms.CharField(label="Tie-out", required=False, max_length=40)

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("sub_ledger", [(code, each.name) for code, each in sorted(REGISTERED.items())])

    @property
    def kept(self) -> list[forms.BoundField]:
        """What the page keeps without offering it."""
        return [self[name] for name in ("entity", "sub_ledger", "role", "currency", "tie_out")]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        code, role = chosen.get("sub_ledger"), chosen.get("role")
        if code and role and role not in REGISTERED[code].roles:
            self.add_error("role", "This sub-ledger keeps no such role.")
        return chosen


def documents_address(entity: str, code: str, role: str, currency: str, **more: str) -> str:
    """Where the documents behind a figure are listed; more is the day or the tie-out."""
    asked = {"entity": entity, "sub_ledger": code, "role": role, "currency": currency, **more}
    return f"{reverse('ledger:open-document-list')}?{urlencode(asked)}"


@screen("ledger.view_account")
def open_document_list(request: Request) -> HttpResponse:
    """What a sub-ledger's figure adds up: each open document, as it stands or as the tie-out kept it."""
    filters = DocumentFilter(request)
    scope = filters.scope()
    tie_out = behind = found = None
    if scope:
        tie_out = _tie_out(filters, scope)
        behind = _behind(filters, scope, tie_out)
        found = Paginator(behind.documents, _PAGE_SIZE).get_page(asked_page(request))
    rows = list(found or [])
    names = names_of(row.reference for row in rows)
    codes = {facility.pk: facility.code for facility in filters.open_to_user}
    return page(
        request,
        full="ledger/open_document/list.html",
        fragment="ledger/open_document/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("documents", request),
            "scope": scope,
            "tie_out": tie_out,
            "place": scope.facilities[0] if scope else None,
            "is_dated": bool(scope) and REGISTERED[filters.cleaned_data["sub_ledger"]].is_dated,
            "sub_ledger": REGISTERED[filters.cleaned_data["sub_ledger"]].name if scope else "",
            "role": role_name(filters.cleaned_data["role"]) if scope else "",
            "behind": behind,
            "page": found,
            "rows": [(row, names[row.reference], codes[row.facility_id]) for row in rows],
        },
        status=200 if scope or not filters.open_to_user else 422,
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    filters = DocumentFilter(request)
    scope = filters.scope_or_refuse()
    chosen, tie_out = filters.cleaned_data, _tie_out(filters, scope)
    sub_ledger = REGISTERED[chosen["sub_ledger"]]
    more = [("Sub-ledger", sub_ledger.name), ("Account role", role_name(chosen["role"]))]
    if tie_out:
        more.append(("Tie-out", f"{tie_out.public_id}, as of {tie_out.as_of}"))
    elif not sub_ledger.is_dated:
        more.append(("Documents", "as they stand now, whatever the day"))
    behind = _behind(filters, scope, tie_out)
    return open_documents_table(scope, behind, more=more, actor=request.user)


def _tie_out(filters: DocumentFilter, scope: Scope) -> TieOut | None:
    """The one that was asked for; 404 where the person's entity has none of that id for this figure."""
    chosen = filters.cleaned_data
    if not chosen["tie_out"]:
        return None
    found = tie_out_named(chosen["tie_out"], legal_entity=scope.legal_entity)
    asked = (chosen["sub_ledger"], chosen["role"], chosen["currency"])
    if found is None or (found.sub_ledger, found.role, found.currency) != asked:
        raise Http404
    return found


def _behind(filters: DocumentFilter, scope: Scope, tie_out: TieOut | None) -> DocumentsBehind:
    if tie_out:
        return documents_kept(tie_out, facility_ids=scope.facility_ids)
    return documents_now(
        legal_entity=scope.legal_entity,
        sub_ledger=filters.cleaned_data["sub_ledger"],
        role=filters.cleaned_data["role"],
        currency=filters.cleaned_data["currency"],
        on=scope.until,
        facility_ids=scope.facility_ids,
    )
