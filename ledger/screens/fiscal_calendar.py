"""How a legal entity cuts its years into periods."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from ledger.commands import set_calendar
from ledger.rules.fiscal_calendar import Pattern
from ledger.screens.chart import entity_or_404

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


class CalendarForm(forms.Form):
    pattern = forms.ChoiceField(label="Periods", choices=[(each.value, each.label) for each in Pattern])
    year_starts_month = forms.TypedChoiceField(
        label="The fiscal year starts in", coerce=int, choices=list(enumerate(_MONTHS, start=1))
    )
    week_ends_on = forms.TypedChoiceField(
        label="Weeks end on",
        coerce=int,
        initial=6,
        choices=list(enumerate(_DAYS, start=1)),
        help_text="For periods of weeks: the year ends on the last such day before its first month.",
    )
    applies_from = forms.DateField(
        label="From",
        widget=forms.DateInput({"type": "date"}),
        help_text="A day after the last period there is.",
    )


@screen("ledger.set_calendar", methods=["GET", "POST"])
def calendar_choice(request: Request, entity_code: str) -> HttpResponse:
    """Let an entity's periods follow another calendar from a day on."""
    entity = entity_or_404(request, entity_code)
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        chosen["pattern"] = Pattern(chosen["pattern"])
        try:
            set_calendar(legal_entity=entity, actor=request.user, **chosen)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="applies_from")
        else:
            messages.success(
                request, f"From {chosen['applies_from']} on {entity.name} follows this calendar."
            )
            return redirect("ledger:period-list")
    status = 422 if form.errors else 200
    context = {"form": form, "entity": entity}
    return page(request, full="ledger/period/calendar.html", context=context, status=status)
