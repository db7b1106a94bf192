"""Journals by hand: the list, one of them, preparing and deciding."""

from datetime import timedelta
from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.files import EvidenceEmpty, EvidenceKindRefused, EvidenceMisnamed, FileTooLarge
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, refuse_on_form, screen
from hms_ach.web.totals import totals_of
from ledger.commands import (
    approve_journal,
    prepare_journal,
    prepare_reversal,
    reject_journal,
    withdraw_journal,
)
from ledger.commands.fiscal_calendar import dates_of_period
from ledger.commands.journal_evidence import keep_evidence
from ledger.models import Journal
from ledger.queries import (
    AboveLimit,
    above_limit,
    document_entries,
    finance_entry,
    journal_of,
    journal_templates,
    journals,
    limits_of,
    surely_above,
)
from ledger.screens.journal_forms import JournalForm, Lines, initial_of

_OF_FILE = (EvidenceEmpty, EvidenceKindRefused, EvidenceMisnamed, FileTooLarge)


class DecisionForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=200, required=False)


class ReversalForm(forms.Form):
    effective_on = forms.DateField(label="Day", widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label="Reason", max_length=200)


@screen("ledger.view_journal")
def journal_list(request: Request) -> HttpResponse:
    """The journals of the person's facilities, those awaiting a decision on top of the page's tabs."""
    state = asked_one_of(request, "state", Journal.State.values)
    rows = journals(facility_ids=facility_ids_of(request.user), state=state)
    found = Paginator(rows, 50).get_page(asked_page(request))
    return page(
        request,
        full="ledger/journal/list.html",
        context={
            "totals": totals_of(rows, {"Total": "total_minor"}),
            "page": found,
            "above": _above_among(request, [journal.pk for journal in found]),
            "state": state,
            "states": Journal.State.choices,
        },
    )


def _above_among(request: Request, journal_ids: list[int]) -> set[int]:
    """Which of these await approval by somebody with a higher limit than the person's."""
    if not request.user.has_perm("ledger.approve_journal"):
        return set()
    limits = limits_of(request.user, facility_ids=facility_ids_of(request.user))
    above = surely_above(limits, facility="facility", amount="total_minor")
    waiting = Journal.objects.filter(above, pk__in=journal_ids, state=Journal.State.PROPOSED)
    return set(waiting.values_list("pk", flat=True))


@screen("ledger.view_journal")
def journal_detail(request: Request, public_id: str) -> HttpResponse:
    """One journal with its lines and evidence, and what may be decided about it."""
    return _detail(request, _journal_or_404(request, public_id), DecisionForm())


def _detail(request: Request, journal: Journal, form: forms.Form, status: int = 200) -> HttpResponse:
    context = {
        "journal": journal,
        "form": form,
        "lines": sorted(journal.lines.all(), key=lambda x: x.line),
        "entries": document_entries(("adjustment", journal.public_id)),
        "above": _above(request, journal),
    }
    return page(request, full="ledger/journal/detail.html", context=context, status=status)


def _above(request: Request, journal: Journal) -> AboveLimit | None:
    """Why the person may not approve a journal that awaits approval; None where nothing is in the way."""
    if journal.state != Journal.State.PROPOSED or not request.user.has_perm("ledger.approve_journal"):
        return None
    entity = journal.facility.legal_entity
    total = Money(journal.total_minor, journal.currency)
    return above_limit(total, on=journal.effective_on, legal_entity=entity, user=request.user)


@screen("ledger.prepare_journal", methods=["GET", "POST"])
def journal_preparation(request: Request) -> HttpResponse:
    """Write a journal, from nothing or from a template; another person approves it."""
    facility = facility_asked(request)
    today = clock.today(facility.timezone)
    templates = journal_templates(facility_ids=[facility.pk])
    template = next((each for each in templates if each.public_id == request.GET.get("template")), None)
    initial: dict[str, Any] = {"effective_on": today, "currency": facility.legal_entity.functional_currency}
    if template:
        initial |= {"memo": template.memo, "currency": template.currency}
        if template.is_accrual:
            period = dates_of_period(facility.legal_entity, today)
            initial["reverses_on"] = period.ends_on + timedelta(days=1)
    form = JournalForm(request.POST or None, request.FILES or None, initial=initial)
    lines = Lines(request.POST or None, facility, today, initial_of(template) if template else ())
    if request.method == "POST":
        journal = _prepared(request, form, lines, facility, template)
        if journal:
            messages.success(request, f"Journal {journal.number} awaits another person.")
            return redirect("ledger:journal-detail", journal.public_id)
    context = {
        "form": form,
        "lines": lines,
        "facility": facility,
        "facilities": facilities_of(request.user),
        "templates": templates,
        "template": template,
    }
    status = 422 if form.errors or lines.errors else 200
    return page(request, full="ledger/journal/preparation.html", context=context, status=status)


