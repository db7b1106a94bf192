"""The postings behind a figure: where every number of a statement leads to."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse

from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import name_of, names_of
from ledger.queries import LineFilter, lines_total, posting_lines
from ledger.reports.lines import postings_table
from ledger.rules.movements import MOVEMENTS
from ledger.rules.roles import BY_ACCOUNT, ROLES, role_name
from ledger.screens.filters import StatementFilter, before_closing_field
from ledger.screens.foot import foot_of

_PAGE_SIZE = 50
_NONE = "none"
_KEPT = ("payer", "payer_class", "reference", "currency", "movement", "batch", "batch_line")
_SIDES = [("", "Both"), ("debit", "Debits"), ("credit", "Credits")]


class PostingFilter(StatementFilter):
    """The statement's filter, and what one figure is made of."""

    before_closing = before_closing_field()
    account = forms.CharField(label="Account", required=False, max_length=20)
    role = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=[(role, role_name(role)) for role in sorted({*ROLES, *BY_ACCOUNT})],
    )
    side = forms.ChoiceField(
        label="Side",
        required=False,
        choices=_SIDES,
    )
    payer = forms.CharField(label="Payer", required=False, max_length=60)
    payer_class = forms.CharField(label="Payer class", required=False, max_length=40)
    reference = forms.CharField(label="Item", required=False, max_length=60)
    currency = forms.CharField(label="Currency", required=False, max_length=3)
    movement = forms.ChoiceField(
        label="Movement",
        required=False,
        choices=[("", "Any"), *((code, label) for code, (label, _) in MOVEMENTS.items())],
    )
    batch = forms.CharField(label="GL batch", required=False, max_length=40)
    batch_line = forms.IntegerField(label="Line of the batch", required=False, min_value=1)

    @property
    def kept(self) -> list[forms.BoundField]:
        """What the page keeps without offering it."""
        return [self[name] for name in _KEPT]

    def wanted(self) -> LineFilter:
        """What was chosen; "none" asks for postings that name no payer, or no item."""
        chosen = self.cleaned_data
        named: dict[str, Any] = {
            name: None if not chosen[name] else "" if chosen[name] == _NONE else chosen[name]
            for name in ("payer", "payer_class", "reference")
        }
        return LineFilter(
            account=chosen["account"],
            roles=chosen["role"],
            side=chosen["side"],
            currency=chosen["currency"],
            movement=chosen["movement"],
            batch=chosen["batch"],
            batch_line=chosen["batch_line"] if chosen["batch"] else None,
            **named,
        )

    def narrowed(self) -> list[tuple[str, str]]:
        """What the figure is made of, in words."""
        chosen = self.cleaned_data
        found = [
            ("Account", chosen["account"]),
            ("Roles", ", ".join(map(role_name, chosen["role"]))),
            ("Side", dict(_SIDES)[chosen["side"]] if chosen["side"] else ""),
            ("Payer", chosen["payer"]),
            ("Payer class", chosen["payer_class"].replace("_", " ").capitalize()),
            ("Item", chosen["reference"]),
            ("Currency", chosen["currency"]),
            ("Movement", MOVEMENTS[chosen["movement"]][0] if chosen["movement"] else ""),
            ("GL batch", str(name_of(chosen["batch"])) if chosen["batch"] else ""),
            ("Line", chosen["batch_line"]),
        ]
        return [(label, str(value)) for label, value in found if value]


@screen("ledger.view_entry")
def posting_list(request: Request) -> HttpResponse:
    """The postings that a figure is made of, oldest first, with their total: the figure."""
    filters = PostingFilter(request)
    scope = filters.scope()
    found = total = None
    if scope:
        wanted = filters.wanted()
        total = lines_total(scope, wanted)
        found = Paginator(posting_lines(scope, wanted), _PAGE_SIZE).get_page(asked_page(request))
    rows = list(found or [])
    names = names_of(name for row in rows for name in (row.entry.source_id, row.reference))
    return page(
        request,
        full="ledger/line/list.html",
        fragment="ledger/line/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("postings", request),
            "scope": scope,
            "page": found,
            "total": total,
            "narrowed": filters.narrowed() if scope else [],
            "rows": [(row, names[row.entry.source_id], names[row.reference]) for row in rows],
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    filters = PostingFilter(request)
    scope = filters.scope_or_refuse()
    return postings_table(scope, filters.wanted(), actor=request.user, more=filters.narrowed())
