"""The clearing accounts: items by age, and one item with all its postings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, roles_of
from hms_ach.access.roles import Role
from hms_ach.money import CURRENCIES, Money
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import names_of, unknown
from ledger.commands import explain_item
from ledger.queries import Scope, alarms_of, clearing_limits, item_notes, item_postings, open_items
from ledger.reports.clearing import Narrowing, clearing_statement, clearing_table
from ledger.rules.clearing import BUCKETS, passed
from ledger.rules.roles import CLEARING_ROLES, role_name
from ledger.screens.filters import StatementFilter, day_field
from ledger.screens.foot import foot_of

_ROLES = [(role, role_name(role)) for role in CLEARING_ROLES]
_PAGE_SIZE = 100


class OpenItemFilter(StatementFilter):
    """The statement's filter, and which items."""

    role = forms.ChoiceField(label="Account", required=False, choices=[("", "All"), *_ROLES])
    bucket = forms.ChoiceField(
        label="Age", required=False, choices=[("", "Any"), *((each.code, each.label) for each in BUCKETS)]
    )
    late = forms.BooleanField(label="Past a limit", required=False)
    mine = forms.BooleanField(label="Mine to look at", required=False)

    def narrowing(self, request: Request) -> Narrowing:
        chosen = self.cleaned_data
        return Narrowing(
            role=chosen["role"],
            bucket=chosen["bucket"],
            is_late=chosen["late"],
            owners=roles_of(request.user) if chosen["mine"] else None,
        )

    def narrowed(self) -> list[tuple[str, str]]:
        """What narrows the list, in words."""
        chosen = self.cleaned_data
        labels = {each.code: each.label for each in BUCKETS}
        found = [
            ("Account", role_name(chosen["role"])),
            ("Age", labels.get(chosen["bucket"], "")),
            ("Only", "past a limit" if chosen["late"] else ""),
            ("Looked at by", "who took the file" if chosen["mine"] else ""),
        ]
        return [(label, value) for label, value in found if value]


class NoteForm(forms.Form):
    text = forms.CharField(label="What was found out", max_length=500, widget=forms.Textarea({"rows": 2}))
    expected_on = day_field("Gone by")


@screen("ledger.view_entry")
def open_item_list(request: Request) -> HttpResponse:
    """What is open on the clearing accounts by age, and item by item, oldest first."""
    filters = OpenItemFilter(request)
    scope = filters.scope()
    statement = clearing_statement(scope, filters.narrowing(request)) if scope else None
    shown = Paginator(statement.items if statement else [], _PAGE_SIZE).get_page(asked_page(request))
    references = {each.item.reference for each in shown} - {""}
    names = names_of(references)
    missing = unknown(references)
    return page(
        request,
        full="ledger/open_item/list.html",
        fragment="ledger/open_item/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("clearing", request),
            "scope": scope,
            "statement": statement,
            "buckets": BUCKETS,
            "base": _without_narrowing(request, scope),
            "page": shown,
            "items": [
                (each, names.get(each.item.reference), each.item.reference in missing, _address(each.item))
                for each in shown
            ],
        },
    )


def _without_narrowing(request: Request, scope: Scope | None) -> str:
    """The present query with its days and facility, open to any account and age."""
    query = request.GET.copy()
    for name in ("role", "bucket", "late", "mine", "page"):
        query.pop(name, None)
    if scope:
        query["entity"] = scope.legal_entity.code
    return query.urlencode()


def table(request: Request) -> StatementTable:
    """The items asked for as rows for a file."""
    filters = OpenItemFilter(request)
    scope = filters.scope_or_refuse()
    narrowing = filters.narrowing(request)
    return clearing_table(scope, narrowing, actor=request.user, more=filters.narrowed())


def _address(item: Any) -> str:
    asked = {"reference": item.reference, "currency": item.balance.currency}
    return f"{reverse('ledger:open-item', args=[item.facility_code, item.role])}?{urlencode(asked)}"


@screen("ledger.view_entry")
def open_item(request: Request, facility_code: str, role: str) -> HttpResponse:
    """One item: every posting with what was left after it, alarms, and what people found out."""
    facility, key = _item_or_404(request, facility_code, role)
    return _show_item(request, facility, key, NoteForm())


@screen("ledger.explain_item", methods=["POST"])
def open_item_note(request: Request, facility_code: str, role: str) -> HttpResponse:
    """Keep what was found out about an item."""
    facility, key = _item_or_404(request, facility_code, role)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_item(request, facility, key, form, status=422)
    said: dict[str, Any] = {**key, **form.cleaned_data}
    explain_item(facility=facility, actor=request.user, **said)
    messages.success(request, "The note is kept.")
    asked = urlencode({"reference": key["reference"], "currency": key["currency"]})
    return redirect(f"{reverse('ledger:open-item', args=[facility_code, role])}?{asked}")


def _item_or_404(request: Request, facility_code: str, role: str) -> tuple[Facility, dict[str, str]]:
    reference, currency = request.GET.get("reference", ""), request.GET.get("currency", "")
    facility = next((f for f in facilities_of(request.user) if f.code == facility_code), None)
    is_named = role in CLEARING_ROLES and currency in CURRENCIES and len(reference) <= 60
    if facility is None or not is_named:
        raise Http404
    return facility, {"role": role, "reference": reference, "currency": currency}


def _show_item(
    request: Request, facility: Facility, key: dict[str, str], form: NoteForm, status: int = 200
) -> HttpResponse:
    lines = item_postings(facility=facility, **key)
    if not lines:
        raise Http404
    today = clock.today(facility.timezone)
    entity = facility.legal_entity
    still = open_items(key["role"], legal_entity=entity, today=today, facility_ids=[facility.pk])
    same = (key["reference"], key["currency"])
    item = next((each for each in still if (each.reference, each.balance.currency) == same), None)
    names = names_of({key["reference"], *(line.posting.entry.source_id for line in lines)})
    limits = [limit for limit in clearing_limits(entity) if limit.role == key["role"]]
    over = passed(limits, role=key["role"], age_days=item.age_days) if item else ()
    context = {
        "facility": facility,
        "entity": entity,
        "key": key,
        "account": role_name(key["role"]),
        "item": item,
        "zero": Money.zero(key["currency"]),
        "name": names[key["reference"]],
        "is_unknown": bool(unknown({key["reference"]} - {""})),
        "lines": [(line, names[line.posting.entry.source_id]) for line in lines],
        "limits": [(limit, Role(limit.owner_role).label, limit in over) for limit in limits],
        "alarms": [(alarm, Role(alarm.owner_role).label) for alarm in alarms_of(facility=facility, **key)],
        "notes": item_notes(facility=facility, **key),
        "form": form,
    }
    return page(request, full="ledger/open_item/detail.html", context=context, status=status)