def _prepared(request: Request, form: JournalForm, lines: Lines, facility: Facility, template: Any) -> Any:
    """The journal; None when the form or a line is wrong, or the book refuses it."""
    is_valid = form.is_valid()
    asked = lines.asked(form.cleaned_data["currency"]) if form.cleaned_data.get("currency") else None
    if not is_valid or asked is None:
        return None
    names = ("effective_on", "memo", "reverses_on", "belongs_on")
    try:
        stored = [
            keep_evidence(
                cast(BinaryIO, upload),
                name=upload.name or "",
                facility=facility,
                actor=request.user,
            )
            for upload in form.cleaned_data["evidence"]
        ]
        return prepare_journal(
            facility=facility,
            lines=asked,
            file_ids=list(dict.fromkeys(file.pk for file, _is_new in stored)),
            template=template,
            actor=request.user,
            **{name: form.cleaned_data[name] for name in names},
        )
    except Refusal as refusal:
        is_of_file = isinstance(refusal, _OF_FILE)
        refuse_on_form(form, refusal, field="evidence" if is_of_file else None)
        return None


@screen("ledger.approve_journal", methods=["POST"])
def journal_approval(request: Request, public_id: str) -> HttpResponse:
    """Post a journal that somebody else prepared."""
    return _decided(request, public_id, approve_journal, "is posted")


@screen("ledger.approve_journal", methods=["POST"])
def journal_rejection(request: Request, public_id: str) -> HttpResponse:
    """Turn down a journal that somebody else prepared."""
    return _decided(request, public_id, reject_journal, "is rejected", reason=request.POST.get("reason", ""))


@screen("ledger.prepare_journal", methods=["POST"])
def journal_withdrawal(request: Request, public_id: str) -> HttpResponse:
    """Take one's own journal back before it is decided."""
    return _decided(request, public_id, withdraw_journal, "is withdrawn")


def _decided(request: Request, public_id: str, command: Any, done: str, **more: Any) -> HttpResponse:
    journal = _journal_or_404(request, public_id)
    form = DecisionForm(request.POST)
    try:
        command(journal_id=journal.pk, actor=request.user, **more)
    except Refusal as refusal:
        refuse_on_form(form, refusal, field="reason" if "reason" in more else None)
        return _detail(request, journal, form, refusal.status)
    messages.success(request, f"Journal {journal.number} {done}.")
    return redirect("ledger:journal-detail", public_id)


@screen("ledger.prepare_journal", methods=["GET", "POST"])
def journal_reversal(request: Request, public_id: str) -> HttpResponse:
    """Ask that an entry of finance's own be taken back."""
    entry = finance_entry(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if entry is None:
        raise Http404
    initial = {"effective_on": clock.today(entry.facility.timezone)}
    form = ReversalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            journal = prepare_reversal(entry=entry, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"Journal {journal.number} awaits another person.")
            return redirect("ledger:journal-detail", journal.public_id)
    context = {"form": form, "entry": entry}
    status = 422 if form.errors else 200
    return page(request, full="ledger/journal/reversal.html", context=context, status=status)


def facility_asked(request: Request) -> Facility:
    """The facility named in the address, among the person's own; the first of them when none is named."""
    own = facilities_of(request.user)
    chosen = [each for each in own if each.code == request.GET.get("facility")] or own
    if not chosen:
        raise Http404
    return chosen[0]


def _journal_or_404(request: Request, public_id: str) -> Journal:
    journal = journal_of(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if journal is None:
        raise Http404
    return journal
