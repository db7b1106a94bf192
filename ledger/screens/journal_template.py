"""Templates of journals: the list, a new one, retiring one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from ledger.commands import retire_template, save_template
from ledger.queries import journal_templates
from ledger.screens.journal import facility_asked
from ledger.screens.journal_forms import Lines, TemplateForm


@screen("ledger.view_journal")
def journal_template_list(request: Request) -> HttpResponse:
    """The templates in use in the person's facilities."""
    rows = journal_templates(facility_ids=facility_ids_of(request.user))
    return page(request, full="ledger/journal_template/list.html", context={"templates": rows})


@screen("ledger.save_template", methods=["GET", "POST"])
def journal_template_new(request: Request) -> HttpResponse:
    """Keep the shape of a journal for the next time."""
    facility = facility_asked(request)
    currency = facility.legal_entity.functional_currency
    form = TemplateForm(request.POST or None, initial={"currency": currency})
    lines = Lines(request.POST or None, facility, clock.today(facility.timezone))
    if request.method == "POST":
        is_valid = form.is_valid()
        asked = lines.asked(form.cleaned_data["currency"]) if form.cleaned_data.get("currency") else None
        if asked is not None and not asked:
            form.add_error(None, "A template has a line at least. Choose an account.")
        if is_valid and asked:
            values = {name: form.cleaned_data[name] for name in ("name", "memo", "cadence", "is_accrual")}
            try:
                save_template(facility=facility, lines=asked, actor=request.user, **values)
            except Refusal as refusal:
                refuse_on_form(form, refusal)
            else:
                messages.success(request, f"Template {values['name']} is kept.")
                return redirect("ledger:journal-template-list")
    context = {
        "form": form,
        "lines": lines,
        "facility": facility,
        "facilities": facilities_of(request.user),
    }
    status = 422 if form.errors or lines.errors else 200
    return page(request, full="ledger/journal_template/new.html", context=context, status=status)


@screen("ledger.save_template", methods=["POST"])
def journal_template_retirement(request: Request, public_id: str) -> HttpResponse:
    """Stop using a template."""
    for template in journal_templates(facility_ids=facility_ids_of(request.user)):
        if template.public_id == public_id:
            retire_template(template_id=template.pk, actor=request.user)
            messages.success(request, f"Template {template.name} is retired.")
            return redirect("ledger:journal-template-list")
    raise Http404
